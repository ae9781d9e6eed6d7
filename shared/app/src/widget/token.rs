//! A widget's token: `cbw_<account>.<claims>.<mac>`, both in base64url; the mac is HMAC-SHA256 over everything before it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use casebridge_domain::{AccountId, Instant, KeyId, Requester, Technician, Ticket};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

/// What secret scanners and we ourselves know a token by.
const PREFIX: &str = "cbw_";

/// What a token says. Tokens live for hours at most: a field that is added needs a default for a working day only.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// The key that it was made with; what is done with it is done on that key's behalf.
    #[serde(rename = "k")]
    pub key: KeyId,
    /// It is refused from then on.
    #[serde(rename = "e", with = "chrono::serde::ts_seconds")]
    pub expires_at: Instant,
    /// The only ticket that it reaches.
    #[serde(rename = "t")]
    pub ticket: Ticket,
    /// Who is helped.
    #[serde(rename = "r")]
    pub requester: Requester,
    /// Who looks at the page.
    #[serde(rename = "h")]
    pub technician: Technician,
    /// To whom he may hand the case over.
    #[serde(rename = "c", default)]
    pub colleagues: Vec<Technician>,
}

/// A token as it is sent. Nothing of it is believed yet.
pub(crate) struct TokenText<'a> {
    account: AccountId,
    signed: &'a str,
    claims: &'a str,
    mac: Vec<u8>,
}

impl<'a> TokenText<'a> {
    /// Reads a token of at most so many bytes.
    pub(crate) fn parse(text: &'a str, longest: usize) -> Option<Self> {
        if text.len() > longest {
            return None;
        }
        let (signed, mac) = text.rsplit_once('.')?;
        let (account, claims) = signed.strip_prefix(PREFIX)?.split_once('.')?;
        let mac = URL_SAFE_NO_PAD.decode(mac).ok()?;
        Some(Self { account: AccountId::parse(account).ok()?, signed, claims, mac })
    }

    pub(crate) fn account(&self) -> &AccountId {
        &self.account
    }
}

/// What an account's tokens are signed with.
#[derive(Clone)]
pub(crate) struct TokenKey(Hmac<Sha256>);

impl TokenKey {
    /// The key of an account's secret.
    pub(crate) fn of(secret: &SecretString) -> Option<Self> {
        Hmac::new_from_slice(secret.expose_secret().as_bytes()).ok().map(Self)
    }

    /// The token that says this; `None` if it would be longer.
    pub(crate) fn sign(&self, account: &AccountId, claims: &Claims, longest: usize) -> Option<SecretString> {
        let claims = serde_json::to_vec(claims).ok()?;
        let signed = format!("{PREFIX}{account}.{}", URL_SAFE_NO_PAD.encode(claims));
        let mac = self.0.clone().chain_update(&signed).finalize().into_bytes();
        let text = format!("{signed}.{}", URL_SAFE_NO_PAD.encode(mac));
        (text.len() <= longest).then(|| SecretString::from(text))
    }

    /// What the token says, if it was signed with this key.
    pub(crate) fn claims(&self, text: &TokenText<'_>) -> Option<Claims> {
        // Compares in constant time.
        self.0.clone().chain_update(text.signed).verify_slice(&text.mac).ok()?;
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text.claims).ok()?).ok()
    }
}

#[cfg(test)]
mod tests {
    use casebridge_domain::{TechnicianId, Text, TicketId};
    use chrono::DateTime;
    use uuid::Uuid;

    use super::*;

    fn claims() -> Claims {
        let technician = |id: &str| Technician {
            id: TechnicianId::parse(id).unwrap(),
            name: Text::parse("Anna Becker").unwrap(),
            email: None,
        };
        Claims {
            key: KeyId::new(Uuid::from_u128(7)),
            expires_at: DateTime::from_timestamp(4_000_000_000, 0).unwrap(),
            ticket: Ticket {
                id: TicketId::parse("T.1").unwrap(),
                number: Text::parse("INC-1").unwrap(),
                title: Text::parse("<img src=x>").unwrap(),
                category: None,
                kind: None,
                priority: None,
                source: None,
            },
            requester: Requester { name: Text::parse("Rita").unwrap(), email: None, language: None },
            technician: technician("anna"),
            colleagues: vec![technician("ben")],
        }
    }

    fn key(secret: &str) -> TokenKey {
        TokenKey::of(&SecretString::from(secret)).unwrap()
    }

    fn acme() -> AccountId {
        AccountId::parse("acme-2").unwrap()
    }

    #[test]
    fn a_token_says_what_was_signed_and_whose_it_is() {
        let token = key("s").sign(&acme(), &claims(), 4096).unwrap();
        let text = TokenText::parse(token.expose_secret(), 4096).unwrap();
        assert_eq!(*text.account(), acme());
        assert!(key("s").claims(&text) == Some(claims()));
        assert!(key("t").claims(&text).is_none(), "another secret");
    }

    #[test]
    fn whatever_is_changed_about_a_token_makes_it_worthless() {
        let token = key("s").sign(&acme(), &claims(), 4096).unwrap();
        let token = token.expose_secret();
        for place in 0..token.len() {
            let mut changed = token.as_bytes().to_vec();
            changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            let read = TokenText::parse(&changed, 4096);
            assert!(read.is_none_or(|text| key("s").claims(&text).is_none()), "{place}");
        }
        for changed in [token.replacen("acme-2", "globex", 1), format!("{token}A"), token[..token.len() - 2].to_owned()]
        {
            assert!(TokenText::parse(&changed, 4096).is_none_or(|text| key("s").claims(&text).is_none()), "{changed}");
        }
    }

    #[test]
    fn what_is_no_token_or_too_long_is_not_read() {
        for bad in ["", "cbw_", "cbw_acme", "cbw_acme.e30", "cbw_Acme.e30.AAAA", "cb_account_acme_0", "cbw_acme.e30.?"]
        {
            assert!(TokenText::parse(bad, 4096).is_none(), "{bad}");
        }
        assert!(TokenText::parse("cbw_acme.e30.AAAA", 17).is_some());
        assert!(TokenText::parse("cbw_acme.e30.AAAA", 16).is_none());
        assert!(key("s").sign(&acme(), &claims(), 100).is_none());
    }
}
