//! What happens in TeamViewer itself.

use axum::body::Body;
use axum::http::Request;
use casebridge_app::connection::{RegisterError, RegisterToken, register};
use casebridge_app::ports::teamviewer::ScriptToken;
use casebridge_domain::{AccountId, Connection};
use casebridge_sandbox::teamviewer::{
    Calls, ExpiredCode, Fault, FaultKind, NewToken, Permission, Session, Token, router,
};
use tower::ServiceExt;

use super::TestWorld;

impl TestWorld {
    /// Registers a new token of a user.
    pub(crate) async fn connect(&self, account: &AccountId, owner: &str) -> Connection {
        self.try_connect(account, owner).await.unwrap()
    }

    pub(crate) async fn try_connect(&self, account: &AccountId, owner: &str) -> Result<Connection, RegisterError> {
        register(&self.desk(account).await, self.token_of(owner, &Permission::GUIDE)).await
    }

    /// A new token in TeamViewer, ready to be registered.
    pub(crate) fn token_of(&self, owner: &str, permissions: &[Permission]) -> RegisterToken {
        let permissions = Some(permissions.to_vec());
        let token = self.teamviewer.add_token(NewToken { owner: owner.to_owned(), permissions, ..NewToken::default() });
        RegisterToken { token: ScriptToken::from(token.unwrap().value), group_name: None }
    }

    /// Revokes every token of a user in TeamViewer.
    pub(crate) fn revoke_tokens_of(&self, owner: &str) {
        for Token { value, .. } in self.teamviewer.state().tokens.iter().filter(|token| token.owner == owner) {
            self.teamviewer.revoke_token(value).unwrap();
        }
    }

    /// Somebody deletes his groups in TeamViewer, if that is not out of order.
    pub(crate) async fn delete_groups_of(&self, owner: &str) {
        if !self.teamviewer.faults().is_empty() {
            return;
        }
        for group in self.groups_of(owner) {
            self.in_the_console(owner, "DELETE", &format!("/groups/{group}"), "").await;
        }
    }

    /// The ids of the groups that a user owns in TeamViewer.
    pub(crate) fn groups_of(&self, owner: &str) -> Vec<String> {
        let groups = self.teamviewer.state().groups.into_iter();
        groups.filter(|group| group.owner == owner).map(|group| group.id).collect()
    }

    /// Something that a user does in TeamViewer itself.
    pub(crate) async fn in_the_console(&self, user: &str, method: &str, path: &str, body: &'static str) {
        let token = NewToken { owner: user.to_owned(), ..NewToken::default() };
        let token = self.teamviewer.add_token(token).unwrap().value;
        let request = Request::builder().method(method).uri(format!("/api/v1{path}"));
        let request = request.header("authorization", format!("Bearer {token}")).body(Body::from(body)).unwrap();
        let answer = router(self.teamviewer.clone()).oneshot(request).await.unwrap();
        assert!(answer.status().is_success(), "{answer:?}");
        self.teamviewer.revoke_token(&token).unwrap();
    }

    /// Counts calls that got no answer, or one that may not end: a refusal ends, unless it is a slow one.
    pub(super) fn unanswered(&self) -> impl Fn(&Calls) -> usize + use<> {
        let slow = |fault: &Fault| matches!(fault.kind, FaultKind::SlowBody { .. });
        let endless = if self.teamviewer.faults().iter().any(slow) { 600 } else { 300 };
        move |calls| {
            let calls = calls.calls.iter().filter(|call| call.faulty);
            calls.filter(|call| call.status.is_none_or(|status| status < endless)).count()
        }
    }

    /// The sessions that TeamViewer lists as open, oldest first.
    pub(crate) fn open_sessions(&self) -> Vec<Session> {
        let expired_are_open = self.teamviewer.unknowns().expired_code == ExpiredCode::StaysOpen;
        let state = self.teamviewer.state();
        let open =
            |session: &Session| session.closed_at.is_none() && (expired_are_open || state.now < session.valid_until);
        state.sessions.into_iter().filter(open).collect()
    }
}
