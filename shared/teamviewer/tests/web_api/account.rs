//! The token, its account, its company.

use casebridge_app::ports::TeamViewer;
use casebridge_app::ports::teamviewer::TeamViewerError;
use casebridge_domain::connection::Licence;
use serde_json::json;

use crate::fake::{Fake, error, ok, status, text, token};

#[tokio::test]
async fn a_token_is_valid_or_not_by_the_answer_or_by_401() {
    for (reply, expected) in [
        (text(200, include_str!("../../shapes/ping.json")), true),
        (ok(&json!({ "token_valid": "True" })), true),
        (ok(&json!({ "token_valid": false })), false),
        (status(401).header("www-authenticate", "Bearer"), false),
        (error(400, "invalid_token"), false),
    ] {
        let fake = Fake::with(reply).await;
        assert_eq!(fake.client().ping(&token()).await, Ok(expected));
        assert_eq!(fake.lines(), ["GET /ping"]);
    }
    for reply in [ok(&json!({})), status(200), text(200, "<html>"), status(404), status(500)] {
        assert!(Fake::with(reply).await.client().ping(&token()).await.is_err());
    }
}

#[tokio::test]
async fn what_can_not_be_a_token_is_refused_without_a_call() {
    let fake = Fake::with(ok(&json!({ "token_valid": true }))).await;
    let broken = "1234-abc\r\nX-Evil: 1".into();
    assert_eq!(fake.client().ping(&broken).await, Ok(false));
    assert_eq!(fake.client().token_owner(&broken).await, Err(TeamViewerError::TokenRefused));
    assert!(fake.seen().is_empty());
}

#[tokio::test]
async fn the_owner_and_the_licence_are_told() {
    let fake = Fake::with(text(200, include_str!("../../shapes/account.json"))).await;
    let owner = fake.client().token_owner(&token()).await.unwrap();
    assert_eq!(owner.licence, Licence::Corporate);
    assert_eq!(owner.registrar.user.unwrap().as_str(), "u11293276");
    assert_eq!(fake.lines(), ["GET /account"]);
    let denied = Fake::with(status(403)).await;
    assert_eq!(denied.client().token_owner(&token()).await, Err(TeamViewerError::PermissionMissing));
}

#[tokio::test]
async fn the_users_of_the_company_need_a_token_of_the_company() {
    let users = json!({ "users": [
        { "id": "u1", "name": "Ann", "email": "ann@example.com" }, { "id": "u2", "email": "?" }, { "id": null }, 7,
    ]});
    let fake = Fake::with(ok(&users)).await;
    let users = fake.client().users(&token()).await.unwrap();
    let told: Vec<_> =
        users.iter().map(|user| (user.id.as_str(), user.name.as_deref(), user.email.is_some())).collect();
    assert_eq!(told, [("u1", Some("Ann"), true), ("u2", None, false)]);
    assert_eq!(fake.seen()[0].query["full_list"], "true");
    let denied = Fake::with(status(403)).await;
    assert_eq!(denied.client().users(&token()).await, Err(TeamViewerError::PermissionMissing));
    let strange = Fake::with(ok(&json!({ "people": [] }))).await;
    assert_eq!(strange.client().users(&token()).await, Err(TeamViewerError::OutcomeUnknown));
}
