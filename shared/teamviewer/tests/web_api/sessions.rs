//! One session: read and changed.

use casebridge_app::ports::TeamViewer;
use casebridge_app::ports::teamviewer::{Assignee, SessionState, TeamViewerError};
use casebridge_domain::ModuleId;
use serde_json::json;

use crate::fake::{Fake, code, error, marker, ok, session, status, text, token};

#[tokio::test]
async fn a_session_is_read_with_its_state_presence_and_mark() {
    let mut closed = session();
    closed["state"] = json!("Closed");
    closed["online"] = json!(true);
    closed["custom_api"] = json!(json!({ "casebridge": marker() }).to_string());
    let fake = Fake::answering(move |seen| ok(&if seen.number == 0 { session() } else { closed.clone() })).await;
    let first = fake.client().session(&token(), &code()).await.unwrap().unwrap();
    assert_eq!((first.state, first.online, first.marker), (SessionState::Open, false, None));
    let second = fake.client().session(&token(), &code()).await.unwrap().unwrap();
    assert_eq!((second.state, second.online, second.marker), (SessionState::Closed, true, Some(marker())));
    assert_eq!(fake.lines()[0], "GET /sessions/s119-457-589");
}

#[tokio::test]
async fn a_session_unknown_to_teamviewer_is_none_by_404_and_by_the_manuals_400() {
    for reply in [status(404), text(404, "<html>"), error(404, "invalid_request"), error(400, "invalid_request")] {
        let fake = Fake::with(reply).await;
        assert_eq!(fake.client().session(&token(), &code()).await, Ok(None));
        assert_eq!(fake.seen().len(), 1);
    }
}

#[tokio::test]
async fn no_other_refusal_says_that_a_session_is_gone() {
    for reply in [
        status(400),
        text(400, "nonsense"),
        status(401),
        error(400, "invalid_token"),
        status(403),
        error(403, "rate_limit_reached"),
        status(410),
        status(500),
        status(204),
        text(200, "<html>"),
        text(200, "{}"),
        text(200, "{\"code\":\"s12-345-678\",\"state\":\"closed\"}"),
        status(302).header("location", "/api/v1/sessions/s119-457-589"),
    ] {
        let fake = Fake::with(reply.clone()).await;
        let read = fake.client().session(&token(), &code()).await;
        assert!(read.is_err(), "{reply:?} {read:?}");
    }
}

#[tokio::test]
async fn the_module_and_the_assignee_are_put_one_at_a_time() {
    let fake = Fake::answering(|seen| status(if seen.number == 0 { 204 } else { 200 })).await;
    let client = fake.client();
    client.set_module(&token(), &code(), &ModuleId::parse("abc123").unwrap()).await.unwrap();
    client.assign(&token(), &code(), &Assignee::Nobody).await.unwrap();
    assert_eq!(fake.lines(), ["PUT /sessions/s119-457-589", "PUT /sessions/s119-457-589"]);
    assert_eq!(fake.seen()[0].body, json!({ "custom_module_id": "abc123" }));
    assert_eq!(fake.seen()[1].body, json!({ "assigned_userid": "u0" }));
}

#[tokio::test]
async fn a_refused_change_is_told_and_not_repeated() {
    for (reply, expected) in [
        (error(400, "invalid_request"), TeamViewerError::Refused { status: 400, words: "Not so".to_owned() }),
        (status(403), TeamViewerError::PermissionMissing),
        (status(500), TeamViewerError::OutcomeUnknown),
        (status(302), TeamViewerError::OutcomeUnknown),
    ] {
        let fake = Fake::with(reply).await;
        let module = ModuleId::parse("abc123").unwrap();
        assert_eq!(fake.client().set_module(&token(), &code(), &module).await, Err(expected));
        assert_eq!(fake.seen().len(), 1);
    }
}
