//! What is sent.

use std::sync::atomic::Ordering;

use casebridge_app::ports::push::PushError;
use casebridge_domain::endpoint::{Signed, SigningMethod, SigningSecret};

use crate::receiver::{BODY, Receiver, Script, local, noon, push, push_signed, push_with, pusher, secret};

async fn taking() -> Receiver {
    Receiver::with(Script::says("200 OK", "", "")).await
}

#[tokio::test]
async fn a_message_is_a_post_with_the_three_fields_of_standard_webhooks() {
    let mut receiver = taking().await;
    let answer = push(&local(), &receiver.url("127.0.0.1")).await.unwrap();
    assert!(answer.is_success());
    let request = receiver.request().await;
    assert_eq!((request.line.as_str(), request.body.as_str()), ("POST /events?tenant=7 HTTP/1.1", BODY));
    let field = |name: &str| request.fields[name].as_str();
    assert_eq!(field("content-type"), "application/json");
    assert_eq!(field("content-length"), BODY.len().to_string());
    assert_eq!((field("webhook-id"), field("webhook-timestamp")), ("msg_1", "1795348800"));
    assert!(field("user-agent").starts_with("Casebridge/"));
    let signed = Signed::new("msg_1", field("webhook-timestamp"), field("webhook-signature")).unwrap();
    assert!(signed.holds(&secret(7), request.body.as_bytes(), noon()));
}

#[tokio::test]
async fn while_two_secrets_live_both_sign() {
    let mut receiver = taking().await;
    let secrets = [secret(1), SigningSecret::new(SigningMethod::Ed25519, [2; 32])];
    push_signed(&local(), &receiver.url("127.0.0.1"), &secrets).await.unwrap();
    let request = receiver.request().await;
    let signatures = &request.fields["webhook-signature"];
    assert_eq!(signatures.split(' ').map(|one| one.split(',').next().unwrap()).collect::<Vec<_>>(), ["v1", "v1a"]);
    let signed = Signed::new("msg_1", &request.fields["webhook-timestamp"], signatures).unwrap();
    for secret in &secrets {
        assert!(signed.holds(secret, request.body.as_bytes(), noon()));
    }
    assert!(!signed.holds(&secret(3), request.body.as_bytes(), noon()));
}

#[tokio::test]
async fn nothing_is_sent_unsigned() {
    let mut receiver = taking().await;
    let outcome = push_signed(&local(), &receiver.url("127.0.0.1"), &[]).await;
    assert!(matches!(outcome, Err(PushError::Refused(_))), "{outcome:?}");
    assert!(receiver.has_seen_nothing());
}

#[tokio::test]
async fn messages_to_one_endpoint_share_a_connection() {
    let receiver = taking().await;
    let pusher = pusher(&local());
    for _ in 0..3 {
        push_with(&pusher, &receiver.url("127.0.0.1"), &[secret(7)]).await.unwrap();
    }
    assert_eq!(receiver.connections.load(Ordering::Relaxed), 1);
}
