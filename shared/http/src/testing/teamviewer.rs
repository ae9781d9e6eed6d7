//! A TeamViewer with sessions, groups and users, that can be told to fail.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard};

use async_trait::async_trait;
use casebridge_app::ports::TeamViewer;
use casebridge_app::ports::teamviewer::{
    Assignee, ListedGroup, ListedSession, ListedUser, NewSession, ScriptToken, SessionState, TeamViewerError,
    TokenOwner,
};
use casebridge_domain::connection::{Licence, Permission, Proof, Registrar};
use casebridge_domain::{GroupId, ModuleId, Session, SessionCode, TeamViewerUserId, Text};
use secrecy::ExposeSecret;

/// See the module.
#[derive(Default)]
pub(crate) struct FakeTeamViewer(Mutex<Company>);

/// What there is, and what is wrong with it.
#[derive(Default)]
pub(crate) struct Company {
    pub(crate) sessions: Vec<ListedSession>,
    pub(crate) groups: Vec<ListedGroup>,
    /// `None`: the token may not list them.
    pub(crate) users: Option<Vec<ListedUser>>,
    pub(crate) licence: Option<Licence>,
    pub(crate) missing: Vec<Permission>,
    /// A call for a session never comes back.
    pub(crate) hangs: bool,
    /// The code or refresh token that serves next.
    pub(crate) grant: String,
    /// Pairs of tokens so far.
    pub(crate) given: u32,
    /// What a call of that name comes to; `*` is every call.
    pub(crate) faults: HashMap<&'static str, TeamViewerError>,
}

type Answered<T> = Result<T, TeamViewerError>;

impl FakeTeamViewer {
    pub(crate) fn company(&self) -> MutexGuard<'_, Company> {
        self.0.lock().unwrap()
    }

    pub(crate) fn fails(&self, call: &'static str, error: TeamViewerError) {
        self.company().faults.insert(call, error);
    }

    /// Sessions that are open.
    pub(crate) fn open(&self) -> usize {
        self.company().sessions.iter().filter(|session| session.state == SessionState::Open).count()
    }

    pub(super) fn called(&self, call: &str, token: &ScriptToken) -> Answered<MutexGuard<'_, Company>> {
        let company = self.company();
        if token.expose_secret() != super::TOKEN {
            return Err(TeamViewerError::TokenRefused);
        }
        match company.faults.get(call).or_else(|| company.faults.get("*")) {
            Some(error) => Err(error.clone()),
            None => Ok(company),
        }
    }
}

fn not_found() -> TeamViewerError {
    TeamViewerError::Refused { status: 404, words: "not found".to_owned() }
}

#[async_trait]
impl TeamViewer for FakeTeamViewer {
    async fn ping(&self, token: &ScriptToken) -> Answered<bool> {
        match self.called("ping", token) {
            Err(TeamViewerError::TokenRefused) => Ok(false),
            called => called.map(|_| true),
        }
    }

    async fn token_owner(&self, token: &ScriptToken) -> Answered<TokenOwner> {
        let company = self.called("token_owner", token)?;
        let registrar = Registrar {
            user: TeamViewerUserId::parse("u1").ok(),
            name: Text::parse("Sam Admin").ok(),
            email: None,
            company: None,
        };
        Ok(TokenOwner { registrar, licence: company.licence.clone().unwrap_or(Licence::Corporate) })
    }

    async fn probe(&self, token: &ScriptToken, permission: Permission) -> Answered<Proof> {
        let missing = self.called("probe", token)?.missing.contains(&permission);
        Ok(if missing { Proof::Missing } else { Proof::Proven })
    }

    async fn open_session(&self, token: &ScriptToken, wish: &NewSession) -> Answered<Session> {
        if self.company().hangs {
            std::future::pending::<()>().await;
        }
        let mut company = self.called("open_session", token)?;
        let code = format!("s100-000-{:03}", company.sessions.len());
        let link = |kind: &str| Text::parse(&format!("https://get.teamviewer.com/{kind}/{code}")).unwrap();
        let session = Session {
            code: SessionCode::parse(&code).unwrap(),
            customer_link: link("v15"),
            supporter_link: Some(link("supporter")),
            webclient_supporter_link: Some(link("web")),
        };
        company.sessions.push(ListedSession {
            session: session.clone(),
            state: SessionState::Open,
            online: false,
            marker: Some(wish.marker.clone()),
        });
        Ok(session)
    }

    async fn session(&self, token: &ScriptToken, code: &SessionCode) -> Answered<Option<ListedSession>> {
        let company = self.called("session", token)?;
        Ok(company.sessions.iter().find(|listed| listed.session.code == *code).cloned())
    }

    async fn open_sessions(&self, token: &ScriptToken, _: Option<&GroupId>) -> Answered<Vec<ListedSession>> {
        let company = self.called("open_sessions", token)?;
        Ok(company.sessions.iter().filter(|listed| listed.state == SessionState::Open).cloned().collect())
    }

    async fn close_session(&self, token: &ScriptToken, code: &SessionCode) -> Answered<()> {
        let mut company = self.called("close_session", token)?;
        for listed in company.sessions.iter_mut().filter(|listed| listed.session.code == *code) {
            listed.state = SessionState::Closed;
        }
        Ok(())
    }

    async fn set_module(&self, token: &ScriptToken, _: &SessionCode, _: &ModuleId) -> Answered<()> {
        self.called("set_module", token).map(|_| ())
    }

    async fn assign(&self, token: &ScriptToken, _: &SessionCode, _: &Assignee) -> Answered<()> {
        self.called("assign", token).map(|_| ())
    }

    async fn group(&self, token: &ScriptToken, id: &GroupId) -> Answered<Option<ListedGroup>> {
        Ok(self.called("group", token)?.groups.iter().find(|group| group.id == *id).cloned())
    }

    async fn group_named(&self, token: &ScriptToken, name: &str) -> Answered<Option<ListedGroup>> {
        Ok(self.called("group_named", token)?.groups.iter().find(|group| group.name == name).cloned())
    }

    async fn make_group(&self, token: &ScriptToken, name: &str) -> Answered<ListedGroup> {
        let mut company = self.called("make_group", token)?;
        let id = GroupId::parse(&format!("g{}", company.groups.len() + 1)).unwrap();
        let group = ListedGroup { id, name: name.to_owned(), shared_with: Vec::new() };
        company.groups.push(group.clone());
        Ok(group)
    }

    async fn share_group(&self, token: &ScriptToken, id: &GroupId, users: &[TeamViewerUserId]) -> Answered<()> {
        let mut company = self.called("share_group", token)?;
        let group = company.groups.iter_mut().find(|group| group.id == *id).ok_or_else(not_found)?;
        group.shared_with.extend(users.iter().map(|id| ListedUser { id: id.clone(), name: None, email: None }));
        Ok(())
    }

    async fn unshare_group(&self, token: &ScriptToken, id: &GroupId, users: &[TeamViewerUserId]) -> Answered<()> {
        let mut company = self.called("unshare_group", token)?;
        let group = company.groups.iter_mut().find(|group| group.id == *id).ok_or_else(not_found)?;
        group.shared_with.retain(|user| !users.contains(&user.id));
        Ok(())
    }

    async fn users(&self, token: &ScriptToken) -> Answered<Vec<ListedUser>> {
        self.called("users", token)?.users.clone().ok_or(TeamViewerError::PermissionMissing)
    }
}
