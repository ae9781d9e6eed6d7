use super::*;

async fn group(client: &Client<'_>, name: &str) -> String {
    client.post("/groups", json!({ "name": name })).await["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_listed_group_has_the_recorded_fields() {
    let recorded: Value = serde_json::from_str(include_str!("../../../../shapes/groups-list.json")).unwrap();
    let sandbox = sandbox();
    admin(&sandbox).post("/groups", json!({ "name": "BOSS", "policy_id": "p1234" })).await;
    let list = admin(&sandbox).get("/groups").await;
    assert_eq!(names(&list), names(&recorded));
    let ours = names(&list["groups"][0]);
    assert!(names(&recorded["groups"][0]).iter().all(|name| ours.contains(name)), "{ours:?}");
}

#[tokio::test]
async fn groups_are_found_by_a_part_or_the_whole_of_the_name() {
    let sandbox = sandbox();
    group(&admin(&sandbox), "BOSS").await;
    group(&admin(&sandbox), "Big BOSS").await;
    assert_eq!(admin(&sandbox).get("/groups?name=boss").await["groups"].as_array().unwrap().len(), 2);
    let whole = admin(&sandbox).get("/groups?name=BOSS&shouldMatchFullName=true").await;
    assert_eq!(whole["groups"].as_array().unwrap().len(), 1);
    assert_eq!(whole["groups"][0]["name"], "BOSS");
}

#[tokio::test]
async fn sharing_reaches_colleagues_only_and_leaves_others_alone() {
    let [anna, ben] = DEMO_TECHNICIANS;
    let sandbox = Sandbox::new(seed().token(Token::script("ben", ben, Permission::GUIDE)));
    let client = admin(&sandbox);
    let id = group(&client, "BOSS").await;
    let share = format!("/groups/{id}/share_group");
    let mut recorded: Value =
        serde_json::from_str(include_str!("../../../../shapes/group-share-request.json")).unwrap();
    client.refused("POST", &share, recorded.clone()).await;
    recorded["users"][0]["userid"] = anna.into();
    client.post(&share, recorded).await;
    client.post(&share, json!({ "users": [{ "userid": ben }] })).await;
    let both = json!({ "users": [{ "userid": ben, "permissions": "readwrite" }, { "userid": "u999" }] });
    client.refused("POST", &share, both).await;
    client.refused("POST", &share, json!({ "users": [{ "userid": DEMO_ADMIN }] })).await;
    client.refused("POST", &share, json!({ "users": [{ "userid": ben, "permissions": "full" }] })).await;

    let shared = client.get(&format!("/groups/{id}")).await;
    assert_eq!(shared["shared_with"][0]["permissions"], "readwrite");
    assert_eq!(shared["shared_with"][1]["permissions"], "read");
    assert_eq!(shared["owner"]["userid"], DEMO_ADMIN);

    let bens = Client { sandbox: &sandbox, token: "ben" };
    assert_eq!(bens.get("/groups?shared=true").await["groups"][0]["permissions"], "read");
    assert_eq!(
        bens.call("PUT", &format!("/groups/{id}"), Some(json!({ "name": "Mine" }))).await.0,
        StatusCode::FORBIDDEN
    );
    assert_eq!(bens.call("DELETE", &format!("/groups/{id}"), None).await.0, StatusCode::OK);
    assert_eq!(bens.get("/groups").await["groups"], json!([]));

    let mut recorded: Value =
        serde_json::from_str(include_str!("../../../../shapes/group-unshare-request.json")).unwrap();
    recorded["users"][0] = anna.into();
    client.call("POST", &format!("/groups/{id}/unshare_group"), Some(recorded)).await;
    assert!(client.get(&format!("/groups/{id}")).await.get("shared_with").is_none());
}

#[tokio::test]
async fn a_group_is_renamed_and_deleted_by_its_owner() {
    let sandbox = sandbox();
    let client = admin(&sandbox);
    let id = group(&client, "BOSS").await;
    let path = format!("/groups/{id}");
    assert_eq!(client.put(&path, json!({ "name": "Support" })).await, StatusCode::NO_CONTENT);
    assert_eq!(client.get(&path).await["name"], "Support");
    group(&client, "BOSS").await;
    client.refused("POST", "/groups", json!({ "name": "BOSS" })).await;
    client.refused("PUT", &path, json!({ "name": "BOSS" })).await;
    client.call("DELETE", &path, None).await;
    assert_eq!(client.call("GET", &path, None).await.0, StatusCode::NOT_FOUND);
    assert_eq!(client.call("POST", "/sessions", Some(json!({ "groupid": id }))).await.0, StatusCode::BAD_REQUEST);
}
