//! The open sessions, and the pages behind the links.

use axum::extract::{Path, Query, RawForm, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::html::{STYLE, render};
use crate::teamviewer::code::SessionCode;
use crate::teamviewer::orders::{EndSession, SandboxError};
use crate::teamviewer::sandbox::Sandbox;
use crate::teamviewer::session::Session;
use crate::wire;

#[derive(Serialize)]
struct Page {
    title: String,
    style: &'static str,
    now: String,
    nothing: &'static str,
    for_customer: bool,
    for_technician: bool,
    sessions: Vec<Entry>,
}

#[derive(Serialize)]
struct Entry {
    code: String,
    customer: Option<String>,
    description: Option<String>,
    technician: Option<String>,
    valid_until: String,
    online: bool,
    joinable: bool,
    action: String,
}

impl Entry {
    fn of(session: &Session, sandbox: &Sandbox, now: DateTime<Utc>, action: String) -> Self {
        Self {
            code: session.code.to_string(),
            customer: session.end_customer.as_ref().and_then(|customer| customer.name.clone()),
            description: session.description.clone(),
            technician: session.assigned_userid.as_deref().map(|userid| sandbox.name_of(userid)),
            valid_until: wire::instant(session.valid_until),
            online: session.online,
            joinable: session.can_be_joined(now),
            action,
        }
    }
}

/// `GET /`: every open session, newest first.
pub(super) async fn all(State(sandbox): State<Sandbox>) -> Response {
    let state = sandbox.state();
    let open = state.sessions.iter().rev().filter(|session| session.can_be_joined(state.now));
    let sessions = open
        .map(|session| Entry::of(session, &sandbox, state.now, format!("/queue/{}", session.code.in_links())))
        .collect();
    let page = Page {
        title: "Open sessions".to_owned(),
        style: STYLE,
        now: wire::instant(state.now),
        nothing: "No session is open.",
        for_customer: true,
        for_technician: true,
        sessions,
    };
    render("queue.html", include_str!("queue.html"), page)
}

/// `GET /v15/{link}`: the customer's page, or with the supporter's token the technician's. Looking changes nothing.
pub(super) async fn one(State(sandbox): State<Sandbox>, Path(link): Path<String>) -> Response {
    match Link::parse(&link, &sandbox) {
        Ok(link) => link.page(&sandbox),
        Err(error) => error.into_response(),
    }
}

#[derive(Deserialize)]
pub(super) struct WebClient {
    sessioncode: String,
    servicequeuetoken: String,
}

/// `GET /Connect/IndexByol`: the technician's page, by the web client's link.
pub(super) async fn web_client(State(sandbox): State<Sandbox>, Query(query): Query<WebClient>) -> Response {
    one(State(sandbox), Path(format!("{}-{}", query.sessioncode, query.servicequeuetoken))).await
}

/// `POST /v15/{link}`: a press on that page.
pub(super) async fn press(
    State(sandbox): State<Sandbox>,
    Path(link): Path<String>,
    RawForm(form): RawForm,
) -> Response {
    let pressed = Link::parse(&link, &sandbox).and_then(|link| {
        let press = Press::read(&form, link.for_technician);
        press.map_or(Ok(()), |press| press.on(&link.session.code, &sandbox))
    });
    match pressed {
        Ok(()) => Redirect::to(&format!("/v15/{link}")).into_response(),
        Err(error) => error.into_response(),
    }
}

/// `POST /queue/{code}`: a press in the list.
pub(super) async fn press_in_list(
    State(sandbox): State<Sandbox>,
    Path(code): Path<String>,
    RawForm(form): RawForm,
) -> Response {
    let Some(code) = SessionCode::parse(&code) else { return SandboxError::UnknownSession.into_response() };
    match Press::read(&form, true).map(|press| press.on(&code, &sandbox)) {
        Some(Ok(())) => Redirect::to("/").into_response(),
        Some(Err(error)) => error.into_response(),
        None => StatusCode::BAD_REQUEST.into_response(),
    }
}

enum Press {
    Join,
    Leave,
    End,
}

impl Press {
    fn read(form: &[u8], technician: bool) -> Option<Self> {
        let (_, press) = url::form_urlencoded::parse(form).find(|(name, _)| name == "press")?;
        match press.as_ref() {
            "join" => Some(Self::Join),
            "leave" => Some(Self::Leave),
            "end" if technician => Some(Self::End),
            _ => None,
        }
    }

    fn on(&self, code: &SessionCode, sandbox: &Sandbox) -> Result<(), SandboxError> {
        let code = code.to_string();
        match self {
            Self::Join => sandbox.customer_online(&code, true),
            Self::Leave => sandbox.customer_online(&code, false),
            Self::End => sandbox.end_session(&code, &EndSession::default()).map(|_| ()),
        }
    }
}

/// What stands in a link: a code, and in the supporter's the token behind a dash.
struct Link {
    session: Session,
    for_technician: bool,
    text: String,
}

impl Link {
    fn parse(text: &str, sandbox: &Sandbox) -> Result<Self, SandboxError> {
        let (code, token) = match text.split_once('-') {
            Some((code, token)) => (code, Some(token)),
            None => (text, None),
        };
        let session = sandbox.session(code)?;
        if token.is_some_and(|token| token != session.supporter_token) {
            return Err(SandboxError::UnknownSession);
        }
        Ok(Self { session, for_technician: token.is_some(), text: text.to_owned() })
    }

    fn page(&self, sandbox: &Sandbox) -> Response {
        let now = sandbox.clock().now();
        let entry = Entry::of(&self.session, sandbox, now, format!("/v15/{}", self.text));
        let page = Page {
            title: format!("Session {}", self.session.code),
            style: STYLE,
            now: wire::instant(now),
            nothing: "",
            for_customer: !self.for_technician,
            for_technician: self.for_technician,
            sessions: vec![entry],
        };
        render("session.html", include_str!("queue.html"), page)
    }
}
