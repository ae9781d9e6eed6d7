//! TeamViewer's Web API, as far as the use cases need it.

use async_trait::async_trait;
use casebridge_domain::connection::{GroupName, Licence, Permission, Proof, Registrar};
use casebridge_domain::device::TeamViewerId;
use casebridge_domain::people::PersonName;
use casebridge_domain::{
    AccountId, CaseId, EmailAddress, GroupId, InstallationId, Instant, ModuleId, Session, SessionCode, SessionType,
    TeamViewerUserId,
};
use secrecy::SecretString;

use super::AuthorizationServer;

/// A script token, or the access token of a technician who signed in, in the clear for as long as a call takes.
pub type ScriptToken = SecretString;

/// Marks a TeamViewer session as ours, in `custom_api`. That field can only be read through the API.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Marker {
    /// Which deployment.
    pub installation: InstallationId,
    /// Whose case; one TeamViewer company may serve several accounts.
    pub account: AccountId,
    /// Which case.
    pub case: CaseId,
}

/// Who is assigned to a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Assignee {
    /// `u0`: whoever of the group comes first.
    Nobody,
    /// One TeamViewer user.
    User(TeamViewerUserId),
}

/// Where a session is filed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FiledIn {
    /// The group of this id.
    Group(GroupId),
    /// The group of this name that the token's owner sees; TeamViewer makes it where there is none (manual, p. 42).
    Named(GroupName),
}

/// What a new session needs.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// Where it is filed.
    pub filed_in: FiledIn,
    /// At most 4000 characters (manual, p. 42).
    pub description: String,
    /// At most 100 characters.
    pub customer_name: PersonName,
    /// At most 254 characters.
    pub customer_email: Option<EmailAddress>,
    /// When TeamViewer shall let it expire.
    pub valid_until: Instant,
    /// Who is assigned.
    pub assignee: Assignee,
    /// Ours.
    pub marker: Marker,
    /// Remote control or camera.
    pub session_type: SessionType,
}

/// Whether TeamViewer has a session open, whatever the casing or number it prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionState {
    /// The customer can come, or is there.
    Open,
    /// It has ended.
    Closed,
}

/// A session as TeamViewer lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedSession {
    /// Code and links.
    pub session: Session,
    /// Open or closed.
    pub state: SessionState,
    /// Whether the customer is there.
    pub online: bool,
    /// Ours, if it carries our mark.
    pub marker: Option<Marker>,
}

/// A group of Computers & Contacts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedGroup {
    /// TeamViewer's id.
    pub id: GroupId,
    /// Its present name.
    pub name: String,
    /// Whom it is shared with.
    pub shared_with: Vec<ListedUser>,
}

/// A user of the TeamViewer company.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedUser {
    /// TeamViewer's id.
    pub id: TeamViewerUserId,
    /// As TeamViewer shows it.
    pub name: Option<String>,
    /// As TeamViewer shows it.
    pub email: Option<EmailAddress>,
}

/// What `GET /account` tells about a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenOwner {
    /// Whose token it is.
    pub registrar: Registrar,
    /// What licence the account has.
    pub licence: Licence,
}

/// A connection that is over, as the connection report has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndedConnection {
    /// As the report names the device: by its entry in the address book, in the rows that were recorded.
    pub device: String,
    /// When it began, to the second, by TeamViewer's clock.
    pub started_at: Instant,
    /// When it ended.
    pub ended_at: Instant,
}

/// What can come of a call.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TeamViewerError {
    /// 401: unknown, expired or revoked.
    #[error("TeamViewer refuses the token")]
    TokenRefused,
    /// 403 for lack of a permission.
    #[error("TeamViewer refuses the call for lack of a permission")]
    PermissionMissing,
    /// 403 `rate_limit_reached` or 429.
    #[error("TeamViewer's limit of calls is reached")]
    RateLimited {
        /// Seconds, if TeamViewer says so.
        retry_after: Option<u32>,
    },
    /// 400 with a text about "license limitations".
    #[error("the TeamViewer licence allows no further session")]
    LicenceLimit,
    /// Any other 4xx.
    #[error("TeamViewer refused the request ({status})")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// TeamViewer's own words, shortened, without secrets.
        words: String,
    },
    /// No connection could be made: nothing happened there.
    #[error("TeamViewer can't be reached")]
    Unreachable,
    /// Time-out, broken connection, 5xx or an unreadable answer: the call may or may not have had its effect.
    #[error("TeamViewer gave no usable answer")]
    OutcomeUnknown,
}

