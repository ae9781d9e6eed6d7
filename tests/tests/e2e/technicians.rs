//! Technicians who sign in to TeamViewer: I8.

use casebridge_tests::{
    help_desk::HelpDesk,
    host::Host,
    technician::{ANNA_BECKER, BEN_OKAFOR, CLIENT_SECRET, Technician},
};
use serde_json::{Value, json};

use crate::run::{Outcome, on_every_host, soon};

on_every_host![
    i8_a_technician_signs_in_on_teamviewers_page_and_plays_at_once,
    i8_without_a_sign_in_the_one_to_do_is_named_and_its_address_begins_it,
    i8_two_owners_in_one_account_work_at_the_same_time,
    i8_a_sign_in_that_is_revoked_while_a_case_is_live_is_asked_for_again,
    i8_an_address_works_once_and_a_refusal_signs_nobody_in,
    i8_who_signs_out_is_forgotten_on_both_sides,
    i8_no_token_is_ever_shown_or_kept_in_the_clear,
];

/// An account with an app and without a connection.
async fn with_app(host: &Host) -> anyhow::Result<HelpDesk> {
    let desk = HelpDesk::open(host.vendor(), "acme", &json!({})).await?;
    let app = desk.keep_app().await?;
    assert_eq!(app["redirect_uri"], format!("{}/oauth/teamviewer", host.vendor().base()));
    Ok(desk)
}

/// Whose the open sessions are in TeamViewer, by their codes.
async fn owners(host: &Host) -> anyhow::Result<Vec<(Value, Value)>> {
    let sessions = host.kit().sandbox.open_sessions().await?;
    Ok(sessions.iter().map(|session| (session["code"].clone(), session["created_by"].clone())).collect())
}

async fn i8_a_technician_signs_in_on_teamviewers_page_and_plays_at_once(host: &Host) -> Outcome {
    let desk = with_app(host).await?;
    let anna = Technician::of(host, &desk, "anna");
    assert_eq!(anna.standing().await?, json!({ "state": "none" }));
    let page = anna.signs_in(ANNA_BECKER).await?;
    assert_eq!(page.status, 200, "{page}");
    assert!(page.text.contains("You are signed in to TeamViewer") && page.text.contains("Anna Becker"), "{page}");
    assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
    let standing = anna.standing().await?;
    assert_eq!((&standing["state"], &standing["user"]["id"]), (&json!("valid"), &json!(ANNA_BECKER)));

    let case = anna.plays("T-1").await?.expect(201)?;
    assert_eq!(case["made_by"], "anna");
    assert_eq!(owners(host).await?, [(case["session_code"].clone(), json!(ANNA_BECKER))]);
    desk.stop(&case).await?.expect(200)?;
    assert_eq!(owners(host).await?, []);
    Ok(())
}

async fn i8_without_a_sign_in_the_one_to_do_is_named_and_its_address_begins_it(host: &Host) -> Outcome {
    let desk = with_app(host).await?;
    let anna = Technician::of(host, &desk, "anna becker");
    let refused = anna.plays("T-1").await?.expect_problem(409, "sign-in-needed")?;
    assert_eq!(refused["sign_in"]["technician"], "anna becker");
    let address = refused["sign_in"]["address"].as_str().unwrap();
    let begun = desk.technician.post(address, &json!({})).await?.expect(201)?;
    let location = anna.consents(begun["url"].as_str().unwrap(), ANNA_BECKER).await?;
    assert_eq!(anna.comes_back(&location).await?.status, 200);
    anna.plays("T-1").await?.expect(201)?;
    Ok(())
}

async fn i8_two_owners_in_one_account_work_at_the_same_time(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    desk.keep_app().await?;
    let (anna, ben) = (Technician::of(host, &desk, "anna"), Technician::of(host, &desk, "ben"));
    anna.signs_in(ANNA_BECKER).await?.expect(200)?;
    ben.signs_in(BEN_OKAFOR).await?.expect(200)?;
    let (annas, bens) = (anna.plays("T-1").await?.expect(201)?, ben.plays("T-2").await?.expect(201)?);
    let nobodys = Technician::of(host, &desk, "nora").plays("T-3").await?.expect(201)?;
    assert_eq!((&annas["made_by"], &bens["made_by"], nobodys.get("made_by")), (&json!("anna"), &json!("ben"), None));
    let mine = |case: &Value, owner: &str| (case["session_code"].clone(), json!(owner));
    let mut open = owners(host).await?;
    open.sort_by_key(|(code, _)| code.to_string());
    let mut expected = vec![mine(&annas, ANNA_BECKER), mine(&bens, BEN_OKAFOR), mine(&nobodys, "u11293276")];
    expected.sort_by_key(|(code, _)| code.to_string());
    assert_eq!(open, expected);

    for case in [&annas, &bens] {
        host.kit().sandbox.customer_online(case["session_code"].as_str().unwrap(), true).await?;
    }
    for ticket in ["T-1", "T-2"] {
        soon("the watch sees each of them", async || Ok(desk.case(ticket).await?["online"] == true)).await?;
    }
    desk.stop(&annas).await?.expect(200)?;
    host.kit().sandbox.technician_ends(bens["session_code"].as_str().unwrap()).await?;
    soon("the watch sees the end", async || Ok(desk.case("T-2").await?["state"] == "closed")).await?;
    assert_eq!(owners(host).await?, [mine(&nobodys, "u11293276")]);
    Ok(())
}

