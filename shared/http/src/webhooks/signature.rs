//! The three fields of a signed message, by Standard Webhooks 1.0.

use axum::http::HeaderMap;
use casebridge_domain::endpoint::Signed;

/// What a message says about itself; `None` unless each field is there, once.
pub(super) fn of(headers: &HeaderMap) -> Option<Signed<'_>> {
    let field = |name: &str| {
        let mut values = headers.get_all(name).iter();
        match (values.next(), values.next()) {
            (Some(value), None) => value.to_str().ok(),
            _ => None,
        }
    };
    Signed::new(field("webhook-id")?, field("webhook-timestamp")?, field("webhook-signature")?)
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    fn headers(fields: &[&'static str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for name in fields {
            headers.append(HeaderName::from_static(name), HeaderValue::from_static("x"));
        }
        headers
    }

    #[test]
    fn each_field_is_there_once() {
        let all = ["webhook-id", "webhook-timestamp", "webhook-signature"];
        assert_eq!(of(&headers(&all)).unwrap().id(), "x");
        for without in 0..all.len() {
            let mut some = all.to_vec();
            some.push(some[without]);
            assert!(of(&headers(&some)).is_none(), "twice {}", all[without]);
            some.retain(|name| *name != all[without]);
            assert!(of(&headers(&some)).is_none(), "without {}", all[without]);
        }
        assert!(of(&HeaderMap::new()).is_none());
    }
}
