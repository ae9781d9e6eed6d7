//! TeamViewer for a function that has nothing to ask there. It is smaller and starts sooner without the client, which brings
//! a second way to speak HTTP.

use async_trait::async_trait;
use casebridge_app::ports::authorization::{AuthorizeWish, Client, NoTokens, TokenPair};
use casebridge_app::ports::teamviewer::{
    Assignee, ListedGroup, ListedSession, ListedUser, NewSession, ScriptToken, TeamViewerError, TokenOwner,
};
use casebridge_app::ports::{AuthorizationServer, TeamViewer};
use casebridge_domain::connection::{Permission, Proof};
use casebridge_domain::{GroupId, ModuleId, Session, SessionCode, TeamViewerUserId};
use secrecy::SecretString;

type Answer<T> = Result<T, TeamViewerError>;

/// Can't be reached, whatever it is asked.
#[derive(Debug, Clone, Copy)]
pub(super) struct NoTeamViewer;

fn unreachable<T>() -> Answer<T> {
    tracing::error!("this function has no way to TeamViewer");
    Err(TeamViewerError::Unreachable)
}

#[async_trait]
impl AuthorizationServer for NoTeamViewer {
    fn authorize_url(&self, _: &AuthorizeWish<'_>) -> String {
        tracing::error!("this function has no way to TeamViewer");
        String::new()
    }

    async fn exchange_code(
        &self,
        _: &Client,
        _: &SecretString,
        _: &str,
        _: &SecretString,
    ) -> Result<TokenPair, NoTokens> {
        Ok(unreachable()?)
    }

    async fn refresh(&self, _: &Client, _: &SecretString) -> Result<TokenPair, NoTokens> {
        Ok(unreachable()?)
    }

    async fn revoke(&self, _: &ScriptToken) -> Answer<()> {
        unreachable()
    }
}

#[async_trait]
impl TeamViewer for NoTeamViewer {
    async fn ping(&self, _: &ScriptToken) -> Answer<bool> {
        unreachable()
    }

    async fn token_owner(&self, _: &ScriptToken) -> Answer<TokenOwner> {
        unreachable()
    }

    async fn probe(&self, _: &ScriptToken, _: Permission) -> Answer<Proof> {
        unreachable()
    }

    async fn open_session(&self, _: &ScriptToken, _: &NewSession) -> Answer<Session> {
        unreachable()
    }

    async fn session(&self, _: &ScriptToken, _: &SessionCode) -> Answer<Option<ListedSession>> {
        unreachable()
    }

    async fn open_sessions(&self, _: &ScriptToken, _: Option<&GroupId>) -> Answer<Vec<ListedSession>> {
        unreachable()
    }

    async fn close_session(&self, _: &ScriptToken, _: &SessionCode) -> Answer<()> {
        unreachable()
    }

    async fn set_module(&self, _: &ScriptToken, _: &SessionCode, _: &ModuleId) -> Answer<()> {
        unreachable()
    }

    async fn assign(&self, _: &ScriptToken, _: &SessionCode, _: &Assignee) -> Answer<()> {
        unreachable()
    }

    async fn group(&self, _: &ScriptToken, _: &GroupId) -> Answer<Option<ListedGroup>> {
        unreachable()
    }

    async fn group_named(&self, _: &ScriptToken, _: &str) -> Answer<Option<ListedGroup>> {
        unreachable()
    }

    async fn make_group(&self, _: &ScriptToken, _: &str) -> Answer<ListedGroup> {
        unreachable()
    }

    async fn share_group(&self, _: &ScriptToken, _: &GroupId, _: &[TeamViewerUserId]) -> Answer<()> {
        unreachable()
    }

    async fn unshare_group(&self, _: &ScriptToken, _: &GroupId, _: &[TeamViewerUserId]) -> Answer<()> {
        unreachable()
    }

    async fn users(&self, _: &ScriptToken) -> Answer<Vec<ListedUser>> {
        unreachable()
    }
}
