//! To whose tokens TeamViewer lists the account's sessions: the connection's, and those of technicians who signed in.

use std::collections::BTreeSet;

use casebridge_domain::connection::ConnectionState;
use casebridge_domain::{Instant, ServiceCase, TechnicianId};
use chrono::TimeDelta;

use crate::access::Access;
use crate::open_case::host_of;
use crate::ports::store::{Listed, Maker, Versioned, WatchNotes};
use crate::technician_sign_in::NoToken;
use crate::{Desk, Outside};

/// Minutes between listings to a token that made no live case: what an overtaken worker left behind is found within ten
/// minutes, as is promised, and the licence's calls are left to those who have cases.
const UNHURRIED: TimeDelta = TimeDelta::minutes(5);

/// Whose token: a technician's who signed in, or the connection's.
pub(super) type Whose = Option<TechnicianId>;

/// Whose tokens made the sessions of the account's live cases. TeamViewer lists none of a device where nobody is.
pub(super) fn makers_of(cases: &[Versioned<ServiceCase>]) -> BTreeSet<Whose> {
    let listed = cases.iter().filter(|case| host_of(case.value.subject()).is_none() && !case.value.is_asked());
    listed.map(|case| case.value.made_by().cloned()).collect()
}

impl Desk {
    /// To whose tokens sessions are to be listed now: all that made a live case, and those that may have left a session behind
    /// and were not asked lately.
    pub(super) async fn to_be_listed(
        &self,
        cases: &[Versioned<ServiceCase>],
        notes: &mut WatchNotes,
        now: Instant,
    ) -> Result<Vec<Whose>, Outside> {
        let mut whose = makers_of(cases);
        if self.account().oauth_app.is_none() && whose.iter().all(Option::is_none) {
            return Ok(vec![None]);
        }
        let makers = self.world.store.makers(self.id(), now).await?;
        let known =
            |whose: &Whose| whose.is_none() || makers.iter().any(|maker| Some(&maker.technician) == whose.as_ref());
        notes.listed.retain(|listed| known(&listed.technician));
        if self.connection().is_some() && is_due(notes.listed_at(None), None, now) {
            whose.insert(None);
        }
        for Maker { technician, valid_until } in makers {
            if is_due(notes.listed_at(Some(&technician)), Some(valid_until), now) {
                whose.insert(Some(technician));
            }
        }
        Ok(whose.into_iter().collect())
    }

    /// The token to list with; `None` if TeamViewer can't be asked with what there is.
    pub(super) async fn access_of(&self, whose: &Whose) -> Result<Option<Access>, Outside> {
        let Some(technician) = whose else {
            return match self.connection() {
                Some(connection) if !matches!(connection.value.state, ConnectionState::TokenRefused { .. }) => {
                    self.connections_access().await.map(Some)
                }
                _ => Ok(None),
            };
        };
        match Box::pin(self.signed_token(technician, None)).await {
            Ok(signed) => Ok(Some(Access::of_technician(technician, signed, false))),
            Err(NoToken::NotSignedIn | NoToken::AskedAgain | NoToken::AppRefused) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

/// Whether a token that made no live case is to be asked: not lately, or not since the latest of its cases reached its time.
fn is_due(listed_at: Option<Instant>, valid_until: Option<Instant>, now: Instant) -> bool {
    let Some(listed_at) = listed_at else { return true };
    let ended_since = valid_until.is_some_and(|until| until <= now && listed_at < until);
    ended_since || now - listed_at >= UNHURRIED
}

impl WatchNotes {
    fn listed_at(&self, whose: Option<&TechnicianId>) -> Option<Instant> {
        let of = |listed: &&Listed| listed.technician.as_ref() == whose;
        self.listed.iter().find(of).map(|listed| listed.at)
    }

    /// A complete listing was had.
    pub(super) fn note_listed(&mut self, whose: &Whose, at: Instant) {
        self.listed.retain(|listed| listed.technician != *whose);
        self.listed.push(Listed { technician: whose.clone(), at });
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn at(seconds: i64) -> Instant {
        DateTime::from_timestamp(4_107_585_600 + seconds, 0).unwrap()
    }

    #[test]
    fn a_token_without_live_cases_is_asked_every_five_minutes_and_once_when_its_cases_are_over() {
        assert!(is_due(None, None, at(0)));
        assert!(!is_due(Some(at(0)), None, at(299)) && is_due(Some(at(0)), None, at(300)));
        let over = Some(at(100));
        assert!(!is_due(Some(at(90)), over, at(99)));
        assert!(is_due(Some(at(90)), over, at(101)), "not since");
        assert!(!is_due(Some(at(101)), over, at(110)), "since");
    }
}
