//! What is really sent, and what becomes of answers, against servers of the test's own.
#![expect(clippy::unwrap_used, reason = "a test ends where it is surprised")]

mod addresses;
mod answers;
mod messages;
mod receiver;
mod tls;
