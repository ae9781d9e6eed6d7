//! What befalls people, networks and servers.

use casebridge_sandbox::teamviewer::{Fault, FaultKind, LateAnswer};
use proptest::prelude::*;

use super::super::deed::{Incident, Mark};
use super::{ticket, who};
use crate::world::Mood;

pub(super) fn of_time_and_people() -> BoxedStrategy<Incident> {
    let seconds = prop_oneof![
        3 => 1..40_i64,
        3 => 40..900_i64,
        2 => Just(3600_i64),
        1 => Just(25 * 3600),
        1 => Just(3 * 86_400),
        1 => Just(40 * 86_400),
    ];
    let mark = prop_oneof![2 => who().prop_map(Mark::Midnight), 1 => who().prop_map(Mark::ClockChange)];
    let milliseconds =
        prop_oneof![Just(-60_000_i64), Just(-1000), Just(-1), Just(0), Just(1), Just(500), -5_400_000..5_400_000_i64];
    prop_oneof![
        2 => (who(), ticket()).prop_map(|(who, ticket)| Incident::CustomerComes(who, ticket)),
        1 => (who(), ticket()).prop_map(|(who, ticket)| Incident::CustomerLeaves(who, ticket)),
        1 => (who(), ticket()).prop_map(|(who, ticket)| Incident::EndedInTeamViewer(who, ticket)),
        5 => seconds.prop_map(Incident::TimePasses),
        4 => (mark, milliseconds).prop_map(|(mark, milliseconds)| Incident::Until(mark, milliseconds)),
    ]
    .boxed()
}

pub(super) fn of_all_kinds() -> BoxedStrategy<Incident> {
    let mood = prop_oneof![2 => Just(Mood::Takes), 1 => Just(Mood::Refuses), 1 => Just(Mood::Away), 1 => Just(Mood::TakesInSilence)];
    prop_oneof![
        8 => of_time_and_people(),
        1 => who().prop_map(Incident::TokensRevoked),
        1 => who().prop_map(Incident::GroupDeleted),
        6 => fault().prop_map(Incident::Fault),
        1 => Just(Incident::FaultsEnd),
        1 => mood.prop_map(Incident::Mail),
        1 => prop_oneof![Just(0_usize), Just(1), Just(3)].prop_map(Incident::IndexesLag),
    ]
    .boxed()
}

fn fault() -> BoxedStrategy<Fault> {
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
        .boxed()
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
