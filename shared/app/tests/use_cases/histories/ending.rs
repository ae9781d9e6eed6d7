//! Every history ends well: what was left half done is done, and nothing is left lying about in TeamViewer.

use std::iter;

use casebridge_app::connection::recheck;
use casebridge_domain::connection::ConnectionState;
use casebridge_domain::letter::LetterState;
use casebridge_domain::service_case::{Problem, State};
use casebridge_domain::{CaseId, ServiceCase};
use chrono::TimeDelta;
use serde_json::Value;

use super::deed::{History, Who};
use super::promises::{Broken, Promises, all_cases, promise};
use crate::world::{Mood, TestWorld};

/// The longest pause of the watch and its jitter, a late effect, and a look.
const MINUTES: usize = 22;

/// Everything outside gets well, and time passes with workers at work.
pub(crate) async fn come_to_rest(world: &TestWorld, history: &History, promises: &mut Promises) -> Result<(), Broken> {
    world.teamviewer.clear_faults();
    world.mailbox.be(Mood::Takes);
    world.engine.engine().lag_by(0);
    if history.tokens_are_renewed {
        renew_tokens(world).await;
    }
    for stride in [5, 5, 10, 20, 20].into_iter().chain(iter::repeat_n(60, MINUTES)) {
        world.teamviewer.clear_calls();
        world.work_through(TimeDelta::seconds(stride), TimeDelta::seconds(stride)).await;
    }
    let before = promises.before(world).await;
    promises.after(world, &before, &[]).await?;
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
    Ok(())
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
