//! The ends of feeds, read once for all the lanes that are there.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use casebridge_domain::journal::Event;
use casebridge_domain::key::Owner;
use futures::lock::Mutex as AsyncMutex;

use crate::ports::Store;
use crate::ports::store::Stored;

/// Events that are read in one go.
const AT_ONCE: usize = 64;

/// Events that are kept of each owner: a busy lane is not further behind.
const KEPT: usize = 1_024;

/// Owners whose events are kept. Beyond that all are forgotten, and read again.
const OWNERS: usize = 64;

/// An event as it stands in a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fed {
    /// Its number in that feed.
    pub number: u64,
    /// The event, with its number in its account.
    pub event: Event,
}

/// The ends of feeds.
#[derive(Debug, Default)]
pub struct Feeds {
    ends: Mutex<HashMap<Owner, Arc<AsyncMutex<End>>>>,
    moments: AtomicU64,
}

/// A moment in the life of this process, before or after any other. No clock: that may stand still, or go back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment(u64);

/// The end of a feed: its last events, without gaps.
#[derive(Debug, Default)]
struct End {
    last: VecDeque<Arc<Fed>>,
    /// Nothing came after this number when the store was asked at that moment.
    nothing_after: Option<(u64, Moment)>,
}

impl Feeds {
    /// Now, later than any moment before.
    pub(super) fn moment(&self) -> Moment {
        Moment(self.moments.fetch_add(1, Ordering::AcqRel))
    }

    /// The events after a number, in order, at most `limit`. Those that are not kept any more are passed over.
    ///
    /// What was there at `since` is found. That there is nothing more is asked once for all lanes that hear of growth at
    /// about the same time: whoever asked after `since` has asked for this lane, too.
    pub(super) async fn after(
        &self,
        store: &dyn Store,
        owner: &Owner,
        after: u64,
        limit: usize,
        since: Moment,
    ) -> Stored<Vec<Arc<Fed>>> {
        let end = self.end_of(owner);
        let mut end = end.lock().await;
        if let Some(found) = end.after(after, limit) {
            return Ok(found);
        }
        if end.had_nothing_after(after, since) {
            return Ok(Vec::new());
        }
        if end.begins_beyond(after) {
            // Whoever is far behind reads by himself and holds nobody up.
            drop(end);
            return read(store, owner, after, limit).await;
        }
        let asked = self.moment();
        let mut found = read(store, owner, after, AT_ONCE.max(limit)).await?;
        if found.is_empty() {
            end.nothing_after = Some((after, asked));
        }
        end.add(&found);
        found.truncate(limit);
        Ok(found)
    }

    fn end_of(&self, owner: &Owner) -> Arc<AsyncMutex<End>> {
        let mut ends = self.ends.lock().unwrap_or_else(PoisonError::into_inner);
        if ends.len() >= OWNERS && !ends.contains_key(owner) {
            ends.clear();
        }
        Arc::clone(ends.entry(owner.clone()).or_default())
    }
}

impl End {
    fn after(&self, after: u64, limit: usize) -> Option<Vec<Arc<Fed>>> {
        let skipped = after.checked_add(1)?.checked_sub(self.last.front()?.number)?;
        let skipped = usize::try_from(skipped).ok().filter(|skipped| *skipped < self.last.len())?;
        Some(self.last.iter().skip(skipped).take(limit).cloned().collect())
    }

    fn had_nothing_after(&self, after: u64, since: Moment) -> bool {
        self.nothing_after.is_some_and(|(number, asked)| number <= after && since < asked)
    }

    fn begins_beyond(&self, after: u64) -> bool {
        self.last.front().is_some_and(|first| after.saturating_add(1) < first.number)
    }

    /// What follows on what is there is kept with it, what does not instead of it.
    fn add(&mut self, found: &[Arc<Fed>]) {
        for fed in found {
            if self.last.back().is_some_and(|last| last.number.checked_add(1) != Some(fed.number)) {
                self.last.clear();
            }
            self.last.push_back(Arc::clone(fed));
        }
        let surplus = self.last.len().saturating_sub(KEPT);
        self.last.drain(..surplus);
    }
}

/// The events after a number, in order, at most `limit`, as the store has them.
pub(crate) async fn read(store: &dyn Store, owner: &Owner, after: u64, limit: usize) -> Stored<Vec<Arc<Fed>>> {
    let fed = |number, event| Arc::new(Fed { number, event });
    Ok(match owner {
        Owner::Account(account) => {
            let events = store.events(account, after, limit).await?;
            events.into_iter().map(|event| fed(event.number, event)).collect()
        }
        Owner::Vendor(vendor) => {
            let events = store.vendor_events(vendor, after, limit).await?;
            events.into_iter().map(|event| fed(event.number, event.event)).collect()
        }
    })
}

#[cfg(test)]
mod tests {
    use casebridge_domain::AccountId;
    use casebridge_domain::journal::{AccountMatter, JournalEntry, Principal};
    use chrono::DateTime;

    use super::*;

    fn fed(number: u64) -> Arc<Fed> {
        let matter = AccountMatter::FiguresRebuilt;
        let entry = JournalEntry::Account { by: Principal::Operator, at: DateTime::UNIX_EPOCH, matter };
        Arc::new(Fed { number, event: entry.events(&AccountId::parse("acme").unwrap(), number).remove(0) })
    }

    fn numbers(found: Option<Vec<Arc<Fed>>>) -> Option<Vec<u64>> {
        found.map(|found| found.iter().map(|fed| fed.number).collect())
    }

    #[test]
    fn what_was_read_once_is_there_for_everybody() {
        let mut end = End::default();
        end.add(&[fed(5), fed(6), fed(7)]);
        assert_eq!(numbers(end.after(4, 2)), Some(vec![5, 6]));
        assert_eq!(numbers(end.after(6, 10)), Some(vec![7]));
        assert_eq!(end.after(7, 10), None, "what comes next has to be asked for");
        assert_eq!(end.after(3, 10), None);
        assert!(end.begins_beyond(3) && !end.begins_beyond(4));
    }

    #[test]
    fn that_there_is_nothing_more_holds_for_those_who_heard_of_growth_before_it_was_asked() {
        let feeds = Feeds::default();
        let (before, asked, later) = (feeds.moment(), feeds.moment(), feeds.moment());
        let end = End { nothing_after: Some((7, asked)), ..End::default() };
        assert!(end.had_nothing_after(7, before) && end.had_nothing_after(8, before));
        assert!(!end.had_nothing_after(6, before), "the seventh may be there and not be kept here");
        assert!(!end.had_nothing_after(7, later), "something may have come since");
    }

    #[test]
    fn there_is_never_a_gap_in_what_is_kept() {
        let mut end = End::default();
        end.add(&[fed(5), fed(6)]);
        end.add(&[fed(9), fed(10)]);
        assert_eq!(end.after(5, 10), None);
        assert_eq!(numbers(end.after(8, 10)), Some(vec![9, 10]));
    }

    #[test]
    fn only_the_end_of_a_feed_is_kept() {
        let mut end = End::default();
        end.add(&(1..=2_000).map(fed).collect::<Vec<_>>());
        assert_eq!(end.last.len(), KEPT);
        assert_eq!(numbers(end.after(1_999, 10)), Some(vec![2_000]));
    }
}