async fn i8_a_sign_in_that_is_revoked_while_a_case_is_live_is_asked_for_again(host: &Host) -> Outcome {
    let desk = with_app(host).await?;
    let anna = Technician::of(host, &desk, "anna");
    anna.signs_in(ANNA_BECKER).await?.expect(200)?;
    let case = anna.plays("T-1").await?.expect(201)?;
    for token in host.kit().sandbox.state().await?["tokens"].as_array().unwrap() {
        if token["owner"] == ANNA_BECKER {
            host.kit().sandbox.revoke(token["value"].as_str().unwrap()).await?;
        }
    }
    soon("the watch meets the refusal", async || Ok(anna.standing().await?["state"] == "asked_again")).await?;
    assert_eq!(anna.standing().await?["why"], "refused");
    let refused = desk.stop(&case).await?.expect_problem(409, "sign-in-needed")?;
    assert!(refused["fix"].as_str().unwrap().contains("here_only"), "{refused}");

    anna.signs_in(ANNA_BECKER).await?.expect(200)?;
    desk.stop(&case).await?.expect(200)?;
    assert_eq!(owners(host).await?, []);
    Ok(())
}

async fn i8_an_address_works_once_and_a_refusal_signs_nobody_in(host: &Host) -> Outcome {
    let desk = with_app(host).await?;
    let anna = Technician::of(host, &desk, "anna");
    let location = anna.consents(&anna.sent().await?, ANNA_BECKER).await?;
    assert_eq!(anna.comes_back(&location).await?.status, 200);
    let again = anna.comes_back(&location).await?;
    assert_eq!(again.status, 404, "{again}");
    let ben = Technician::of(host, &desk, "ben");
    let sent = ben.sent().await?;
    let state = sent.split("state=").nth(1).and_then(|rest| rest.split('&').next()).unwrap();
    let declined = format!("{}/oauth/teamviewer?error=access_denied&state={state}", host.vendor().base());
    let page = ben.comes_back(&declined).await?;
    assert_eq!(page.status, 403, "{page}");
    assert_eq!(ben.standing().await?, json!({ "state": "none" }));
    Ok(())
}

async fn i8_who_signs_out_is_forgotten_on_both_sides(host: &Host) -> Outcome {
    let desk = with_app(host).await?;
    let anna = Technician::of(host, &desk, "anna");
    anna.signs_in(ANNA_BECKER).await?.expect(200)?;
    let case = anna.plays("T-1").await?.expect(201)?;
    let refused = desk.technician.delete(&anna.path()).await?.expect_problem(409, "live-cases")?;
    assert_eq!(refused["cases"][0]["id"], case["id"]);
    desk.stop(&case).await?.expect(200)?;
    desk.technician.delete(&anna.path()).await?.expect(204)?;
    assert_eq!(anna.standing().await?, json!({ "state": "none" }));
    let state = host.kit().sandbox.state().await?;
    let annas = state["tokens"].as_array().unwrap().iter().filter(|token| token["owner"] == ANNA_BECKER);
    assert!(annas.clone().count() > 0 && annas.clone().all(|token| token["revoked"] == true), "{state}");
    anna.plays("T-2").await?.expect_problem(409, "sign-in-needed")?;
    Ok(())
}

async fn i8_no_token_is_ever_shown_or_kept_in_the_clear(host: &Host) -> Outcome {
    let desk = with_app(host).await?;
    let anna = Technician::of(host, &desk, "anna");
    let location = anna.consents(&anna.sent().await?, ANNA_BECKER).await?;
    let page = anna.comes_back(&location).await?;
    let case = anna.plays("T-1").await?;
    let app = desk.admin.get(&desk.path("/oauth-app")).await?;
    let standing = desk.technician.get(&anna.path()).await?;
    let state = host.kit().sandbox.state().await?;
    let token = state["tokens"].as_array().unwrap().iter().find(|token| token["owner"] == ANNA_BECKER).unwrap();
    let code = location.split("code=").nth(1).and_then(|rest| rest.split('&').next()).unwrap();
    let mut secrets = vec![CLIENT_SECRET, code, token["value"].as_str().unwrap()];
    secrets.push(token["refresh_token"].as_str().unwrap());
    let kept = host.kept().await?;
    for secret in secrets {
        for answer in [&page, &case, &app, &standing] {
            assert!(!answer.text.contains(secret), "{answer}");
        }
        assert!(kept.values().all(|item| !item.contains(secret)), "a secret is kept in the clear");
        assert!(!host.output().contains(secret), "the log has a secret");
    }
    Ok(())
}
