//! Signatures by Standard Webhooks: HMAC-SHA256 over `id.timestamp.body`.
//!
//! Written here because the time has to come from the caller.

use axum::http::HeaderMap;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use casebridge_domain::Instant;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

/// Seconds that a notice's time may be off, either way.
const TOLERANCE_SECONDS: i64 = 300;

/// Signatures looked at, at most: a sender that changes its secret sends two.
const SIGNATURES_LIMIT: usize = 8;

/// What a notice says about itself.
#[derive(Debug)]
pub(super) struct Signed<'a> {
    id: &'a str,
    timestamp: &'a str,
    signatures: &'a str,
}

impl<'a> Signed<'a> {
    /// The three fields; `None` unless each is there, once.
    pub(super) fn of(headers: &'a HeaderMap) -> Option<Self> {
        let field = |name: &str| {
            let mut values = headers.get_all(name).iter();
            match (values.next(), values.next()) {
                (Some(value), None) => value.to_str().ok(),
                _ => None,
            }
        };
        let id = field("webhook-id").filter(|id| !id.is_empty())?;
        Some(Self { id, timestamp: field("webhook-timestamp")?, signatures: field("webhook-signature")? })
    }

    /// Whether one of the signatures is the secret's, and the time is close to now.
    pub(super) fn holds(&self, secret: &SecretString, body: &[u8], now: Instant) -> bool {
        let Ok(timestamp) = self.timestamp.parse::<i64>() else { return false };
        let close = now.timestamp().abs_diff(timestamp) <= TOLERANCE_SECONDS.unsigned_abs();
        let Some(mac) = mac(secret) else { return false };
        let mac = mac.chain_update(self.id).chain_update(".").chain_update(self.timestamp).chain_update(".");
        let mac = mac.chain_update(body);
        let fits = self
            .signatures
            .split(' ')
            .take(SIGNATURES_LIMIT)
            .filter_map(|signature| STANDARD.decode(signature.strip_prefix("v1,")?).ok())
            // Compares in constant time.
            .any(|signature| mac.clone().verify_slice(&signature).is_ok());
        close && fits
    }
}

/// The secret's key: what follows `whsec_` in base64.
fn mac(secret: &SecretString) -> Option<Hmac<Sha256>> {
    let text = secret.expose_secret();
    let key = STANDARD.decode(text.strip_prefix("whsec_").unwrap_or(text)).ok()?;
    Hmac::new_from_slice(&key).ok()
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    /// The vector of the Standard Webhooks' own libraries.
    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const ID: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    const TIMESTAMP: &str = "1614265330";
    const BODY: &str = r#"{"test": 2432232314}"#;
    const SIGNATURE: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    fn holds(timestamp: &str, signature: &str, body: &str, late: i64) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in [("webhook-id", ID), ("webhook-timestamp", timestamp), ("webhook-signature", signature)] {
            headers.insert(name, HeaderValue::from_str(value).unwrap());
        }
        let now = Instant::from_timestamp(1_614_265_330 + late, 0).unwrap();
        Signed::of(&headers).unwrap().holds(&SecretString::from(SECRET), body.as_bytes(), now)
    }

    #[test]
    fn the_published_vector_holds() {
        assert!(holds(TIMESTAMP, SIGNATURE, BODY, 0));
    }

    #[test]
    fn one_good_signature_among_others_is_enough() {
        let several = format!("v2,xyz v1,AAAA v1,*** {SIGNATURE}");
        assert!(holds(TIMESTAMP, &several, BODY, 0));
    }

    #[test]
    fn anything_changed_refuses() {
        assert!(!holds("1614265331", SIGNATURE, BODY, 0));
        assert!(!holds("01614265330", SIGNATURE, BODY, 0));
        assert!(!holds(TIMESTAMP, SIGNATURE, "{}", 0));
        assert!(!holds(TIMESTAMP, "", BODY, 0));
        assert!(!holds(TIMESTAMP, "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", BODY, 0));
        assert!(!holds("", SIGNATURE, BODY, 0));
        assert!(!holds("-9223372036854775808", SIGNATURE, BODY, 0));
    }

    #[test]
    fn the_time_may_be_off_by_five_minutes_either_way_and_no_more() {
        for late in [-300, 300] {
            assert!(holds(TIMESTAMP, SIGNATURE, BODY, late));
        }
        for late in [-301, 301] {
            assert!(!holds(TIMESTAMP, SIGNATURE, BODY, late));
        }
    }

    #[test]
    fn a_field_that_is_missing_is_no_signature() {
        assert!(Signed::of(&HeaderMap::new()).is_none());
    }
}
