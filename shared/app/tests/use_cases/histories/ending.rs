//! Every history ends well: what was left half done is done, and nothing is left lying about in TeamViewer.

use std::iter;

use casebridge_app::connection::recheck;
use casebridge_app::rollups::rebuild;
use casebridge_domain::connection::ConnectionState;
use casebridge_domain::letter::LetterState;
use casebridge_domain::service_case::{Problem, State};
use casebridge_domain::{CaseId, ServiceCase};
use chrono::TimeDelta;
use serde_json::Value;

use super::deed::{History, Who};
use super::life::Life;
use super::promises::{Promises, all_cases};
use crate::oracle::{
    Broken, a_person_can_be_erased, every_number_opens, every_wish, figures_are_right, promise, reports_are_exact,
    the_feed_tells_everything, the_trail_holds,
};
use crate::world::{Helper, Mood, TestWorld};

/// The longest pause of the watch and its jitter, a late effect, and a look.
const MINUTES: usize = 22;

/// One in so many reports is read at rest, and has its numbers opened; which of them is another matter in each history.
const READ: usize = 4;
const OPENED: usize = 20;

/// Everything outside gets well, and time passes with workers at work.
pub(crate) async fn come_to_rest(life: &Life, history: &History, promises: &mut Promises) -> Result<(), Broken> {
    let world = &life.world;
    world.teamviewer.clear_faults();
    world.mailbox.be(Mood::Takes);
    world.table().lag_by(0);
    if history.tokens_are_renewed {
        renew_tokens(world).await;
    }
    for stride in [5, 5, 10, 20, 20].into_iter().chain(iter::repeat_n(60, MINUTES)) {
        world.teamviewer.clear_calls();
        world.work_through(TimeDelta::seconds(stride), TimeDelta::seconds(stride)).await;
    }
    let before = promises.before(world).await;
    promises.after(world, &before, Vec::new()).await?;
    for who in Who::ALL {
        let cases = all_cases(world, &who.id()).await;
        let token_works = token_works(world, who).await;
        for case in &cases {
            nothing_is_half_done(world, case)?;
            if promises.stopped.contains(&(who, case.id())) {
                stop_came_through(case)?;
            }
        }
        if token_works {
            no_session_is_left_open(world, who, &cases)?;
        }
    }
    for letter in world.engine.letters() {
        promise!(!matches!(letter.state, LetterState::Queued { .. }), "still owed: {letter:?}");
    }
    the_books_balance(life, usize::try_from(history.seed % 1000).unwrap()).await
}

/// Reports are exact, the feed has told everything, and the trail holds, also without a person.
async fn the_books_balance(life: &Life, some: usize) -> Result<(), Broken> {
    let world = &life.world;
    life.readers.have_read_everything(world, 3).await?;
    for who in Who::ALL {
        let id = who.id();
        let (cases, records) = (all_cases(world, &id).await, world.records(&id).await);
        let events = life.readers.of_account(&id);
        the_feed_tells_everything(&events, &cases, &records)?;
        the_trail_holds(world, &id, &events).await?;
        let wishes = every_wish(&records, world.now());
        let read = wishes.iter().skip(some % READ).step_by(READ).cloned();
        reports_are_exact(world, &id, &cases, &records, read).await?;
        let opened = wishes.iter().skip(some % OPENED).step_by(OPENED).cloned();
        every_number_opens(world, &id, &records, opened).await?;
        for helper in Helper::ALL {
            a_person_can_be_erased(world, &id, &helper.id()).await?;
        }
        every_day_is_in_todays_zone(world, who, some).await?;
    }
    Ok(())
}

/// A rebuild counts every session in the account's time zone as it is set now.
async fn every_day_is_in_todays_zone(world: &TestWorld, who: Who, some: usize) -> Result<(), Broken> {
    let (id, desk) = (who.id(), world.desk(&who.id()).await);
    let before = world.records(&id).await;
    let moved = before.iter().filter(|record| record.time_zone != desk.account().time_zone).count();
    let rebuilt = rebuild(&desk).await.map_err(|error| Broken::new(format!("a rebuild at rest: {error}")))?;
    promise!(usize::try_from(rebuilt.moved) == Ok(moved), "{} of {moved} records were moved", rebuilt.moved);
    let (cases, records) = (all_cases(world, &id).await, world.records(&id).await);
    let at_home = records.iter().all(|record| record.time_zone == desk.account().time_zone);
    promise!(at_home && records.len() == before.len(), "not all records count in today's zone: {records:?}");
    let read = every_wish(&records, world.now()).into_iter().skip(some % OPENED).step_by(OPENED);
    reports_are_exact(world, &id, &cases, &records, read).await?;
    figures_are_right(world, &id, &records).await
}

async fn renew_tokens(world: &TestWorld) {
    for who in Who::ALL {
        if world.connection(&who.id()).await.is_some() && !token_works(world, who).await {
            drop(world.try_connect(&who.id(), who.administrator()).await);
        }
        drop(recheck(&world.desk(&who.id()).await).await);
    }
}

/// Whether the account has a token that TeamViewer takes, as far as anybody noticed.
async fn token_works(world: &TestWorld, who: Who) -> bool {
    world.connection(&who.id()).await.is_some_and(|connection| connection.state == ConnectionState::Active)
}

fn nothing_is_half_done(world: &TestWorld, case: &ServiceCase) -> Result<(), Broken> {
    let lapsed = case.lease().is_some_and(|lease| lease.lapsed(world.now()));
    promise!(!lapsed, "left half done: {:?}", case.state());
    promise!(case.is_settled() || case.is_live(world.now()), "its time is over: {:?}", case.state());
    Ok(())
}

fn stop_came_through(case: &ServiceCase) -> Result<(), Broken> {
    let with_a_problem = matches!(case.state(), State::Open(open) if open.problem == Some(Problem::TokenRefused));
    promise!(case.is_settled() || with_a_problem, "stop was acknowledged: {:?}", case.state());
    Ok(())
}

fn no_session_is_left_open(world: &TestWorld, who: Who, cases: &[ServiceCase]) -> Result<(), Broken> {
    for session in world.open_sessions() {
        let mark: Value = serde_json::from_str(session.custom_api.as_deref().unwrap_or_default()).unwrap();
        if mark["casebridge"]["account"].as_str() != Some(who.id().as_str()) {
            continue;
        }
        let marked = CaseId::parse(mark["casebridge"]["case"].as_str().unwrap_or_default()).ok();
        let owner = cases.iter().find(|case| {
            Some(case.id()) == marked
                && case.is_live(world.now())
                && case.session().is_some_and(|own| own.code.to_string() == session.code.to_string())
        });
        let of_it = cases.iter().find(|case| Some(case.id()) == marked);
        promise!(owner.is_some(), "a session is left open: {session:?} of {:?}", of_it.map(ServiceCase::state));
    }
    Ok(())
}
