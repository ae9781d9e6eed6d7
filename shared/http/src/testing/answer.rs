//! What came back.

use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use http_body_util::BodyExt as _;
use serde_json::Value;

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
    /// The body as it came.
    pub(crate) text: String,
}

impl Answer {
    pub(super) async fn of(response: Response) -> Self {
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        let kind = parts.headers.get("content-type").map(|kind| kind.to_str().unwrap()).unwrap_or_default();
        let is_json = kind.ends_with("json") && kind != "application/x-ndjson";
        let body = if is_json { serde_json::from_str(&text).unwrap() } else { Value::Null };
        Self { status: parts.status, headers: parts.headers, body, text }
    }

    /// The body of an answer with this status.
    #[track_caller]
    pub(crate) fn is(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        self.body
    }

    /// The text of an answer of this kind.
    #[track_caller]
    pub(crate) fn file(self, kind: &str, name: &str) -> String {
        assert_eq!(self.status, 200, "{}", self.text);
        assert_eq!(self.header("content-type"), kind);
        assert_eq!(self.header("content-disposition"), format!("attachment; filename=\"{name}\""));
        self.text
    }

    /// A problem of this type, in its proper form.
    #[track_caller]
    pub(crate) fn problem(self, status: u16, slug: &str) -> Value {
        assert_eq!(self.body["type"], format!("{}{slug}", crate::problem::BASE), "{self:?}");
        assert_eq!(self.status, status, "{}", self.body);
        assert_eq!(self.body["status"], status);
        assert_eq!(self.headers["content-type"], "application/problem+json");
        assert_eq!(self.headers["x-content-type-options"], "nosniff");
        assert_eq!(self.headers["cache-control"], "no-store");
        assert_eq!(self.body["request_id"], self.headers["x-request-id"].to_str().unwrap());
        assert!(self.body["title"].is_string() && self.body["fix"].is_string(), "{}", self.body);
        assert!(!self.body.to_string().contains("SECRET"), "{}", self.body);
        self.body
    }

    /// A problem with exactly these fields.
    #[track_caller]
    pub(crate) fn problem_with(self, status: u16, slug: &str, fields: &[&str]) {
        let body = self.problem(status, slug);
        let named: Vec<_> = body["errors"].as_array().into_iter().flatten().map(|e| e["field"].clone()).collect();
        assert_eq!(named, fields, "{body}");
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }
}
