//! What a client is told when something is wrong: RFC 9457.
//!
//! A [`Problem`] says only what may be said outside. Its cause stays inside; it is logged once, with its whole chain,
//! where the answer is written (`answering.rs`).

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use axum::http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use casebridge_domain::{Instant, Malformed};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

mod body;
mod cases;
mod kind;
mod outside;

pub use body::ProblemBody;
pub use cases::CaseInTheWay;
pub use kind::{BASE, Kind};

/// One field that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    /// Where, such as `ticket.title` or `users[2]`; a header or query parameter by its name.
    #[schema(example = "ticket.title")]
    pub field: String,
    /// What is wrong with it. Never repeats the value.
    #[schema(example = "must not be empty")]
    pub message: String,
}

/// A refusal or failure, as it is told outside.
#[derive(Debug, Clone)]
pub struct Problem(Box<Inner>);

#[derive(Debug, Clone)]
struct Inner {
    kind: Kind,
    detail: Option<String>,
    fix: Option<&'static str>,
    errors: Vec<FieldError>,
    members: Map<String, Value>,
    headers: Vec<(HeaderName, HeaderValue)>,
    cause: Option<Arc<dyn Error + Send + Sync>>,
}

impl Problem {
    /// A problem of a kind.
    pub fn new(kind: Kind) -> Self {
        Self(Box::new(Inner {
            kind,
            detail: None,
            fix: None,
            errors: Vec::new(),
            members: Map::new(),
            headers: Vec::new(),
            cause: None,
        }))
    }

    /// One field breaks a rule.
    pub fn field(field: impl Into<String>, fault: &Malformed) -> Self {
        Self::new(Kind::InvalidFields).and_field(field, fault.to_string())
    }

    /// No key, or none that is known.
    pub fn unauthorized() -> Self {
        Self::unauthorized_by(Kind::Unauthorized)
    }

    /// A kind of 401: says that a key would do.
    pub fn unauthorized_by(kind: Kind) -> Self {
        Self::new(kind).header(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"casebridge\""))
    }

    /// What happened here, in plain words.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.0.detail = Some(detail.into());
        self
    }

    /// A better way out than the kind's own.
    #[must_use]
    pub fn fix(mut self, fix: &'static str) -> Self {
        self.0.fix = Some(fix);
        self
    }

    /// Names a field.
    #[must_use]
    pub fn and_field(mut self, field: impl Into<String>, message: impl Into<String>) -> Self {
        self.0.errors.push(FieldError { field: field.into(), message: message.into() });
        self
    }

    /// Names fields.
    #[must_use]
    pub fn and_fields(mut self, errors: Vec<FieldError>) -> Self {
        self.0.errors.extend(errors);
        self
    }

    /// A member of the kind's own.
    #[must_use]
    pub fn member(mut self, name: &'static str, value: Value) -> Self {
        self.0.members.insert(name.to_owned(), value);
        self
    }

    /// A header field that belongs to it.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.headers.push((name, value));
        self
    }

    /// When to come back, in seconds.
    #[must_use]
    pub fn retry_after(self, seconds: u32) -> Self {
        self.header(RETRY_AFTER, HeaderValue::from(seconds.max(1)))
    }

    /// When to come back.
    #[must_use]
    pub fn retry_at(self, at: Instant, now: Instant) -> Self {
        let millis = (at - now).num_milliseconds().max(0);
        self.retry_after(u32::try_from((millis + 999) / 1000).unwrap_or(u32::MAX))
    }

    /// What it comes from; for the log only.
    #[must_use]
    pub fn caused_by(mut self, cause: impl Error + Send + Sync + 'static) -> Self {
        self.0.cause = Some(Arc::new(cause));
        self
    }

    /// What kind it is.
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// The fields that it names.
    pub(crate) fn into_errors(self) -> Vec<FieldError> {
        self.0.errors
    }

    /// What it comes from, with everything underneath, in one line.
    pub(crate) fn chain(&self) -> Option<String> {
        self.0.cause.as_ref().map(|cause| chain(&**cause))
    }

    /// The answer, once it is known which request it answers.
    pub(crate) fn answer(self, request_id: &str) -> Response {
        let body = ProblemBody {
            kind: format!("{BASE}{}", self.0.kind.slug()),
            title: self.0.kind.title(),
            status: self.0.kind.status().as_u16(),
            detail: self.0.detail,
            fix: self.0.fix.unwrap_or(self.0.kind.fix()),
            errors: self.0.errors,
            request_id: request_id.to_owned(),
            members: self.0.members,
        };
        let mut answer = (self.0.kind.status(), body).into_response();
        answer.headers_mut().extend(self.0.headers);
        answer
    }
}

/// An error with everything underneath, in one line.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut next = Some(error);
    let mut chain: Vec<String> = Vec::new();
    while let Some(error) = next {
        let words = error.to_string();
        // A transparent error says what its source says.
        if chain.last() != Some(&words) {
            chain.push(words);
        }
        next = error.source();
    }
    chain.join(": ")
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.kind.title())
    }
}

impl IntoResponse for Problem {
    /// Travels as an extension to where the request's id is known, which writes the body.
    fn into_response(self) -> Response {
        let mut response = self.0.kind.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}
