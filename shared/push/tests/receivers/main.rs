//! The receivers of `docs/receivers` take what is really sent, once, and nothing else.
//!
//! They verify with the published Standard Webhooks libraries of their languages; ed25519, which those don't have, with Node's own.
#![expect(clippy::unwrap_used, reason = "a test ends where it is surprised")]

mod help_desk;
mod program;
mod sender;

use casebridge_app::ports::push::PushError;
use casebridge_domain::endpoint::{SigningMethod, SigningSecret};
use chrono::TimeDelta;

use crate::help_desk::HelpDesk;
use crate::program::{Language, Program};
use crate::sender::Sender;

fn secret(method: SigningMethod, byte: u8) -> SigningSecret {
    SigningSecret::new(method, [byte; 32])
}

/// A receiver that knows a secret, the help desk behind it, and a sender to it.
async fn begin(language: Language, secret: &SigningSecret) -> (Program, HelpDesk, Sender) {
    let help_desk = HelpDesk::begin().await;
    let program = Program::begin(language, secret, &help_desk).await;
    let sender = Sender::to(program.port);
    (program, help_desk, sender)
}

/// Everything that a receiver has to do, with a secret of its own and one that takes its place.
async fn takes_what_is_sent_once_and_nothing_else(language: Language, method: SigningMethod) {
    let (mine, next, strangers) = (secret(method, 1), secret(method, 2), secret(method, 3));
    let (_program, help_desk, sender) = begin(language, &mine).await;
    let now = sender::now();
    let only = [mine.clone()];

    assert_eq!(sender.push("msg_1", now, &only).await, Ok(204));
    assert_eq!(help_desk.comments(), [("INC-4711".to_owned(), sender::comment())]);
    // Another attempt, because the answer got lost.
    assert_eq!(sender.push("msg_1", now + TimeDelta::seconds(5), &only).await, Ok(204));
    assert_eq!(help_desk.comments().len(), 1, "the comment was written twice");

    // While the secret is being changed, both sign.
    assert_eq!(sender.push("msg_2", now, &[next.clone(), mine]).await, Ok(204));
    assert_eq!(help_desk.comments().len(), 2);

    for wrong in [next, strangers] {
        assert_eq!(sender.push("msg_3", now, &[wrong]).await, Ok(401));
    }
    for minutes in [-6, 6] {
        assert_eq!(sender.push("msg_3", now + TimeDelta::minutes(minutes), &only).await, Ok(401), "{minutes} minutes");
    }
    assert_eq!(sender.tampered("msg_3", now, &only).await, 401);
    assert_eq!(help_desk.comments().len(), 2, "something was written that nobody sent");

    // What could not be written is sent again, and is written then.
    help_desk.refuse(true);
    assert_eq!(sender.push("msg_3", now, &only).await, Ok(500));
    help_desk.refuse(false);
    assert_eq!(sender.push("msg_3", now, &only).await, Ok(204));
    assert_eq!(help_desk.comments().len(), 3);
}

#[tokio::test]
async fn the_receiver_in_typescript_takes_what_is_sent_once_and_nothing_else() {
    takes_what_is_sent_once_and_nothing_else(Language::TypeScript, SigningMethod::Hmac).await;
}

#[tokio::test]
async fn the_receiver_in_typescript_verifies_with_a_public_key_too() {
    takes_what_is_sent_once_and_nothing_else(Language::TypeScript, SigningMethod::Ed25519).await;
}

#[tokio::test]
async fn the_receiver_in_python_takes_what_is_sent_once_and_nothing_else() {
    takes_what_is_sent_once_and_nothing_else(Language::Python, SigningMethod::Hmac).await;
}

#[tokio::test]
async fn nobody_who_stopped_listening_is_taken_for_one_who_took_it() {
    let mine = secret(SigningMethod::Hmac, 1);
    let (program, help_desk, sender) = begin(Language::Python, &mine).await;
    drop(program);
    let outcome = sender.push("msg_1", sender::now(), &[mine]).await;
    assert!(matches!(outcome, Err(PushError::Unreachable(_))), "{outcome:?}");
    assert_eq!(help_desk.comments(), []);
}
