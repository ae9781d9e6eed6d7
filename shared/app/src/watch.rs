//! The watch: who came online, what ended, what was left half done. One turn of one account.

use std::collections::{HashMap, HashSet};

use casebridge_domain::journal::Principal;
use casebridge_domain::service_case::{FailureCause, NotAllowed, Seen, State};
use casebridge_domain::{AccountId, CaseId, Instant, ServiceCase, SessionCode};
use chrono::TimeDelta;

use crate::access::Access;
use crate::close_case::CloseCaseError;
use crate::courier::chain;
use crate::open_case::{LEASE_SECONDS as CASE_LEASE_SECONDS, OpenCaseError, host_of};
use crate::outside::Outside;
use crate::ports::store::{Commit, Saved, Tick, Versioned, WatchNotes};
use crate::ports::teamviewer::{ListedSession, ScriptToken, SessionState, TeamViewerError};
use crate::{Desk, World};

mod hosts;
mod makers;
mod orphan;
pub mod pace;
mod sweep;

use makers::Whose;
use pace::Pace;

/// Seconds that a turn may take; afterwards another worker takes the account.
const LEASE_SECONDS: i64 = 60;

/// Takes an account's turn: one complete listing of its open sessions, to each token that made some, held against its cases. Gives when the next turn is
/// due, if there is one; a turn that stopped short is logged and goes on with the next one.
pub async fn take_turn(world: &World, tick: &Versioned<Tick>) -> Result<Option<Instant>, Outside> {
    let lease_until = world.now() + TimeDelta::seconds(LEASE_SECONDS);
    let Saved::Done(revision) = world.store.lease_tick(tick, lease_until).await? else {
        return Ok(None);
    };
    let tick = Versioned { value: tick.value.clone(), revision };
    let account = &tick.value.account;
    let Some(desk) = Desk::open(world, account, Principal::Casebridge).await? else {
        return sweep::sweep(world, &tick).await;
    };
    let mut notes = world.store.watch_notes(account).await?;
    let cases = desk.settle_what_expired().await?;
    // Of devices where nobody is TeamViewer lists nothing; what play left behind is looked for in the quarter of an hour after it.
    let listing = cases.is_empty()
        || world.now() < tick.value.keep_until
        || !cases.iter().all(|case| hosts::is_only_reported(&case.value));
    let outcome = if listing { desk.look(&cases, &mut notes).await } else { Ok(Looked::Through) };
    if let Err(error) = &outcome {
        tracing::warn!(%account, error = chain(error), "a turn of the watch stopped short");
    }
    let reports_due = desk.look_into_reports(&cases, &mut notes).await.unwrap_or_else(|error| {
        tracing::warn!(%account, error = chain(&error), "connection reports could not be looked into");
        Some(world.now() + hosts::BETWEEN_REPORTS)
    });
    let mut pace = Pace::of(&desk, &tick.value, &cases).no_later_than(reports_due);
    if !matches!(outcome, Ok(Looked::Through | Looked::InVain)) {
        // What ended meanwhile may have left a session behind.
        pace = pace.again();
    }
    let next = pace.next(&mut notes, world.now());
    Ok(match world.store.end_tick(&tick, &notes, next).await? {
        Saved::Done(_) => next,
        // Play made the account due again meanwhile, and wakes whoever takes that turn.
        Saved::Lost => None,
    })
}

/// Settles the account's cases that ended by the clock, whether or not there is a watch.
pub async fn settle_what_expired(world: &World, account: &AccountId) -> Result<(), Outside> {
    if let Some(desk) = Desk::open(world, account, Principal::Casebridge).await? {
        desk.settle_what_expired().await?;
    }
    Ok(())
}

/// What came of a look at TeamViewer.
enum Looked {
    /// Everything was held against the cases.
    Through,
    /// It is not yet time for another call.
    NotYet,
    /// TeamViewer can't be asked with what is registered.
    InVain,
}

impl Desk {
    async fn settle_what_expired(&self) -> Result<Vec<Versioned<ServiceCase>>, Outside> {
        let mut cases = Vec::new();
        for case in self.world.store.unsettled_cases(self.id()).await? {
            let case = self.settle_expiry(case).await?;
            if !case.value.is_settled() {
                cases.push(case);
            }
        }
        Ok(cases)
    }

