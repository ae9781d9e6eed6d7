//! Histories are made up.

use casebridge_sandbox::teamviewer::{Fault, FaultKind, LateAnswer};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::deed::{Act, Deed, Fate, History, Incident, Step, Ticket, Who};
use crate::world::{Mishap, Mood};

pub(crate) fn history() -> impl Strategy<Value = History> {
    (any::<u64>(), prop_oneof![3 => Just(1440_u16), 1 => Just(1_u16)], any::<bool>(), vec(step(), 1..24)).prop_map(
        |(seed, case_minutes, tokens_are_renewed, steps)| History { seed, case_minutes, tokens_are_renewed, steps },
    )
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        5 => (act(), option::weighted(0.35, act()), fate())
            .prop_map(|(first, beside, fate)| Step::Acts { first, beside, fate }),
        2 => (act(), fate()).prop_map(|(act, fate)| Step::Acts { first: act, beside: Some(act), fate }),
        5 => incident().prop_map(Step::Incident),
    ]
}

fn who() -> impl Strategy<Value = Who> {
    prop_oneof![4 => Just(Who::Acme), 1 => Just(Who::Globex)]
}

fn ticket() -> impl Strategy<Value = Ticket> {
    prop_oneof![4 => Just(Ticket(false)), 1 => Just(Ticket(true))]
}

fn act() -> impl Strategy<Value = Act> {
    (who(), ticket(), deed(), any::<bool>()).prop_map(|(who, ticket, deed, stale)| Act { who, ticket, deed, stale })
}

fn deed() -> impl Strategy<Value = Deed> {
    let key = || option::weighted(0.5, 0..2_u8);
    let seconds_ago = prop_oneof![Just(0), Just(-30), 1..7200_i64];
    prop_oneof![
        8 => (key(), prop::bool::weighted(0.8)).prop_map(|(key, address)| Deed::Play { key, address }),
        5 => (key(), prop::bool::weighted(0.2)).prop_map(|(key, here_only)| Deed::Stop { key, here_only }),
        2 => key().prop_map(|key| Deed::Resend { key }),
        2 => (seconds_ago, prop::bool::weighted(0.2))
            .prop_map(|(seconds_ago, astray)| Deed::Notice { seconds_ago, astray }),
        1 => Just(Deed::Reserve),
        1 => Just(Deed::Confirm),
        1 => Just(Deed::LetGo),
        1 => Just(Deed::Reopen),
        1 => any::<bool>().prop_map(|handed_over| Deed::Facts { handed_over }),
        1 => Just(Deed::Revoke),
        1 => prop::bool::weighted(0.4).prop_map(|by_the_other| Deed::Register { by_the_other }),
        1 => Just(Deed::Recheck),
        6 => Just(Deed::Work),
        2 => (1..90_i64).prop_map(|seconds| Deed::TimePasses { seconds }),
    ]
}

fn fate() -> impl Strategy<Value = Fate> {
    let mishap = prop_oneof![
        2 => Just(Mishap::CrashBefore),
        3 => Just(Mishap::CrashAfter),
        1 => Just(Mishap::SilenceBefore),
        1 => Just(Mishap::SilenceAfter),
    ];
    prop_oneof![
        6 => Just(Fate::Lives),
        3 => (0..14_u8, mishap).prop_map(|(calls, mishap)| Fate::AtStoreCall(calls, mishap)),
        1 => Just(Fate::AtHangingCall),
    ]
}

fn incident() -> impl Strategy<Value = Incident> {
    let seconds =
        prop_oneof![3 => 1..40_i64, 3 => 40..900_i64, 1 => Just(3600_i64), 1 => Just(25 * 3600), 1 => Just(3 * 86_400)];
    let mood = prop_oneof![2 => Just(Mood::Takes), 1 => Just(Mood::Refuses), 1 => Just(Mood::Away), 1 => Just(Mood::TakesInSilence)];
    prop_oneof![
        2 => (who(), ticket()).prop_map(|(who, ticket)| Incident::CustomerComes(who, ticket)),
        1 => (who(), ticket()).prop_map(|(who, ticket)| Incident::CustomerLeaves(who, ticket)),
        1 => (who(), ticket()).prop_map(|(who, ticket)| Incident::EndedInTeamViewer(who, ticket)),
        1 => who().prop_map(Incident::TokensRevoked),
        1 => who().prop_map(Incident::GroupDeleted),
        6 => fault().prop_map(Incident::Fault),
        1 => Just(Incident::FaultsEnd),
        1 => mood.prop_map(Incident::Mail),
        1 => prop_oneof![Just(0_usize), Just(1), Just(3)].prop_map(Incident::IndexesLag),
        6 => seconds.prop_map(Incident::TimePasses),
    ]
}

fn fault() -> impl Strategy<Value = Fault> {
    let calls = prop_oneof![
        4 => Just(("POST", "/sessions")),
        3 => Just(("PUT", "/sessions/*")),
        3 => Just(("GET", "/sessions")),
        1 => Just(("GET", "/sessions/*")),
        1 => Just(("POST", "/groups")),
        1 => Just(("GET", "/groups/**")),
        2 => Just(("*", "/**")),
    ];
    (fault_kind(), calls, 1..4_u32)
        .prop_map(|(kind, (method, path), times)| Fault::always(kind).on(method, path).times(times))
}

fn fault_kind() -> impl Strategy<Value = FaultKind> {
    let late = (1..300_i64, any::<bool>()).prop_map(|(seconds, silent)| FaultKind::LateEffect {
        clock_seconds: Some(seconds),
        real_milliseconds: None,
        answer: if silent { LateAnswer::Timeout } else { LateAnswer::InternalError },
    });
    prop_oneof![
        2 => Just(FaultKind::TimeoutBefore),
        2 => Just(FaultKind::TimeoutAfter),
        3 => late,
        1 => Just(FaultKind::RateLimitReached),
        1 => (0..120_u32).prop_map(|retry_after| FaultKind::TooManyRequests { retry_after }),
        1 => Just(FaultKind::TokenRevoked),
        2 => any::<bool>().prop_map(|after_effect| FaultKind::InternalError { after_effect }),
        1 => any::<bool>().prop_map(|as_json| FaultKind::LicenseLimitation { as_json }),
        1 => prop_oneof![Just(302_u16), Just(303), Just(307)].prop_map(|status| FaultKind::Redirect { status }),
        1 => any::<bool>().prop_map(|after_effect| FaultKind::ConnectionClosed { after_effect }),
        2 => any::<bool>().prop_map(|after_effect| FaultKind::ConnectionReset { after_effect }),
        1 => Just(FaultKind::BadGateway),
        1 => Just(FaultKind::SlowBody { milliseconds_per_byte: 60_000 }),
    ]
}
