//! The calls of the Web API, as functions from the sandbox's state and a call to an answer.

mod account;
mod address_book;
mod connections;
mod groups;
mod oauth;
mod receive;
mod routes;
mod session_body;
mod sessions;
mod sharing;

pub(crate) use receive::Outcome;

#[cfg(test)]
mod tests;