    /// Lists sessions to each token that is to be asked. One that TeamViewer refuses does not keep the others from being asked.
    async fn look(&self, cases: &[Versioned<ServiceCase>], notes: &mut WatchNotes) -> Result<Looked, Outside> {
        let now = self.now();
        let mut askable: Vec<(Whose, Access)> = Vec::new();
        let mut first_error = None;
        for whose in self.to_be_listed(cases, notes, now).await? {
            match self.access_of(&whose).await {
                Ok(Some(access)) => askable.push((whose, access)),
                Ok(None) => self.give_up_abandoned(cases, &whose).await?,
                Err(error) => {
                    first_error.get_or_insert(error);
                }
            }
        }
        if askable.is_empty() {
            return first_error.map_or(Ok(Looked::InVain), Err);
        }
        if !notes.may_call(self, askable.len(), now) {
            return Ok(Looked::NotYet);
        }
        let missing_before: HashSet<SessionCode> = notes.missing.drain(..).collect();
        let mut looked = Looked::InVain;
        for (whose, access) in askable {
            match self.list(access).await {
                Ok(Some((access, listed))) => {
                    notes.answered();
                    looked = Looked::Through;
                    match self.compare(&access, cases, &listed, &missing_before, notes).await {
                        Ok(()) if self.account().oauth_app.is_some() => notes.note_listed(&whose, now),
                        Ok(()) => {}
                        Err(error) => {
                            first_error.get_or_insert(error);
                        }
                    }
                }
                Ok(None) => {}
                Err(Outside::TeamViewer(error)) => {
                    // What TeamViewer can't do now for one, it can't for the others.
                    notes.not_answered(&error, now, self.world.ids.fraction());
                    return Err(error.into());
                }
                Err(error) => return Err(error),
            }
        }
        first_error.map_or(Ok(looked), Err)
    }

