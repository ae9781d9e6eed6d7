//! A TeamViewer that answers at once: sessions open and close, everything else is in order.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use casebridge_app::ports::TeamViewer;
use casebridge_app::ports::teamviewer::{
    Assignee, ListedGroup, ListedSession, ListedUser, NewSession, ScriptToken, SessionState, TeamViewerError,
    TokenOwner,
};
use casebridge_domain::connection::{Licence, Permission, Proof, Registrar};
use casebridge_domain::{GroupId, ModuleId, Session, SessionCode, TeamViewerUserId, Text};
use secrecy::ExposeSecret as _;

/// See the module. Every token is a company of its own.
#[derive(Debug, Default)]
pub(crate) struct InstantTeamViewer(Mutex<Sessions>);

#[derive(Debug, Default)]
struct Sessions {
    made: u32,
    /// By token, those that are open.
    open: HashMap<String, HashMap<SessionCode, ListedSession>>,
}

type Answered<T> = Result<T, TeamViewerError>;

impl InstantTeamViewer {
    fn sessions(&self) -> MutexGuard<'_, Sessions> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sessions {
    fn of(&mut self, token: &ScriptToken) -> &mut HashMap<SessionCode, ListedSession> {
        self.open.entry(token.expose_secret().to_owned()).or_default()
    }

    fn next_session(&mut self) -> Option<Session> {
        let number = self.made;
        self.made += 1;
        let code = format!("s{:03}-{:03}-{:03}", number / 1_000_000 % 1000, number / 1000 % 1000, number % 1000);
        let link = |kind: &str| Text::parse(&format!("https://get.teamviewer.com/{kind}/{code}")).ok();
        Some(Session {
            code: SessionCode::parse(&code).ok()?,
            customer_link: link("v15")?,
            supporter_link: link("supporter"),
            webclient_supporter_link: link("webclient"),
        })
    }
}

fn group() -> Answered<ListedGroup> {
    let id = GroupId::parse("g1").map_err(|_| TeamViewerError::OutcomeUnknown)?;
    Ok(ListedGroup { id, name: "Casebridge".to_owned(), shared_with: Vec::new() })
}

#[async_trait]
impl TeamViewer for InstantTeamViewer {
    async fn ping(&self, _: &ScriptToken) -> Answered<bool> {
        Ok(true)
    }

    async fn token_owner(&self, _: &ScriptToken) -> Answered<TokenOwner> {
        let user = TeamViewerUserId::parse("u1").ok();
        let registrar = Registrar { user, name: Text::parse("Alex Admin").ok(), email: None, company: None };
        Ok(TokenOwner { registrar, licence: Licence::Corporate })
    }

    async fn probe(&self, _: &ScriptToken, _: Permission) -> Answered<Proof> {
        Ok(Proof::Proven)
    }

    async fn open_session(&self, token: &ScriptToken, wish: &NewSession) -> Answered<Session> {
        let mut sessions = self.sessions();
        let session = sessions.next_session().ok_or(TeamViewerError::OutcomeUnknown)?;
        let marker = Some(wish.marker.clone());
        let listed = ListedSession { session: session.clone(), state: SessionState::Open, online: false, marker };
        sessions.of(token).insert(session.code.clone(), listed);
        Ok(session)
    }

    async fn session(&self, token: &ScriptToken, code: &SessionCode) -> Answered<Option<ListedSession>> {
        Ok(self.sessions().of(token).get(code).cloned())
    }

    async fn open_sessions(&self, token: &ScriptToken, _: Option<&GroupId>) -> Answered<Vec<ListedSession>> {
        Ok(self.sessions().of(token).values().cloned().collect())
    }

    async fn close_session(&self, token: &ScriptToken, code: &SessionCode) -> Answered<()> {
        self.sessions().of(token).remove(code);
        Ok(())
    }

    async fn set_module(&self, _: &ScriptToken, _: &SessionCode, _: &ModuleId) -> Answered<()> {
        Ok(())
    }

    async fn assign(&self, _: &ScriptToken, _: &SessionCode, _: &Assignee) -> Answered<()> {
        Ok(())
    }

    async fn group(&self, _: &ScriptToken, _: &GroupId) -> Answered<Option<ListedGroup>> {
        group().map(Some)
    }

    async fn group_named(&self, _: &ScriptToken, _: &str) -> Answered<Option<ListedGroup>> {
        group().map(Some)
    }

    async fn make_group(&self, _: &ScriptToken, _: &str) -> Answered<ListedGroup> {
        group()
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
