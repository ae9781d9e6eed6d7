//! The turns of an account that was deleted: what it left behind goes, a piece at a time.

use casebridge_domain::Instant;
use chrono::TimeDelta;

use crate::ports::store::{Saved, Tick, Versioned};
use crate::{Outside, World};

/// Seconds between the pieces: others have turns, too.
const SECONDS: i64 = 1;

/// Removes the next piece, and gives when the one after it is due. Once nothing is left it is looked at a last time a quarter of an hour
/// later: whoever was let in before the deletion may have reported devices for a minute more.
pub(super) async fn sweep(world: &World, tick: &Versioned<Tick>) -> Result<Option<Instant>, Outside> {
    let has_more = world.store.sweep(&tick.value.account).await?;
    let (now, last) = (world.now(), tick.value.keep_until);
    let next = if has_more { Some(now + TimeDelta::seconds(SECONDS)) } else { (now < last).then_some(last) };
    Ok(match world.store.end_sweep(tick, next).await? {
        Saved::Done(_) => next,
        Saved::Lost => None,
    })
}
