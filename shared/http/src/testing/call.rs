//! One request.

use axum::body::Body;
use axum::http::Request;
use axum::http::request::Builder;
use axum::response::Response;
use serde_json::Value;
use tower::ServiceExt as _;

use super::{Answer, TestApi};
use crate::events::conformance::hold_item;

/// A request on its way.
pub(crate) struct Call<'a> {
    api: &'a TestApi,
    request: Builder,
    body: Body,
}

impl<'a> Call<'a> {
    pub(super) fn new(api: &'a TestApi, method: &str, path: &str) -> Self {
        Self { api, request: Request::builder().method(method).uri(path), body: Body::empty() }
    }

    /// The host gave the request an id.
    pub(crate) fn host_id(mut self, id: &str) -> Self {
        self.request = self.request.extension(crate::RequestId(id.to_owned()));
        self
    }

    pub(crate) fn key(self, key: &str) -> Self {
        self.header("authorization", &format!("Bearer {key}"))
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.request = self.request.header(name, value);
        self
    }

    pub(crate) fn json(self, body: &Value) -> Self {
        self.raw(body.to_string())
    }

    /// A body that is said to be JSON.
    pub(crate) fn raw(self, body: impl Into<Body>) -> Self {
        self.header("content-type", "application/json").bytes(body)
    }

    pub(crate) fn bytes(mut self, body: impl Into<Body>) -> Self {
        self.body = body.into();
        self
    }

    pub(crate) async fn send(self) -> Answer {
        let is_feed = self.request.uri_ref().is_some_and(|uri| uri.path().ends_with("/events"));
        let answer = Answer::of(self.begin().await).await;
        if is_feed {
            // Whatever a feed ever shows is as it is published.
            answer.body["items"].as_array().into_iter().flatten().for_each(|item| hold_item(item).unwrap());
        }
        answer
    }

    /// Sends it and leaves the answer's body unread.
    pub(crate) async fn begin(self) -> Response {
        let request = self.request.body(self.body).unwrap();
        self.api.router.clone().oneshot(request).await.unwrap()
    }
}
