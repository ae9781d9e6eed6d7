use super::*;

#[tokio::test]
async fn a_listed_session_has_the_recorded_fields_and_links() {
    let recorded: Value = serde_json::from_str(include_str!("../../../../shapes/session-list-open.json")).unwrap();
    let recorded = &recorded["sessions"][0];
    let sandbox = sandbox();
    admin(&sandbox).open().await;
    let list = admin(&sandbox).get("/sessions?state=open&full_list=true").await;
    let ours = &list["sessions"][0];
    assert_eq!(names(&list), ["sessions"]);
    assert_eq!(names(ours), names(recorded));
    for same in
        ["state", "assigned_userid", "assigned_at", "created_at", "valid_until", "online", "support_session_type"]
    {
        assert_eq!(ours[same], recorded[same], "{same}");
    }
    let shape = |session: &Value, link: &str| {
        let code = session["code"].as_str().unwrap();
        assert_eq!(code.len(), 12, "{code}");
        let supporter = session["supporter_link"].as_str().unwrap();
        let token = supporter.rsplit_once('-').unwrap().1;
        assert_eq!(token.len(), 12, "{token}");
        let link = session[link].as_str().unwrap();
        link.replace(&code.replace('-', ""), "CODE")
            .replace(token, "TOKEN")
            .replace("Jon+Snow", "NAME")
            .replace("Alex+Admin", "NAME")
    };
    for link in ["end_customer_link", "supporter_link", "webclient_supporter_link"] {
        assert_eq!(shape(ours, link), shape(recorded, link));
    }
}

#[tokio::test]
async fn a_session_is_created_as_in_the_manual() {
    let mut wish: Value = serde_json::from_str(include_str!("../../../../shapes/session-create-request.json")).unwrap();
    let manual: Value = serde_json::from_str(include_str!("../../../../shapes/session-create-response.json")).unwrap();
    let sandbox = sandbox();
    let group = admin(&sandbox).post("/groups", json!({ "name": "BOSS" })).await;
    wish["groupid"] = group["id"].clone();
    let response = admin(&sandbox).raw("POST", "/sessions", Some(wish)).await;
    let location = response.headers()["location"].to_str().unwrap().to_owned();
    let ours = body_of(response).await;
    assert!(names(&manual).iter().all(|name| ours.get(name).is_some()), "{ours}");
    assert_eq!(ours["state"], manual["state"]);
    assert_eq!(ours["description"], manual["description"]);
    assert_eq!(ours["end_customer"], manual["end_customer"]);
    assert!(ours["end_customer_link"].as_str().unwrap().starts_with("https://getpilot.teamviewer.com/s"));
    assert_eq!(location, format!("http://sandbox.test/api/v1/sessions/{}", ours["code"].as_str().unwrap()));
    assert!(ours.get("online").is_none() && ours.get("custom_module_id").is_none());
}

#[tokio::test]
async fn a_session_that_has_everything_shows_only_known_fields() {
    let known: Value = serde_json::from_str(include_str!("../../../../shapes/session-fields.json")).unwrap();
    let sandbox = sandbox();
    let code = admin(&sandbox).open().await;
    let everything = json!({
        "waiting_message": "Soon", "description": "D", "end_customer": { "name": "Max", "email": "max@example.com" },
        "custom_api": "case 1", "tv_version": "15", "custom_module_id": "6k5x9mh", "state": "closed",
    });
    assert_eq!(admin(&sandbox).put(&format!("/sessions/{code}"), everything).await, StatusCode::NO_CONTENT);
    let session = admin(&sandbox).get(&format!("/sessions/{code}")).await;
    assert_eq!(names(&session), names(&known["data"]));
}