/// The calls. Each has a time limit; only reads are retried, within a small budget. One that shows no reports or address book refuses those
/// calls as for lack of the permission.
#[async_trait]
pub trait TeamViewer: AuthorizationServer {
    /// `GET /ping`: whether the token is valid. A 401 is an answer here: `false`.
    async fn ping(&self, token: &ScriptToken) -> Result<bool, TeamViewerError>;

    /// `GET /account`. A token may lack the permission to see its own account: [`TeamViewerError::PermissionMissing`].
    async fn token_owner(&self, token: &ScriptToken) -> Result<TokenOwner, TeamViewerError>;

    /// Finds out, with calls that change nothing, whether the token has a permission.
    async fn probe(&self, token: &ScriptToken, permission: Permission) -> Result<Proof, TeamViewerError>;

    /// `POST /sessions`. Has no idempotency key: never retried.
    async fn open_session(&self, token: &ScriptToken, wish: &NewSession) -> Result<Session, TeamViewerError>;

    /// `GET /sessions/{code}`; `None` if TeamViewer does not know it (404, or 400 by the older manual).
    async fn session(&self, token: &ScriptToken, code: &SessionCode) -> Result<Option<ListedSession>, TeamViewerError>;

    /// `GET /sessions?state=open&full_list=true`, all pages: a complete listing or an error.
    async fn open_sessions(
        &self,
        token: &ScriptToken,
        group: Option<&GroupId>,
    ) -> Result<Vec<ListedSession>, TeamViewerError>;

    /// `PUT /sessions/{code}` with `state: closed`. A session that is closed or unknown already counts as closed.
    async fn close_session(&self, token: &ScriptToken, code: &SessionCode) -> Result<(), TeamViewerError>;

    /// `PUT /sessions/{code}` with `custom_module_id`, which only the newer specification knows.
    async fn set_module(
        &self,
        token: &ScriptToken,
        code: &SessionCode,
        module: &ModuleId,
    ) -> Result<(), TeamViewerError>;

    /// `PUT /sessions/{code}` with `assigned_userid`.
    async fn assign(&self, token: &ScriptToken, code: &SessionCode, assignee: &Assignee)
    -> Result<(), TeamViewerError>;

    /// `GET /groups/{id}`; `None` if it is gone.
    async fn group(&self, token: &ScriptToken, id: &GroupId) -> Result<Option<ListedGroup>, TeamViewerError>;

    /// `GET /groups?name=`, whole name only.
    async fn group_named(&self, token: &ScriptToken, name: &str) -> Result<Option<ListedGroup>, TeamViewerError>;

    /// `POST /groups`. Never retried.
    async fn make_group(&self, token: &ScriptToken, name: &str) -> Result<ListedGroup, TeamViewerError>;

    /// `POST /groups/{id}/share_group` with read and write.
    async fn share_group(
        &self,
        token: &ScriptToken,
        id: &GroupId,
        users: &[TeamViewerUserId],
    ) -> Result<(), TeamViewerError>;

    /// `POST /groups/{id}/unshare_group`.
    async fn unshare_group(
        &self,
        token: &ScriptToken,
        id: &GroupId,
        users: &[TeamViewerUserId],
    ) -> Result<(), TeamViewerError>;

    /// `GET /reports/connections`: connections without a session code that began at `since` or later and have ended, all pages.
    async fn ended_connections(
        &self,
        _token: &ScriptToken,
        _since: Instant,
    ) -> Result<Vec<EndedConnection>, TeamViewerError> {
        Err(TeamViewerError::PermissionMissing)
    }

    /// `GET /devices?remotecontrol_id=`: the ids of the entries that a Host has in the address book.
    async fn address_book_ids(
        &self,
        _token: &ScriptToken,
        _host: &TeamViewerId,
    ) -> Result<Vec<String>, TeamViewerError> {
        Err(TeamViewerError::PermissionMissing)
    }

    /// `GET /users`: the company's users. Needs a company-level token, else [`TeamViewerError::PermissionMissing`].
    async fn users(&self, token: &ScriptToken) -> Result<Vec<ListedUser>, TeamViewerError>;
}
