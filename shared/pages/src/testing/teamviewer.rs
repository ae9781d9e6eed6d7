//! A TeamViewer that takes any token and gives sessions.

use std::sync::Mutex;

use async_trait::async_trait;
use casebridge_app::ports::TeamViewer;
use casebridge_app::ports::teamviewer::{
    Assignee, ListedGroup, ListedSession, ListedUser, NewSession, ScriptToken, TeamViewerError, TokenOwner,
};
use casebridge_domain::connection::{Licence, Permission, Proof, Registrar};
use casebridge_domain::{GroupId, ModuleId, Session, SessionCode, TeamViewerUserId, Text};

/// Counts the sessions that it gave.
#[derive(Default)]
pub(super) struct GivingTeamViewer(Mutex<usize>);

type Answered<T> = Result<T, TeamViewerError>;

fn group() -> ListedGroup {
    ListedGroup { id: GroupId::parse("g1").unwrap(), name: "BOSS".to_owned(), shared_with: Vec::new() }
}

#[async_trait]
impl TeamViewer for GivingTeamViewer {
    async fn ping(&self, _: &ScriptToken) -> Answered<bool> {
        Ok(true)
    }

    async fn token_owner(&self, _: &ScriptToken) -> Answered<TokenOwner> {
        let registrar = Registrar { user: None, name: None, email: None, company: None };
        Ok(TokenOwner { registrar, licence: Licence::Corporate })
    }

    async fn probe(&self, _: &ScriptToken, _: Permission) -> Answered<Proof> {
        Ok(Proof::Proven)
    }

    async fn open_session(&self, _: &ScriptToken, _: &NewSession) -> Answered<Session> {
        let mut given = self.0.lock().unwrap();
        *given += 1;
        let code = format!("s100-000-{:03}", *given);
        let link = |kind: &str| Text::parse(&format!("https://get.teamviewer.com/{kind}/{code}?SUPPORT")).unwrap();
        Ok(Session {
            code: SessionCode::parse(&code).unwrap(),
            customer_link: Text::parse(&format!("https://get.teamviewer.com/v15/{code}")).unwrap(),
            supporter_link: Some(link("supporter")),
            webclient_supporter_link: Some(link("web")),
        })
    }

    async fn session(&self, _: &ScriptToken, _: &SessionCode) -> Answered<Option<ListedSession>> {
        Ok(None)
    }

    async fn open_sessions(&self, _: &ScriptToken, _: Option<&GroupId>) -> Answered<Vec<ListedSession>> {
        Ok(Vec::new())
    }

    async fn close_session(&self, _: &ScriptToken, _: &SessionCode) -> Answered<()> {
        Ok(())
    }

    async fn set_module(&self, _: &ScriptToken, _: &SessionCode, _: &ModuleId) -> Answered<()> {
        Ok(())
    }

    async fn assign(&self, _: &ScriptToken, _: &SessionCode, _: &Assignee) -> Answered<()> {
        Ok(())
    }

    async fn group(&self, _: &ScriptToken, _: &GroupId) -> Answered<Option<ListedGroup>> {
        Ok(Some(group()))
    }

    async fn group_named(&self, _: &ScriptToken, _: &str) -> Answered<Option<ListedGroup>> {
        Ok(Some(group()))
    }

    async fn make_group(&self, _: &ScriptToken, _: &str) -> Answered<ListedGroup> {
        Ok(group())
    }

    async fn share_group(&self, _: &ScriptToken, _: &GroupId, _: &[TeamViewerUserId]) -> Answered<()> {
        Ok(())
    }

    async fn unshare_group(&self, _: &ScriptToken, _: &GroupId, _: &[TeamViewerUserId]) -> Answered<()> {
        Ok(())
    }

    async fn users(&self, _: &ScriptToken) -> Answered<Vec<ListedUser>> {
        Ok(Vec::new())
    }
}
