//! The live sessions of an account's devices, as far as the activation is concerned with them.

use casebridge_domain::{CaseId, ServiceCase};

use crate::close_case::{CloseCase, CloseCaseError, close_case, close_with_ticket};
use crate::open_case::Request;
use crate::{Desk, Outside};

/// What came of stopping them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StoppedSessions {
    /// These have ended.
    pub stopped: Vec<CaseId>,
    /// These are still being opened or closed: whoever does it, or the watch, goes on.
    pub stopping: Vec<CaseId>,
}

/// Whether a case is for a device.
fn is_for_a_device(case: &ServiceCase) -> bool {
    case.subject().device().is_some()
}

impl Desk {
    /// The live cases of devices, read from where they were last written.
    pub(crate) async fn live_device_cases(&self) -> Result<Vec<ServiceCase>, Outside> {
        let mut live = self.live_cases_for_certain().await?;
        live.retain(is_for_a_device);
        Ok(live)
    }
}

/// Stops the live sessions of all devices. Nobody is asked for a note. Where TeamViewer can't be told because it refuses the
/// token, they end on our side.
pub(crate) async fn stop_device_sessions(desk: &Desk) -> Result<StoppedSessions, Outside> {
    let mut ended = StoppedSessions::default();
    for case in desk.live_device_cases().await? {
        let id = case.id();
        match stop_device_session(desk, id).await {
            Ok(_) | Err(CloseCaseError::NotFound) => ended.stopped.push(id),
            Err(CloseCaseError::Outside(error)) => return Err(error),
            Err(_) => ended.stopping.push(id),
        }
    }
    Ok(ended)
}

/// Stops one of them.
pub(crate) async fn stop_device_session(desk: &Desk, id: CaseId) -> Result<ServiceCase, CloseCaseError> {
    match close_with_ticket(desk, id, None, false).await {
        Err(CloseCaseError::TokenRefused | CloseCaseError::SignInNeeded(_)) => {
            let wish = CloseCase { note: None, here_only: true };
            close_case(desk, id, Request { wish, memory: None }).await
        }
        other => other,
    }
}
