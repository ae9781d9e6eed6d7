//! Play: B2, B4, B6, B8, B14, B18, P4.

use casebridge_tests::{
    help_desk::{RITA, usual_play},
    host::Host,
};
use serde_json::{Value, json};

use crate::run::{Outcome, on_every_host};

on_every_host![
    b2_play_opens_a_case_with_a_session_in_teamviewer,
    b2_a_second_play_returns_the_live_case_and_mails_nobody,
    b2_a_closed_ticket_refuses_play_until_it_is_reopened,
    b4_the_supporter_link_is_shown_to_technicians_only_and_while_the_case_is_live,
    b6_the_first_case_makes_the_group_and_the_second_takes_it,
    b6_a_group_that_was_deleted_is_made_anew_and_a_renamed_one_is_kept,
    b8_the_session_link_is_teamviewers_own_and_supporters_have_another,
    b18_the_full_client_and_the_web_client_are_both_offered,
    p4_a_camera_session_is_a_pilot_session_in_teamviewer,
];

crate::run::stack![b2_a_second_play_returns_the_live_case_and_mails_nobody];

async fn b2_play_opens_a_case_with_a_session_in_teamviewer(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let played = desk.play("T-1").await?;
    let location = played.header("location").unwrap().to_owned();
    let case = played.expect(201)?;
    assert_eq!(case["state"], "open");
    assert_eq!(case["ticket"], "T-1");
    assert_eq!(case["online"], false);
    assert_eq!(desk.technician.get(&location).await?.expect(200)?, case);

    let [session] = &host.kit().sandbox.open_sessions().await?[..] else { panic!("not one session") };
    assert_eq!(session["code"].as_str().map(casebridge_tests::test_kit::compact), code(&case));
    assert_eq!(session["description"], "INC-1: Printer on fire");
    assert_eq!(session["end_customer"]["name"], "Rita Requester");
    assert_eq!(session["end_customer"]["email"], RITA);
    Ok(())
}

async fn b2_a_second_play_returns_the_live_case_and_mails_nobody(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let first = desk.new_case("T-1").await?;
    let second = desk.play("T-1").await?.expect(200)?;
    assert_eq!(first["id"], second["id"]);
    assert_eq!(first["session_code"], second["session_code"]);
    assert_eq!(host.kit().sandbox.sessions().await?.len(), 1);
    // A letter that was queued later: once it is there, a second invitation would be.
    let mut later = usual_play();
    later["requester"]["email"] = json!("later@example.com");
    desk.play_with("T-2", &later).await?.expect(201)?;
    host.kit().mail.arrive("later@example.com", 1, crate::run::SOON).await?;
    assert_eq!(host.kit().mail.arrive(RITA, 1, crate::run::SOON).await?.len(), 1);
    desk.stop(&first).await?.expect(200)?;
    let third = desk.new_case("T-1").await?;
    assert_ne!(first["id"], third["id"], "play comes back once the case has ended");
    Ok(())
}

async fn b2_a_closed_ticket_refuses_play_until_it_is_reopened(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    desk.tell_ticket("T-1", &json!({ "state": "closed" })).await?.expect(200)?;
    let refused = desk.play("T-1").await?.expect_problem(409, "ticket-closed")?;
    assert_eq!(refused["fix"], "Reopen the ticket first.");
    assert!(host.kit().sandbox.sessions().await?.is_empty());
    desk.tell_ticket("T-1", &json!({ "state": "open" })).await?.expect(200)?;
    desk.new_case("T-1").await?;
    Ok(())
}

async fn b4_the_supporter_link_is_shown_to_technicians_only_and_while_the_case_is_live(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let case = desk.new_case("T-1").await?;
    let shown = case["session_code"].as_str().unwrap();
    let digits: Vec<&str> = shown.trim_start_matches('s').split('-').collect();
    assert!(
        shown.starts_with('s') && digits.len() == 3 && digits.iter().all(|part| part.len() == 3 || part.len() == 2)
    );
    assert!(case["valid_until"].as_str().unwrap() > case["started_at"].as_str().unwrap());
    let token = session_token(&case);

    let as_reader = desk.reader.get(&desk.case_path(&case, "")?).await?;
    assert_eq!(as_reader.status, 200);
    assert!(!as_reader.text.contains(&token), "{}", as_reader.text);
    assert_eq!(as_reader["session_code"], case["session_code"]);

    let stopped = desk.stop(&case).await?;
    assert_eq!(stopped.status, 200);
    assert!(!stopped.text.contains(&token), "{}", stopped.text);
    Ok(())
}

