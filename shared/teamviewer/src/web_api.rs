//! The port, each call in the file of its kind.

use std::sync::Arc;

use async_trait::async_trait;
use casebridge_app::ports::teamviewer::{
    Assignee, EndedConnection, ListedGroup, ListedSession, ListedUser, NewSession, ScriptToken, TeamViewerError,
    TokenOwner,
};
use casebridge_app::ports::{Ids, TeamViewer};
use casebridge_domain::connection::{Permission, Proof};
use casebridge_domain::device::TeamViewerId;
use casebridge_domain::{GroupId, Instant, ModuleId, Session, SessionCode, TeamViewerUserId};

use crate::options::{BadOptions, Options};
use crate::transport::Transport;

/// TeamViewer's Web API over HTTPS. One serves a whole process: connections are kept and shared.
pub struct WebApi {
    pub(crate) transport: Transport,
}

impl WebApi {
    /// A client for the API at `options.base_url`. `ids` gives the jitter between the repetitions of a read.
    ///
    /// Redirects are never followed: the token goes to the base URL and nowhere else. An HTTPS base is reached through
    /// the environment's proxy, if it names one. ring becomes the process's provider of TLS unless there is one.
    pub fn new(options: &Options, ids: Arc<dyn Ids>) -> Result<Self, BadOptions> {
        Ok(Self { transport: Transport::new(options, ids)? })
    }
}

#[async_trait]
impl TeamViewer for WebApi {
    async fn ping(&self, token: &ScriptToken) -> Result<bool, TeamViewerError> {
        self.token_is_valid(token).await
    }

    async fn token_owner(&self, token: &ScriptToken) -> Result<TokenOwner, TeamViewerError> {
        self.account(token).await
    }

    async fn probe(&self, token: &ScriptToken, permission: Permission) -> Result<Proof, TeamViewerError> {
        self.proof_of(token, permission).await
    }

    async fn open_session(&self, token: &ScriptToken, wish: &NewSession) -> Result<Session, TeamViewerError> {
        self.post_session(token, wish).await
    }

    async fn session(&self, token: &ScriptToken, code: &SessionCode) -> Result<Option<ListedSession>, TeamViewerError> {
        self.get_session(token, code).await
    }

    async fn open_sessions(
        &self,
        token: &ScriptToken,
        group: Option<&GroupId>,
    ) -> Result<Vec<ListedSession>, TeamViewerError> {
        self.list_open_sessions(token, group).await
    }

    async fn close_session(&self, token: &ScriptToken, code: &SessionCode) -> Result<(), TeamViewerError> {
        self.put_closed(token, code).await
    }

    async fn set_module(
        &self,
        token: &ScriptToken,
        code: &SessionCode,
        module: &ModuleId,
    ) -> Result<(), TeamViewerError> {
        self.put_module(token, code, module).await
    }

    async fn assign(
        &self,
        token: &ScriptToken,
        code: &SessionCode,
        assignee: &Assignee,
    ) -> Result<(), TeamViewerError> {
        self.put_assignee(token, code, assignee).await
    }

    async fn group(&self, token: &ScriptToken, id: &GroupId) -> Result<Option<ListedGroup>, TeamViewerError> {
        self.get_group(token, id).await
    }

    async fn group_named(&self, token: &ScriptToken, name: &str) -> Result<Option<ListedGroup>, TeamViewerError> {
        self.find_group(token, name).await
    }

    async fn make_group(&self, token: &ScriptToken, name: &str) -> Result<ListedGroup, TeamViewerError> {
        self.post_group(token, name).await
    }

    async fn share_group(
        &self,
        token: &ScriptToken,
        id: &GroupId,
        users: &[TeamViewerUserId],
    ) -> Result<(), TeamViewerError> {
        self.share(token, id, users).await
    }

    async fn unshare_group(
        &self,
        token: &ScriptToken,
        id: &GroupId,
        users: &[TeamViewerUserId],
    ) -> Result<(), TeamViewerError> {
        self.unshare(token, id, users).await
    }

    async fn ended_connections(
        &self,
        token: &ScriptToken,
        since: Instant,
    ) -> Result<Vec<EndedConnection>, TeamViewerError> {
        self.list_ended_connections(token, since).await
    }

    async fn address_book_ids(&self, token: &ScriptToken, host: &TeamViewerId) -> Result<Vec<String>, TeamViewerError> {
        self.list_address_book_ids(token, host).await
    }

    async fn users(&self, token: &ScriptToken) -> Result<Vec<ListedUser>, TeamViewerError> {
        self.company_users(token).await
    }
}
