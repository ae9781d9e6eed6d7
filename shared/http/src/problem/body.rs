//! A problem on the wire.

use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::FieldError;

/// A problem (RFC 9457). `type` is stable; `detail` and `fix` are for people.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// Which problem; an address that never changes.
    #[serde(rename = "type")]
    #[schema(example = "https://casebridge.dev/problems/ticket-closed")]
    pub kind: String,
    /// What it is, in a few words.
    #[schema(value_type = String, example = "The ticket is closed")]
    pub title: &'static str,
    /// The status of the answer.
    #[schema(example = 409)]
    pub status: u16,
    /// What happened here, in plain words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// What to do about it, in plain words.
    #[schema(value_type = String, example = "Reopen the ticket first.")]
    pub fix: &'static str,
    /// The fields that are wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// Names the request in the operator's log.
    pub request_id: String,
    /// What else the kind tells: `case`, `cases`, `permissions`, `teamviewer`, `technician`.
    #[serde(flatten)]
    #[schema(value_type = Object, additional_properties)]
    pub members: Map<String, Value>,
}

impl IntoResponse for ProblemBody {
    fn into_response(self) -> Response {
        // Strings, numbers and maps of them: this can't fail.
        let body = serde_json::to_vec(&self).unwrap_or_default();
        ([(CONTENT_TYPE, "application/problem+json")], body).into_response()
    }
}
