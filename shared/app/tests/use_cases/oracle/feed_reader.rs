//! Somebody who reads the feeds a few events at a time, and never waits.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use casebridge_app::Desk;
use casebridge_app::feed::{FeedError, FeedPage, events, vendor_events};
use casebridge_app::ports::push::Pushed;
use casebridge_app::ports::store::VendorEvent;
use casebridge_domain::journal::{Event, What};
use casebridge_domain::{AccountId, CaseId};
use casebridge_http::events::conformance::hold_message;
use casebridge_http::events::message;

use super::{Broken, promise};
use crate::world::{TestWorld, boss, by};

/// More than any test's feed has.
const ALL: usize = 10_000;

/// Readers of some accounts' feeds and of their vendor's.
#[derive(Debug)]
pub(crate) struct Readers {
    accounts: Vec<(AccountId, Mutex<Read<Event>>)>,
    vendor: Mutex<Read<VendorEvent>>,
}

/// What somebody has read so far.
#[derive(Debug)]
struct Read<T> {
    events: Vec<T>,
    /// The last thing heard of each case.
    heard: HashMap<CaseId, u32>,
}

impl<T> Default for Read<T> {
    fn default() -> Self {
        Self { events: Vec::new(), heard: HashMap::new() }
    }
}

impl Readers {
    pub(crate) fn of(accounts: impl IntoIterator<Item = AccountId>) -> Self {
        let accounts = accounts.into_iter().map(|account| (account, Mutex::default())).collect();
        Self { accounts, vendor: Mutex::default() }
    }

    /// Everybody asks for the next page; `false` once nothing follows.
    pub(crate) async fn read_on(&self, world: &TestWorld, limit: usize) -> Result<bool, Broken> {
        let mut more = false;
        for (account, read) in &self.accounts {
            // The store does not answer; nothing is lost by asking again.
            let Ok(Some(desk)) = Desk::open(&world.app, account, by()).await else { continue };
            let after = last(read);
            let page = events(&desk, cursor(after), limit).await;
            page.iter().flat_map(|page| &page.events).try_for_each(is_as_published)?;
            more |= take(read, after, page, |event| (event.number, event))?;
        }
        let after = last(&self.vendor);
        let page = vendor_events(&world.app, &boss(), cursor(after), limit).await;
        Ok(more | take(&self.vendor, after, page, |event| (event.number, &event.event))?)
    }

    /// Everybody has read everything, and it is what is read at once.
    pub(crate) async fn have_read_everything(&self, world: &TestWorld, limit: usize) -> Result<(), Broken> {
        while self.read_on(world, limit).await? {}
        let mut together = 0;
        for (account, read) in &self.accounts {
            let read = lock(read).events.clone();
            let at_once = whole(events(&world.desk(account).await, None, ALL).await)?;
            promise!(read.ends_with(&at_once), "{account} reads other events at once than in turn");
            together += read.len();
            let by_vendor = self.of_vendor(account);
            promise!(by_vendor == read, "the vendor's feed tells other things of {account}: {by_vendor:?}");
        }
        let read = lock(&self.vendor).events.clone();
        let at_once = whole(vendor_events(&world.app, &boss(), None, ALL).await)?;
        promise!(read.ends_with(&at_once), "the vendor reads other events at once than in turn");
        promise!(read.len() == together, "{} events of the vendor, {together} of its accounts", read.len());
        Ok(())
    }

    /// What was read of an account.
    pub(crate) fn of_account(&self, account: &AccountId) -> Vec<Event> {
        let read = self.accounts.iter().find(|(one, _)| one == account);
        read.map(|(_, read)| lock(read).events.clone()).unwrap_or_default()
    }

    fn of_vendor(&self, account: &AccountId) -> Vec<Event> {
        let all = lock(&self.vendor);
        all.events.iter().map(|event| &event.event).filter(|event| event.account == *account).cloned().collect()
    }
}

fn lock<T>(read: &Mutex<Read<T>>) -> MutexGuard<'_, Read<T>> {
    read.lock().unwrap_or_else(PoisonError::into_inner)
}

fn last<T>(read: &Mutex<Read<T>>) -> u64 {
    u64::try_from(lock(read).events.len()).unwrap()
}

/// Whoever has read nothing begins where the feed does.
fn cursor(after: u64) -> Option<u64> {
    (after > 0).then_some(after)
}

fn whole<T>(page: Result<FeedPage<T>, FeedError>) -> Result<Vec<T>, Broken> {
    page.map(|page| page.events).map_err(|error| Broken::new(format!("a feed from its beginning: {error}")))
}

/// Adds a page to what was read: numbers go on without a gap, and so does what is heard of each case.
fn take<T>(
    read: &Mutex<Read<T>>,
    after: u64,
    page: Result<FeedPage<T>, FeedError>,
    parts: impl Fn(&T) -> (u64, &Event),
) -> Result<bool, Broken> {
    let page = match page {
        Ok(page) => page,
        Err(FeedError::Outside(_)) => return Ok(false),
        Err(error) => return Err(Broken::new(format!("after {after}: {error}"))),
    };
    let mut read = lock(read);
    let count = u64::try_from(page.events.len()).unwrap();
    promise!(page.last == after + count, "a page of {count} after {after} ends with {}", page.last);
    // Somebody who asked at the same time may have got it already.
    if u64::try_from(read.events.len()).unwrap() != after {
        return Ok(count > 0);
    }
    for (event, expected) in page.events.into_iter().zip(after + 1..) {
        let (number, about) = parts(&event);
        promise!(number == expected, "event {number} stands where {expected} belongs");
        if let What::Case { case, event: happened } = &about.what {
            let heard = read.heard.entry(case.id()).or_default();
            promise!(happened.sequence == *heard + 1, "after {heard} of a case comes {happened:?}");
            *heard = happened.sequence;
        }
        read.events.push(event);
    }
    Ok(count > 0)
}

/// What would be pushed of the event is what is published of its type.
fn is_as_published(event: &Event) -> Result<(), Broken> {
    let body = message(&Pushed::Event { number_in_vendor: None, event });
    let held = hold_message(&serde_json::from_slice(&body).unwrap());
    promise!(held.is_ok(), "{}", held.unwrap_err());
    Ok(())
}