async fn b6_the_first_case_makes_the_group_and_the_second_takes_it(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    assert!(host.kit().sandbox.groups().await?.is_empty(), "registering makes no group");
    assert_eq!(desk.connection().await?["group"], json!({ "name": "BOSS" }));
    desk.new_case("T-1").await?;
    desk.new_case("T-2").await?;
    let [group] = &host.kit().sandbox.groups().await?[..] else { panic!("not one group") };
    assert_eq!(group["name"], "BOSS");
    assert_eq!(desk.connection().await?["group"], json!({ "name": "BOSS", "id": group["id"] }));
    for session in host.kit().sandbox.sessions().await? {
        assert_eq!(session["groupid"], group["id"]);
    }
    Ok(())
}

async fn b6_a_group_that_was_deleted_is_made_anew_and_a_renamed_one_is_kept(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    desk.new_case("T-1").await?;
    let teamviewer = teamviewer(host);
    let group = desk.connection().await?["group"]["id"].as_str().unwrap().to_owned();

    let renamed = teamviewer.put(&format!("/groups/{group}"), &json!({ "name": "Renamed" })).await?;
    assert!(renamed.status < 300, "{renamed}");
    desk.new_case("T-2").await?;
    assert_eq!(host.kit().sandbox.groups().await?.len(), 1, "the id is kept, whatever the name");
    let checked = desk.admin.get(&desk.path("/connection?check=now")).await?.expect(200)?;
    assert_eq!(checked["group"], json!({ "name": "Renamed", "id": group }));

    let deleted = teamviewer.delete(&format!("/groups/{group}")).await?;
    assert!(deleted.status < 300, "{deleted}");
    desk.new_case("T-3").await?;
    let [made] = &host.kit().sandbox.groups().await?[..] else { panic!("not one group") };
    assert_ne!(made["id"], group.as_str());
    assert_eq!(desk.connection().await?["group"]["id"], made["id"]);
    Ok(())
}

async fn b8_the_session_link_is_teamviewers_own_and_supporters_have_another(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let case = desk.new_case("T-1").await?;
    let code = code(&case).unwrap();
    let link = case["session_link"].as_str().unwrap();
    assert!(link.ends_with(&code), "{link}");
    assert_ne!(case["session_link"], case["customer_link"]);
    // Both open the right thing: the sandbox plays TeamViewer's pages.
    let customers = casebridge_tests::api::Api::at(link).get("").await?;
    assert_eq!(customers.status, 200, "{customers}");
    assert_ne!(case["supporter_link"], case["session_link"]);
    Ok(())
}

async fn b18_the_full_client_and_the_web_client_are_both_offered(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let case = desk.new_case("T-1").await?;
    for link in ["supporter_link", "webclient_supporter_link"] {
        let page = casebridge_tests::api::Api::at(case[link].as_str().unwrap()).get("").await?;
        assert_eq!(page.status, 200, "{link}: {page}");
    }
    assert_ne!(case["supporter_link"], case["webclient_supporter_link"]);
    Ok(())
}

async fn p4_a_camera_session_is_a_pilot_session_in_teamviewer(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let mut wish = usual_play();
    wish["session_type"] = json!("pilot");
    let case = desk.play_with("T-1", &wish).await?.expect(201)?;
    assert_eq!(case["session_type"], "pilot");
    assert_eq!(host.kit().sandbox.open_sessions().await?[0]["support_session_type"], "Pilot");
    let plain = desk.new_case("T-2").await?;
    assert_eq!(plain["session_type"], "default");
    Ok(())
}

fn code(case: &Value) -> Option<String> {
    case["session_code"].as_str().map(casebridge_tests::test_kit::compact)
}

/// The secret part of the supporter link.
fn session_token(case: &Value) -> String {
    let link = case["supporter_link"].as_str().unwrap();
    link.rsplit(['=', '/']).next().unwrap().to_owned()
}

/// TeamViewer's Web API itself, with the demo company's token.
fn teamviewer(host: &Host) -> casebridge_tests::api::Api {
    casebridge_tests::api::Api::at(host.kit().teamviewer_url()).with_key(&host.kit().script_token)
}
