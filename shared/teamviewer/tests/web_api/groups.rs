//! Groups, and whom they are shared with.

use casebridge_app::ports::TeamViewer;
use casebridge_app::ports::teamviewer::TeamViewerError;
use casebridge_domain::{GroupId, TeamViewerUserId};
use serde_json::{Value, json};

use crate::fake::{Fake, error, ok, status, text, token};

fn id() -> GroupId {
    GroupId::parse("g1234").unwrap()
}

fn users() -> [TeamViewerUserId; 1] {
    [TeamViewerUserId::parse("u1234").unwrap()]
}

#[tokio::test]
async fn a_group_is_found_by_its_whole_name_though_the_filter_may_match_parts() {
    let fake = Fake::with(text(200, include_str!("../../shapes/groups-list.json"))).await;
    let client = fake.client();
    let found = client.group_named(&token(), "test group 1").await.unwrap().unwrap();
    assert_eq!(found.id, id());
    assert_eq!(client.group_named(&token(), "test group").await, Ok(None));
    assert_eq!(fake.lines()[0], "GET /groups");
    assert_eq!(json!(fake.seen()[0].query), json!({ "name": "test group 1" }));
}

#[tokio::test]
async fn a_name_with_any_character_is_asked_for_as_it_is() {
    let fake = Fake::with(ok(&json!({ "groups": [] }))).await;
    for name in ["A&B=C #1", "Größe+?/%20", "a/../b"] {
        assert_eq!(fake.client().group_named(&token(), name).await, Ok(None));
        assert_eq!(fake.seen().last().unwrap().query["name"], name);
    }
}

#[tokio::test]
async fn a_group_is_read_by_its_id_and_may_be_gone() {
    let fake = Fake::with(ok(&json!({ "id": "g1234", "name": "BOSS", "shared_with": [{ "userid": "u5" }] }))).await;
    let group = fake.client().group(&token(), &id()).await.unwrap().unwrap();
    assert_eq!((group.name.as_str(), group.shared_with[0].id.as_str()), ("BOSS", "u5"));
    assert_eq!(fake.lines(), ["GET /groups/g1234"]);
    for gone in [status(404), error(400, "invalid_request"), error(404, "invalid_request")] {
        assert_eq!(Fake::with(gone).await.client().group(&token(), &id()).await, Ok(None));
    }
    for bad in [status(403), status(500), ok(&json!({ "id": "g5", "name": "BOSS" })), status(204)] {
        assert!(Fake::with(bad).await.client().group(&token(), &id()).await.is_err());
    }
}

#[tokio::test]
async fn a_group_is_made_once() {
    for made in [json!({ "id": "g1234", "name": "BOSS" }), json!({ "id": "g1234" })] {
        let fake = Fake::with(ok(&made)).await;
        let group = fake.client().make_group(&token(), "BOSS").await.unwrap();
        assert_eq!((group.id, group.name.as_str()), (id(), "BOSS"));
        assert_eq!(fake.seen()[0].body, json!({ "name": "BOSS" }));
    }
    for (reply, expected) in [
        (status(500), TeamViewerError::OutcomeUnknown),
        (status(204), TeamViewerError::OutcomeUnknown),
        (status(403), TeamViewerError::PermissionMissing),
    ] {
        let fake = Fake::with(reply).await;
        assert_eq!(fake.client().make_group(&token(), "BOSS").await, Err(expected));
        assert_eq!(fake.lines(), ["POST /groups"]);
    }
}

#[tokio::test]
async fn sharing_and_unsharing_are_sent_as_the_official_module_does() {
    let shape = |text| serde_json::from_str::<Value>(text).unwrap();
    for success in [status(200), status(204)] {
        let fake = Fake::with(success).await;
        fake.client().share_group(&token(), &id(), &users()).await.unwrap();
        fake.client().unshare_group(&token(), &id(), &users()).await.unwrap();
        assert_eq!(fake.lines(), ["POST /groups/g1234/share_group", "POST /groups/g1234/unshare_group"]);
        assert_eq!(fake.seen()[0].body, shape(include_str!("../../shapes/group-share-request.json")));
        assert_eq!(fake.seen()[1].body, shape(include_str!("../../shapes/group-unshare-request.json")));
    }
}

#[tokio::test]
async fn a_user_outside_the_company_is_refused_in_teamviewers_words_and_nobody_asks_for_nothing() {
    let fake = Fake::with(text(400, r#"{"error":"invalid_request","error_description":"u1234 is no user"}"#)).await;
    let refused = TeamViewerError::Refused { status: 400, words: "u1234 is no user".to_owned() };
    assert_eq!(fake.client().share_group(&token(), &id(), &users()).await, Err(refused));
    assert_eq!(fake.client().share_group(&token(), &id(), &[]).await, Ok(()));
    assert_eq!(fake.client().unshare_group(&token(), &id(), &[]).await, Ok(()));
    assert_eq!(fake.seen().len(), 1);
}
