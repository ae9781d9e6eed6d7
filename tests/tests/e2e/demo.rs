//! A newcomer's first minute: `casebridge demo`.

use std::time::Duration;

use casebridge_tests::{
    api::Api,
    binaries,
    child::{Child, Program},
    help_desk::usual_play,
    test_kit::{MailCatcher, Sandbox, TestKit},
};
use serde_json::{Value, json};
use tokio::process::Command;

use crate::run::SOON;

fn demo(words: &[&str]) -> Child {
    let program = Program::new(binaries::program("casebridge").unwrap()).arg("demo").arg("--listen").arg("127.0.0.1:0");
    words.iter().fold(program, Program::arg).start().unwrap()
}

#[tokio::test]
async fn the_demo_prints_one_line_when_it_is_ready_and_works() {
    let demo = demo(&["--json"]);
    let ready: Value = serde_json::from_str(&demo.prints("{", SOON).await.unwrap()).unwrap();
    let text = |place: &Value| place.as_str().unwrap().to_owned();
    let (api, account) = (Api::at(&text(&ready["url"])), text(&ready["account"]));
    let technician = api.with_key(&text(&ready["keys"]["technician"]));
    let case = technician.post(&format!("/v1/accounts/{account}/tickets/T-1/case"), &usual_play()).await.unwrap();
    let case = case.expect(201).unwrap();
    MailCatcher::at(&text(&ready["mail_url"])).arrive("rita@example.com", 1, SOON).await.unwrap();
    let sandbox = Sandbox::at(&text(&ready["sandbox_url"]));
    assert_eq!(sandbox.open_sessions().await.unwrap().len(), 1);

    let reader = api.with_key(&text(&ready["keys"]["read"]));
    let path = format!("/v1/accounts/{account}/cases/{}", text(&case["id"]));
    assert!(reader.get(&path).await.unwrap().expect(200).unwrap()["supporter_link"].is_null());
    let admin = api.with_key(&text(&ready["keys"]["admin"]));
    let connection = admin.get(&format!("/v1/accounts/{account}/connection")).await.unwrap().expect(200).unwrap();
    assert_eq!(connection["state"], "active");
    technician.post(&format!("{path}/close"), &json!({})).await.unwrap().expect(200).unwrap();

    demo.ask_to_end();
    assert!(demo.exited().await.success());
    let printed = demo.output();
    assert_eq!(printed.lines().filter(|line| line.contains("out|")).count(), 1, "{printed}");
}

#[tokio::test]
async fn the_walk_through_can_be_pasted() {
    let demo = demo(&[]);
    demo.prints("Ctrl-C ends everything", SOON).await.unwrap();
    let printed = demo.output();
    let lines: Vec<&str> = printed.lines().filter_map(|line| line.trim_start().strip_prefix("out| ")).collect();
    let indented = lines.iter().filter_map(|line| line.strip_prefix("  "));
    let pasted: Vec<&str> = indented
        .filter(|line| ["export ", "curl ", "CODE=", "CASE="].iter().any(|start| line.starts_with(start)))
        .collect();
    assert_eq!(pasted.len(), 7, "{lines:#?}");

    let script = pasted.join("\necho\n");
    let mut shell = Command::new("sh");
    let run = tokio::time::timeout(Duration::from_mins(1), shell.arg("-ec").arg(&script).output());
    let done = run.await.unwrap().unwrap();
    let said = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success(), "{script}\n{said}");
    let answers: Vec<Value> = said.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    assert_eq!(answers[0]["state"], "open", "{said}");
    let closed = &answers[answers.len() - 2];
    assert_eq!(closed["state"], "closed", "{said}");
    assert!(closed["comment"].as_str().unwrap().ends_with("Note: Took the printer outside"));
    assert_eq!(answers.last().unwrap()["items"][0]["type"], "account.made", "{said}");
}

#[tokio::test]
async fn n8_the_test_kit_has_faults_and_a_clock_that_can_be_set() {
    let kit = TestKit::start().await.unwrap();
    let teamviewer = Api::at(kit.teamviewer_url()).with_key(&kit.script_token);
    kit.sandbox.fault(&json!({ "times": 1, "kind": "too_many_requests", "retry_after": 9 })).await.unwrap();
    let limited = teamviewer.get("/ping").await.unwrap();
    assert_eq!((limited.status, limited.header("retry-after")), (429, Some("9")), "{limited}");
    let session = json!({ "groupname": "BOSS", "valid_until": "2030-01-01T00:00:00Z" });
    kit.sandbox.tell("/sandbox/clock/advance", &json!({ "seconds": 3600 })).await.unwrap();
    let made = teamviewer.post("/sessions", &session).await.unwrap().expect(200).unwrap();
    let code = made["code"].as_str().unwrap();
    kit.sandbox.unknowns(&json!({ "expired_code": "turns_closed" })).await.unwrap();
    let set =
        Api::at(kit.sandbox.url()).put("/sandbox/clock", &json!({ "now": "2030-01-01T00:00:01Z" })).await.unwrap();
    set.expect(200).unwrap();
    let expired = teamviewer.get(&format!("/sessions/{code}")).await.unwrap().expect(200).unwrap();
    assert_eq!(expired["state"], "Closed");
}
