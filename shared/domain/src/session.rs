//! What TeamViewer gives for a service case.

use serde::{Deserialize, Serialize};

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