    /// What TeamViewer lists, and the token that it took; `None` if it refuses what there is.
    async fn list(&self, mut access: Access) -> Result<Option<(Access, Vec<ListedSession>)>, Outside> {
        let mut desk = self.clone();
        loop {
            match self.world.teamviewer.open_sessions(&access.token, None).await {
                Ok(listed) => return Ok(Some((access, listed))),
                Err(TeamViewerError::TokenRefused) => match desk.after_refusal(&access).await? {
                    Some(next) => (desk, access) = next,
                    None => return Ok(None),
                },
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Holds the listing against the cases of the token that it was listed to. A case that fails does not keep the others from
    /// being looked at.
    async fn compare(
        &self,
        access: &Access,
        cases: &[Versioned<ServiceCase>],
        listed: &[ListedSession],
        missing_before: &HashSet<SessionCode>,
        notes: &mut WatchNotes,
    ) -> Result<(), Outside> {
        let token = &access.token;
        let by_code: HashMap<&SessionCode, &ListedSession> =
            listed.iter().map(|session| (&session.session.code, session)).collect();
        let mut first_error = None;
        for case in cases.iter().filter(|case| case.value.made_by() == access.technician()) {
            let looked = match case.value.state() {
                State::Open(open) => match open.way.session().map(|session| &session.code) {
                    // There is nothing that TeamViewer would show of it.
                    None => Ok(()),
                    Some(code) => match by_code.get(code) {
                        Some(session) => self.seen(case, session, open.seen).await,
                        None if missing_before.contains(code) => self.ask_for_missing(token, case, code, notes).await,
                        None => {
                            notes.missing.push(code.clone());
                            Ok(())
                        }
                    },
                },
                State::Opening(_) => self.finish_abandoned(access, case, listed).await,
                State::Closing(_) => self.finish_closing(case).await,
                // Of an asked case TeamViewer knows nothing yet.
                State::Asked | State::Closed(_) | State::Expired(_) | State::Failed(_) => Ok(()),
            };
            if let Err(error) = looked {
                tracing::warn!(account = %self.id(), case = %case.value.id(), error = chain(&error), "a case could not be looked at");
                first_error.get_or_insert(error);
            }
        }
        let known: HashSet<(CaseId, &SessionCode)> =
            cases.iter().filter_map(|case| Some((case.value.id(), &case.value.session()?.code))).collect();
        self.close_orphans(token, listed, &known).await?;
        first_error.map_or(Ok(()), Err)
    }

    async fn seen(&self, case: &Versioned<ServiceCase>, session: &ListedSession, seen: Seen) -> Result<(), Outside> {
        let now = self.now();
        if session.state == SessionState::Open && !session.online && case.value.clone().unanswered(now).is_some() {
            self.amend(case.clone(), |case| case.unanswered(now).ok_or(NotAllowed::Ended)).await?;
            return Ok(());
        }
        match (session.state, session.online, seen) {
            (SessionState::Closed, _, _) => {
                self.amend(case.clone(), |case| case.ended_in_teamviewer(now, self.voice())).await?;
            }
            (SessionState::Open, true, Seen::Waiting | Seen::Left { .. }) => {
                self.customer_online(case.clone(), now).await?;
            }
            (SessionState::Open, false, Seen::Online { .. }) => {
                self.amend(case.clone(), |case| case.customer_left(now).ok_or(NotAllowed::Ended)).await?;
            }
            (SessionState::Open, _, _) => {}
        }
        Ok(())
    }

    /// Two complete listings did not show the code: it is asked for by itself before it counts as ended.
    async fn ask_for_missing(
        &self,
        token: &ScriptToken,
        case: &Versioned<ServiceCase>,
        code: &SessionCode,
        notes: &mut WatchNotes,
    ) -> Result<(), Outside> {
        match self.world.teamviewer.session(token, code).await? {
            Some(session) if session.state == SessionState::Open => {
                notes.missing.push(code.clone());
                Ok(())
            }
            Some(_) | None => {
                let now = self.now();
                self.amend(case.clone(), |case| case.ended_in_teamviewer(now, self.voice())).await?;
                Ok(())
            }
        }
    }

    /// The worker that was opening the case is gone: its session is adopted, or the claim is given back. A session that
    /// appears even later is an orphan by then, and is closed as one.
    async fn finish_abandoned(
        &self,
        access: &Access,
        case: &Versioned<ServiceCase>,
        listed: &[ListedSession],
    ) -> Result<(), Outside> {
        let Some((resumed, generation)) = self.resume(case, self.now()).await? else { return Ok(()) };
        let mine = listed.iter().find(|session| {
            session.marker.as_ref().is_some_and(|marker| {
                marker.installation == self.world.installation
                    && marker.account == *self.id()
                    && marker.case == resumed.value.id()
            })
        });
        let found = host_of(resumed.value.subject()).or_else(|| mine.map(|mine| mine.session.clone().into()));
        let Some(way) = found else { return self.give_up_opening(resumed, generation).await };
        match self.settle_opened(access, resumed, way, generation).await {
            Err(OpenCaseError::Outside(error)) => Err(error),
            // Everything else says that somebody else decided about the case.
            _ => Ok(()),
        }
    }

    async fn give_up_opening(&self, resumed: Versioned<ServiceCase>, generation: u32) -> Result<(), Outside> {
        let now = self.now();
        self.amend(resumed, |case| case.failed(FailureCause::Interrupted, generation, now)).await?;
        Ok(())
    }

    /// TeamViewer can't be asked with this token (any more): a claim whose worker is gone is given back all the same, and
    /// a case whose stop it left half done is open again, with a problem.
    async fn give_up_abandoned(&self, cases: &[Versioned<ServiceCase>], whose: &Whose) -> Result<(), Outside> {
        for case in cases.iter().filter(|case| case.value.made_by() == whose.as_ref()) {
            let Some((resumed, generation)) = self.resume(case, self.now()).await? else { continue };
            if matches!(resumed.value.state(), State::Opening(_)) {
                self.give_up_opening(resumed, generation).await?;
            } else {
                let now = self.now();
                self.amend(resumed, |case| case.token_refused(generation, now)).await?;
            }
        }
        Ok(())
    }

    /// The worker that was closing the case is gone: TeamViewer is told (again), and the end put on record.
    async fn finish_closing(&self, case: &Versioned<ServiceCase>) -> Result<(), Outside> {
        let Some((resumed, generation)) = self.resume(case, self.now()).await? else { return Ok(()) };
        match self.tell_and_settle(resumed, generation).await {
            Err(CloseCaseError::Outside(error)) => Err(error),
            Err(CloseCaseError::NotTold(error)) => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Takes over what a worker left half done, once its lease has lapsed.
    async fn resume(
        &self,
        case: &Versioned<ServiceCase>,
        now: Instant,
    ) -> Result<Option<(Versioned<ServiceCase>, u32)>, Outside> {
        let until = now + TimeDelta::seconds(CASE_LEASE_SECONDS);
        let Ok((resumed, generation)) = case.value.clone().taken_over(now, until) else { return Ok(None) };
        Ok(match self.world.store.commit(&self.step(&resumed, case)).await? {
            Commit::Done(revision) => Some((Versioned { value: resumed, revision }, generation)),
            Commit::Lost | Commit::Remembered(_) => None,
        })
    }
}
