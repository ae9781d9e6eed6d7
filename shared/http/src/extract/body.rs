//! Bodies: JSON, of a limited size, within a limited time.

use std::time::Duration;

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::parse;
use crate::Api;
use crate::problem::{Kind, Problem};

/// Bytes that a body may have.
const BODY_LIMIT: usize = 256 * 1024;

/// Bytes that are read of a body that is too large. A client that still sends when the connection is closed does not get to
/// see the answer.
const READ_LIMIT: usize = 4 * 1024 * 1024;

/// How long a body may take.
const TIME_LIMIT: Duration = Duration::from_secs(10);

/// How long a large one may take: 5 MB at 2 Mbit/s (our own choice).
const LARGE_TIME_LIMIT: Duration = Duration::from_secs(20);

/// A JSON body.
#[derive(Debug)]
pub struct JsonBody<T>(pub T);

/// A JSON body that may be left out, where every field has a default.
#[derive(Debug)]
pub struct OptionalBody<T>(pub T);

/// A JSON body of up to `LIMIT` bytes.
#[derive(Debug)]
pub struct LargeJsonBody<T, const LIMIT: usize>(pub T);

/// A body without fields.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

impl<T: DeserializeOwned> FromRequest<Api> for JsonBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &Api) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        check_type(&parts.headers)?;
        parse(&read_body(&parts.headers, body).await?).map(Self)
    }
}

impl<T: DeserializeOwned + Default> FromRequest<Api> for OptionalBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &Api) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let bytes = read_body(&parts.headers, body).await?;
        if bytes.is_empty() {
            return Ok(Self(T::default()));
        }
        check_type(&parts.headers)?;
        parse(&bytes).map(Self)
    }
}

impl<T: DeserializeOwned, const LIMIT: usize> FromRequest<Api> for LargeJsonBody<T, LIMIT> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &Api) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        check_type(&parts.headers)?;
        let bytes = read_within(&parts.headers, body, LIMIT, LARGE_TIME_LIMIT).await.map_err(|problem| {
            if problem.kind() == Kind::BodyTooLarge { problem.fix("Send fewer devices in one call.") } else { problem }
        })?;
        parse(&bytes).map(Self)
    }
}

/// Reads a whole body.
pub(crate) async fn read_body(headers: &HeaderMap, body: Body) -> Result<Bytes, Problem> {
    read_within(headers, body, BODY_LIMIT, TIME_LIMIT).await
}

async fn read_within(headers: &HeaderMap, body: Body, limit: usize, time: Duration) -> Result<Bytes, Problem> {
    let too_large = || Problem::new(Kind::BodyTooLarge);
    let said = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if said.is_some_and(|length| length > limit.max(READ_LIMIT)) {
        return Err(too_large());
    }
    match tokio::time::timeout(time, collect(body, limit)).await {
        Ok(Ok(Some(bytes))) => Ok(bytes),
        Ok(Ok(None)) => Err(too_large()),
        Ok(Err(_)) => Err(Problem::new(Kind::MalformedRequest).detail("The body broke off.")),
        Err(_) => Err(Problem::new(Kind::BodyTooSlow)),
    }
}

/// The whole body; `None` if it is too large.
async fn collect(mut body: Body, limit: usize) -> Result<Option<Bytes>, axum::Error> {
    let mut bytes = BytesMut::new();
    let mut read = 0;
    while let Some(frame) = body.frame().await {
        let Ok(part) = frame?.into_data() else { continue };
        read += part.len();
        if read > limit.max(READ_LIMIT) {
            break;
        }
        if read <= limit {
            bytes.extend_from_slice(&part);
        }
    }
    Ok((read <= limit).then(|| bytes.freeze()))
}

pub(crate) fn check_type(headers: &HeaderMap) -> Result<(), Problem> {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let json = kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"));
    let plain = headers.get(CONTENT_ENCODING).is_none_or(|encoding| encoding == "identity");
    if json && plain { Ok(()) } else { Err(Problem::new(Kind::NotJson)) }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use bytes::Bytes;
    use http_body_util::StreamBody;
    use serde_json::json;

    use super::BODY_LIMIT;
    use crate::testing::{Call, TestApi};

    fn put(api: &TestApi) -> Call<'_> {
        api.call("PUT", "/v1/accounts/acme/tickets/T1").key(&api.keys.technician)
    }

    #[tokio::test]
    async fn a_body_has_to_be_said_to_be_plain_json() {
        let api = TestApi::new().await;
        let writes = api.engine.writes();
        let body = json!({ "state": "closed" }).to_string();
        for kind in ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", "json", ""] {
            let call = put(&api).header("content-type", kind).bytes(body.clone());
            call.send().await.problem(415, "not-json");
        }
        put(&api).bytes(body.clone()).send().await.problem(415, "not-json");
        put(&api).header("content-encoding", "gzip").raw(body.clone()).send().await.problem(415, "not-json");
        assert_eq!(api.engine.writes(), writes);
        for kind in ["application/json; charset=utf-8", "Application/JSON", "application/merge-patch+json"] {
            put(&api).header("content-type", kind).bytes(body.clone()).send().await.is(200);
        }
    }

    #[tokio::test]
    async fn a_body_that_is_too_large_is_refused_whether_it_says_so_or_not() {
        let api = TestApi::new().await;
        let writes = api.engine.writes();
        let body = r#"{"state":"closed"}"#;
        let large = format!("{}{body}", " ".repeat(BODY_LIMIT + 1 - body.len()));
        let said = put(&api).header("content-length", &large.len().to_string()).raw(large.clone());
        said.send().await.problem(413, "body-too-large");
        put(&api).raw(large.clone()).send().await.problem(413, "body-too-large");
        assert_eq!(api.engine.writes(), writes);
        put(&api).raw(large[1..].to_owned()).send().await.is(200);
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_never_ends_is_not_waited_for() {
        let api = TestApi::new().await;
        let writes = api.engine.writes();
        let never = Body::new(StreamBody::new(Silence));
        put(&api).raw(never).send().await.problem(408, "body-too-slow");
        assert_eq!(api.engine.writes(), writes);
    }

    /// A sender that went quiet.
    struct Silence;

    impl futures::Stream for Silence {
        type Item = Result<http_body::Frame<Bytes>, std::convert::Infallible>;

        fn poll_next(
            self: std::pin::Pin<&mut Self>,
            _: &mut std::task::Context<'_>,
        ) -> std::task::Poll<Option<Self::Item>> {
            std::task::Poll::Pending
        }
    }
}
