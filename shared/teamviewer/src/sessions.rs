//! One session: read and changed.

use casebridge_app::ports::teamviewer::{Assignee, ListedSession, ScriptToken, TeamViewerError};
use casebridge_domain::{ModuleId, SessionCode};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::WebApi;
use crate::refusal::Refusal;
use crate::transport::{Answer, Call};
use crate::wire::session::listed;

impl WebApi {
    /// `GET /sessions/{code}`.
    pub(crate) async fn get_session(
        &self,
        token: &ScriptToken,
        code: &SessionCode,
    ) -> Result<Option<ListedSession>, TeamViewerError> {
        self.get_session_until(token, code, Instant::now() + self.transport.options().read_budget).await
    }

    /// As [`Self::get_session`], with a deadline of the caller's.
    pub(crate) async fn get_session_until(
        &self,
        token: &ScriptToken,
        code: &SessionCode,
        deadline: Instant,
    ) -> Result<Option<ListedSession>, TeamViewerError> {
        let call = Call::get("session", self.transport.url(&["sessions", &code.to_string()]));
        let read = |answer: &Answer| {
            let session = listed(&answer.content()?).filter(|listed| listed.session.code == *code);
            session.ok_or(TeamViewerError::OutcomeUnknown)
        };
        known(self.transport.read_until(token, &call, deadline, read).await)
    }

    /// `PUT /sessions/{code}` with `custom_module_id`: in the schema, not in the manual.
    pub(crate) async fn put_module(
        &self,
        token: &ScriptToken,
        code: &SessionCode,
        module: &ModuleId,
    ) -> Result<(), TeamViewerError> {
        self.put(token, "set_module", code, json!({ "custom_module_id": module })).await
    }

    /// `PUT /sessions/{code}` with `assigned_userid`.
    pub(crate) async fn put_assignee(
        &self,
        token: &ScriptToken,
        code: &SessionCode,
        assignee: &Assignee,
    ) -> Result<(), TeamViewerError> {
        self.put(token, "assign", code, json!({ "assigned_userid": assigned_userid(assignee) })).await
    }

    async fn put(
        &self,
        token: &ScriptToken,
        function: &'static str,
        code: &SessionCode,
        body: Value,
    ) -> Result<(), TeamViewerError> {
        let call = Call::put(function, self.transport.url(&["sessions", &code.to_string()]), body);
        self.transport.once(token, &call).await?.success()
    }
}

/// `u0` leaves a session unassigned; without the field it would be the token owner's (manual, p. 42).
pub(crate) fn assigned_userid(assignee: &Assignee) -> &str {
    match assignee {
        Assignee::Nobody => "u0",
        Assignee::User(user) => user.as_str(),
    }
}

/// What was asked for by its id, or nothing if TeamViewer does not know the id.
pub(crate) fn known<T>(read: Result<T, Refusal>) -> Result<Option<T>, TeamViewerError> {
    match read {
        Ok(thing) => Ok(Some(thing)),
        Err(refusal) if refusal.unknown_id() => Ok(None),
        Err(refusal) => Err(refusal.into()),
    }
}
