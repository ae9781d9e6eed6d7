//! Everything gets its number once.

use casebridge_app::customer_online::notice;
use casebridge_app::feed::events;
use casebridge_app::journal::{number_account, number_vendor};
use casebridge_domain::TicketId;
use casebridge_domain::journal::{AccountMatter, Event, JournalEntry};
use casebridge_domain::service_case::EventKind;
use chrono::TimeDelta;
use futures::future::join_all;

use crate::oracle::Readers;
use crate::world::{Beginning, Mishap, TestWorld, acme, boss, by, play_of};

impl TestWorld {
    /// Leaves so many entries in acme's journal, each a millisecond after the other.
    async fn noted(&self, entries: usize) {
        for number in 0..entries {
            self.advance(TimeDelta::milliseconds(1));
            let matter = AccountMatter::TicketClosed { ticket: TicketId::parse(&format!("T{number}")).unwrap() };
            let entry = JournalEntry::Account { by: by(), at: self.now(), matter };
            self.store().note(&acme(), &entry).await.unwrap();
        }
    }

    async fn feed(&self) -> Vec<Event> {
        events(&self.desk(&acme()).await, None, 10_000).await.unwrap().events
    }
}

#[tokio::test(start_paused = true)]
async fn workers_who_number_at_once_number_everything_once() {
    for seed in 0..8 {
        let world = TestWorld::connected_at(Beginning { seed, ..Beginning::default() }).await;
        let readers = Readers::of([acme()]);
        for ticket in ["T1", "T2"] {
            world.helped(play_of(ticket), 60).await;
            let account = acme();
            let workers = (0..4).map(|_| number_account(&world.app, &account));
            assert!(join_all(workers).await.iter().all(Result::is_ok));
            let vendor = boss();
            let workers = (0..4).map(|_| number_vendor(&world.app, &vendor));
            assert!(join_all(workers).await.iter().all(Result::is_ok));
            readers.have_read_everything(&world, 2).await.unwrap();
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_worker_that_dies_at_any_store_call_has_numbered_nothing_twice_and_the_next_goes_on() {
    for (call, mishap) in (0..10).flat_map(|call| [(call, Mishap::CrashBefore), (call, Mishap::CrashAfter)]) {
        let world = TestWorld::connected().await;
        let readers = Readers::of([acme()]);
        world.helped(play_of("T1"), 60).await;
        world.engine.light(Some((call, mishap)));
        tokio::select! {
            biased;
            () = world.engine.crash() => {}
            () = world.work() => {}
        }
        world.engine.light(None);
        world.work_through(TimeDelta::minutes(2), TimeDelta::seconds(20)).await;
        readers.have_read_everything(&world, 3).await.unwrap();
        let feed = readers.of_account(&acme());
        let ends = feed.iter().filter(|event| event.kind() == "case.closed").count();
        assert_eq!(ends, 1, "{mishap:?} at {call}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_long_backlog_is_numbered_in_order_however_many_steps_it_takes() {
    let world = TestWorld::connected().await;
    let readers = Readers::of([acme()]);
    world.noted(600).await;
    number_account(&world.app, &acme()).await.unwrap();
    number_vendor(&world.app, &boss()).await.unwrap();
    readers.have_read_everything(&world, 97).await.unwrap();
    let feed = readers.of_account(&acme());
    assert_eq!(feed.len(), 602);
    assert!(feed.is_sorted_by_key(|event| event.at));
}

#[tokio::test(start_paused = true)]
async fn a_cases_events_keep_their_order_though_the_clock_was_put_back() {
    let world = TestWorld::connected().await;
    let case = world.opened("T1").await;
    // Another machine's clock is behind, as clocks are.
    world.clock.set(case.started_at());
    world.advance(TimeDelta::milliseconds(-200));
    let code = &case.session().unwrap().code;
    notice(&world.desk(&acme()).await, code, world.now()).await.unwrap();
    world.advance(TimeDelta::milliseconds(500));
    world.stopped(case).await;
    number_account(&world.app, &acme()).await.unwrap();
    let feed = world.feed().await;
    let place = |kind: &str| feed.iter().position(|event| event.kind() == kind).unwrap();
    assert!(place(EventKind::Opened.name()) < place(EventKind::CustomerOnline.name()));
    assert!(place(EventKind::CustomerOnline.name()) < place(EventKind::Closing { reason: None }.name()));
}
