use casebridge_domain::device::activation::{Activation, Agreed, Agreement, TERMS};
use casebridge_domain::device::{Device, DeviceFacts, Extent};
use casebridge_domain::journal::{AccountMatter, JournalEntry, Principal};
use casebridge_domain::{AccountId, DeviceId, TechnicianId, Text};
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::testing::{Answer, TestApi};

fn acme() -> AccountId {
    AccountId::parse("acme").unwrap()
}

fn ipad() -> Value {
    json!({
        "platform": "ios", "name": "Jane's iPad", "os_version": "17.2", "management": "enrolled", "eula_accepted": true,
        "quicksupport": { "installed": true, "distributed": true, "allow_listed": true, "managed": true },
        "requester": { "name": "Jane Doe", "email": "jane@example.com", "language": "pt" },
    })
}

fn till() -> Value {
    json!({
        "platform": "android", "os_version": "14", "maker": "Samsung", "model": "SM-X200",
        "management": "device_owner", "eula_accepted": true,
        "quicksupport": { "installed": true, "distributed": true, "allow_listed": true, "managed": true },
        "host": { "installed": true, "distributed": true, "allow_listed": true, "permission_granted": true,
            "teamviewer_id": "1234567890" },
        "add_on": { "installed": true, "allow_listed": true },
    })
}

/// Devices of `acme`, which is activated for both modes.
async fn api() -> TestApi {
    let api = TestApi::connected().await;
    let by = Principal::Operator;
    let agreed_by = Agreed { id: TechnicianId::parse("u-1").unwrap(), name: Text::parse("Ada").unwrap() };
    let agreement = Agreement::to(TERMS.version, agreed_by.clone(), api.world.now()).unwrap();
    let extent = Extent::AttendedAndUnattended;
    let customer_id = Text::parse("acme").ok();
    let activation = Activation { extent, agreement, customer_id, activated_at: api.world.now(), by };
    let matter = AccountMatter::ActivationMade {
        mode: extent,
        terms_version: Text::parse(TERMS.version).unwrap(),
        agreed_by: agreed_by.id,
    };
    let entry = JournalEntry::Account { by, at: api.world.now(), matter };
    let _ = api.world.store.save_activation(&acme(), &activation, None, &entry).await.unwrap();
    report(&api, "ipad", ipad()).await;
    report(&api, "till", till()).await;
    api
}

async fn report(api: &TestApi, id: &str, facts: Value) {
    let facts: DeviceFacts = serde_json::from_value(facts).unwrap();
    let device = Device { id: DeviceId::parse(id).unwrap(), facts, reported_at: api.world.now() };
    api.world.store.save_devices(&acme(), &[device]).await.unwrap();
}

async fn start(api: &TestApi, device: &str, body: &Value) -> Answer {
    let path = format!("/v1/accounts/acme/devices/{device}/case");
    api.call("POST", &path).key(&api.keys.technician).json(body).send().await
}

async fn case(api: &TestApi, case: &Value) -> Value {
    let path = format!("/v1/accounts/acme/cases/{}", case["id"].as_str().unwrap());
    api.call("GET", &path).key(&api.keys.technician).send().await.is(200)
}

async fn press(api: &TestApi, case: &Value, what: &str, body: &Value) -> Answer {
    let path = format!("/v1/accounts/acme/cases/{}/{what}", case["id"].as_str().unwrap());
    api.call("POST", &path).key(&api.keys.technician).json(body).send().await
}

