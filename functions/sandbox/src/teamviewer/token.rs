//! Access tokens: script tokens and those of OAuth apps.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What a token may do, by the console's wording ("session management: create, view own / all, edit own / all").
///
/// Which call needs which permission is taken from the manual for sessions and for reading reports; for the rest it is
/// our assumption, written at the route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// `Sessions.Create`
    SessionsCreate,
    /// `Sessions.ReadOwn`
    SessionsViewOwn,
    /// `Sessions.ReadAll`
    SessionsViewAll,
    /// `Sessions.ModifyOwn`
    SessionsEditOwn,
    /// `Sessions.ModifyAll`
    SessionsEditAll,
    /// `Connections.Read`
    ConnectionsView,
    /// Connection reporting: edit.
    ConnectionsEdit,
    /// Connection reporting: delete.
    ConnectionsDelete,
    /// Computers & contacts: view.
    ComputersView,
    /// Computers & contacts: add.
    ComputersAdd,
    /// Computers & contacts: edit.
    ComputersEdit,
    /// Computers & contacts: delete.
    ComputersDelete,
    /// User management: view.
    UsersView,
}

impl Permission {
    /// Exactly what the BOSS guide tells an administrator to tick.
    pub const GUIDE: [Self; 10] = [
        Self::SessionsCreate,
        Self::SessionsViewAll,
        Self::SessionsEditAll,
        Self::ConnectionsView,
        Self::ConnectionsEdit,
        Self::ConnectionsDelete,
        Self::ComputersView,
        Self::ComputersAdd,
        Self::ComputersEdit,
        Self::ComputersDelete,
    ];
}

/// Whose things a token reaches (manual p.10).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// The owner's.
    User,
    /// The whole company's.
    #[default]
    Company,
}

/// A token and what hangs on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// What stands after `Bearer`.
    pub value: String,
    /// The id of the user who made it.
    pub owner: String,
    /// Whose things it reaches.
    #[serde(default)]
    pub level: Level,
    /// What it may do.
    pub permissions: BTreeSet<Permission>,
    /// Absent for a script token: no source gives one an expiry.
    #[serde(default)]
    pub expires_at: Option<DateTime<Utc>>,
    /// The refresh token that goes with it, while that has not been used.
    #[serde(default)]
    pub refresh_token: Option<String>,
    /// The app it was given to.
    #[serde(default)]
    pub client_id: Option<String>,
    /// Deleted in the console, or revoked.
    #[serde(default)]
    pub revoked: bool,
}

impl Token {
    /// A company-level script token.
    pub fn script(
        value: impl Into<String>,
        owner: impl Into<String>,
        permissions: impl IntoIterator<Item = Permission>,
    ) -> Self {
        Self {
            value: value.into(),
            owner: owner.into(),
            level: Level::Company,
            permissions: permissions.into_iter().collect(),
            expires_at: None,
            refresh_token: None,
            client_id: None,
            revoked: false,
        }
    }

    /// The same token at user level.
    #[must_use]
    pub fn at_user_level(mut self) -> Self {
        self.level = Level::User;
        self
    }

    pub(crate) fn may(&self, permission: Permission) -> bool {
        self.permissions.contains(&permission)
    }
}
