//! Whether the endpoints of an account or a vendor take what is pushed to them, and whether anybody pushes.

use casebridge_domain::Instant;
use casebridge_domain::endpoint::{DISABLED_AFTER_HOURS, Endpoint, EndpointState, Lane, WhyDisabled};
use casebridge_domain::key::Owner;
use casebridge_domain::time::rfc3339;
use chrono::TimeDelta;
use futures::try_join;

use super::{Complaint, Finding, OVERDUE, detailed};
use crate::push::read_feed;
use crate::{Outside, World};

/// An event that waits for its first attempt longer than that is late, though somebody works on the lane (our own choice).
const LATE: TimeDelta = TimeDelta::minutes(15);

/// Events that are looked at after a lane's cursor, for one that its endpoint wants.
const LOOKED_AT: usize = 100;

/// Looks at each endpoint of an owner.
pub(super) async fn look(world: &World, owner: &Owner) -> Result<Vec<Finding>, Outside> {
    let store = &world.store;
    let (endpoints, lanes, held) =
        try_join!(store.endpoints(owner), store.lanes(owner), store.deliveries_held_since())?;
    let mut findings = Vec::new();
    for endpoint in endpoints.into_iter().map(|endpoint| endpoint.value) {
        let lane = lanes.iter().map(|lane| &lane.value).find(|lane| lane.endpoint == endpoint.id);
        let found = match (endpoint.state, lane) {
            (EndpointState::Disabled { why, since }, _) => Some(disabled(&endpoint, why, since)),
            (EndpointState::Off { .. }, _) | (EndpointState::On, None) => None,
            (EndpointState::On, Some(lane)) => match failing(&endpoint, lane, world.now()) {
                Some(failing) => Some(failing),
                // What is held waits for the operator.
                None if held.is_some() || lane.health().is_failing() => None,
                None => behind(world, &endpoint, lane).await?,
            },
        };
        findings.extend(found);
    }
    Ok(findings)
}

fn disabled(endpoint: &Endpoint, why: WhyDisabled, since: Instant) -> Finding {
    let why = match why {
        WhyDisabled::Gone => "answered 410".to_owned(),
        WhyDisabled::Failing => format!("took nothing for {DISABLED_AFTER_HOURS} hours"),
    };
    detailed(Complaint::EndpointDisabled, format!("{}, {why}, since {}", named(endpoint), rfc3339(since)))
}

fn failing(endpoint: &Endpoint, lane: &Lane, now: Instant) -> Option<Finding> {
    let since = lane.health().failing_since().filter(|since| *since < now - OVERDUE)?;
    let percent = lane.health().percent();
    let detail = format!("{}, {percent} % of what disables it, since {}", named(endpoint), rfc3339(since));
    Some(detailed(Complaint::EndpointFailing, detail))
}

async fn behind(world: &World, endpoint: &Endpoint, lane: &Lane) -> Result<Option<Finding>, Outside> {
    let now = world.now();
    let mut since = lane.due_at().filter(|at| *at < now - OVERDUE);
    if since.is_none() {
        let next = read_feed(&*world.store, &endpoint.owner, lane.cursor(), LOOKED_AT).await?;
        let oldest = next.iter().find(|fed| endpoint.wants(&fed.event)).map(|fed| fed.event.at);
        since = oldest.filter(|at| *at < now - LATE);
    }
    let detail = |since| format!("{}, since {}", named(endpoint), rfc3339(since));
    Ok(since.map(|since| detailed(Complaint::EndpointBehind, detail(since))))
}

/// By where it leads, without what may be secret in its path.
fn named(endpoint: &Endpoint) -> String {
    format!("{} ({})", endpoint.url.origin(), endpoint.id)
}
