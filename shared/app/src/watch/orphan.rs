//! Sessions of ours that no case owns.

use std::collections::HashSet;

use casebridge_domain::service_case::State;
use casebridge_domain::{CaseId, ServiceCase, SessionCode};

use crate::ports::teamviewer::{ListedSession, ScriptToken};
use crate::{Desk, Outside};

impl Desk {
    /// Closes every open session that carries this installation's and account's mark but belongs to no live case: one
    /// that appeared after its case was given up, that an overtaken worker made, or whose code expired. Each case is
    /// read again first, so that a session settled a moment ago is never taken for an orphan.
    pub(super) async fn close_orphans(
        &self,
        token: &ScriptToken,
        listed: &[ListedSession],
        known: &HashSet<(CaseId, &SessionCode)>,
    ) -> Result<(), Outside> {
        let mut first_error = None;
        for session in listed {
            let Some(marker) = &session.marker else { continue };
            let ours = marker.installation == self.world.installation && marker.account == *self.id();
            if !ours || known.contains(&(marker.case, &session.session.code)) {
                continue;
            }
            let case = self.case(marker.case).await?;
            if case.is_some_and(|case| owns(&case.value, &session.session.code)) {
                continue;
            }
            tracing::info!(account = %self.id(), case = %marker.case, "closes a session that no case owns");
            if let Err(error) = self.world.teamviewer.close_session(token, &session.session.code).await {
                // One that can't be closed now does not keep the others open.
                first_error.get_or_insert(error);
            }
        }
        first_error.map_or(Ok(()), |error| Err(error.into()))
    }
}

/// Whether the session is the case's, or may become it.
fn owns(case: &ServiceCase, code: &SessionCode) -> bool {
    match case.state() {
        State::Opening(_) => true,
        State::Open(_) | State::Closing(_) => case.session().is_some_and(|session| session.code == *code),
        State::Asked | State::Closed(_) | State::Expired(_) | State::Failed(_) => false,
    }
}
