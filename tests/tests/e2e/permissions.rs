//! The least that each function may do: N9. The stand-in refuses what a role's policies don't allow; here it shows that
//! the roles allow nothing more than what is called.

use std::time::Duration;

use anyhow::Context as _;
use casebridge_tests::{
    customer_page::CustomerPage,
    feed::Feed,
    help_desk::{HelpDesk, RITA},
    host::{Host, Stack},
    notice::Notifier,
};
use serde_json::json;

use crate::activation::activate;
use crate::run::{Outcome, SOON, soon, stack, within};

stack![n9_each_function_calls_all_that_its_role_allows_and_nothing_else];

const FUNCTIONS: [&str; 10] =
    ["accounts", "cases", "connection", "devices", "pages", "push", "relay", "reports", "watch", "webhooks"];

/// What Lambda and DynamoDB ask for in a function's name: its calls don't show it.
const ASKED_FOR_BY_AWS: [&str; 15] = [
    "dynamodb:DescribeStream",
    "dynamodb:GetRecords",
    "dynamodb:GetShardIterator",
    "dynamodb:ListStreams",
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:GenerateDataKey*",
    "kms:ReEncrypt*",
    "logs:CreateLogStream",
    "logs:PutLogEvents",
    "sqs:ChangeMessageVisibility",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
    "sqs:ReceiveMessage",
];

/// Adding a case to the figures that ended by the clock, which takes a minute: the relay does it in `deployed.rs`; the
/// connection does it where access is revoked.
const WHEN_A_CASE_EXPIRES: [(&str, &str); 2] =
    [("relay", "dynamodb:UpdateItem"), ("connection", "dynamodb:UpdateItem")];

/// Renewing a technician's token, which takes a day.
const WHEN_A_SIGN_IN_IS_RENEWED: [(&str, &str); 2] =
    [("devices", "kms:GenerateDataKey"), ("watch", "kms:GenerateDataKey")];

/// Opening a case for a customer whose link expired, which takes a minute: `customer_page.rs` does it on the stack.
const WHEN_A_LINK_IS_RENEWED: [&str; 3] = ["dynamodb:ConditionCheckItem", "dynamodb:DeleteItem", "dynamodb:UpdateItem"];

