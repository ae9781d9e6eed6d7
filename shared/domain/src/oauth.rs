//! The account's app in TeamViewer: what technicians sign in through (OAuth 2.0).

use serde::{Deserialize, Serialize};

use crate::{Malformed, Sealed};

/// An app's client id as the Management Console shows it: `<digits>-<20 characters>` wherever one was seen. Any visible ASCII
/// of at most 128 characters is taken: no source gives the form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ClientId(String);

impl ClientId {
    /// Accepts 1 to 128 visible ASCII characters, without what is copied along with them.
    pub fn parse(raw: &str) -> Result<Self, Malformed> {
        let id = raw.trim();
        if (1..=128).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic()) {
            Ok(Self(id.to_owned()))
        } else {
            Err(Malformed::new("must be a client id as the Management Console shows it"))
        }
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ClientId {
    type Error = Malformed;
    fn try_from(raw: String) -> Result<Self, Malformed> {
        Self::parse(&raw)
    }
}

impl From<ClientId> for String {
    fn from(id: ClientId) -> Self {
        id.0
    }
}

/// The app that an administrator made in the Management Console.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OauthApp {
    /// Public: it stands in the address that technicians are sent to.
    pub client_id: ClientId,
    /// Known to TeamViewer and to us only.
    pub client_secret: Sealed,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_id_is_visible_ascii() {
        assert_eq!(
            ClientId::parse(" 1029384-CasebridgeDemoApp001\n").unwrap().as_str(),
            "1029384-CasebridgeDemoApp001"
        );
        for bad in ["", " ", "a b", "é", "a\u{7}", &"x".repeat(129)] {
            assert!(ClientId::parse(bad).is_err(), "{bad}");
        }
    }
}
