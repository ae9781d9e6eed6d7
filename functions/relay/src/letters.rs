//! Letters that are due, and when they come again.

use casebridge_app::ports::store::{Due, Versioned};
use casebridge_app::{Outside, courier};
use casebridge_domain::{AccountId, Instant, Letter, LetterId};
use casebridge_host::function::chain;
use casebridge_store::Chore;
use chrono::TimeDelta;
use futures::{StreamExt as _, stream};

use crate::relay::Relay;

/// Delivered at the same time.
const AT_ONCE: usize = 8;

/// Looked at in one go when the schedule asks.
const LOOKED_AT: usize = 256;

/// So often at most; the schedule comes again.
const LOOKS: usize = 20;

/// No letter is begun so shortly before the end: SES may take its time.
const ENOUGH: TimeDelta = TimeDelta::seconds(20);

/// Delivers letters that the queue brought, where they are due. One that is not was delivered, or is in somebody's hands.
///
/// None of them is told again: what fails here stays due in the table, where the schedule finds it.
pub(crate) async fn deliver(relay: &Relay, brought: Vec<(AccountId, LetterId)>) {
    if brought.is_empty() || held(relay).await {
        return;
    }
    let deliver = async |(account, letter): (AccountId, LetterId)| match relay
        .world
        .store
        .due_letter(&account, letter, relay.world.now())
        .await
    {
        Ok(Some(due)) => deliver_one(relay, &due).await,
        Ok(None) => {}
        Err(error) => tracing::warn!(%account, %letter, error = chain(&error), "a letter can't be read"),
    };
    stream::iter(brought).for_each_concurrent(AT_ONCE, deliver).await;
}

/// Delivers everything that is due, until shortly before `deadline`.
pub(crate) async fn due(relay: &Relay, deadline: Instant) -> Result<(), Outside> {
    if held(relay).await {
        return Ok(());
    }
    for _ in 0..LOOKS {
        let due = relay.world.store.due(relay.world.now(), LOOKED_AT).await?;
        let is_last = due.len() < LOOKED_AT;
        let letters: Vec<_> = due.into_iter().filter_map(letter).collect();
        if letters.is_empty() {
            break;
        }
        let has_time = || relay.world.now() + ENOUGH < deadline;
        let deliver = async |letter| {
            if has_time() {
                deliver_one(relay, &letter).await;
            }
        };
        stream::iter(letters).for_each_concurrent(AT_ONCE, deliver).await;
        if is_last || !has_time() {
            break;
        }
    }
    Ok(())
}

fn letter(due: Due) -> Option<Versioned<Letter>> {
    match due {
        Due::Letter(letter) => Some(letter),
        Due::Tick(_) | Due::Journal(_) | Due::VendorFeed(_) => None,
    }
}

/// Delivers it, and leaves the message for another time if it could not leave.
async fn deliver_one(relay: &Relay, letter: &Versioned<Letter>) {
    let Letter { account, id, .. } = &letter.value;
    match courier::deliver(&relay.world, &relay.mailer, letter).await {
        Ok(Some(again)) => {
            relay.letters.send_later(Chore::Letter(account.clone(), *id), again, relay.world.now()).await;
        }
        Ok(None) => {}
        Err(error) => tracing::warn!(%account, letter = %id, error = chain(&error), "a letter has to wait"),
    }
}

/// After a restore nothing leaves until the operator says so. Then the schedule finds what waited.
async fn held(relay: &Relay) -> bool {
    match relay.world.store.deliveries_held_since().await {
        Ok(since) => since.is_some(),
        Err(error) => {
            tracing::error!(error = chain(&error), "whether deliveries are held can't be read; they wait");
            true
        }
    }
}
