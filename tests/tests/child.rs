//! Child processes, seen through `sh`.

use std::time::Duration;

use casebridge_tests::{child::Program, port::Port};

const SOON: Duration = Duration::from_secs(10);

fn shell(script: &str) -> Program {
    Program::new("/bin/sh").arg("-c").arg(script)
}

#[tokio::test]
async fn a_line_that_is_waited_for_is_given_back_whole() {
    let child = shell("echo starting; echo '{\"url\": \"here\"}'; exec sleep 60").start().unwrap();
    assert_eq!(child.prints("\"url\"", SOON).await.unwrap(), "{\"url\": \"here\"}");
    assert!(child.is_running());
}

#[tokio::test]
async fn a_child_that_ends_too_early_says_what_it_printed() {
    let child = shell("echo no such table >&2; exit 3").start().unwrap();
    let failure = child.prints("ready", SOON).await.unwrap_err().to_string();
    assert!(failure.contains("ended before"), "{failure}");
    assert!(failure.contains("err| no such table"), "{failure}");
    assert_eq!(child.exited().await.code(), Some(3));
}

#[tokio::test]
async fn a_child_that_never_answers_is_given_up_at_the_deadline() {
    let port = Port::reserve().unwrap();
    let child = shell("exec sleep 60").start().unwrap();
    let failure = child.answers_on(port.address(), Duration::from_millis(50)).await;
    let failure = failure.unwrap_err().to_string();
    assert!(failure.contains("did not answer on"), "{failure}");
}

#[tokio::test]
async fn a_program_that_is_not_there_is_named() {
    let failure = Program::new("/nowhere/casebridge").start().unwrap_err();
    assert_eq!(failure.program, "casebridge");
}

#[tokio::test]
async fn a_killed_child_has_had_no_chance_to_react() {
    let child = shell("trap 'echo tidied up' TERM; echo ready; while :; do sleep 0.01; done").start().unwrap();
    child.prints("ready", SOON).await.unwrap();
    assert_eq!(child.kill().await.code(), None);
    assert!(!child.output().contains("tidied up"));
}

#[tokio::test]
async fn a_child_that_is_asked_to_end_may_tidy_up_first() {
    let child = shell("trap 'echo tidied up; exit 0' TERM; echo ready; while :; do sleep 0.01; done").start().unwrap();
    child.prints("ready", SOON).await.unwrap();
    child.ask_to_end();
    assert_eq!(child.exited().await.code(), Some(0));
    assert!(child.output().contains("tidied up"));
}

#[tokio::test]
async fn a_child_without_environment_sees_only_what_it_is_given() {
    let child = shell("echo path=${HOME-none} name=$NAME").without_environment().env("NAME", "cases").start().unwrap();
    assert_eq!(child.prints("path", SOON).await.unwrap(), "path=none name=cases");
}

#[test]
fn two_reserved_ports_differ() {
    let (one, other) = (Port::reserve().unwrap(), Port::reserve().unwrap());
    assert_ne!(one.number(), other.number());
}
