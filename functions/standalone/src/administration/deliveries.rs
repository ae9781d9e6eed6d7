//! `casebridge hold` and `resume`: whether letters leave, while it is being served.

use casebridge_app::ports::Clock as _;
use casebridge_host::SystemClock;

use super::{Where, beside_the_server, say};

pub(crate) async fn hold(at: Where) -> anyhow::Result<()> {
    beside_the_server(&at, async |world| {
        if let Some(since) = world.store.deliveries_held_since().await? {
            say(&format!("letters are held since {since}"));
            return Ok(());
        }
        world.store.hold_deliveries(Some(SystemClock.now())).await?;
        say("letters are held, but for those that are leaving just now; `casebridge resume` lets them go");
        Ok(())
    })
    .await
}

pub(crate) async fn resume(at: Where) -> anyhow::Result<()> {
    beside_the_server(&at, async |world| {
        let held = world.store.deliveries_held_since().await?;
        world.store.hold_deliveries(None).await?;
        say(if held.is_some() { "letters go out again" } else { "letters were not held" });
        Ok(())
    })
    .await
}
