//! What people and workers do.

use proptest::option;
use proptest::prelude::*;

use super::super::deed::{Change, Deed, Setting};
use super::turn;
use crate::world::{Facts, Helper};

pub(super) fn of_all_kinds() -> BoxedStrategy<Deed> {
    prop_oneof![10 => about_cases(), 3 => about_tickets(), 5 => about_books(), 6 => of_workers()].boxed()
}

pub(super) fn of_busy_people() -> BoxedStrategy<Deed> {
    prop_oneof![10 => help(), 3 => about_cases(), 6 => about_books(), 4 => of_workers()].boxed()
}

fn about_cases() -> impl Strategy<Value = Deed> {
    let key = || option::weighted(0.5, 0..2_u8);
    let seconds_ago = prop_oneof![Just(0), Just(-30), 1..7200_i64];
    prop_oneof![
        8 => (key(), prop::bool::weighted(0.8), facts(), helper())
            .prop_map(|(key, address, facts, helper)| Deed::Play { key, address, facts, helper }),
        5 => (key(), prop::bool::weighted(0.2)).prop_map(|(key, here_only)| Deed::Stop { key, here_only }),
        2 => help(),
        2 => key().prop_map(|key| Deed::Resend { key }),
        2 => (seconds_ago, prop::bool::weighted(0.2))
            .prop_map(|(seconds_ago, astray)| Deed::Notice { seconds_ago, astray }),
        3 => (facts(), helper()).prop_map(|(facts, helper)| Deed::Facts { facts, helper }),
    ]
}

fn help() -> BoxedStrategy<Deed> {
    let seconds = prop_oneof![Just(0_i64), 1..400_i64, 400..5000_i64];
    (facts(), helper(), seconds, any::<bool>())
        .prop_map(|(facts, helper, seconds, joined)| Deed::Help { facts, helper, seconds, joined })
        .boxed()
}

fn about_tickets() -> impl Strategy<Value = Deed> {
    prop_oneof![
        Just(Deed::Reserve),
        Just(Deed::Confirm),
        Just(Deed::LetGo),
        Just(Deed::Reopen),
        Just(Deed::Revoke),
        prop::bool::weighted(0.4).prop_map(|by_the_other| Deed::Register { by_the_other }),
        Just(Deed::Recheck),
    ]
}

fn about_books() -> impl Strategy<Value = Deed> {
    let change = prop_oneof![
        3 => any::<bool>().prop_map(|why| Change::TakeOut { why }),
        2 => Just(Change::PutBack),
        1 => (0..3_u8).prop_map(Change::Note),
        1 => Just(Change::NoNote),
    ];
    prop_oneof![
        6 => (0..4_usize, change).prop_map(|(place, change)| Deed::Record { place, change }),
        2 => setting().prop_map(Deed::Change),
        2 => Just(Deed::Rebuild),
        1 => Just(Deed::Verify),
    ]
}

fn setting() -> impl Strategy<Value = Setting> {
    prop_oneof![
        4 => turn().prop_map(Setting::TimeZone),
        1 => prop_oneof![Just(1440_u16), Just(1), Just(30)].prop_map(Setting::CaseMinutes),
        1 => Just(Setting::NewKey),
        1 => Just(Setting::NoKey),
    ]
}

fn of_workers() -> impl Strategy<Value = Deed> {
    prop_oneof![
        5 => Just(Deed::Work),
        2 => Just(Deed::Number),
        1 => (1..5_usize).prop_map(|limit| Deed::Read { limit }),
        2 => (1..90_i64).prop_map(|seconds| Deed::TimePasses { seconds }),
    ]
}

fn helper() -> impl Strategy<Value = Option<Helper>> {
    let helpers = [Helper::Tess, Helper::Theo, Helper::TessMarried, Helper::Odd];
    option::weighted(0.8, (0..helpers.len()).prop_map(move |place| helpers[place]))
}

fn facts() -> impl Strategy<Value = Facts> {
    let value = || option::weighted(0.7, prop_oneof![2 => 0..2_u8, 1 => 2..12_u8]);
    (value(), value(), value(), value()).prop_map(|(category, kind, priority, source)| Facts {
        category,
        kind,
        priority,
        source,
    })
}
