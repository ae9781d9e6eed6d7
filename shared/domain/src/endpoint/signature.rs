//! Signatures by Standard Webhooks 1.0, over `id.timestamp.body`: of what we send, and of what we take.

use super::SigningSecret;
use crate::Instant;

/// Seconds that a message's time may be off, either way (the specification's libraries take the same).
pub const TOLERANCE_SECONDS: i64 = 300;

/// Signatures looked at, at most: a sender that changes its secret sends two.
const SIGNATURES_LIMIT: usize = 8;

/// Characters of a message's id that are looked at, at most (our own choice): it is remembered.
const ID_LIMIT: usize = 255;

/// What stands in `webhook-signature`: a signature by each of the secrets, with a space between them.
pub fn sign(secrets: &[SigningSecret], id: &str, at: Instant, body: &[u8]) -> String {
    let text = text(id, &at.timestamp().to_string(), body);
    let signatures: Vec<_> = secrets.iter().map(|secret| secret.sign(&text)).collect();
    signatures.join(" ")
}

/// What a message says about itself.
#[derive(Debug, Clone, Copy)]
pub struct Signed<'a> {
    id: &'a str,
    timestamp: &'a str,
    signatures: &'a str,
}

impl<'a> Signed<'a> {
    /// Of `webhook-id`, `webhook-timestamp` and `webhook-signature`. `None` if there is no id, or one that nobody can have meant.
    pub fn new(id: &'a str, timestamp: &'a str, signatures: &'a str) -> Option<Self> {
        let is_id = (1..=ID_LIMIT).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic());
        is_id.then_some(Self { id, timestamp, signatures })
    }

    /// The message's own id: the same however often it is sent.
    pub const fn id(&self) -> &'a str {
        self.id
    }

    /// When this attempt was made, in seconds since 1970.
    pub fn timestamp(&self) -> Option<i64> {
        self.timestamp.parse().ok()
    }

    /// Whether one of the signatures is the secret's, and the time is close to now.
    pub fn holds(&self, secret: &SigningSecret, body: &[u8], now: Instant) -> bool {
        let is_close =
            self.timestamp().is_some_and(|at| now.timestamp().abs_diff(at) <= TOLERANCE_SECONDS.unsigned_abs());
        let text = text(self.id, self.timestamp, body);
        let mut signatures = self.signatures.split(' ').take(SIGNATURES_LIMIT);
        signatures.any(|signature| secret.signed(&text, signature)) && is_close
    }
}

fn text(id: &str, timestamp: &str, body: &[u8]) -> Vec<u8> {
    [id.as_bytes(), b".", timestamp.as_bytes(), b".", body].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::endpoint::SigningMethod;

    /// The vectors of the specification's own libraries.
    const ID: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    const TIMESTAMP: &str = "1614265330";
    const BODY: &str = r#"{"test": 2432232314}"#;
    const SHARED: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const BY_SHARED: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    const PRIVATE: &str = "whsk_VEVTVFNJR05JTkdLRVlET05PVFVTRVRISVNGT1JBTlk=";
    const BY_PRIVATE: &str =
        "v1a,tQ9V2XOqn7jL/DQenEFpqIugdBVtiMmER5mhSkXBNwM0mkATuDe6KYYUuxqtaiHeYGb7KaaBRdM5WqyeFiL8Ag==";

    fn secret(text: &str) -> SigningSecret {
        SigningSecret::parse(text).unwrap()
    }

    fn at(late: i64) -> Instant {
        Instant::from_timestamp(1_614_265_330 + late, 999_000_000).unwrap()
    }

    fn holds(by: &str, timestamp: &str, signature: &str, body: &str, late: i64) -> bool {
        Signed::new(ID, timestamp, signature).unwrap().holds(&secret(by), body.as_bytes(), at(late))
    }

    #[test]
    fn what_is_signed_is_the_published_vectors() {
        assert_eq!(sign(&[secret(SHARED)], ID, at(0), BODY.as_bytes()), BY_SHARED);
        assert_eq!(sign(&[secret(PRIVATE)], ID, at(0), BODY.as_bytes()), BY_PRIVATE);
    }

    #[test]
    fn while_two_secrets_live_either_of_them_verifies() {
        let other = SigningSecret::new(SigningMethod::Hmac, [9; 32]);
        let both = sign(&[other.clone(), secret(SHARED)], ID, at(0), BODY.as_bytes());
        assert!(holds(SHARED, TIMESTAMP, &both, BODY, 0));
        assert!(Signed::new(ID, TIMESTAMP, &both).unwrap().holds(&other, BODY.as_bytes(), at(0)));
        let neither = SigningSecret::new(SigningMethod::Hmac, [8; 32]);
        assert!(!Signed::new(ID, TIMESTAMP, &both).unwrap().holds(&neither, BODY.as_bytes(), at(0)));
    }

    #[test]
    fn the_published_vectors_hold_also_among_others() {
        for (by, signature) in [(SHARED, BY_SHARED), (PRIVATE, BY_PRIVATE)] {
            assert!(holds(by, TIMESTAMP, signature, BODY, 0));
            assert!(holds(by, TIMESTAMP, &format!("v2,xyz v1,AAAA v1a,AAAA v1,*** {signature}"), BODY, 0));
        }
    }

    #[test]
    fn anything_changed_refuses() {
        for (by, good) in [(SHARED, BY_SHARED), (PRIVATE, BY_PRIVATE)] {
            let bare = good.split_once(',').unwrap().1;
            let late = [&"v1,AAAA ".repeat(SIGNATURES_LIMIT), good].concat();
            for (timestamp, signature, body) in [
                ("1614265331", good, BODY),
                ("01614265330", good, BODY),
                ("+1614265330", good, BODY),
                (TIMESTAMP, good, "{}"),
                (TIMESTAMP, "", BODY),
                (TIMESTAMP, bare, BODY),
                (TIMESTAMP, late.as_str(), BODY),
                ("", good, BODY),
                ("-9223372036854775808", good, BODY),
            ] {
                assert!(!holds(by, timestamp, signature, body, 0), "{timestamp} {signature} {body}");
            }
        }
        assert!(!holds(SHARED, TIMESTAMP, &BY_PRIVATE.replace("v1a", "v1"), BODY, 0));
        assert!(!holds(PRIVATE, TIMESTAMP, BY_SHARED, BODY, 0));
    }

    #[test]
    fn the_time_may_be_off_by_five_minutes_either_way_and_no_more() {
        for late in [-300, 300] {
            assert!(holds(SHARED, TIMESTAMP, BY_SHARED, BODY, late));
        }
        for late in [-301, 301] {
            assert!(!holds(SHARED, TIMESTAMP, BY_SHARED, BODY, late));
        }
    }

    #[test]
    fn an_id_that_nobody_can_have_meant_is_none() {
        for bad in ["", " ", "a b", "é", &"x".repeat(256)] {
            assert!(Signed::new(bad, TIMESTAMP, BY_SHARED).is_none(), "{bad}");
        }
    }
}
