//! All of an owner's endpoints are down for two hours.

use std::collections::BTreeMap;

use casebridge_domain::endpoint::ATTEMPTS;
use casebridge_domain::journal::AccountMatter;
use casebridge_domain::key::Owner;
use casebridge_domain::{AccountId, TicketId};
use chrono::TimeDelta;

use super::Scene;
use crate::world::{Manner, acme, boss, globex};

/// Of the account whose endpoints are down.
const DOWN: usize = 8;

/// Of the account that has nothing to do with it.
const WELL: &str = "https://well.globex.example/";

/// The vendor's, which is down as well.
const OF_VENDOR: &str = "https://vendor.example/";

const MINUTE: TimeDelta = TimeDelta::minutes(1);

fn down(n: usize) -> String {
    format!("https://desk-{n}.example/")
}

/// So many of an account's tickets are closed.
async fn tickets_close(scene: &Scene, account: &AccountId, tickets: usize) {
    for n in 0..tickets {
        let ticket = TicketId::parse(&format!("T{n}")).unwrap();
        scene.happens(account, AccountMatter::TicketClosed { ticket }).await;
    }
}

/// How late an endpoint got each event that it took, in the order of the events.
fn delays(scene: &Scene, url: &str, happened: &BTreeMap<u64, casebridge_domain::Instant>) -> Vec<TimeDelta> {
    let taken = scene.receivers.attempts(url).into_iter().filter(|got| got.taken);
    taken.map(|got| got.at - happened[&got.number]).collect()
}

#[tokio::test(start_paused = true)]
async fn after_two_hours_everything_is_delivered_once_and_nobody_else_was_delayed() {
    let scene = Scene::set().await;
    scene.world.sign_up(&globex()).await;
    scene.push().await;
    for n in 0..DOWN {
        scene.made(&Owner::Account(acme()), &down(n), &["ticket.*"]).await;
        // Of both ways to be down, half each.
        scene.receivers.be(&down(n), if n.is_multiple_of(2) { Manner::Away } else { Manner::Answers(503) });
    }
    scene.made(&Owner::Vendor(boss()), OF_VENDOR, &["ticket.*"]).await;
    scene.receivers.be(OF_VENDOR, Manner::Away);
    scene.made(&Owner::Account(globex()), WELL, &["ticket.*"]).await;
    let others = scene.world.store().feed_head(&Owner::Account(globex())).await.unwrap().last;
    let mine = scene.last_number().await;

    let mut happened = BTreeMap::new();
    for _ in 0..120 {
        tickets_close(&scene, &acme(), 3).await;
        tickets_close(&scene, &globex(), 1).await;
        happened.insert(others + 1 + u64::try_from(happened.len()).unwrap(), scene.world.now());
        scene.push_through(MINUTE, MINUTE).await;
    }
    assert_eq!(scene.receivers.taken(WELL), (others + 1..=others + 120).collect::<Vec<_>>());
    let late = delays(&scene, WELL, &happened).into_iter().max().unwrap();
    assert!(late <= MINUTE, "an account whose endpoint is well waited {late}");
    let asked = scene.receivers.attempts(&down(0)).len();
    assert!(asked <= 40, "{asked} attempts at an endpoint that is down, with 360 events to push");

    for url in (0..DOWN).map(down).chain([OF_VENDOR.to_owned()]) {
        scene.receivers.be(&url, Manner::Takes);
    }
    let back = scene.world.now();
    scene.push_through(TimeDelta::minutes(5), MINUTE).await;
    let soon = scene.receivers.taken(&down(0)).len();
    assert!(soon >= 350, "{soon} of 360 within the longest pause: only what was tried in vain waits for its time");
    scene.push_through(TimeDelta::hours(7), MINUTE * 5).await;
    for n in 0..DOWN {
        assert_eq!(scene.receivers.taken(&down(n)), (mine + 1..=mine + 360).collect::<Vec<_>>(), "once each");
        let most = scene.receivers.tries(&down(n)).into_values().max().unwrap();
        assert!(most <= usize::try_from(ATTEMPTS).unwrap(), "{most} attempts at an event");
    }
    assert_eq!(scene.receivers.taken(OF_VENDOR).len(), 480, "of both accounts, once each");
    let (last, copies) = (scene.receivers.attempts(&down(1)), scene.receivers.tries(&down(1)).len());
    assert_eq!(copies, 360);
    assert!(last.iter().all(|got| got.at <= back + TimeDelta::hours(6)), "and all of it within hours");
}
