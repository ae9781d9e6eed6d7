//! The end of a session.

use casebridge_app::ports::teamviewer::{ScriptToken, SessionState, TeamViewerError};
use casebridge_domain::SessionCode;
use serde_json::json;
use tokio::time::sleep;

use crate::WebApi;
use crate::refusal::Refusal;
use crate::transport::Call;

impl WebApi {
    /// `PUT /sessions/{code}` with `{"state":"closed"}`, as Deskpro's client sends it.
    ///
    /// What a session that is closed or unknown answers is not documented: after a 400 or 404 a look at the session
    /// decides. Closing twice is closing once, so a call that never got there is sent again.
    pub(crate) async fn put_closed(&self, token: &ScriptToken, code: &SessionCode) -> Result<(), TeamViewerError> {
        let url = self.transport.url(&["sessions", &code.to_string()]);
        let call = Call::put("close_session", url, json!({ "state": "closed" }));
        let mut answer = self.transport.once(token, &call).await;
        if answer.as_ref().is_err_and(Refusal::never_arrived) {
            sleep(self.transport.pause(0)).await;
            answer = self.transport.once(token, &call).await;
        }
        match answer.map_err(TeamViewerError::from) {
            Ok(answer) => answer.success(),
            Err(error @ TeamViewerError::Refused { status: 400 | 404, .. }) => {
                match self.get_session(token, code).await?.map(|listed| listed.state) {
                    None | Some(SessionState::Closed) => Ok(()),
                    Some(SessionState::Open) => Err(error),
                }
            }
            Err(error) => Err(error),
        }
    }
}
