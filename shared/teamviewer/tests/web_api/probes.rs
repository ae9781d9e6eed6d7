//! What a token may do.

use casebridge_app::ports::TeamViewer;
use casebridge_app::ports::teamviewer::TeamViewerError;
use casebridge_domain::connection::{Permission, Proof};
use serde_json::{Value, json};

use crate::fake::{Fake, error, ok, session, status, text, token};

const VIEWS: [Permission; 3] = [Permission::SessionsView, Permission::ReportsView, Permission::ContactsView];

fn changes() -> impl Iterator<Item = Permission> {
    Permission::ALL.into_iter().filter(|permission| !VIEWS.contains(permission))
}

#[tokio::test]
async fn a_view_is_proven_by_a_read_and_a_change_never_is() {
    let fake =
        Fake::answering(|seen| if seen.method == "GET" { ok(&json!({})) } else { error(400, "invalid_request") });
    let fake = fake.await;
    for permission in Permission::ALL {
        let expected = if VIEWS.contains(&permission) { Proof::Proven } else { Proof::Unknown };
        assert_eq!(fake.client().probe(&token(), permission).await, Ok(expected), "{permission:?}");
    }
    assert_eq!(fake.seen().len(), Permission::ALL.len());
}

#[tokio::test]
async fn a_403_says_that_a_permission_is_missing() {
    for reply in [status(403), text(403, "\"Forbidden\""), error(403, "insufficient_scope")] {
        let fake = Fake::with(reply).await;
        for permission in Permission::ALL {
            assert_eq!(fake.client().probe(&token(), permission).await, Ok(Proof::Missing), "{permission:?}");
        }
    }
}

#[tokio::test]
async fn what_tells_nothing_about_permissions_is_unknown() {
    for reply in [status(404), status(400), text(400, "license limitations"), error(403, "blocked"), status(302)] {
        let fake = Fake::with(reply).await;
        for permission in Permission::ALL {
            assert_eq!(fake.client().probe(&token(), permission).await, Ok(Proof::Unknown), "{permission:?}");
        }
    }
    let broken = Fake::with(status(500)).await;
    assert_eq!(broken.client().probe(&token(), Permission::SessionsView).await, Ok(Proof::Unknown));
    assert_eq!(broken.seen().len(), 3);
    assert_eq!(broken.client().probe(&token(), Permission::SessionsEdit).await, Ok(Proof::Unknown));
    assert_eq!(broken.seen().len(), 4);
}

#[tokio::test]
async fn a_refused_token_and_a_rate_limit_are_errors() {
    for (reply, expected) in [
        (status(401), TeamViewerError::TokenRefused),
        (error(403, "rate_limit_reached"), TeamViewerError::RateLimited { retry_after: None }),
        (status(429).header("retry-after", "3"), TeamViewerError::RateLimited { retry_after: Some(3) }),
    ] {
        let fake = Fake::with(reply).await;
        for permission in Permission::ALL {
            assert_eq!(fake.client().probe(&token(), permission).await, Err(expected.clone()));
        }
    }
}

#[tokio::test]
async fn no_probe_names_a_group_a_session_or_a_report_that_could_exist_or_asks_for_a_change() {
    let fake = Fake::with(error(400, "invalid_request")).await;
    for permission in changes() {
        fake.client().probe(&token(), permission).await.unwrap();
    }
    let sent: Vec<(String, Value)> = fake.seen().into_iter().map(|seen| (seen.line(), seen.body)).collect();
    let create = json!({ "assigned_userid": "nobody", "valid_until": "2000-01-01T00:00:00Z" });
    let report = "reports/connections/ffffffff-ffff-ffff-ffff-ffffffffffff";
    let expected = [
        ("POST /sessions".to_owned(), create),
        ("PUT /sessions/s00-000-000".to_owned(), json!({})),
        (format!("PUT /{report}"), json!({})),
        (format!("DELETE /{report}"), Value::Null),
        ("POST /groups".to_owned(), json!({ "policy_id": "none" })),
        ("PUT /groups/g9999999999999999999".to_owned(), json!({})),
        ("DELETE /groups/g9999999999999999999".to_owned(), Value::Null),
    ];
    assert_eq!(sent, expected);
}

#[tokio::test]
async fn a_probe_that_is_accepted_against_all_documents_proves_nothing_and_leaves_no_session() {
    let fake = Fake::answering(|seen| if seen.method == "POST" { ok(&session()) } else { status(204) }).await;
    for permission in changes() {
        assert_eq!(fake.client().probe(&token(), permission).await, Ok(Proof::Unknown), "{permission:?}");
    }
    assert_eq!(fake.lines()[..2], ["POST /sessions", "PUT /sessions/s119-457-589"]);
    assert_eq!(fake.seen()[1].body, json!({ "state": "closed" }));
    assert_eq!(fake.seen().len(), 8);
}