fn codes(problem: &Value) -> Vec<&str> {
    problem["findings"].as_array().unwrap().iter().map(|finding| finding["code"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn an_attended_session_on_android_comes_with_what_starts_it_there() {
    let api = api().await;
    let case = start(&api, "till", &json!({ "technician": { "id": "u-42", "name": "Robin" } })).await.is(201);
    assert!(case.get("ticket").is_none() && case.get("host").is_none() && case.get("invitation").is_none());
    let device = json!({ "id": "till", "name": "till", "platform": "android", "mode": "attended", "view_only": false });
    assert_eq!(case["device"], device);
    assert_eq!(case["requester"]["name"], "till", "nobody said who has it");
    let configuration = json!({ "session_code": case["session_code"], "auto_start": true });
    let expected = json!({
        "state": "handed", "attempt": 1, "at": "2100-03-01T12:00:00Z",
        "android": {
            "package": "com.teamviewer.quicksupport.market",
            "managed_configuration": configuration,
            "managed_property": [
                { "key": "session_code", "valueString": case["session_code"] },
                { "key": "auto_start", "valueBool": true },
            ],
        },
    });
    assert_eq!(case["hand_over"], expected);
    assert_eq!(start(&api, "till", &json!({})).await.is(200)["id"], case["id"], "there is one session at a time");
    let path = "/v1/accounts/acme/devices/till/case";
    assert_eq!(api.call("GET", path).key(&api.keys.technician).send().await.is(200), case);
}

#[tokio::test]
async fn a_session_on_ios_is_viewed_and_its_code_ends_after_half_an_hour() {
    let api = api().await;
    let first = start(&api, "ipad", &json!({ "requester": null })).await.is(201);
    assert_eq!((&first["device"]["view_only"], &first["requester"]["name"]), (&json!(true), &json!("Jane Doe")));
    assert_eq!(first["valid_until"], "2100-03-01T12:30:00Z");
    let list = first["hand_over"]["ios"]["property_list"].as_str().unwrap();
    assert!(list.contains(first["session_code"].as_str().unwrap()) && list.contains("<true/>"), "{list}");
    api.clock.advance(TimeDelta::minutes(31));
    assert_eq!(case(&api, &first).await["state"], "expired");
    let second = start(&api, "ipad", &json!({})).await.is(201);
    assert_ne!(second["session_code"], first["session_code"], "one call gives a new code");
}

#[tokio::test]
async fn a_session_on_ios_that_was_joined_is_not_cut_short() {
    let api = api().await;
    let first = start(&api, "ipad", &json!({})).await.is(201);
    api.clock.advance(TimeDelta::minutes(20));
    api.joins(&first).await;
    api.clock.advance(TimeDelta::minutes(20));
    let now = case(&api, &first).await;
    assert_eq!((&now["state"], &now["valid_until"]), (&json!("open"), &json!("2100-03-02T12:00:00Z")));
    assert_eq!(now["hand_over"]["state"], "taken");
}

#[tokio::test]
async fn an_unattended_session_is_a_link_to_the_host_and_asks_teamviewer_for_nothing() {
    let api = api().await;
    let wish = json!({ "mode": "unattended" });
    let case = start(&api, "till", &wish).await.is(201);
    assert_eq!((api.teamviewer.open(), &case["state"]), (0, &json!("open")));
    for absent in ["session_code", "customer_link", "session_link", "supporter_link", "hand_over"] {
        assert!(case.get(absent).is_none(), "{absent}");
    }
    let link = "teamviewer10://control?device=1234567890&authorization=password";
    assert_eq!(case["host"], json!({ "teamviewer_id": "1234567890", "link": link }));
    assert_eq!(case["valid_until"], "2100-03-01T20:00:00Z", "a working day");
    let path = "/v1/accounts/acme/devices/till/case";
    let shown = api.call("GET", path).key(&api.keys.read).send().await.is(200);
    assert!(shown.get("host").is_none(), "the link is for technicians");
    press(&api, &case, "hand-over", &json!({})).await.problem(409, "nothing-to-hand-over");
    press(&api, &case, "invitation", &json!({})).await.problem(409, "no-address");
    api.clock.advance(TimeDelta::seconds(600));
    let ended = press(&api, &case, "close", &json!({})).await.is(200);
    assert_eq!((&ended["state"], &ended["duration_seconds"]), (&json!("closed"), &json!(600)));
    assert!(ended["comment"].as_str().unwrap().starts_with("TeamViewer session\n"));
}

#[tokio::test]
async fn what_readiness_blocks_is_refused_with_what_to_mend_and_leaves_nothing() {
    let api = api().await;
    let mut old = ipad();
    old["os_version"] = json!("10.3");
    report(&api, "old", old).await;
    let writes = api.engine.writes();
    let refused = start(&api, "old", &json!({})).await.problem(409, "device-not-ready");
    assert_eq!((codes(&refused), &refused["mode"]), (vec!["ios-too-old"], &json!("attended")));
    assert!(refused["findings"][0]["fix"].as_str().unwrap().ends_with('.'));
    let refused = start(&api, "ipad", &json!({ "mode": "unattended" })).await.problem(409, "device-not-ready");
    assert_eq!(codes(&refused), ["unattended-android-only"]);
    start(&api, "nowhere", &json!({})).await.problem(404, "not-found");
    start(&api, "till", &json!({ "mode": "control" })).await.problem_with(422, "invalid-fields", &["mode"]);
    assert_eq!((api.engine.writes(), api.teamviewer.open()), (writes, 0));
}

#[tokio::test]
async fn over_the_limit_of_licences_unattended_is_refused_with_the_number() {
    let api = api().await;
    report(&api, "another", till()).await;
    let mut account = api.world.store.admission(None, Some(&acme())).await.unwrap().account.unwrap();
    account.value.unattended_licences = Some(1);
    let matter = AccountMatter::AccountChanged { fields: vec!["unattended_licences".to_owned()] };
    let entry = JournalEntry::Account { by: Principal::Operator, at: api.world.now(), matter };
    let _ = api.world.store.save_account(&account.value, account.revision, &entry).await.unwrap();
    // The account that was let in is kept in the process for a minute.
    api.clock.advance(TimeDelta::minutes(2));
    let refused = start(&api, "till", &json!({ "mode": "unattended" })).await.problem(409, "device-not-ready");
    assert_eq!(codes(&refused), ["licences-used-up"]);
    assert_eq!(refused["unattended_licences"], json!({ "used": 2, "limit": 1 }));
    start(&api, "till", &json!({})).await.is(201);
}

#[tokio::test]
async fn a_lost_session_says_so_and_is_handed_over_again() {
    let api = api().await;
    let started = start(&api, "till", &json!({})).await.is(201);
    api.clock.advance(TimeDelta::minutes(1));
    let lost = press(&api, &started, "lost", &json!({ "why": "restarted" })).await.is(200);
    assert_eq!(lost["hand_over"]["state"], "lost");
    assert_eq!(lost["hand_over"]["lost"], json!({ "why": "restarted", "at": "2100-03-01T12:01:00Z" }));
    let again = press(&api, &started, "hand-over", &json!({})).await.is(200);
    assert_eq!((&again["hand_over"]["state"], &again["hand_over"]["attempt"]), (&json!("handed"), &json!(2)));
    assert_eq!(again["hand_over"]["android"], started["hand_over"]["android"], "the session is the same");
    api.clock.advance(TimeDelta::minutes(6));
    let silent = case(&api, &started).await;
    assert_eq!(silent["hand_over"]["lost"]["why"], "unanswered");
    api.joins(&started).await;
    assert_eq!(case(&api, &started).await["hand_over"]["state"], "taken");
    press(&api, &started, "lost", &json!({ "why": "stolen" })).await.problem_with(422, "invalid-fields", &["why"]);
    let (_, ticket) = (0, api.play("T1").await);
    press(&api, &ticket, "lost", &json!({ "why": "killed" })).await.problem(409, "nothing-to-hand-over");
}

#[tokio::test]
async fn the_feed_tells_of_each_hand_over_with_what_to_send() {
    let api = api().await;
    let started = start(&api, "till", &json!({})).await.is(201);
    press(&api, &started, "lost", &json!({ "why": "killed" })).await.is(200);
    press(&api, &started, "hand-over", &json!({})).await.is(200);
    api.number_everything().await;
    let page = api.read("/v1/accounts/acme/events").await.is(200);
    let of_case: Vec<&Value> =
        page["items"].as_array().unwrap().iter().filter(|event| event.get("case").is_some()).collect();
    let told: Vec<_> = of_case.iter().map(|event| event["type"].as_str().unwrap()).collect();
    assert_eq!(told, ["case.opened", "device.start_lost", "device.handed_over"]);
    for event in &of_case {
        let configuration = &event["case"]["hand_over"]["android"]["managed_configuration"];
        assert_eq!(configuration["session_code"], started["session_code"]);
    }
    let audit = api.call("GET", "/v1/accounts/acme/audit").key(&api.keys.admin).send().await.is(200).to_string();
    assert!(audit.contains(r#"\"device\":\"till\""#) && !audit.contains(started["session_code"].as_str().unwrap()));
}

#[tokio::test]
async fn whoever_is_to_be_mailed_is_and_nobody_else() {
    let api = api().await;
    let invited = start(&api, "ipad", &json!({ "invite": true })).await.is(201);
    assert_eq!(invited["invitation"]["state"], "queued");
    assert_eq!(invited["customer_link"], invited["session_link"], "there is no page about devices");
    let quiet = start(&api, "till", &json!({ "requester": { "name": "Jo", "email": "jo@example.com" } })).await.is(201);
    assert!(quiet.get("invitation").is_none());
}

#[tokio::test]
async fn sessions_of_devices_are_counted_by_platform_and_mode_beside_those_of_tickets() {
    let api = api().await;
    api.session("T1", &json!({}), 60).await;
    for (device, mode, seconds) in [("ipad", "attended", 120), ("till", "unattended", 600), ("till", "attended", 30)] {
        let started = start(&api, device, &json!({ "mode": mode })).await.is(201);
        api.clock.advance(TimeDelta::seconds(seconds));
        press(&api, &started, "close", &json!({})).await.is(200);
    }
    let range = "from=2100-03-01&to=2100-04-01";
    let report = async |by: &str| {
        let path = format!("/v1/accounts/acme/reports/sessions?{range}&group_by={by}");
        let report = api.read(&path).await.is(200);
        let groups = report["groups"].as_array().unwrap().iter();
        groups.map(|group| (group["value"].clone(), group["sessions"].clone())).collect::<Vec<_>>()
    };
    assert_eq!(
        report("platform").await,
        [(json!("android"), json!(2)), (json!(null), json!(1)), (json!("ios"), json!(1))]
    );
    assert_eq!(
        report("mode").await,
        [(json!("attended"), json!(2)), (json!(null), json!(1)), (json!("unattended"), json!(1))]
    );
    let records = |query: &str| format!("/v1/accounts/acme/reports/sessions/records?{range}&{query}");
    let unattended = api.read(&records("mode=unattended")).await.is(200);
    let record = &unattended["items"][0];
    assert_eq!((unattended["items"].as_array().unwrap().len(), &record["device"]["id"]), (1, &json!("till")));
    assert!(record.get("session_code").is_none() && record.get("ticket").is_none());
    let tickets = api.read(&records("without=platform")).await.is(200);
    assert_eq!(tickets["items"][0]["ticket"]["id"], "T1");
    let table = api.read_as("text/csv", &records("platform=android")).await.text;
    assert_eq!(table.lines().filter(|line| line.contains(",till,till,android,")).count(), 2, "{table}");
}
