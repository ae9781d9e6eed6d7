//! New sessions.

use std::time::Duration;

use casebridge_app::ports::TeamViewer;
use casebridge_app::ports::teamviewer::{Assignee, FiledIn, NewSession, TeamViewerError};
use casebridge_domain::people::PersonName;
use casebridge_domain::{EmailAddress, GroupId, SessionType, TeamViewerUserId, Text};
use serde_json::{Value, json};

use crate::fake::{Fake, Reply, Seen, TOKEN, client, code, error, marker, ok, session, status, text, token};

fn wish() -> NewSession {
    NewSession {
        filed_in: FiledIn::Group(GroupId::parse("g272032545").unwrap()),
        description: "Issue with configuration".to_owned(),
        customer_name: PersonName::parse("Max").unwrap(),
        customer_email: Some(EmailAddress::parse("max@example.com").unwrap()),
        valid_until: "2024-04-17T20:40:38.987Z".parse().unwrap(),
        assignee: Assignee::Nobody,
        marker: marker(),
        session_type: SessionType::Default,
    }
}

/// POST gets the one answer, GET of the recorded code the session.
async fn posting(reply: Reply) -> Fake {
    Fake::answering(move |seen| match seen.line().as_str() {
        "POST /sessions" => reply.clone(),
        "GET /sessions/s119-457-589" => ok(&session()),
        _ => status(500),
    })
    .await
}

#[tokio::test]
async fn a_session_is_asked_for_in_the_manuals_form() {
    let fake = posting(ok(&session())).await;
    let opened = fake.client().open_session(&token(), &wish()).await.unwrap();
    assert_eq!(opened.code, code());
    assert_eq!(opened.customer_link.as_str(), "https://get.teamviewer.com/v15/s119457589");
    assert!(opened.supporter_link.is_some() && opened.webclient_supporter_link.is_some());

    let [Seen { headers, body, .. }] = &fake.seen()[..] else { panic!("not one call") };
    assert_eq!(headers["authorization"], format!("Bearer {TOKEN}"));
    assert_eq!(headers["accept"], "application/json");
    assert_eq!(headers["content-type"], "application/json");
    assert!(headers["user-agent"].to_str().unwrap().starts_with("Casebridge/"));
    assert!(!headers.contains_key("accept-encoding"));
    let custom_api: Value = serde_json::from_str(body["custom_api"].as_str().unwrap()).unwrap();
    assert_eq!(custom_api["casebridge"]["account"], "acme");
    let mut rest = body.clone();
    rest.as_object_mut().unwrap().remove("custom_api");
    let expected = json!({
        "groupid": "g272032545",
        "description": "Issue with configuration",
        "end_customer": { "name": "Max", "email": "max@example.com" },
        "assigned_userid": "u0",
        "valid_until": "2024-04-17T20:40:38Z",
    });
    assert_eq!(rest, expected);
}

#[tokio::test]
async fn what_is_unset_is_left_out_and_what_is_too_long_is_cut() {
    let fake = posting(ok(&session())).await;
    let pilot = NewSession {
        description: "😀".repeat(4000),
        customer_email: None,
        assignee: Assignee::User(TeamViewerUserId::parse("u7254190").unwrap()),
        session_type: SessionType::Pilot,
        ..wish()
    };
    let silent = NewSession { description: " \n".to_owned(), ..wish() };
    fake.client().open_session(&token(), &pilot).await.unwrap();
    fake.client().open_session(&token(), &silent).await.unwrap();

    let body = &fake.seen()[0].body;
    let example: Value = serde_json::from_str(include_str!("../../shapes/session-create-request.json")).unwrap();
    assert_eq!(body["end_customer"], example["end_customer"]);
    assert_eq!(body["support_session_type"], example["support_session_type"]);
    assert_eq!(body["assigned_userid"], "u7254190");
    assert_eq!(body["description"].as_str().unwrap().chars().count(), 2000);
    assert!(fake.seen()[1].body.get("description").is_none());
}

#[tokio::test]
async fn a_session_may_be_filed_by_the_groups_name_alone() {
    let fake = posting(ok(&session())).await;
    let named = NewSession { filed_in: FiledIn::Named(Text::parse("BOSS").unwrap()), ..wish() };
    fake.client().open_session(&token(), &named).await.unwrap();
    let body = &fake.seen()[0].body;
    assert_eq!((&body["groupname"], body.get("groupid")), (&json!("BOSS"), None));
}

