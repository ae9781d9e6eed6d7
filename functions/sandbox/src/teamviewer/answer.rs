//! Answers and refusals of the Web API.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::token::Permission;
use super::unknowns::{Success, UnknownId, Unknowns};

/// What a call is answered, before it meets the wire.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Body,
}

#[derive(Clone, Debug)]
pub(crate) enum Body {
    Empty,
    Json(Value),
    Text(String),
}

impl Answer {
    pub(crate) fn json(body: Value) -> Self {
        Self { status: StatusCode::OK, headers: Vec::new(), body: Body::Json(body) }
    }

    pub(crate) fn empty(status: StatusCode) -> Self {
        Self { status, headers: Vec::new(), body: Body::Empty }
    }

    pub(crate) fn text(status: StatusCode, text: impl Into<String>) -> Self {
        Self { status, headers: Vec::new(), body: Body::Text(text.into()) }
    }

    pub(crate) fn success(how: Success) -> Self {
        Self::empty(match how {
            Success::Ok => StatusCode::OK,
            Success::NoContent => StatusCode::NO_CONTENT,
        })
    }

    pub(crate) fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// Why a call was refused.
///
/// Names and statuses are the manual's (p.111-112). `error_code` is the status, except for an expired token, where the
/// manual's example has 1; that the others equal the status is our assumption.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// 401 with `WWW-Authenticate: Bearer` (manual).
    MissingToken,
    InvalidToken,
    TokenExpired,
    MissingPermission(Permission),
    /// 403; which `error` it carries is our assumption, as for a missing permission.
    Forbidden(&'static str),
    InvalidRequest(String),
    /// Status not given by the manual; 400 is our assumption (RFC 6749 allows it).
    InvalidClient,
    /// RFC 6749; not in the manual.
    InvalidGrant(&'static str),
    UnknownId(&'static str),
    /// 404; a client reports one for a path that does not exist.
    NoSuchPath,
    RateLimitReached,
    InternalError,
}

impl Refusal {
    pub(crate) fn invalid(why: impl Into<String>) -> Self {
        Self::InvalidRequest(why.into())
    }

    pub(crate) fn answer(&self, unknowns: &Unknowns) -> Answer {
        let (status, error, description): (StatusCode, &str, String) = match self {
            Self::MissingToken => {
                return Answer::empty(StatusCode::UNAUTHORIZED).with_header("www-authenticate", "Bearer");
            }
            Self::InvalidToken => {
                (StatusCode::UNAUTHORIZED, "invalid_token", "The access token is unknown or was revoked".into())
            }
            Self::TokenExpired => (StatusCode::UNAUTHORIZED, "token_expired", "The access token expired".into()),
            Self::MissingPermission(permission) => {
                let why = format!("The access token lacks the permission {}", permission_name(*permission));
                (StatusCode::FORBIDDEN, &unknowns.missing_permission_error, why)
            }
            Self::Forbidden(why) => (StatusCode::FORBIDDEN, &unknowns.missing_permission_error, (*why).into()),
            Self::InvalidRequest(why) => (StatusCode::BAD_REQUEST, "invalid_request", why.clone()),
            Self::InvalidClient => (StatusCode::BAD_REQUEST, "invalid_client", "Unknown client or secret".into()),
            Self::InvalidGrant(why) => (StatusCode::BAD_REQUEST, "invalid_grant", (*why).into()),
            Self::UnknownId(what) => match unknowns.unknown_id {
                UnknownId::NotFound => (StatusCode::NOT_FOUND, "invalid_request", format!("Unknown {what}")),
                UnknownId::InvalidRequest => (StatusCode::BAD_REQUEST, "invalid_request", format!("Unknown {what}")),
            },
            Self::NoSuchPath => (StatusCode::NOT_FOUND, "invalid_request", "No such path".into()),
            Self::RateLimitReached => (StatusCode::FORBIDDEN, "rate_limit_reached", "Rate limit reached".into()),
            Self::InternalError => (StatusCode::INTERNAL_SERVER_ERROR, "internal_error", "Internal error".into()),
        };
        let code = if *self == Self::TokenExpired { 1 } else { status.as_u16() };
        let body = json!({ "error": error, "error_description": description, "error_code": code });
        let answer = Answer { status, headers: Vec::new(), body: Body::Json(body) };
        match self {
            Self::InvalidToken | Self::TokenExpired => answer.with_header("www-authenticate", "Bearer"),
            _ => answer,
        }
    }
}

fn permission_name(permission: Permission) -> String {
    serde_json::to_value(permission).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(value: &Value) -> Vec<String> {
        value.as_object().unwrap().keys().cloned().collect()
    }

    #[test]
    fn an_error_has_the_recorded_shape() {
        let recorded: Value = serde_json::from_str(include_str!("../../shapes/error-body.json")).unwrap();
        let Body::Json(ours) = Refusal::invalid("Bad Request").answer(&Unknowns::default()).body else { panic!() };
        for key in keys(&ours) {
            assert!(recorded.get(&key).is_some(), "{key}");
        }
        assert_eq!(ours["error"], recorded["error"]);
        assert_eq!(ours["error_code"], recorded["error_code"]);
    }

    #[test]
    fn an_expired_token_is_told_as_in_the_manual() {
        let manual: Value = serde_json::from_str(include_str!("../../shapes/error-token-expired.json")).unwrap();
        let Body::Json(ours) = Refusal::TokenExpired.answer(&Unknowns::default()).body else { panic!() };
        assert_eq!(ours, manual);
    }
}
