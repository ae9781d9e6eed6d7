//! The account's feed.

use casebridge_app::ports::store::Stored;
use casebridge_domain::AccountId;
use casebridge_domain::journal::{Event, Numbered};
use casebridge_domain::key::Owner;

use crate::codec::{self, Kind};
use crate::engine::{Engine, Item};
use crate::item_store::ItemStore;
use crate::keys;

impl<E: Engine> ItemStore<E> {
    pub(crate) async fn events(&self, account: &AccountId, after: u64, limit: usize) -> Stored<Vec<Event>> {
        let stretch = keys::journal::feed_after(&Owner::Account(account.clone()), after);
        self.opened(stretch, limit, |item| {
            let mut events = events_of(account, item)?;
            events.retain(|event| event.number > after);
            Ok(events)
        })
        .await
    }
}

/// All events that got their numbers in one step.
pub(super) fn events_of(account: &AccountId, item: &Item) -> Stored<Vec<Event>> {
    let numbered: Vec<Numbered> = codec::value(Kind::Feed, item)?;
    Ok(numbered.iter().flat_map(|numbered| numbered.entry.events(account, numbered.first)).collect())
}
