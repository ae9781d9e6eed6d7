//! `Idempotency-Key`: a request that may be sent again.

use axum::extract::{FromRequestParts, MatchedPath, RawPathParams};
use axum::http::request::Parts;
use casebridge_app::open_case::RequestMemory;
use casebridge_app::ports::store::IdempotencyKey;
use casebridge_domain::key::{ApiKey, Owner};
use casebridge_domain::{KeyId, Malformed};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::problem::{Kind, Problem};
use crate::{Api, path_text};

/// The header's name.
const NAME: &str = "Idempotency-Key";

/// A request that may carry an `Idempotency-Key`.
#[derive(Debug, Clone)]
pub struct Repeatable {
    key: Option<String>,
    route: String,
}

impl FromRequestParts<Api> for Repeatable {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        let mut fields = parts.headers.get_all(NAME).iter();
        let key = match (fields.next(), fields.next()) {
            (None, _) => None,
            (Some(field), None) => Some(parse(field.as_bytes()).map_err(|fault| refused(&fault))?),
            (Some(_), Some(_)) => return Err(refused(&Malformed::new("must be sent once"))),
        };
        Ok(Self { key, route: route(parts, api).await })
    }
}

impl Repeatable {
    /// The memory of this request with this body, for whoever asks.
    pub fn memory(&self, asks: &ApiKey, body: &impl Serialize) -> Option<RequestMemory> {
        self.memory_about(&asks.owner, asks.id, &[], body)
    }

    /// The same where the address does not say all that the request is about.
    pub(crate) fn memory_about(
        &self,
        owner: &Owner,
        principal: KeyId,
        about: &[&str],
        body: &impl Serialize,
    ) -> Option<RequestMemory> {
        let mut route = self.route.clone();
        for part in about {
            route.push(' ');
            route.push_str(&path_text::encoded(part));
        }
        let key = IdempotencyKey { owner: owner.clone(), principal, route, key: self.key.clone()? };
        // The body as it was understood: another order or spacing is the same request.
        let canonical = serde_json::to_vec(body).ok()?;
        Some(RequestMemory { key, fingerprint: casebridge_domain::hex::hex(&Sha256::digest(canonical)) })
    }
}

fn refused(fault: &Malformed) -> Problem {
    Problem::new(Kind::MalformedRequest).and_field(NAME, fault.to_string())
}

/// 1 to 255 visible ASCII characters, or a structured-field string of them.
fn parse(raw: &[u8]) -> Result<String, Malformed> {
    let inner = raw.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\"")).unwrap_or(raw);
    let visible = inner.iter().all(u8::is_ascii_graphic) && !inner.contains(&b'"');
    match std::str::from_utf8(inner) {
        Ok(key) if visible && (1..=255).contains(&key.len()) => Ok(key.to_owned()),
        _ => Err(Malformed::new("must be 1 to 255 visible ASCII characters")),
    }
}

/// Method and address; the same ids give the same text, however they were encoded.
async fn route(parts: &mut Parts, api: &Api) -> String {
    let mut route = parts.extensions.get::<MatchedPath>().map(|path| path.as_str().to_owned()).unwrap_or_default();
    if let Ok(variables) = RawPathParams::from_request_parts(parts, api).await {
        for (name, value) in &variables {
            route = route.replace(&format!("{{{name}}}"), &path_text::encoded(value));
        }
    }
    format!("{} {route}", parts.method)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_visible_ascii_with_or_without_quotes() {
        assert_eq!(parse(b"abc-1").unwrap(), "abc-1");
        assert_eq!(parse(b"\"abc-1\"").unwrap(), "abc-1");
        assert_eq!(parse(&[b'x'; 255]).unwrap().len(), 255);
        for bad in [&b""[..], b"\"\"", b"a b", b"a\"b", b"\"", "ä".as_bytes(), &[b'x'; 256]] {
            assert!(parse(bad).is_err(), "{bad:?}");
        }
    }
}
