//! Histories are made up.

mod deeds;
mod incidents;

use chrono::TimeDelta;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::deed::{Act, Deed, Fate, History, Step, Ticket, Who};
use crate::world::Mishap;
use crate::world::local_time::{TURNS, Turn};

/// A history of bad days: TeamViewer fails, networks fail, tokens are revoked.
pub(crate) fn of_bad_days() -> impl Strategy<Value = History> {
    history(vec(step(&deeds::of_all_kinds(), 5), 1..24).boxed())
}

/// A history of busy days: sessions come and go, and little fails but our own process.
pub(crate) fn of_busy_days() -> impl Strategy<Value = History> {
    history(vec(step(&deeds::of_busy_people(), 1), 10..40).boxed())
}

fn history(steps: BoxedStrategy<Vec<Step>>) -> impl Strategy<Value = History> {
    let minutes = prop_oneof![3 => Just(1440_u16), 1 => Just(1_u16), 1 => Just(90_u16)];
    (any::<u64>(), minutes, turn(), before(), any::<bool>(), steps).prop_map(
        |(seed, case_minutes, turn, before, tokens_are_renewed, steps)| History {
            seed,
            case_minutes,
            turn,
            before,
            tokens_are_renewed,
            steps,
        },
    )
}

fn turn() -> impl Strategy<Value = Turn> {
    (0..TURNS.len()).prop_map(|place| TURNS[place])
}

/// Shortly, so that what is begun ends around it; or about a day, so that what is begun expires around it.
fn before() -> impl Strategy<Value = TimeDelta> {
    let milliseconds = prop_oneof![
        2 => Just(250_i64),
        3 => 1_000..120_000_i64,
        3 => 120_000..7_200_000_i64,
        1 => 82_800_000..90_000_000_i64,
        1 => Just(86_400_000_i64),
    ];
    milliseconds.prop_map(TimeDelta::milliseconds)
}

/// Boxed, like all that is in it: a step that is made up by value fills a thread's stack.
fn step(deed: &BoxedStrategy<Deed>, incidents: u32) -> BoxedStrategy<Step> {
    let act = || act(deed.clone());
    prop_oneof![
        5 => (act(), option::weighted(0.35, act()), fate())
            .prop_map(|(first, beside, fate)| Step::Acts { first, beside, fate }),
        2 => (act(), fate()).prop_map(|(act, fate)| Step::Acts { first: act, beside: Some(act), fate }),
        2 => incidents::of_time_and_people().prop_map(Step::Incident),
        incidents => incidents::of_all_kinds().prop_map(Step::Incident),
    ]
    .boxed()
}

fn who() -> impl Strategy<Value = Who> {
    prop_oneof![4 => Just(Who::Acme), 1 => Just(Who::Globex)]
}

fn ticket() -> impl Strategy<Value = Ticket> {
    prop_oneof![4 => Just(Ticket(false)), 1 => Just(Ticket(true))]
}

fn act(deed: BoxedStrategy<Deed>) -> BoxedStrategy<Act> {
    (who(), ticket(), deed, any::<bool>())
        .prop_map(|(who, ticket, deed, stale)| Act { who, ticket, deed, stale })
        .boxed()
}

fn fate() -> BoxedStrategy<Fate> {
    let mishap = prop_oneof![
        2 => Just(Mishap::CrashBefore),
        3 => Just(Mishap::CrashAfter),
        1 => Just(Mishap::SilenceBefore),
        1 => Just(Mishap::SilenceAfter),
    ];
    let call = prop_oneof![5 => 0..14_u8, 1 => 14..150_u8];
    prop_oneof![
        6 => Just(Fate::Lives),
        3 => (call, mishap).prop_map(|(calls, mishap)| Fate::AtStoreCall(calls, mishap)),
        1 => Just(Fate::AtHangingCall),
    ]
    .boxed()
}