#[tokio::test]
async fn a_group_is_created_by_its_name_and_found_the_next_time() {
    let wish: Value =
        serde_json::from_str(include_str!("../../../../shapes/session-create-request-by-group-name.json")).unwrap();
    let sandbox = sandbox();
    let first = admin(&sandbox).post("/sessions", wish.clone()).await;
    let second = admin(&sandbox).post("/sessions", wish).await;
    assert_eq!(first["groupid"], second["groupid"]);
    let groups = admin(&sandbox).get("/groups?name=TV_test&shouldMatchFullName=true").await;
    assert_eq!(groups["groups"].as_array().unwrap().len(), 1);
    let other = json!({ "groupid": first["groupid"], "groupname": "BOSS" });
    admin(&sandbox).refused("POST", "/sessions", other).await;
    assert_eq!(sandbox.state().groups.len(), 1);
}

#[tokio::test]
async fn fields_that_break_a_rule_are_refused_and_leave_nothing() {
    let long = |most: usize| "x".repeat(most + 1);
    let sandbox = sandbox();
    let wishes = [
        json!({ "groupname": "BOSS", "description": long(4000) }),
        json!({ "groupname": "BOSS", "custom_api": long(4000) }),
        json!({ "groupname": "BOSS", "end_customer": { "name": long(100) } }),
        json!({ "groupname": "BOSS", "end_customer": { "email": long(254) } }),
        json!({ "groupid": "272032545" }),
        json!({ "groupid": "g1" }),
        json!({ "groupname": "BOSS", "assigned_userid": "11293276" }),
        json!({ "groupname": "BOSS", "assigned_userid": "u999" }),
        json!({ "groupname": "BOSS", "support_session_type": "Meeting" }),
        json!({ "groupname": "BOSS", "valid_until": "tomorrow" }),
        json!({ "groupname": "BOSS", "valid_until": "2024-04-16T20:40:38Z" }),
        json!({ "groupname": "BOSS", "sms_invite_number": "call me" }),
        json!({}),
        json!([]),
    ];
    for wish in wishes {
        admin(&sandbox).refused("POST", "/sessions", wish).await;
    }
    assert!(sandbox.state().groups.is_empty() && sandbox.state().sessions.is_empty());
    let longest =
        json!({ "groupname": "BOSS", "description": "ä".repeat(4000), "end_customer": { "name": "ä".repeat(100) } });
    admin(&sandbox).post("/sessions", longest).await;
}

#[tokio::test]
async fn a_form_serves_as_well_as_json() {
    let sandbox = sandbox();
    let request = Request::post("/api/v1/sessions")
        .header("authorization", format!("bearer {DEMO_TOKEN}"))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from("groupname=BOSS&description=A+b&end_customer[name]=Max"))
        .unwrap();
    let session = body_of(router(sandbox).oneshot(request).await.unwrap()).await;
    assert_eq!(session["description"], "A b");
    assert_eq!(session["end_customer"]["name"], "Max");
}

