//! Endpoints are told of what got its number: the lanes of those that want it are due.

use casebridge_domain::EndpointId;
use casebridge_domain::endpoint::{Endpoint, Lane};
use casebridge_domain::key::Owner;
use futures::{FutureExt as _, StreamExt as _, TryStreamExt as _, stream, try_join};

use super::Feeds;
use super::feeds::Moment;
use crate::ports::store::{LaneSaved, LaneStep, Stored, Untold, Versioned};
use crate::{Outside, World};

/// Stretches that are looked at in one go.
const LOOKED_AT: usize = 64;

/// Events that are looked at in one go.
const EVENTS: usize = 64;

/// Lanes that are written at the same time.
const AT_ONCE: usize = 8;

/// Makes the lanes of an owner's endpoints due for what they have not been told of. Gives those lanes.
///
/// A crash in between tells them again, which changes nothing: a lane that somebody comes by anyway is left alone.
pub async fn fan_out(world: &World, feeds: &Feeds, owner: &Owner) -> Result<Vec<EndpointId>, Outside> {
    let store = &world.store;
    let mut woken = Vec::new();
    loop {
        let outbox = store.outbox(owner, LOOKED_AT).await?;
        if outbox.untold.is_empty() {
            return Ok(woken);
        }
        let since = feeds.moment();
        // The lanes are read after the outbox: one that is let go later than that has seen what the outbox tells of.
        let (endpoints, lanes) = try_join!(store.endpoints(owner), store.lanes(owner))?;
        let waiting = waiting(world, &endpoints, lanes, &outbox.untold);
        woken.extend(wake(world, feeds, since, owner, waiting, &outbox.untold).await?);
        let places: Vec<String> = outbox.untold.into_iter().map(|untold| untold.place).collect();
        store.told(owner, &places).await?;
        if !outbox.more {
            return Ok(woken);
        }
    }
}

/// An endpoint that is on, and its lane, which nobody will come by in time.
type Waiting = (Endpoint, Versioned<Lane>);

fn waiting(
    world: &World,
    endpoints: &[Versioned<Endpoint>],
    mut lanes: Vec<Versioned<Lane>>,
    untold: &[Untold],
) -> Vec<Waiting> {
    let last = untold.iter().map(|untold| untold.last).max().unwrap_or_default();
    let now = world.now();
    lanes.retain(|lane| lane.value.woken_for(last, now).is_some());
    let of = |lane: Versioned<Lane>| {
        let endpoint = endpoints.iter().find(|endpoint| endpoint.value.id == lane.value.endpoint)?;
        endpoint.value.is_on().then(|| (endpoint.value.clone(), lane))
    };
    lanes.into_iter().filter_map(of).collect()
}

/// Makes those due that want one of the events. Where all lanes are in hand, no event is looked at.
async fn wake(
    world: &World,
    feeds: &Feeds,
    since: Moment,
    owner: &Owner,
    mut waiting: Vec<Waiting>,
    untold: &[Untold],
) -> Stored<Vec<EndpointId>> {
    let mut woken = Vec::new();
    for untold in untold {
        let mut after = untold.first.saturating_sub(1);
        while after < untold.last && !waiting.is_empty() {
            let mut events = feeds.after(&*world.store, owner, after, EVENTS, since).await?;
            events.retain(|fed| fed.number <= untold.last);
            let Some(last) = events.last().map(|fed| fed.number) else { break };
            let mut due = Vec::new();
            waiting.retain(|(endpoint, lane)| {
                let wanted = events.iter().find(|fed| endpoint.wants(&fed.event));
                let lane = wanted.and_then(|fed| {
                    let value = lane.value.woken_for(fed.number, world.now())?;
                    Some(Versioned { value, revision: lane.revision })
                });
                let waits_on = lane.is_none();
                due.extend(lane);
                waits_on
            });
            woken.extend(due.iter().map(|lane| lane.value.endpoint));
            let saved: Vec<_> = due.iter().map(|lane| make_due(world, lane).boxed()).collect();
            stream::iter(saved).buffer_unordered(AT_ONCE).try_collect::<()>().await?;
            after = last;
        }
    }
    Ok(woken)
}

/// Whoever was faster took the lane after it was read here: it will see what there is to be seen before it is let go.
async fn make_due(world: &World, lane: &Versioned<Lane>) -> Stored<()> {
    let _: LaneSaved = world.store.save_lane(&LaneStep::of(&lane.value, lane.revision)).await?;
    Ok(())
}
