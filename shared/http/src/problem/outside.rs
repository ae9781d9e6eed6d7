//! Failures of the world outside, as a client is told of them.

use casebridge_app::Outside;
use casebridge_app::ports::store::StoreError;
use casebridge_app::ports::teamviewer::TeamViewerError;
use casebridge_app::ports::vault::VaultError;
use serde_json::json;

use super::{Kind, Problem};

/// Seconds to stay away when TeamViewer's limit is reached and TeamViewer does not say for how long.
const PAUSE_SECONDS: u32 = 60;

impl From<Outside> for Problem {
    fn from(error: Outside) -> Self {
        match error {
            Outside::Store(error) => of_the_store(error),
            Outside::Vault(error @ VaultError::CannotOpen) => Self::new(Kind::Internal)
                .detail("The account's secret can't be opened with this installation's key.")
                .caused_by(error),
            Outside::Vault(error @ VaultError::Unavailable(_)) => {
                Self::new(Kind::Unavailable).retry_after(2).caused_by(error)
            }
            Outside::TeamViewer(error) => error.into(),
            error @ Outside::Contention => Self::new(Kind::Unavailable).retry_after(1).caused_by(error),
        }
    }
}

fn of_the_store(error: StoreError) -> Problem {
    let problem = match &error {
        StoreError::Unavailable(_) => Problem::new(Kind::Unavailable).retry_after(1),
        StoreError::Full(_) => Problem::new(Kind::StoreFull),
        // Where a client may send a cursor, a bad one is answered before this.
        StoreError::BadCursor | StoreError::Unreadable(_) => Problem::new(Kind::Internal),
    };
    problem.caused_by(error)
}

impl From<TeamViewerError> for Problem {
    fn from(error: TeamViewerError) -> Self {
        let problem = match &error {
            TeamViewerError::TokenRefused => Self::new(Kind::TokenRefused),
            TeamViewerError::PermissionMissing => Self::new(Kind::PermissionMissing),
            TeamViewerError::LicenceLimit => Self::new(Kind::LicenceLimit),
            TeamViewerError::RateLimited { retry_after } => {
                Self::new(Kind::TeamViewerBusy).retry_after(retry_after.unwrap_or(PAUSE_SECONDS))
            }
            TeamViewerError::Refused { status, words } => Self::new(Kind::TeamViewerRefused)
                .detail(format!("TeamViewer answered with status {status}."))
                .member("teamviewer", json!({ "status": status, "words": words })),
            TeamViewerError::Unreachable => {
                Self::new(Kind::TeamViewerFailed).detail("TeamViewer can't be reached; nothing was changed there.")
            }
            TeamViewerError::OutcomeUnknown => Self::new(Kind::TeamViewerFailed)
                .detail("TeamViewer gave no usable answer; should a session appear there, it is closed by itself."),
        };
        problem.caused_by(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chain_says_each_thing_once_and_stays_inside() {
        let cause = StoreError::Unavailable("table casebridge-7 throttles".into());
        let problem = Problem::from(Outside::from(cause));
        assert_eq!(problem.chain().as_deref(), Some("the store does not answer: table casebridge-7 throttles"));
        assert_eq!(problem.kind(), Kind::Unavailable);
    }

    #[test]
    fn a_licence_limit_is_no_outage() {
        let problem = Problem::from(TeamViewerError::LicenceLimit);
        assert_eq!(problem.kind().status(), axum::http::StatusCode::CONFLICT);
    }
}