async fn n9_each_function_calls_all_that_its_role_allows_and_nothing_else(host: &Host) -> Outcome {
    let stack = host.deployed()?;
    everybody_works(host, &host.help_desk("acme").await?).await?;
    let mut wrong = Vec::new();
    for function in FUNCTIONS {
        let (called, allowed) = (stack.called(function), Stack::may_call(function));
        let is_out_of_sight = |action: &str| {
            ASKED_FOR_BY_AWS.contains(&action)
                || WHEN_A_CASE_EXPIRES.contains(&(function, action))
                || WHEN_A_SIGN_IN_IS_RENEWED.contains(&(function, action))
                || (function == "pages" && WHEN_A_LINK_IS_RENEWED.contains(&action))
        };
        let unused: Vec<_> = allowed.difference(&called).filter(|action| !is_out_of_sight(action)).collect();
        let unsaid: Vec<_> = called.difference(&allowed).collect();
        if !unused.is_empty() || !unsaid.is_empty() {
            wrong.push(format!("{function} never called {unused:?}, and called {unsaid:?} besides"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

/// A little of everything.
async fn everybody_works(host: &Host, desk: &HelpDesk) -> Outcome {
    // Nobody is there: it is tried, and tried again.
    let nobody = json!({ "url": "https://desk.invalid/", "events": ["case.*"] });
    let endpoint = desk.admin.post(&desk.path("/endpoints"), &nobody).await?.expect(201)?;
    let test = desk.path(&format!("/endpoints/{}/test", endpoint["id"].as_str().context("no id")?));
    desk.admin.post(&test, &json!({})).await?.expect(202)?;
    let template = desk.path("/mail-templates/es");
    desk.admin
        .put(&template, &json!({ "subject": "Ayuda", "text": "{{teamviewer.customer_link}}" }))
        .await?
        .expect(200)?;
    desk.admin.delete(&template).await?.expect(204)?;
    desk.set(&json!({ "language": "fr" })).await?;
    desk.admin.get(&desk.path("/connection?check=now")).await?.expect(200)?;

    desk.admin.get(&desk.path("/keys")).await?.expect(200)?;

    let token = json!({
        "ticket": { "id": "T-1", "number": "INC-1", "title": "Printer on fire" },
        "requester": { "name": "Rita Requester" },
        "technician": { "id": "anna", "name": "Anna Becker" },
    });
    desk.technician.post(&desk.path("/widget-tokens"), &token).await?.expect(201)?;

    let case = desk.new_case("T-1").await?;
    assert_eq!(desk.cases("").await?.len(), 1);
    host.kit().mail.arrive(RITA, 1, SOON).await?;
    host.kit().sandbox.customer_online(case["session_code"].as_str().context("no code")?, true).await?;
    soon("the watch sees the customer", async || Ok(desk.case("T-1").await?["online"] == true)).await?;
    let page = case["customer_link"].as_str().context("no link")?;
    let branded = desk.set(&json!({ "branding": { "logo": casebridge_tests::customer_page::LOGO } })).await?;
    let logo = branded["branding"]["logo"].as_str().context("no logo")?;
    let customer = CustomerPage::at(host.vendor(), page)?;
    customer.show().await?.expect(200)?;
    customer.file(logo).await?.expect(200)?;
    customer.press("join").await?.expect(303)?;
    let noticed = desk.new_case("T-2").await?;
    Notifier::of(desk).await?.customer_online(&noticed).await?.expect(204)?;
    desk.stop(&case).await?.expect(200)?;
    host.kit().sandbox.technician_ends(noticed["session_code"].as_str().context("no code")?).await?;
    // Two lists without it, and a question about it alone: three turns, each a message that has to come round.
    let has_ended = async || Ok(desk.case("T-2").await?["state"] == "closed");
    within(Duration::from_secs(90), "the watch sees the end", has_ended).await?;
    desk.reserve_closing("T-1").await?.expect(200)?;
    desk.let_closing_go("T-1").await?;

    let device = desk.path("/devices/D-1");
    let hosts = json!({ "platform": "android", "host": { "distributed": true } });
    desk.technician.put(&device, &hosts).await?.expect(200)?;
    desk.reader.get(&desk.path("/devices?mode=unattended")).await?.expect(200)?;
    desk.reader.get(&desk.path("/devices/D-1/readiness")).await?.expect(200)?;
    desk.technician.delete(&device).await?.expect(204)?;
    activate(desk).await?;
    let path = desk.path("/activation");
    let refused = desk.admin.delete(&path).await?.expect_problem(409, "confirmation-needed")?;
    let confirm = refused["confirm"].as_str().context("no word to confirm with")?;
    desk.admin.delete(&format!("{path}?confirm={confirm}")).await?.expect(200)?;

    let record = desk.path(&format!("/reports/sessions/records/{}", case["id"].as_str().context("no id")?));
    desk.technician
        .patch(&record, &json!({ "note": "Twice", "excluded": true, "reason": "a practice" }))
        .await?
        .expect(200)?;
    let year = "from=2020-01-01&to=2040-01-01";
    desk.reader.get(&desk.path(&format!("/reports/sessions?{year}"))).await?.expect(200)?;
    desk.reader.get(&desk.path(&format!("/reports/sessions/records?{year}"))).await?.expect(200)?;
    Feed::of(desk).shows_of_case(&case, "case.closed").await?;
    Feed::of_vendor(host.vendor()).shows_of_case(&case, "case.closed").await?;
    desk.admin.get(&desk.path("/audit")).await?.expect(200)?;
    let deliveries = desk.path(&format!("/endpoints/{}/deliveries", endpoint["id"].as_str().context("no id")?));
    let tried_again = async || {
        let found = desk.admin.get(&deliveries).await?.expect(200)?;
        let attempts = found["attempts"].as_array().context("no attempts")?;
        Ok(attempts.iter().any(|attempt| attempt["attempt"] == 2))
    };
    within(Duration::from_secs(90), "an event is tried again", tried_again).await?;
    desk.disconnect().await?.expect(204).map(drop)
}
