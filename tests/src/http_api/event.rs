//! A request as an event of payload format 2.0.

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use chrono::DateTime;
use http::{HeaderMap, Request, Uri, header};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use super::route::Matched;
use crate::wall_clock;

/// The path as the service hands it on: decoded, and cut at a question mark that was hidden in it.
pub(super) fn raw_path(uri: &Uri) -> String {
    let decoded = percent_decode_str(uri.path()).decode_utf8_lossy();
    let visible = decoded.split('?').next().unwrap_or_default();
    visible.to_owned()
}

pub(super) fn of(request: &Request<Bytes>, path: &str, matched: &Matched) -> Value {
    let headers = joined(request.headers());
    let query = request.uri().query().unwrap_or_default();
    let now = wall_clock::epoch_millis();
    let mut event = json!({
        "version": "2.0",
        "routeKey": matched.key,
        "rawPath": path,
        "rawQueryString": query,
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "tests",
            "domainName": headers.get("host"),
            "domainPrefix": "tests",
            "http": {
                "method": request.method().as_str(),
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "127.0.0.1",
                "userAgent": headers.get("user-agent").map_or("", String::as_str),
            },
            "requestId": format!("tests-{now}"),
            "routeKey": matched.key,
            "stage": "$default",
            "time": request_time(now),
            "timeEpoch": now,
        },
        "headers": headers,
        "isBase64Encoded": false,
    });
    let cookies = cookies(request.headers());
    if !cookies.is_empty() {
        event["cookies"] = json!(cookies);
    }
    if !query.is_empty() {
        event["queryStringParameters"] = json!(parameters(query));
    }
    if !matched.parameters.is_empty() {
        event["pathParameters"] = json!(matched.parameters);
    }
    add_body(&mut event, request);
    event
}

fn add_body(event: &mut Value, request: &Request<Bytes>) {
    if request.body().is_empty() {
        return;
    }
    let text = std::str::from_utf8(request.body()).ok();
    if let Some(text) = text.filter(|_| is_text(request.headers())) {
        event["body"] = json!(text);
    } else {
        event["body"] = json!(STANDARD.encode(request.body()));
        event["isBase64Encoded"] = json!(true);
    }
}

fn is_text(headers: &HeaderMap) -> bool {
    let Some(kind) = headers.get(header::CONTENT_TYPE) else {
        return true;
    };
    let kind = kind.to_str().unwrap_or_default().to_ascii_lowercase();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.starts_with("text/") || ["json", "xml", "javascript"].iter().any(|text| kind.ends_with(text))
}

/// Names in lower case, values of the same name joined, cookies left out, and what the service adds.
fn joined(headers: &HeaderMap) -> BTreeMap<String, String> {
    let mut joined: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in headers {
        if name == header::COOKIE {
            continue;
        }
        let value = String::from_utf8_lossy(value.as_bytes());
        joined
            .entry(name.as_str().to_owned())
            .and_modify(|all| {
                all.push(',');
                all.push_str(&value);
            })
            .or_insert_with(|| value.into_owned());
    }
    let added = [("x-forwarded-for", "127.0.0.1"), ("x-forwarded-port", "443"), ("x-forwarded-proto", "https")];
    for (name, value) in added {
        joined.insert(name.to_owned(), value.to_owned());
    }
    joined
}

fn cookies(headers: &HeaderMap) -> Vec<String> {
    let all = headers.get_all(header::COOKIE).iter();
    all.filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .map(|cookie| cookie.trim().to_owned())
        .filter(|cookie| !cookie.is_empty())
        .collect()
}

fn parameters(query: &str) -> BTreeMap<String, String> {
    let mut parameters: BTreeMap<String, String> = BTreeMap::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let value = decoded(value);
        parameters
            .entry(decoded(name))
            .and_modify(|all| {
                all.push(',');
                all.push_str(&value);
            })
            .or_insert(value);
    }
    parameters
}

fn decoded(text: &str) -> String {
    let spaced = text.replace('+', " ");
    percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
}

fn request_time(epoch_millis: u64) -> String {
    let millis = i64::try_from(epoch_millis).unwrap_or_default();
    let time = DateTime::from_timestamp_millis(millis).unwrap_or_default();
    time.format("%d/%b/%Y:%H:%M:%S +0000").to_string()
}
