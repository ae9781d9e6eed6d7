//! What TeamViewer gives for a service case.

use serde::{Deserialize, Serialize};

use crate::device::TeamViewerId;
use crate::{SessionCode, Text};

/// A link as TeamViewer hands it out.
pub type Link = Text<2000>;

/// Remote control, or camera and augmented reality (manual, p. 42).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum SessionType {
    /// Remote control.
    #[default]
    Default,
    /// Camera sharing (TeamViewer Pilot).
    Pilot,
}

/// A TeamViewer session: its code and its three links.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// What the customer reads out.
    pub code: SessionCode,
    /// Opens the customer's side. The only one the requester may see.
    pub customer_link: Link,
    /// Opens the supporter's client; carries the supporter's token.
    pub supporter_link: Option<Link>,
    /// Supporter in the browser; carries the supporter's token. Absent in the manual's example for `Pilot`.
    pub webclient_supporter_link: Option<Link>,
}

/// How technician and customer come together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Way {
    /// By a session of TeamViewer's, which has a code.
    Session(Session),
    /// By the Host app on an Android device. TeamViewer has no session to show, to close or to count, and there is no code.
    Host(HostLink),
}

/// The way to a device where nobody has to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostLink {
    /// The Host's TeamViewer id.
    pub host: TeamViewerId,
    /// Opens the technician's client on it. It carries no secret: the client asks for what lets it in.
    pub link: Link,
}

impl Way {
    /// TeamViewer's session, if there is one.
    pub fn session(&self) -> Option<&Session> {
        match self {
            Self::Session(session) => Some(session),
            Self::Host(_) => None,
        }
    }

    /// The Host, if there is no session.
    pub fn host(&self) -> Option<&HostLink> {
        match self {
            Self::Session(_) => None,
            Self::Host(host) => Some(host),
        }
    }
}

impl From<Session> for Way {
    fn from(session: Session) -> Self {
        Self::Session(session)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::device::host_link;

    #[test]
    fn a_session_is_kept_as_it_was_before_there_were_hosts() {
        let kept = json!({
            "code": "s119-457-589", "customer_link": "https://get.example/s119457589",
            "supporter_link": null, "webclient_supporter_link": null,
        });
        let way: Way = serde_json::from_value(kept.clone()).unwrap();
        assert!(way.session().is_some() && way.host().is_none());
        assert_eq!(serde_json::to_value(&way).unwrap(), kept);
    }

    #[test]
    fn a_host_is_told_from_a_session() {
        let host = TeamViewerId::parse("123456789").unwrap();
        let way = Way::Host(HostLink { link: host_link(&host).unwrap(), host });
        let again: Way = serde_json::from_value(serde_json::to_value(&way).unwrap()).unwrap();
        assert_eq!(again, way);
        assert!(again.session().is_none());
    }
}
