//! Where messages go, and where they don't.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use casebridge_app::ports::push::PushError;
use casebridge_domain::endpoint::{Network, Reach};
use casebridge_push::Options;

use crate::receiver::{Names, Receiver, Script, local, push, push_with, pusher, secret, url};

const NOT_PUBLIC: &str = "must lead to an address of the public internet";

fn refused() -> Result<casebridge_app::ports::push::Answer, PushError> {
    Err(PushError::Refused(NOT_PUBLIC.to_owned()))
}

async fn taking() -> Receiver {
    Receiver::with(Script::says("200 OK", "", "")).await
}

fn address(raw: &str) -> IpAddr {
    raw.parse().unwrap()
}

fn leading(name: &'static str, leads: &[&[&str]]) -> Arc<Names> {
    let leads = leads.iter().map(|turn| turn.iter().map(|raw| address(raw)).collect()).collect();
    Arc::new(Names { leads: [(name, leads)].into(), ..Names::default() })
}

/// The public internet, by plain HTTP too.
fn public() -> Options {
    Options { reach: Reach::new(true, vec![]), ..Options::default() }
}

#[tokio::test]
async fn plain_http_is_refused_unless_it_is_allowed() {
    let outcome = push(&Options::default(), &url("http://desk.example.com/")).await;
    assert_eq!(outcome, Err(PushError::Refused("must begin with https://".to_owned())));
}

#[tokio::test]
async fn an_address_in_the_url_that_is_not_public_gets_nothing() {
    let mut receiver = taking().await;
    for host in ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "[::127.0.0.1]", "0.0.0.0", "[64:ff9b::7f00:1]"] {
        assert_eq!(push(&public(), &receiver.url(host)).await, refused(), "{host}");
    }
    assert!(receiver.has_seen_nothing());
}

#[tokio::test]
async fn a_name_that_leads_inside_gets_nothing() {
    let mut receiver = taking().await;
    for inside in ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "fd00::1", "::ffff:127.0.0.1"] {
        let options = Options { lookup: leading("desk.example", &[&[inside]]), ..public() };
        assert_eq!(push(&options, &receiver.url("desk.example")).await, refused(), "{inside}");
    }
    // As the operating system has it.
    assert_eq!(push(&public(), &receiver.url("localhost")).await, refused());
    assert!(receiver.has_seen_nothing());
}

#[tokio::test]
async fn of_several_addresses_only_those_that_may_be_called_are() {
    let receiver = taking().await;
    let names = leading("desk.example", &[&["127.0.0.2", "10.0.0.1", "127.0.0.1", "::1"]]);
    let options = Options { lookup: names, ..local() };
    assert!(push(&options, &receiver.url("desk.example")).await.unwrap().is_success());
}

#[tokio::test]
async fn a_name_is_looked_up_once_for_a_connection_and_checked_each_time() {
    let receiver = taking().await;
    let names = leading("desk.example", &[&["127.0.0.1"], &["127.0.0.2"]]);
    let lookup: Arc<dyn casebridge_push::Lookup> = Arc::clone(&names) as _;
    let options = Options { lookup, ..local() };
    let pusher = pusher(&options);
    let at = receiver.url("desk.example");
    for _ in 0..2 {
        assert!(push_with(&pusher, &at, &[secret(7)]).await.unwrap().is_success());
    }
    // The connection is the one to the address that was checked, wherever the name leads by now.
    assert_eq!((names.lookups.load(Ordering::Relaxed), receiver.connections.load(Ordering::Relaxed)), (1, 1));
    assert_eq!(push(&options, &at).await, refused());
    assert_eq!(names.lookups.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn an_operators_networks_are_called_too() {
    let receiver = taking().await;
    let reach = Reach::new(true, vec![Network::parse("127.0.0.0/8").unwrap()]);
    assert!(push(&Options { reach, ..public() }, &receiver.url("127.0.0.1")).await.unwrap().is_success());
}

#[tokio::test]
async fn a_name_that_leads_nowhere_is_said_so() {
    for (name, leads) in [("other.example", &[&["1.1.1.1"][..]][..]), ("desk.example", &[&[]])] {
        let options = Options { lookup: leading(name, leads), ..public() };
        let outcome = push(&options, &url("http://desk.example/")).await;
        assert_eq!(outcome, Err(PushError::Unreachable("its name leads nowhere".to_owned())));
    }
}
