//! Letters that are due, and when they come again.

use casebridge_app::ports::store::{Due, StoreError, Versioned};
use casebridge_app::{Outside, courier};
use casebridge_domain::{AccountId, Instant, Letter, LetterId};
use casebridge_host::function::{Reported, chain};
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

/// Until a letter that failed for the table's sake is looked at again, if it is still due then.
const AGAIN_AFTER: TimeDelta = TimeDelta::seconds(5);

/// No letter is begun so shortly before the end: SES may take its time.
const ENOUGH: TimeDelta = TimeDelta::seconds(20);

/// Delivers letters that the queue brought, where they are due. One that is not was delivered, or is in somebody's hands.
///
/// None of them is told again: what fails here stays due in the table, and is asked for by another message. Where that one gets
/// lost as well, the schedule finds it.
pub(crate) async fn deliver(relay: &Relay, brought: Vec<(AccountId, LetterId)>) {
    if brought.is_empty() || held(relay).await {
        return;
    }
    let told = brought.into_iter().map(|(account, letter)| deliver_told(relay, account, letter));
    stream::iter(told).for_each_concurrent(AT_ONCE, |told| told).await;
}

async fn deliver_told(relay: &Relay, account: AccountId, letter: LetterId) {
    match relay.world.store.due_letter(&account, letter, relay.world.now()).await {
        Ok(Some(due)) => deliver_one(relay, &due).await,
        Ok(None) => {}
        Err(error @ StoreError::Unavailable(_)) => {
            tracing::warn!(%account, %letter, error = chain(&error), "a letter has to wait");
            again(relay, &account, letter, relay.world.now() + AGAIN_AFTER).await;
        }
        Err(error) => tracing::error!(%account, %letter, error = chain(&error), "a letter can't be read"),
    }
}

/// Puts on record what SES reports. Gives what could not be recorded: it stands nowhere else, so it has to be told again.
pub(crate) async fn record<'a>(relay: &Relay, reports: Vec<&'a Reported>) -> Vec<&'a Reported> {
    let mut left = Vec::new();
    // One after the other: those of one letter follow each other closely.
    for reported in reports {
        let Reported { account, letter, report } = reported;
        if let Err(error) = courier::reported(&relay.world, account, *letter, *report).await {
            tracing::warn!(%account, %letter, error = chain(&error), "a report of a letter has to wait");
            left.push(reported);
        }
    }
    left
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
        tracing::info!(name: "found_late", found = letters.len(), "the schedule found letters that no message brought");
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
        Ok(Some(at)) => again(relay, account, *id, at).await,
        Ok(None) => {}
        Err(error) => {
            tracing::warn!(%account, letter = %id, error = chain(&error), "a letter has to wait");
            again(relay, account, *id, relay.world.now() + AGAIN_AFTER).await;
        }
    }
}

async fn again(relay: &Relay, account: &AccountId, letter: LetterId, at: Instant) {
    relay.letters.send_later(Chore::Letter(account.clone(), letter), at, relay.world.now()).await;
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
