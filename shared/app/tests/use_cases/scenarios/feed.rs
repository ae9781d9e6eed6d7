//! The event feed, for whoever reads too late, too early, or while it is written.

use casebridge_app::accounts::delete_account;
use casebridge_app::audit;
use casebridge_app::feed::{FeedError, events, vendor_events};
use casebridge_app::journal::{number_account, number_vendor};
use casebridge_domain::AccountId;
use casebridge_domain::journal::{Event, FEED_DAYS};
use chrono::TimeDelta;

use crate::oracle::Readers;
use crate::world::{Mishap, TestWorld, acme, boss, globex, play_of};

impl TestWorld {
    /// Everything that waits gets its numbers.
    async fn numbered(&self, account: &AccountId) {
        number_account(&self.app, account).await.unwrap();
        number_vendor(&self.app, &boss()).await.unwrap();
    }

    /// The numbers of the events after one.
    async fn numbers(&self, after: Option<u64>) -> Result<Vec<u64>, FeedError> {
        let page = events(&self.desk(&acme()).await, after, 100).await?;
        Ok(page.events.iter().map(|event| event.number).collect())
    }
}

fn kinds(events: &[Event]) -> Vec<&str> {
    events.iter().map(Event::kind).collect()
}

#[tokio::test(start_paused = true)]
async fn what_happened_is_in_the_feed_once_it_has_its_number_and_not_before() {
    let world = TestWorld::connected().await;
    let desk = world.desk(&acme()).await;
    assert_eq!(events(&desk, None, 100).await.unwrap().events, []);
    world.numbered(&acme()).await;
    let page = events(&desk, None, 100).await.unwrap();
    assert_eq!((kinds(&page.events), page.last), (vec!["account.made", "connection.registered"], 2));
    world.opened("T1").await;
    assert!(events(&desk, Some(2), 100).await.unwrap().events.is_empty());
    world.numbered(&acme()).await;
    let page = events(&desk, Some(2), 100).await.unwrap();
    assert_eq!(kinds(&page.events), ["connection.changed", "case.opened", "invitation.queued"]);
}

#[tokio::test(start_paused = true)]
async fn whoever_asks_for_events_after_one_that_nobody_knows_is_told_the_last() {
    let world = TestWorld::connected().await;
    assert!(matches!(world.numbers(Some(1)).await, Err(FeedError::Ahead { last: 0 })));
    world.numbered(&acme()).await;
    assert!(matches!(world.numbers(Some(3)).await, Err(FeedError::Ahead { last: 2 })));
    let ahead = vendor_events(&world.app, &boss(), Some(3), 100).await;
    assert!(matches!(ahead, Err(FeedError::Ahead { last: 2 })));
    assert!(world.numbers(Some(2)).await.unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn whoever_comes_after_thirty_days_is_told_what_is_left() {
    let world = TestWorld::connected().await;
    world.numbered(&acme()).await;
    world.advance(TimeDelta::days(FEED_DAYS));
    world.opened("T1").await;
    world.numbered(&acme()).await;
    world.table().forget_expired(world.now());
    for after in [0, 1] {
        let gone = world.numbers(Some(after)).await;
        assert!(matches!(gone, Err(FeedError::Gone { oldest: 3 })), "{gone:?}");
        let gone = vendor_events(&world.app, &boss(), Some(after), 100).await;
        assert!(matches!(gone, Err(FeedError::Gone { oldest: 3 })), "{gone:?}");
    }
    // Whoever has read the second has missed nothing.
    for after in [None, Some(2)] {
        assert_eq!(world.numbers(after).await.unwrap(), [3, 4, 5]);
        let page = vendor_events(&world.app, &boss(), after, 100).await.unwrap();
        assert_eq!((page.events.len(), page.last), (3, 5));
    }
    world.advance(TimeDelta::days(FEED_DAYS));
    world.table().forget_expired(world.now());
    assert!(matches!(world.numbers(Some(2)).await, Err(FeedError::Gone { oldest: 6 })));
    let page = events(&world.desk(&acme()).await, None, 100).await.unwrap();
    assert_eq!((page.events.len(), page.last), (0, 5));
}

#[tokio::test(start_paused = true)]
async fn nothing_is_skipped_nor_called_gone_that_gets_its_number_while_somebody_reads() {
    for after in [None, Some(0)] {
        let world = TestWorld::connected().await;
        let desk = world.desk(&acme()).await;
        world.engine.light(Some((1, Mishap::Wait)));
        let mut reading = Box::pin(events(&desk, after, 100));
        // It has found nothing, and is about to see how far the feed is numbered.
        world.engine.until_it_waits(&mut reading).await.unwrap();
        world.numbered(&acme()).await;
        world.engine.go_on();
        let page = reading.await.unwrap();
        assert_eq!((page.events.len(), page.last), (2, 2), "after {after:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_of_the_vendors_is_skipped_nor_called_gone_that_gets_its_number_while_it_reads() {
    for after in [None, Some(0)] {
        let world = TestWorld::connected().await;
        world.engine.light(Some((1, Mishap::Wait)));
        let vendor = boss();
        let mut reading = Box::pin(vendor_events(&world.app, &vendor, after, 100));
        world.engine.until_it_waits(&mut reading).await.unwrap();
        world.numbered(&acme()).await;
        world.engine.go_on();
        let page = reading.await.unwrap();
        assert_eq!((page.events.len(), page.last), (2, 2), "after {after:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_vendor_reads_all_its_accounts_each_in_its_own_order() {
    let world = TestWorld::connected().await;
    let readers = Readers::of([acme(), globex()]);
    world.sign_up(&globex()).await;
    for ticket in ["T1", "T2", "T3"] {
        world.helped(play_of(ticket), 60).await;
        world.numbered(&acme()).await;
        world.numbered(&globex()).await;
        readers.read_on(&world, 2).await.unwrap();
    }
    readers.have_read_everything(&world, 1).await.unwrap();
    assert_eq!(kinds(&readers.of_account(&globex())), ["account.made"]);
}

#[tokio::test(start_paused = true)]
async fn the_vendor_hears_of_the_end_of_an_account_and_its_trail_holds_on() {
    let world = TestWorld::connected().await;
    world.sign_up(&globex()).await;
    world.advance(TimeDelta::seconds(1));
    delete_account(&world.desk(&globex()).await).await.unwrap();
    for account in [acme(), globex()] {
        world.numbered(&account).await;
    }
    let page = vendor_events(&world.app, &boss(), None, 100).await.unwrap();
    let of_globex: Vec<_> = page.events.into_iter().map(|event| event.event).collect();
    let of_globex: Vec<_> = of_globex.iter().filter(|event| event.account == globex()).map(Event::kind).collect();
    assert_eq!(of_globex, ["account.made", "account.deleted"]);
    assert_eq!(audit::verify(&world.app, &globex()).await.unwrap().entries, 2);
}
