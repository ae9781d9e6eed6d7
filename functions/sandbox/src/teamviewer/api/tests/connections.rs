use super::*;

fn row(sandbox: &Sandbox, start: TimeDelta, end: TimeDelta) -> Connection {
    let row = NewConnection {
        userid: DEMO_TECHNICIANS[0].into(),
        start_date: Some(recorded_at() + start),
        end_date: Some(recorded_at() + end),
        ..NewConnection::default()
    };
    sandbox.add_connection(row).unwrap()
}

#[tokio::test]
async fn a_session_that_a_technician_ends_is_in_the_report_with_its_case() {
    let recorded: Value = serde_json::from_str(include_str!("../../../../shapes/connections-page.json")).unwrap();
    let sandbox = sandbox();
    let wish = json!({ "groupname": "BOSS", "custom_api": "case 7", "assigned_userid": DEMO_TECHNICIANS[0] });
    let session = admin(&sandbox).post("/sessions", wish).await;
    let code = session["code"].as_str().unwrap();
    sandbox.customer_online(code, true).unwrap();
    sandbox.clock().advance(TimeDelta::minutes(5));
    sandbox.end_session(code, &EndSession::default()).unwrap();
    let page = admin(&sandbox).get(&format!("/reports/connections?session_code={code}")).await;
    let ours = &page["records"][0];
    assert!(names(&recorded["records"][0]).iter().all(|name| ours.get(name).is_some()), "{ours}");
    assert_eq!((&ours["custom_api"], &ours["username"]), (&json!("case 7"), &json!("Anna Becker")));
    assert_eq!(
        (&ours["start_date"], &ours["end_date"]),
        (&json!("2024-04-16T20:40:38Z"), &json!("2024-04-16T20:45:38Z"))
    );
    assert_eq!(admin(&sandbox).get(&format!("/sessions/{code}")).await["state"], "Closed");
    assert!(sandbox.end_session(code, &EndSession::default()).is_err());
}

#[tokio::test]
async fn a_report_comes_in_pages_of_a_thousand_by_end_newest_first() {
    let sandbox = sandbox();
    for minute in 0..1500 {
        row(&sandbox, TimeDelta::zero(), TimeDelta::minutes(minute));
    }
    let first = admin(&sandbox).get("/reports/connections").await;
    assert_eq!(first["records"].as_array().unwrap().len(), 1000);
    assert_eq!(first["records_remaining"], 500);
    assert_eq!(first["next_offset"], first["records"][999]["id"]);
    let second = admin(&sandbox)
        .get(&format!("/reports/connections?offset_id={}", first["next_offset"].as_str().unwrap()))
        .await;
    assert_eq!(second["records"].as_array().unwrap().len(), 500);
    assert_eq!(names(&second), ["records"]);
    let ends: Vec<&str> = [&first, &second]
        .into_iter()
        .flat_map(|page| page["records"].as_array().unwrap())
        .map(|row| row["end_date"].as_str().unwrap())
        .collect();
    assert!(ends.is_sorted_by(|earlier, later| earlier > later));
}

#[tokio::test]
async fn from_is_included_and_to_is_not_and_both_look_at_the_start() {
    let sandbox = sandbox();
    row(&sandbox, TimeDelta::zero(), TimeDelta::hours(5));
    let found = async |query: &str| {
        admin(&sandbox).get(&format!("/reports/connections?{query}")).await["records"].as_array().unwrap().len()
    };
    assert_eq!(found("from_date=2024-04-16T20:40:38Z&to_date=2024-04-17").await, 1);
    assert_eq!(found("from_date=2024-04-16T20:40:39Z").await, 0);
    assert_eq!(found("to_date=2024-04-16T20:40:38Z").await, 0);
    assert_eq!(found("has_code=true").await, 0);
    assert_eq!(found("support_session_type=RemoteConnection&groupid=0&username=anna").await, 1);
    sandbox.set_unknowns(Unknowns { to_date_compares: ComparedDate::End, ..sandbox.unknowns() });
    assert_eq!(found("to_date=2024-04-17").await, 0);
}

#[tokio::test]
async fn a_row_takes_notes_and_is_deleted() {
    let sandbox = sandbox();
    let path = format!("/reports/connections/{}", row(&sandbox, TimeDelta::zero(), TimeDelta::hours(1)).id);
    assert_eq!(
        admin(&sandbox).put(&path, json!({ "notes": "Done", "billing_state": "Bill" })).await,
        StatusCode::NO_CONTENT
    );
    let row = admin(&sandbox).get(&path).await;
    assert_eq!((&row["notes"], &row["billing_state"]), (&json!("Done"), &json!("Bill")));
    admin(&sandbox).refused("PUT", &path, json!({ "billing_state": "Free" })).await;
    let stranger = Client { sandbox: &sandbox, token: "other" };
    assert_eq!(stranger.call("GET", &path, None).await.0, StatusCode::NOT_FOUND);
    assert_eq!(admin(&sandbox).call("DELETE", &path, None).await.0, StatusCode::NO_CONTENT);
    assert_eq!(admin(&sandbox).call("GET", &path, None).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_connection_to_a_host_names_its_entry_in_the_address_book() {
    let sandbox = sandbox();
    let connect = |host: &str| {
        let host = Some(host.to_owned());
        let row = NewConnection { userid: DEMO_TECHNICIANS[0].into(), teamviewer_id: host, ..NewConnection::default() };
        sandbox.add_connection(row).unwrap().deviceid
    };
    let (first, other, again) = (connect("1234567890"), connect("987654321"), connect("1234567890"));
    assert_eq!(first, again);
    assert_ne!(first, other);
    let listed = admin(&sandbox).get("/devices?remotecontrol_id=r1234567890").await;
    assert_eq!(listed["devices"], json!([{ "remotecontrol_id": "r1234567890", "device_id": first }]));
    assert_eq!(admin(&sandbox).get("/devices").await["devices"].as_array().unwrap().len(), 2);
}
