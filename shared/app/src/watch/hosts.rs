//! Sessions of devices where nobody is: TeamViewer lists none of them, and reports when they have ended.
//!
//! That a connection of the connection report to the device's Host, begun since ours did, is our session is our reading: no document of
//! TeamViewer's joins the two. Nor says any how the report names a device: by its entry in the address book in the recorded rows, so
//! that entry is looked up; a TeamViewer id counts as well.

use std::collections::BTreeSet;

use casebridge_domain::connection::{Permission, Proof};
use casebridge_domain::device::TeamViewerId;
use casebridge_domain::service_case::State;
use casebridge_domain::{Connection, Instant, ServiceCase};
use chrono::{DurationRound as _, TimeDelta};

use super::makers::Whose;
use crate::access::Access;
use crate::ports::store::{Versioned, WatchNotes};
use crate::ports::teamviewer::{EndedConnection, TeamViewerError};
use crate::{Desk, Outside};

/// Between looks into the report, which knows of an end some minutes later anyway.
pub(super) const BETWEEN_REPORTS: TimeDelta = TimeDelta::minutes(1);

/// Until a token that may not view reports is asked again.
const REFUSED: TimeDelta = TimeDelta::hours(1);

/// Whether TeamViewer shows nothing of the case but its end, in a report.
pub(super) fn is_only_reported(case: &ServiceCase) -> bool {
    matches!(case.state(), State::Open(_)) && case.host().is_some()
}

impl Desk {
    /// Ends the cases whose connection has ended. Gives when to look again, if there is anything to look for.
    pub(super) async fn look_into_reports(
        &self,
        cases: &[Versioned<ServiceCase>],
        notes: &mut WatchNotes,
    ) -> Result<Option<Instant>, Outside> {
        let now = self.now();
        let cases: Vec<_> = cases.iter().filter(|case| is_only_reported(&case.value)).collect();
        if cases.is_empty() {
            notes.reports_due = None;
            return Ok(None);
        }
        if let Some(due) = notes.reports_due.filter(|due| now < *due) {
            return Ok(Some(due));
        }
        let mut next = now + REFUSED;
        let whose: BTreeSet<Whose> = cases.iter().map(|case| case.value.made_by().cloned()).collect();
        for whose in whose {
            let of_it: Vec<_> = cases.iter().copied().filter(|case| case.value.made_by() == whose.as_ref()).collect();
            if whose.is_none() && self.is_known_to_lack_reports() {
                continue;
            }
            let Some(access) = self.access_of(&whose).await? else { continue };
            match self.end_what_ended(&access, &of_it, notes).await {
                Err(Outside::TeamViewer(TeamViewerError::PermissionMissing | TeamViewerError::Refused { .. })) => {}
                Err(Outside::TeamViewer(TeamViewerError::TokenRefused)) => {
                    self.after_refusal(&access).await?;
                    next = now + BETWEEN_REPORTS;
                }
                Err(Outside::TeamViewer(error)) => {
                    notes.not_answered(&error, now, self.world.ids.fraction());
                    next = now + BETWEEN_REPORTS;
                }
                Err(error) => return Err(error),
                Ok(()) => next = now + BETWEEN_REPORTS,
            }
        }
        notes.reports_due = Some(next);
        Ok(Some(next))
    }

    /// Whether the connection's token may not view connection reports, as far as is known.
    pub(crate) fn is_known_to_lack_reports(&self) -> bool {
        let lacks = |connection: &Connection| connection.permissions.of(Permission::ReportsView) == Proof::Missing;
        self.connection().is_some_and(|connection| lacks(&connection.value))
    }

    async fn end_what_ended(
        &self,
        access: &Access,
        cases: &[&Versioned<ServiceCase>],
        notes: &mut WatchNotes,
    ) -> Result<(), Outside> {
        let now = self.now();
        let Some(since) = cases.iter().map(|case| begun(&case.value)).min() else { return Ok(()) };
        if !notes.may_call(self, 1, now) {
            return Ok(());
        }
        let ended = self.world.teamviewer.ended_connections(&access.token, since).await?;
        notes.answered();
        for case in cases {
            let Some(host) = case.value.host().map(|link| &link.host) else { continue };
            let since_play: Vec<_> = ended.iter().filter(|row| row.started_at >= begun(&case.value)).collect();
            if since_play.is_empty() {
                continue;
            }
            let names = self.names_of(access, host, notes).await?;
            let of_it = since_play.into_iter().filter(|row| is_of(row, host, &names));
            let Some(last) = of_it.map(|row| row.ended_at).max() else { continue };
            self.amend((*case).clone(), |case| {
                // TeamViewer's clock is another one: nothing ends before what happened, nor later than now.
                let happened = case.events().last().map_or(case.started_at(), |event| event.at);
                case.ended_in_teamviewer(last.max(happened).min(now), self.voice())
            })
            .await?;
        }
        Ok(())
    }

    /// By which ids of the address book the Host may be named. Who may not view it knows of none.
    async fn names_of(
        &self,
        access: &Access,
        host: &TeamViewerId,
        notes: &mut WatchNotes,
    ) -> Result<Vec<String>, Outside> {
        if !notes.may_call(self, 1, self.now()) {
            return Ok(Vec::new());
        }
        match self.world.teamviewer.address_book_ids(&access.token, host).await {
            Err(TeamViewerError::PermissionMissing | TeamViewerError::Refused { .. }) => Ok(Vec::new()),
            names => Ok(names?),
        }
    }
}

/// TeamViewer's times have no fraction of a second.
fn begun(case: &ServiceCase) -> Instant {
    let at = case.started_at();
    at.duration_trunc(TimeDelta::seconds(1)).unwrap_or(at)
}

fn is_of(row: &EndedConnection, host: &TeamViewerId, names: &[String]) -> bool {
    row.device.trim_start_matches('r') == host.as_str() || names.contains(&row.device)
}