#[tokio::test]
async fn a_session_in_any_success_or_redirect_will_do() {
    let manual = include_str!("../../shapes/session-create-response.json");
    let in_integers = json!({
        "code": "s12-345-678", "state": 1, "support_session_type": 0, "custom_api": null,
        "end_customer_link": "https://get.teamviewer.com/v15/s12345678",
    });
    for reply in [text(200, manual), text(201, manual), text(302, manual), ok(&in_integers)] {
        let fake = posting(reply.header("location", "https://elsewhere.example/")).await;
        let opened = fake.client().open_session(&token(), &wish()).await.unwrap();
        assert_eq!(opened.code.to_string(), "s12-345-678");
        assert_eq!(fake.lines(), ["POST /sessions"]);
    }
}

#[tokio::test]
async fn an_answer_that_only_says_where_the_session_is_is_looked_up_under_the_base() {
    for reply in [status(200), status(201), status(302), text(303, "<html>"), text(200, "{\"code\":\"s119-457-589\"}")]
    {
        for location in [
            "https://webapi.teamviewer.com/api/v1/sessions/s119-457-589",
            "/api/v1/sessions/s119457589",
            "sessions/s119-457-589",
        ] {
            let fake = posting(reply.clone().header("location", location)).await;
            let opened = fake.client().open_session(&token(), &wish()).await.unwrap();
            assert_eq!(opened.code, code());
            assert_eq!(fake.lines(), ["POST /sessions", "GET /sessions/s119-457-589"], "{reply:?} {location}");
        }
    }
}

#[tokio::test]
async fn the_token_goes_to_no_other_server_than_the_base() {
    let thief = Fake::with(ok(&session())).await;
    for redirect in [301, 302, 303, 307, 308, 200] {
        let location = format!("{}/api/v1/sessions/s119-457-589", thief.origin());
        let fake = posting(status(redirect).header("location", location)).await;
        let refused = fake.client().open_session(&token(), &wish()).await;
        assert_eq!(refused, Err(TeamViewerError::OutcomeUnknown));
        assert_eq!(fake.lines(), ["POST /sessions"]);
        let refused = fake.client().session(&token(), &code()).await;
        assert!(refused.is_ok());
    }
    assert!(thief.seen().is_empty());
}

#[tokio::test]
async fn a_yes_that_can_not_be_followed_up_is_never_told_as_a_no() {
    for reply in [status(200), status(204), text(200, "{}"), text(200, "<html>"), status(307), status(302)] {
        let fake = posting(reply).await;
        let outcome = fake.client().open_session(&token(), &wish()).await;
        assert_eq!(outcome, Err(TeamViewerError::OutcomeUnknown));
        assert_eq!(fake.lines(), ["POST /sessions"]);
    }
    for then in [status(401), status(404), error(403, "rate_limit_reached"), status(403), status(500)] {
        let fake = Fake::answering(move |seen| match seen.line().as_str() {
            "POST /sessions" => status(303).header("location", "/api/v1/sessions/s119-457-589"),
            _ => then.clone(),
        })
        .await;
        let outcome = fake.client().open_session(&token(), &wish()).await;
        assert_eq!(outcome, Err(TeamViewerError::OutcomeUnknown));
    }
}

#[tokio::test]
async fn a_refusal_is_told_and_no_refusal_or_failure_is_tried_again() {
    let limit = "The session could not be created due to license limitations.";
    for (reply, expected) in [
        (text(400, limit), TeamViewerError::LicenceLimit),
        (text(400, format!("{limit:?}")), TeamViewerError::LicenceLimit),
        (status(401), TeamViewerError::TokenRefused),
        (error(400, "token_expired"), TeamViewerError::TokenRefused),
        (status(403), TeamViewerError::PermissionMissing),
        (error(403, "rate_limit_reached"), TeamViewerError::RateLimited { retry_after: None }),
        (status(429).header("retry-after", "7"), TeamViewerError::RateLimited { retry_after: Some(7) }),
        (error(400, "invalid_request"), TeamViewerError::Refused { status: 400, words: "Not so".to_owned() }),
        (status(409), TeamViewerError::Refused { status: 409, words: String::new() }),
        (error(500, "internal_error"), TeamViewerError::OutcomeUnknown),
        (text(502, "<html>"), TeamViewerError::OutcomeUnknown),
        (status(503).header("retry-after", "7"), TeamViewerError::OutcomeUnknown),
    ] {
        let fake = posting(reply).await;
        assert_eq!(fake.client().open_session(&token(), &wish()).await, Err(expected));
        assert_eq!(fake.lines(), ["POST /sessions"]);
    }
}

#[tokio::test]
async fn a_session_that_takes_too_long_may_exist() {
    let fake = posting(ok(&session()).after(Duration::from_secs(5))).await;
    let client = client(&casebridge_teamviewer::Options { call_timeout: Duration::from_millis(200), ..fake.options() });
    assert_eq!(client.open_session(&token(), &wish()).await, Err(TeamViewerError::OutcomeUnknown));
    assert_eq!(fake.lines(), ["POST /sessions"]);
}
