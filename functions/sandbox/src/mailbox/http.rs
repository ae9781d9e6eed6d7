//! The HTTP side: JSON under `/api`, pages to read the mails on.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};

use super::fault::MailFault;
use super::kept::Mailbox;
use super::message::Message;
use crate::html::{STYLE, render};
use crate::wire;

/// The mailbox as a router.
pub fn router(mailbox: Mailbox) -> Router {
    Router::new()
        .route("/", get(list_page))
        .route("/messages/{id}", get(message_page))
        .route("/api/messages", get(messages).delete(clear))
        .route("/api/messages/{id}", get(message))
        .route("/api/faults", get(faults).post(add_fault).delete(clear_faults))
        .with_state(mailbox)
}

#[derive(Deserialize)]
struct Wanted {
    /// Only mails to this address.
    to: Option<String>,
}

/// `GET /api/messages?to=`: oldest first.
async fn messages(State(mailbox): State<Mailbox>, Query(wanted): Query<Wanted>) -> Json<Vec<Message>> {
    let mut messages = mailbox.messages();
    if let Some(to) = wanted.to {
        messages.retain(|message| message.to.iter().any(|address| address.eq_ignore_ascii_case(&to)));
    }
    Json(messages)
}

/// `GET /api/messages/{id}`
async fn message(State(mailbox): State<Mailbox>, Path(id): Path<u64>) -> Result<Json<Message>, StatusCode> {
    mailbox.message(id).map(Json).ok_or(StatusCode::NOT_FOUND)
}

/// `DELETE /api/messages`
async fn clear(State(mailbox): State<Mailbox>) -> Result<StatusCode, (StatusCode, String)> {
    let cleared = mailbox.clear().map(|()| StatusCode::NO_CONTENT);
    cleared.map_err(|error| (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))
}

/// `GET /api/faults`
async fn faults(State(mailbox): State<Mailbox>) -> Json<Vec<MailFault>> {
    Json(mailbox.faults())
}

/// `POST /api/faults`
async fn add_fault(State(mailbox): State<Mailbox>, Json(fault): Json<MailFault>) -> StatusCode {
    mailbox.add_fault(fault);
    StatusCode::CREATED
}

/// `DELETE /api/faults`
async fn clear_faults(State(mailbox): State<Mailbox>) -> StatusCode {
    mailbox.clear_faults();
    StatusCode::NO_CONTENT
}

#[derive(Serialize)]
struct Entry {
    id: u64,
    subject: String,
    from: String,
    to: String,
    received_at: String,
    text: Option<String>,
    html: Option<String>,
    raw: String,
}

impl From<Message> for Entry {
    fn from(message: Message) -> Self {
        Self {
            id: message.id,
            subject: message.subject.unwrap_or_else(|| "(no subject)".to_owned()),
            from: message.from,
            to: message.to.join(", "),
            received_at: wire::instant(message.received_at),
            text: message.text,
            // A link in the mail opens beside it, not inside its frame.
            html: message.html.map(|html| format!("<base target=\"_blank\">{html}")),
            raw: message.raw,
        }
    }
}

#[derive(Serialize)]
struct Page<T> {
    style: &'static str,
    mail: T,
}

async fn list_page(State(mailbox): State<Mailbox>) -> Response {
    let mail: Vec<Entry> = mailbox.messages().into_iter().rev().map(Entry::from).collect();
    render("list.html", include_str!("list.html"), Page { style: STYLE, mail })
}

async fn message_page(State(mailbox): State<Mailbox>, Path(id): Path<u64>) -> Response {
    match mailbox.message(id) {
        Some(message) => {
            render("message.html", include_str!("message.html"), Page { style: STYLE, mail: Entry::from(message) })
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
