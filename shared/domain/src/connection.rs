//! An account's connection: the registered TeamViewer token and what hangs on it.

use serde::{Deserialize, Serialize};

use crate::{
    AccountId, EmailAddress, GroupId, Instant, Lease, ModuleId, RegistrationId, Sealed, TeamViewerUserId, Text,
};

mod licence;
mod permission;

pub use licence::Licence;
pub use permission::{Permission, Permissions, Proof};

/// A group's name in Computers & Contacts.
pub type GroupName = Text<100>;

/// The TeamViewer user whose token it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registrar {
    /// Absent where the token may not see its own account.
    pub user: Option<TeamViewerUserId>,
    /// As TeamViewer shows it.
    pub name: Option<Text<250>>,
    /// As TeamViewer shows it.
    pub email: Option<EmailAddress>,
    /// As TeamViewer shows it.
    pub company: Option<Text<250>>,
}

/// The group that the account's sessions are filed under.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum Group {
    /// The first case makes it.
    Unmade,
    /// Somebody is making it.
    Making {
        /// Whose turn it is.
        lease: Lease,
    },
    /// TeamViewer's own id; survives a rename.
    Made {
        /// Where sessions are filed.
        id: GroupId,
    },
}

/// One TeamViewer user the group is shared with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// TeamViewer's id.
    pub user: TeamViewerUserId,
    /// As TeamViewer shows it, where it does.
    pub name: Option<Text<250>>,
}

/// The custom QuickSupport module of the account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Module {
    /// Set on each session where TeamViewer accepts it.
    pub id: Option<ModuleId>,
    /// TeamViewer refused to set it per session: the checklist has to be followed instead.
    pub per_session_refused: bool,
    /// Ticked off by an administrator: the module is bound to the group in the Management Console.
    pub bound_to_group: bool,
    /// Ticked off by an administrator: the module's default assignee is "unassigned".
    pub assignee_unassigned: bool,
}

/// Whether the connection serves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum ConnectionState {
    /// Play works.
    Active,
    /// Access is being revoked: play is refused, live cases may end.
    Draining {
        /// When it began.
        since: Instant,
    },
    /// TeamViewer refuses the token; nothing works until another one is registered.
    TokenRefused {
        /// When it was noticed.
        since: Instant,
    },
}

/// A registered token, who registered it, its group, its checks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    /// Whose connection it is.
    pub account: AccountId,
    /// This registration; another token of another user is another one.
    pub registration: RegistrationId,
    /// When the token was accepted.
    pub registered_at: Instant,
    /// Whose token it is.
    pub registrar: Registrar,
    /// The token itself.
    pub token: Sealed,
    /// What TeamViewer says the account has.
    pub licence: Licence,
    /// What the token was seen to be able to do.
    pub permissions: Permissions,
    /// When licence and permissions were last looked at.
    pub checked_at: Instant,
    /// The group's name, as wished or as last seen.
    pub group_name: GroupName,
    /// The group itself.
    pub group: Group,
    /// Whom the group is shared with.
    pub shares: Vec<Share>,
    /// The QuickSupport module, if one is set.
    pub module: Option<Module>,
    /// Whether it serves.
    pub state: ConnectionState,
}

impl Connection {
    /// What is different about another version, by its name in the API; when it was looked at makes no difference.
    pub fn differences(&self, other: &Self) -> Vec<String> {
        let compared = [
            ("registrar", self.registrar == other.registrar),
            ("token", self.token == other.token),
            ("licence", self.licence == other.licence),
            ("permissions", self.permissions == other.permissions),
            ("group_name", self.group_name == other.group_name),
            ("group", self.group == other.group),
            ("shares", self.shares == other.shares),
            ("module", self.module == other.module),
            ("state", self.state == other.state),
        ];
        compared.into_iter().filter(|(_, same)| !same).map(|(name, _)| name.to_owned()).collect()
    }

    /// The default name of the group (guide, "First session").
    pub const DEFAULT_GROUP_NAME: &str = "BOSS";

    /// Whether play may use it.
    pub fn serves(&self) -> bool {
        self.state == ConnectionState::Active
    }

    /// The group's id, once it is made.
    pub fn group_id(&self) -> Option<&GroupId> {
        match &self.group {
            Group::Made { id } => Some(id),
            Group::Unmade | Group::Making { .. } => None,
        }
    }

    /// Takes the turn to make the group; `None` if it is made, or somebody else's turn has not lapsed.
    #[must_use]
    pub fn making_group(&self, now: Instant, until: Instant) -> Option<Self> {
        let lease = match &self.group {
            Group::Unmade => Lease::first(until),
            Group::Making { lease } if lease.lapsed(now) => lease.taken_over(until),
            Group::Making { .. } | Group::Made { .. } => return None,
        };
        Some(Self { group: Group::Making { lease }, ..self.clone() })
    }

    /// The group exists.
    #[must_use]
    pub fn with_group(&self, id: GroupId) -> Self {
        Self { group: Group::Made { id }, ..self.clone() }
    }

    /// The group is gone from TeamViewer: the next case makes it anew.
    #[must_use]
    pub fn without_group(&self) -> Self {
        Self { group: Group::Unmade, ..self.clone() }
    }

    /// Play is refused from now on.
    #[must_use]
    pub fn draining(&self, since: Instant) -> Self {
        let state = match self.state {
            ConnectionState::Draining { since } => ConnectionState::Draining { since },
            ConnectionState::Active | ConnectionState::TokenRefused { .. } => ConnectionState::Draining { since },
        };
        Self { state, ..self.clone() }
    }

    /// Revoking was refused or given up: play works again.
    #[must_use]
    pub fn serving_again(&self) -> Self {
        Self { state: ConnectionState::Active, ..self.clone() }
    }

    /// TeamViewer answered 401 to the token. The first time is kept.
    #[must_use]
    pub fn token_refused(&self, since: Instant) -> Self {
        let state = match self.state {
            ConnectionState::TokenRefused { since } => ConnectionState::TokenRefused { since },
            ConnectionState::Active | ConnectionState::Draining { .. } => ConnectionState::TokenRefused { since },
        };
        Self { state, ..self.clone() }
    }
}
