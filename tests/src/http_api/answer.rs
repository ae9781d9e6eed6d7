//! What a function answered, as HTTP.

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Response, StatusCode, header};
use serde_json::{Value, json};

const FORBIDDEN: [HeaderName; 3] = [header::CONNECTION, header::CONTENT_LENGTH, header::TRANSFER_ENCODING];

/// The service's own refusals: a JSON object with a message.
pub(super) fn refusal(status: StatusCode) -> Response<Bytes> {
    let message = match status {
        StatusCode::PAYLOAD_TOO_LARGE => "Request Entity Too Large",
        other => other.canonical_reason().unwrap_or_default(),
    };
    let body = json!({ "message": message }).to_string();
    with_json(Response::new(body.into()), status)
}

/// An answer in the format 2.0; one without a status code is taken for a body of JSON.
pub(super) fn of(outcome: &Value) -> Response<Bytes> {
    let Some(status) = outcome["statusCode"].as_u64() else {
        return with_json(Response::new(outcome.to_string().into()), StatusCode::OK);
    };
    translated(status, outcome).unwrap_or_else(|| refusal(StatusCode::INTERNAL_SERVER_ERROR))
}

fn translated(status: u64, outcome: &Value) -> Option<Response<Bytes>> {
    let body = outcome["body"].as_str().unwrap_or_default();
    let body = if outcome["isBase64Encoded"].as_bool().unwrap_or_default() {
        STANDARD.decode(body).ok()?.into()
    } else {
        Bytes::from(body.to_owned())
    };
    let mut answer = Response::new(body);
    *answer.status_mut() = StatusCode::from_u16(u16::try_from(status).ok()?).ok()?;
    for (name, value) in outcome["headers"].as_object().into_iter().flatten() {
        let name: HeaderName = name.parse().ok()?;
        if !FORBIDDEN.contains(&name) {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            answer.headers_mut().insert(name, value.parse().ok()?);
        }
    }
    for cookie in outcome["cookies"].as_array().into_iter().flatten() {
        let cookie = cookie.as_str()?.parse().ok()?;
        answer.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Some(answer)
}

fn with_json(mut answer: Response<Bytes>, status: StatusCode) -> Response<Bytes> {
    *answer.status_mut() = status;
    let json = HeaderValue::from_static("application/json");
    answer.headers_mut().insert(header::CONTENT_TYPE, json);
    answer
}
