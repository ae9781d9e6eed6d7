//! What is wrong with an account, and how to mend it: N6.

use casebridge_tests::{help_desk::HelpDesk, host::Host};
use serde_json::{Value, json};

use crate::run::{Outcome, on_every_host, on_prem, soon};

mod anywhere {
    use super::*;

    on_every_host![
        n6_one_call_names_everything_that_is_wrong_and_how_to_mend_it,
        n6_an_operator_asks_for_all_accounts_of_a_vendor,
    ];
}

mod in_one_process {
    use super::*;

    on_prem![n6_mail_that_does_not_arrive_is_named, n6_a_mail_server_that_does_not_answer_is_named];
}

async fn diagnosis(desk: &HelpDesk) -> anyhow::Result<Value> {
    desk.admin.get(&desk.path("/doctor")).await?.expect(200)
}

fn finding<'a>(diagnosis: &'a Value, code: &str) -> Option<&'a Value> {
    diagnosis["findings"].as_array().into_iter().flatten().find(|finding| finding["code"] == code)
}

async fn n6_one_call_names_everything_that_is_wrong_and_how_to_mend_it(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let well = diagnosis(&desk).await?;
    assert_eq!(well["healthy"], true, "{well}");
    assert!(finding(&well, "permission-unknown").is_some(), "no call that changes nothing tells: {well}");
    assert!(host.kit().sandbox.sessions().await?.is_empty(), "looking makes nothing");

    host.kit().sandbox.revoke(&host.kit().script_token).await?;
    let ill = diagnosis(&desk).await?;
    assert_eq!(ill["healthy"], false, "{ill}");
    assert_eq!(ill["findings"][0]["code"], "token-refused", "the worst first: {ill}");
    assert_eq!(ill["findings"][0]["severity"], "wrong");
    assert!(ill["findings"][0]["fix"].as_str().unwrap().contains("new script token"), "{ill}");
    desk.technician.get(&desk.path("/doctor")).await?.expect_problem(403, "forbidden")?;
    Ok(())
}

async fn n6_mail_that_does_not_arrive_is_named(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    host.kit().mail.fault(&json!({ "kind": "permanent_refusal", "recipient": "*" })).await?;
    desk.new_case("T-1").await?;
    soon("the invitation failed", async || Ok(desk.case("T-1").await?["invitation"]["state"] == "failed")).await?;
    let found = diagnosis(&desk).await?;
    let lost = finding(&found, "invitations-lost").unwrap();
    assert_eq!(lost["detail"], "1 of the last 1 did not arrive", "{found}");
    Ok(())
}

async fn n6_an_operator_asks_for_all_accounts_of_a_vendor(host: &Host) -> Outcome {
    host.help_desk("acme").await?;
    HelpDesk::open(host.vendor(), "globex", &json!({})).await?;
    let asked = host.check(&["doctor", "--vendor", "boss"]).await?;
    assert_eq!(asked.complained, "", "{asked:?}");
    assert_eq!(asked.code, 1, "globex has no token: {asked:?}");
    assert!(asked.said.contains("account acme: well"), "{asked:?}");
    assert!(asked.said.contains("account globex: wrong: No TeamViewer token is registered"), "{asked:?}");
    Ok(())
}

async fn n6_a_mail_server_that_does_not_answer_is_named(host: &Host) -> Outcome {
    host.help_desk("acme").await?;
    let words = ["doctor", "--account", "acme"];
    let well = host.check(&words).await?;
    assert_eq!(well.code, 0, "{well:?}");
    assert!(well.said.starts_with("mail server 127.0.0.1: well\naccount acme: well\n"), "{well:?}");
    host.kit().mail.fault(&json!({ "kind": "refuse_connection" })).await?;
    let ill = host.check(&words).await?;
    assert_eq!(ill.code, 1, "{ill:?}");
    assert!(ill.said.starts_with("mail server 127.0.0.1: wrong: "), "{ill:?}");
    Ok(())
}
