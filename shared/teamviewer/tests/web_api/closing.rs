//! Ends of sessions.

use casebridge_app::ports::TeamViewer;
use casebridge_app::ports::teamviewer::TeamViewerError;
use serde_json::{Value, json};

use crate::fake::{Fake, Reply, code, error, ok, session, status, text, token};

/// PUT gets the one answer, GET the other.
async fn closing(put: Reply, get: Reply) -> Fake {
    Fake::answering(move |seen| if seen.method == "PUT" { put.clone() } else { get.clone() }).await
}

fn with_state(state: Value) -> Reply {
    let mut session = session();
    session["state"] = state;
    ok(&session)
}

#[tokio::test]
async fn a_session_is_closed_as_deskpros_client_does_it() {
    let expected: Value = serde_json::from_str(include_str!("../../shapes/session-close-request.json")).unwrap();
    for success in [status(204), status(200), text(200, "{}")] {
        let fake = closing(success, status(500)).await;
        assert_eq!(fake.client().close_session(&token(), &code()).await, Ok(()));
        assert_eq!(fake.lines(), ["PUT /sessions/s119-457-589"]);
        assert_eq!(fake.seen()[0].body, expected);
    }
}

#[tokio::test]
async fn a_session_that_is_closed_or_unknown_already_counts_as_closed() {
    for put in [status(404), error(400, "invalid_request"), text(400, "already closed")] {
        for get in [
            with_state(json!("closed")),
            with_state(json!("Closed")),
            ok(&json!({ "code": "s119457589", "state": 1, "closed_at": "2024-04-16T21:00:00Z" })),
            status(404),
            error(400, "invalid_request"),
        ] {
            let fake = closing(put.clone(), get).await;
            assert_eq!(fake.client().close_session(&token(), &code()).await, Ok(()));
            assert_eq!(fake.lines(), ["PUT /sessions/s119-457-589", "GET /sessions/s119-457-589"]);
        }
    }
}

#[tokio::test]
async fn a_session_that_stays_open_is_an_error_whatever_number_its_state_is() {
    for state in [json!("open"), json!("Open"), json!(0), json!(1), json!(3), json!(null)] {
        let fake = closing(error(400, "invalid_request"), with_state(state)).await;
        let refused = TeamViewerError::Refused { status: 400, words: "Not so".to_owned() };
        assert_eq!(fake.client().close_session(&token(), &code()).await, Err(refused));
    }
}

#[tokio::test]
async fn a_refused_token_is_no_end_of_a_session() {
    for reply in [status(401), error(400, "token_expired")] {
        let fake = closing(reply.clone(), status(404)).await;
        assert_eq!(fake.client().close_session(&token(), &code()).await, Err(TeamViewerError::TokenRefused));
        assert_eq!(fake.seen().len(), 1);
        let fake = closing(status(404), reply).await;
        assert_eq!(fake.client().close_session(&token(), &code()).await, Err(TeamViewerError::TokenRefused));
    }
}

#[tokio::test]
async fn a_failure_of_the_server_is_told_without_asking_further() {
    let fake = closing(status(500), status(404)).await;
    assert_eq!(fake.client().close_session(&token(), &code()).await, Err(TeamViewerError::OutcomeUnknown));
    assert_eq!(fake.seen().len(), 1);
}
