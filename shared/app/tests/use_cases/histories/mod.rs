//! Histories that nobody would think of, and what has to be true in all of them.

mod deed;
mod ending;
mod life;
mod made_up;
mod promises;

use std::env;

use casebridge_sandbox::teamviewer::{
    AfterLeaving, ClosingAgain, CreateAnswer, Duplicates, ExpiredCode, StateWriting, UnknownId, Unknowns,
};
use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestError, TestRunner};

use crate::histories::deed::History;
use crate::histories::life::live_through;
use crate::world::Ground;

/// As TeamViewer's manual has it, where it says anything.
fn by_the_manual() -> Unknowns {
    Unknowns { unknown_id: UnknownId::InvalidRequest, ..Unknowns::default() }
}

/// Everything the other way round.
fn the_other_way_round() -> Unknowns {
    Unknowns {
        state_in_create: StateWriting::Integer,
        state_in_get: StateWriting::Lower,
        state_in_list: StateWriting::Lower,
        create_answer: CreateAnswer::SeeOther,
        expired_code: ExpiredCode::TurnsClosed,
        closing_again: ClosingAgain::InvalidRequest,
        online_after_leaving: AfterLeaving::Sticks,
        duplicate_group_name: Duplicates::Allowed,
        ..Unknowns::default()
    }
}

/// An expired code is in no list, though it is open when asked for.
fn expired_codes_are_hidden() -> Unknowns {
    Unknowns { expired_code: ExpiredCode::LeavesTheList, create_answer: CreateAnswer::Found, ..Unknowns::default() }
}

#[test]
fn promises_hold_by_the_manual() {
    hold_the_promises(1, USUAL, made_up::of_bad_days(), &by_the_manual(), &Ground::Memory);
}

#[test]
fn promises_hold_the_other_way_round() {
    hold_the_promises(2, USUAL, made_up::of_bad_days(), &the_other_way_round(), &Ground::Memory);
}

#[test]
fn promises_hold_where_expired_codes_are_hidden() {
    hold_the_promises(3, USUAL, made_up::of_bad_days(), &expired_codes_are_hidden(), &Ground::Memory);
}

#[test]
fn promises_hold_on_busy_days() {
    hold_the_promises(4, USUAL, made_up::of_busy_days(), &by_the_manual(), &Ground::Memory);
}

#[test]
fn promises_hold_on_bad_days_on_sqlite() {
    hold_the_promises(5, FEWER, made_up::of_bad_days(), &by_the_manual(), &Ground::Sqlite);
}

#[test]
fn promises_hold_on_busy_days_on_sqlite() {
    hold_the_promises(6, FEWER, made_up::of_busy_days(), &the_other_way_round(), &Ground::Sqlite);
}

#[test]
fn promises_hold_on_busy_days_on_dynamodb() {
    hold_the_promises(7, FEW, made_up::of_busy_days(), &by_the_manual(), &Ground::dynamodb());
}

/// How many histories a test lives through.
#[derive(Clone, Copy)]
struct Histories {
    /// Unless the environment asks for more.
    usually: u32,
    /// For every so many that it asks for, one.
    of: u32,
}

const USUAL: Histories = Histories { usually: 40, of: 1 };
const FEWER: Histories = Histories { usually: 10, of: 2 };
const FEW: Histories = Histories { usually: 2, of: 20 };

fn hold_the_promises(
    seed: u64,
    many: Histories,
    histories: impl Strategy<Value = History>,
    unknowns: &Unknowns,
    ground: &Ground,
) {
    let more = env::var_os("PROPTEST_CASES").is_some();
    let other = env::var_os("PROPTEST_RNG_SEED").is_some();
    let usual = Config::default();
    let config = Config {
        cases: if more { usual.cases.div_ceil(many.of) } else { many.usually },
        rng_seed: if other { usual.rng_seed } else { RngSeed::Fixed(seed) },
        failure_persistence: None,
        max_shrink_iters: 1500 / many.of,
        ..usual
    };
    let outcome = TestRunner::new(config).run(&histories, |history| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build()?;
        runtime
            .block_on(Box::pin(live_through(&history, unknowns, ground)))
            .map_err(|broken| TestCaseError::fail(broken.to_string()))
    });
    match outcome {
        Ok(()) => {}
        Err(TestError::Fail(why, history)) => panic!("{why}\nin {history:?}"),
        Err(TestError::Abort(why)) => panic!("{why}"),
    }
}
