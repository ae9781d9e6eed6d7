//! What a sandbox can be told, what it shows of itself, and why it refuses.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::company::{Company, User};
use super::connection::Connection;
use super::group::Group;
use super::seed::OauthApp;
use super::session::Session;
use super::token::{Level, Permission, Token};

/// Why the sandbox does not do what it was told.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SandboxError {
    /// No session has this code.
    #[error("no session has this code")]
    UnknownSession,
    /// No user has this id.
    #[error("no user has this id")]
    UnknownUser,
    /// No company has this id.
    #[error("no company has this id")]
    UnknownCompany,
    /// No app has this client id.
    #[error("no app has this client id")]
    UnknownApp,
    /// No such token.
    #[error("no such token")]
    UnknownToken,
    /// The session is closed, or past its time.
    #[error("the session is closed, or past its time")]
    NotJoinable,
}

/// A token to be made.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewToken {
    /// What stands after `Bearer`; made up when not given.
    #[serde(default)]
    pub value: Option<String>,
    /// The id of the user who owns it.
    pub owner: String,
    /// Whose things it reaches.
    #[serde(default)]
    pub level: Level,
    /// What it may do; exactly the guide's permissions when not given.
    #[serde(default)]
    pub permissions: Option<Vec<Permission>>,
}

/// How a technician ends a session in TeamViewer.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EndSession {
    /// Who was connected; the one it is assigned to, or its creator, when not given.
    pub userid: Option<String>,
    /// How long he was connected; since the customer came online, or a minute, when not given.
    pub connected_seconds: Option<i64>,
}

/// Everything the sandbox shows of itself. Tokens are among it: it is a toy.
#[derive(Clone, Debug, Serialize)]
pub struct State {
    /// Its time.
    pub now: DateTime<Utc>,
    /// Companies.
    pub companies: Vec<Company>,
    /// Users.
    pub users: Vec<User>,
    /// Tokens.
    pub tokens: Vec<Token>,
    /// OAuth apps.
    pub apps: Vec<OauthApp>,
    /// Groups.
    pub groups: Vec<Group>,
    /// Sessions, oldest first.
    pub sessions: Vec<Session>,
    /// Connection reports, in the order they were added.
    pub connections: Vec<Connection>,
    /// How many effects are still to come.
    pub late_effects: usize,
}