#[tokio::test]
async fn a_session_is_closed_as_the_recorded_client_does_it_and_opened_again() {
    let close: Value = serde_json::from_str(include_str!("../../../../shapes/session-close-request.json")).unwrap();
    let sandbox = sandbox();
    let code = admin(&sandbox).open().await;
    let path = format!("/sessions/{code}");
    sandbox.customer_online(&code, true).unwrap();
    assert_eq!(admin(&sandbox).put(&path, close.clone()).await, StatusCode::NO_CONTENT);
    assert_eq!(admin(&sandbox).put(&path, close).await, StatusCode::NO_CONTENT);
    let session = admin(&sandbox).get(&path).await;
    assert_eq!((&session["state"], &session["online"]), (&json!("Closed"), &json!(false)));
    assert_eq!(session["closed_at"], "2024-04-16T20:40:38Z");
    assert_eq!(admin(&sandbox).get("/sessions").await["sessions"], json!([]));
    assert_eq!(admin(&sandbox).get("/sessions?state=Open,CLOSED").await["sessions"].as_array().unwrap().len(), 1);
    assert_eq!(admin(&sandbox).put(&path, json!({ "state": "OPEN" })).await, StatusCode::NO_CONTENT);
    assert_eq!(admin(&sandbox).get(&path).await["state"], "Open");
    assert_eq!(admin(&sandbox).call("DELETE", &path, None).await.0, StatusCode::NO_CONTENT);
    assert_eq!(admin(&sandbox).call("GET", &path, None).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_update_changes_what_it_names_and_never_the_end_of_its_time() {
    let sandbox = sandbox();
    let code = admin(&sandbox).open().await;
    let path = format!("/sessions/{code}");
    let before = admin(&sandbox).get(&path).await;
    let change =
        json!({ "description": "Still not working.", "assigned_userid": "u0", "valid_until": "2030-01-01T00:00:00Z" });
    assert_eq!(admin(&sandbox).put(&path, change).await, StatusCode::NO_CONTENT);
    let after = admin(&sandbox).get(&path).await;
    assert_eq!(after["valid_until"], before["valid_until"]);
    assert_eq!(after["description"], "Still not working.");
    assert!(after.get("assigned_userid").is_none() && after.get("assigned_at").is_none());
    admin(&sandbox).refused("PUT", &path, json!({ "groupname": "Other" })).await;
}

#[tokio::test]
async fn a_minimal_list_has_five_fields_and_filters_by_group_and_technician() {
    let sandbox = sandbox();
    let first = admin(&sandbox).post("/sessions", json!({ "groupname": "A", "assigned_userid": "u0" })).await;
    admin(&sandbox).post("/sessions", json!({ "groupname": "B" })).await;
    let list = admin(&sandbox).get(&format!("/sessions?groupid={}", first["groupid"].as_str().unwrap())).await;
    assert_eq!(list["sessions"].as_array().unwrap().len(), 1);
    assert_eq!(names(&list["sessions"][0]), ["code", "groupid", "online", "state", "support_session_type"]);
    let unassigned = admin(&sandbox).get("/sessions?assigned_userid=u0").await;
    assert_eq!(unassigned["sessions"][0]["code"], first["code"]);
    let stranger = Client { sandbox: &sandbox, token: "other" };
    assert_eq!(stranger.get("/sessions").await["sessions"], json!([]));
    let path = format!("/sessions/{}", first["code"].as_str().unwrap());
    assert_eq!(stranger.call("GET", &path, None).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_list_comes_in_pages_of_a_thousand_newest_first() {
    let sandbox = sandbox();
    let mut opened = Vec::new();
    for _ in 0..2001 {
        opened.push(admin(&sandbox).open().await);
    }
    opened.reverse();
    let mut seen = Vec::new();
    let mut path = "/sessions".to_owned();
    for remaining in [Some(1001), Some(1), None] {
        let page = admin(&sandbox).get(&path).await;
        seen.extend(
            page["sessions"].as_array().unwrap().iter().map(|entry| entry["code"].as_str().unwrap().to_owned()),
        );
        assert_eq!(page.get("sessions_remaining").and_then(Value::as_u64), remaining);
        assert_eq!(page.get("next_offset").is_some(), remaining.is_some());
        path = format!("/sessions?offset={}", page["next_offset"].as_str().unwrap_or_default());
    }
    assert_eq!(seen, opened);
}

#[tokio::test]
async fn an_expired_code_does_what_the_reading_says() {
    let readings = [
        (ExpiredCode::StaysOpen, "Open", 1),
        (ExpiredCode::LeavesTheList, "Open", 0),
        (ExpiredCode::TurnsClosed, "Closed", 0),
    ];
    for (expired_code, state, listed) in readings {
        let sandbox = Sandbox::new(seed().unknowns(Unknowns { expired_code, ..Unknowns::default() }));
        let code = admin(&sandbox).open().await;
        sandbox.clock().advance(TimeDelta::hours(24));
        assert_eq!(admin(&sandbox).get(&format!("/sessions/{code}")).await["state"], state);
        assert_eq!(admin(&sandbox).get("/sessions").await["sessions"].as_array().unwrap().len(), listed);
        assert_eq!(sandbox.customer_online(&code, true), Err(SandboxError::NotJoinable));
    }
}

#[tokio::test]
async fn undocumented_answers_can_be_read_the_other_way() {
    let unknowns = Unknowns {
        state_in_create: StateWriting::Integer,
        state_in_get: StateWriting::Lower,
        session_type_in_create: TypeWriting::Integer,
        unknown_id: UnknownId::InvalidRequest,
        closing_again: ClosingAgain::InvalidRequest,
        closed_at: Presence::Absent,
        custom_module_in_create: FieldReading::Refused,
        online_after_leaving: AfterLeaving::Sticks,
        ..Unknowns::default()
    };
    let sandbox = Sandbox::new(seed().unknowns(unknowns));
    let session = admin(&sandbox).post("/sessions", json!({ "groupname": "BOSS", "support_session_type": 1 })).await;
    assert_eq!((&session["state"], &session["support_session_type"]), (&json!(0), &json!(1)));
    let code = session["code"].as_str().unwrap();
    let path = format!("/sessions/{code}");
    sandbox.customer_online(code, true).unwrap();
    sandbox.customer_online(code, false).unwrap();
    assert_eq!(admin(&sandbox).get(&path).await["online"], true);
    assert_eq!(admin(&sandbox).put(&path, json!({ "state": 1 })).await, StatusCode::NO_CONTENT);
    admin(&sandbox).refused("PUT", &path, json!({ "state": "closed" })).await;
    let closed = admin(&sandbox).get(&path).await;
    assert_eq!(closed["state"], "closed");
    assert!(closed.get("closed_at").is_none());
    admin(&sandbox).refused("GET", "/sessions/s99-999-999", json!({})).await;
    admin(&sandbox).refused("POST", "/sessions", json!({ "groupname": "BOSS", "custom_module_id": "x" })).await;
}

#[tokio::test]
async fn a_post_that_redirects_says_where_the_session_is() {
    for (create_answer, status) in [(CreateAnswer::SeeOther, 303), (CreateAnswer::Found, 302)] {
        let sandbox = Sandbox::new(seed().unknowns(Unknowns { create_answer, ..Unknowns::default() }));
        let response = admin(&sandbox).raw("POST", "/sessions", Some(json!({ "groupname": "BOSS" }))).await;
        assert_eq!(response.status().as_u16(), status);
        let location = response.headers()["location"].to_str().unwrap().to_owned();
        assert_eq!(body_of(response).await, Value::Null);
        let path = location.strip_prefix("http://sandbox.test/api/v1").unwrap();
        assert_eq!(admin(&sandbox).get(path).await["state"], "Open");
    }
}

#[tokio::test]
async fn codes_can_have_eight_digits_and_repeat_with_the_seed() {
    let settings = Settings { code_digits: CodeDigits::Eight, ..Settings::default() };
    let (one, two) = (Sandbox::new(seed().settings(settings.clone())), Sandbox::new(seed().settings(settings)));
    let code = admin(&one).open().await;
    assert_eq!(code.len(), "s12-345-678".len());
    assert_eq!(code, admin(&two).open().await);
    let other = Sandbox::new(seed().random(2));
    assert_ne!(code, admin(&other).open().await);
}

#[tokio::test]
async fn a_user_level_token_with_own_rights_reaches_its_owners_sessions_only() {
    let [anna, _] = DEMO_TECHNICIANS;
    let own = [Permission::SessionsCreate, Permission::SessionsViewOwn, Permission::SessionsEditOwn];
    let sandbox = Sandbox::new(seed().token(Token::script("anna", anna, own).at_user_level()));
    let hers = Client { sandbox: &sandbox, token: "anna" };
    let theirs = admin(&sandbox).open().await;
    let assigned = admin(&sandbox).post("/sessions", json!({ "groupname": "BOSS", "assigned_userid": anna })).await;
    let made = hers.open().await;
    let list = hers.get("/sessions").await;
    let codes: Vec<&str> =
        list["sessions"].as_array().unwrap().iter().map(|entry| entry["code"].as_str().unwrap()).collect();
    assert_eq!(codes, [made.as_str(), assigned["code"].as_str().unwrap()]);
    assert_eq!(hers.put(&format!("/sessions/{theirs}"), json!({ "state": "closed" })).await, StatusCode::NOT_FOUND);
}
