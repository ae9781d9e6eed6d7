//! Events reach endpoints: all of them, in spite of everything, and nobody waits for anybody else.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use casebridge_app::endpoints::{EndpointChange, EndpointError, Endpoints, GoOn, NewEndpoint, ReplayWish};
use casebridge_app::ports::LaneNotifier;
use casebridge_app::push::{Pushing, fan_out, take_turn};
use casebridge_domain::endpoint::{
    Endpoint, EndpointState, EndpointUrl, EventFilter, EventPattern, Range, Reach, SigningMethod, WhyDisabled,
};
use casebridge_domain::journal::{AccountMatter, JournalEntry};
use casebridge_domain::key::Owner;
use casebridge_domain::{AccountId, EndpointId};
use chrono::TimeDelta;
use futures::FutureExt as _;

use crate::world::{Manner, Mishap, Receivers, TestWorld, acme, boss, by, globex, play_of};

mod clearing;
mod outage;
mod round_trips;

const ONE: &str = "https://one.example/in";
const TWO: &str = "https://two.example/in";

/// A world with accounts, and somebody who pushes.
struct Scene {
    world: TestWorld,
    receivers: Arc<Receivers>,
    pushing: Pushing,
}

impl Scene {
    async fn set() -> Self {
        let world = TestWorld::connected().await;
        let receivers = Arc::new(Receivers::default());
        let pushing = world.pushing(&receivers);
        let scene = Self { world, receivers, pushing };
        scene.push().await;
        scene
    }

    fn endpoints(&self, owner: &Owner) -> Endpoints {
        Endpoints::of(self.world.app.clone(), owner.clone(), by(), Reach::default())
    }

    fn of_acme(&self) -> Endpoints {
        self.endpoints(&Owner::Account(acme()))
    }

    async fn made(&self, owner: &Owner, url: &str, events: &[&str]) -> Endpoint {
        let patterns = events.iter().map(|raw| EventPattern::parse(raw).unwrap()).collect();
        let wish = NewEndpoint {
            url: EndpointUrl::parse(url).unwrap(),
            filter: EventFilter::of(patterns).unwrap(),
            description: None,
            signing: SigningMethod::Hmac,
        };
        let made = self.endpoints(owner).make(wish, None).await.unwrap().endpoint;
        self.push().await;
        made
    }

    async fn made_for_acme(&self, url: &str) -> EndpointId {
        self.made(&Owner::Account(acme()), url, &["ticket.*"]).await.id
    }

    async fn happens(&self, account: &AccountId, matter: AccountMatter) {
        self.world.advance(TimeDelta::milliseconds(1));
        let entry = JournalEntry::Account { by: by(), at: self.world.now(), matter };
        self.world.store().note(account, &entry).await.unwrap();
    }

    /// So many tickets of acme's are closed.
    async fn tickets_close(&self, tickets: usize) {
        for n in 0..tickets {
            let ticket = casebridge_domain::TicketId::parse(&format!("T{n}")).unwrap();
            self.happens(&acme(), AccountMatter::TicketClosed { ticket }).await;
        }
    }

    async fn push(&self) {
        self.world.push(&self.pushing).await;
    }

    async fn push_through(&self, span: TimeDelta, stride: TimeDelta) {
        self.world.push_through(&self.pushing, span, stride).await;
    }

    async fn state(&self, id: EndpointId) -> EndpointState {
        self.of_acme().read(id).await.unwrap().endpoint.state
    }

    async fn last_number(&self) -> u64 {
        self.world.store().feed_head(&Owner::Account(acme())).await.unwrap().last
    }

    /// Turns a disabled or switched-off endpoint on.
    async fn switch(&self, id: EndpointId, on: bool, go_on: GoOn) {
        let change = EndpointChange { on: Some(on), go_on, ..EndpointChange::default() };
        self.of_acme().change(id, &change).await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn events_reach_those_who_want_them_from_the_moment_their_endpoint_is_there() {
    let scene = Scene::set().await;
    let before = scene.last_number().await;
    let all = "https://all.example/";
    scene.made(&Owner::Account(acme()), all, &[]).await;
    scene.made(&Owner::Account(acme()), ONE, &["case.*", "customer.online"]).await;
    scene.made(&Owner::Vendor(boss()), TWO, &["case.closed", "account.made"]).await;
    scene.world.helped(play_of("T1"), 60).await;
    scene.world.sign_up(&globex()).await;
    scene.push().await;
    let last = scene.last_number().await;
    assert_eq!(scene.receivers.taken(all), (before + 1..=last).collect::<Vec<_>>(), "without a gap");
    let kinds = |url| scene.receivers.attempts(url).into_iter().map(|got| got.kind).collect::<Vec<_>>();
    assert_eq!(kinds(ONE), ["case.opened", "case.closing", "case.closed"]);
    let mut of_vendor = scene.receivers.attempts(TWO);
    of_vendor.sort_by(|a, b| a.kind.cmp(&b.kind));
    assert_eq!(of_vendor.iter().map(|got| got.kind.as_str()).collect::<Vec<_>>(), ["account.made", "case.closed"]);
    assert!(of_vendor.iter().all(|got| got.in_vendor.is_some()));
    assert_eq!(of_vendor[0].id, "evt_globex_1");
}

#[tokio::test(start_paused = true)]
async fn what_one_endpoint_never_takes_is_tried_ten_times_kept_and_holds_nothing_up() {
    let scene = Scene::set().await;
    let id = scene.made_for_acme(ONE).await;
    let poison = format!("evt_acme_{}", scene.last_number().await + 3);
    scene.receivers.be(ONE, Manner::TakesAllBut(poison.clone()));
    scene.tickets_close(30).await;
    let began = scene.world.now();
    scene.push().await;
    assert_eq!(scene.receivers.taken(ONE).len(), 29);
    scene.push_through(TimeDelta::hours(100), TimeDelta::seconds(500)).await;
    let attempts: Vec<_> = scene.receivers.attempts(ONE).into_iter().filter(|got| got.id == poison).collect();
    assert_eq!(attempts.len(), 10);
    let span = attempts[9].at - began;
    assert!(span > TimeDelta::hours(60) && span < TimeDelta::hours(92), "{span}");
    let deliveries = scene.of_acme().deliveries(id).await.unwrap();
    assert_eq!(deliveries.retries, []);
    assert_eq!(deliveries.undelivered.iter().map(|retry| retry.attempts).collect::<Vec<_>>(), [10]);
    scene.receivers.be(ONE, Manner::Takes);
    let number = deliveries.undelivered[0].number;
    scene.of_acme().replay(id, ReplayWish::Numbers(Range::new(number, number).unwrap())).await.unwrap();
    scene.push().await;
    let last = scene.receivers.attempts(ONE).pop().unwrap();
    assert_eq!((last.id, last.taken), (poison, true), "with the same id as before");
}

#[tokio::test(start_paused = true)]
async fn after_an_outage_of_all_endpoints_everything_is_delivered_and_no_event_is_tried_too_often() {
    let scene = Scene::set().await;
    let urls: Vec<String> = (0..6).map(|n| format!("https://desk-{n}.example/")).collect();
    for url in &urls {
        scene.made_for_acme(url).await;
        scene.receivers.be(url, Manner::Away);
    }
    let before = scene.last_number().await;
    for _ in 0..24 {
        scene.tickets_close(10).await;
        scene.push_through(TimeDelta::minutes(10), TimeDelta::minutes(1)).await;
    }
    let attempts = scene.receivers.attempts(&urls[0]).len();
    assert!(attempts < 80, "{attempts} attempts at an endpoint that takes nothing");
    for url in &urls {
        scene.receivers.be(url, Manner::Takes);
    }
    scene.push_through(TimeDelta::hours(12), TimeDelta::minutes(5)).await;
    for url in &urls {
        assert_eq!(scene.receivers.taken(url), (before + 1..=before + 240).collect::<Vec<_>>());
        assert!(scene.receivers.tries(url).values().all(|tries| *tries <= 10));
    }
}

#[tokio::test(start_paused = true)]
async fn a_crash_at_any_store_call_loses_nothing() {
    for (call, mishap) in (0..30).flat_map(|call| [(call, Mishap::CrashBefore), (call, Mishap::CrashAfter)]) {
        let scene = Scene::set().await;
        scene.made_for_acme(ONE).await;
        scene.made(&Owner::Vendor(boss()), TWO, &["ticket.*"]).await;
        let before = scene.last_number().await;
        scene.receivers.be(ONE, Manner::TakesAllBut(format!("evt_acme_{}", before + 2)));
        scene.tickets_close(12).await;
        scene.world.engine.light(Some((call, mishap)));
        tokio::select! {
            biased;
            () = scene.world.engine.crash() => {}
            () = scene.push() => {}
        }
        scene.world.engine.light(None);
        scene.world.engine.outlive_the_dead().await;
        scene.receivers.be(ONE, Manner::Takes);
        // Another process: it knows nothing of what the first one had read.
        let pushing = scene.world.pushing(&scene.receivers);
        scene.world.push_through(&pushing, TimeDelta::minutes(8), TimeDelta::seconds(30)).await;
        for url in [ONE, TWO] {
            let mut taken = scene.receivers.taken(url);
            taken.dedup();
            assert_eq!(taken, (before + 1..=before + 12).collect::<Vec<_>>(), "{url}, {mishap:?} at {call}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_endpoint_that_is_gone_is_disabled_at_once_and_can_go_on_where_it_stopped() {
    let scene = Scene::set().await;
    let id = scene.made_for_acme(ONE).await;
    scene.made(&Owner::Account(acme()), TWO, &["endpoint.failing", "endpoint.disabled"]).await;
    let before = scene.last_number().await;
    scene.receivers.be(ONE, Manner::Answers(410));
    scene.tickets_close(1).await;
    scene.push_through(TimeDelta::hours(2), TimeDelta::minutes(5)).await;
    assert!(matches!(scene.state(id).await, EndpointState::Disabled { why: WhyDisabled::Gone, .. }));
    scene.tickets_close(3).await;
    scene.push_through(TimeDelta::hours(2), TimeDelta::minutes(5)).await;
    assert_eq!(scene.receivers.attempts(ONE).len(), 1);
    let told: Vec<_> = scene.receivers.attempts(TWO).into_iter().map(|got| got.kind).collect();
    assert_eq!(told, ["endpoint.disabled"]);
    scene.receivers.be(ONE, Manner::Takes);
    scene.switch(id, true, GoOn::WhereItStopped).await;
    scene.push().await;
    let taken = scene.receivers.taken(ONE);
    assert_eq!(taken.len(), 4);
    assert_eq!(taken[0], before + 1, "what it answered 410 to, as well");
}

#[tokio::test(start_paused = true)]
async fn an_endpoint_that_is_on_again_may_begin_with_what_happens_from_then_on() {
    let scene = Scene::set().await;
    let id = scene.made_for_acme(ONE).await;
    scene.switch(id, false, GoOn::WhereItStopped).await;
    scene.tickets_close(5).await;
    scene.push().await;
    assert!(scene.receivers.taken(ONE).is_empty());
    let last = scene.last_number().await;
    scene.switch(id, true, GoOn::Now).await;
    scene.tickets_close(2).await;
    scene.push().await;
    assert!(scene.receivers.taken(ONE).iter().all(|number| *number > last));
    assert_eq!(scene.receivers.taken(ONE).len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_receiver_that_asks_for_time_is_left_alone_for_as_long() {
    let scene = Scene::set().await;
    scene.made_for_acme(ONE).await;
    scene.receivers.be(ONE, Manner::Asks(429, TimeDelta::minutes(30)));
    scene.tickets_close(1).await;
    scene.push().await;
    scene.receivers.be(ONE, Manner::Takes);
    scene.tickets_close(1).await;
    scene.push_through(TimeDelta::minutes(29), TimeDelta::minutes(1)).await;
    assert_eq!(scene.receivers.attempts(ONE).len(), 1);
    scene.push_through(TimeDelta::minutes(2), TimeDelta::minutes(1)).await;
    assert_eq!(scene.receivers.taken(ONE).len(), 2);
}

#[tokio::test(start_paused = true)]
async fn steady_failure_is_warned_of_and_disables_in_the_end() {
    let scene = Scene::set().await;
    let id = scene.made_for_acme(ONE).await;
    scene.made(&Owner::Account(acme()), TWO, &["endpoint.failing", "endpoint.disabled"]).await;
    scene.receivers.be(ONE, Manner::Answers(302));
    for _ in 0..130 {
        scene.tickets_close(1).await;
        scene.push_through(TimeDelta::minutes(61), TimeDelta::minutes(61)).await;
    }
    assert!(matches!(scene.state(id).await, EndpointState::Disabled { why: WhyDisabled::Failing, .. }));
    let mut told: Vec<_> = scene.receivers.attempts(TWO).into_iter().map(|got| got.kind).collect();
    // The last two happen at the same moment.
    told.sort();
    assert_eq!(told, [&["endpoint.disabled"], ["endpoint.failing"; 4].as_slice()].concat());
    let attempts = scene.receivers.attempts(ONE).len();
    scene.push_through(TimeDelta::hours(48), TimeDelta::hours(1)).await;
    assert_eq!(scene.receivers.attempts(ONE).len(), attempts);
}

#[tokio::test(start_paused = true)]
async fn an_endpoint_that_hangs_delays_no_other() {
    let scene = Scene::set().await;
    let hanging = scene.made_for_acme(ONE).await;
    let healthy = scene.made_for_acme(TWO).await;
    scene.receivers.be(ONE, Manner::Hangs);
    scene.tickets_close(20).await;
    for _ in 0..3 {
        scene.world.work().await;
    }
    let owner = Owner::Account(acme());
    let woken = fan_out(&scene.pushing.world, &scene.pushing.feeds, &owner).await.unwrap();
    assert_eq!(woken.len(), 2);
    let hangs = take_turn(&scene.pushing, &owner, hanging, None);
    let mut hangs = Box::pin(hangs);
    while scene.receivers.attempts(ONE).is_empty() {
        assert!((&mut hangs).now_or_never().is_none());
        tokio::task::yield_now().await;
    }
    take_turn(&scene.pushing, &owner, healthy, None).await.unwrap();
    assert_eq!(scene.receivers.taken(TWO).len(), 20);
    assert_eq!(take_turn(&scene.pushing, &owner, hanging, None).await.unwrap(), None, "it is in somebody's hands");
    drop(hangs);
    // Whoever had it died. After its lease somebody else goes on.
    scene.receivers.be(ONE, Manner::Takes);
    scene.push_through(TimeDelta::minutes(2), TimeDelta::seconds(30)).await;
    assert_eq!(scene.receivers.taken(ONE).len(), 20);
}

#[tokio::test(start_paused = true)]
async fn a_turn_is_given_back_before_the_function_ends_and_the_next_goes_on() {
    let scene = Scene::set().await;
    let id = scene.made_for_acme(ONE).await;
    scene.tickets_close(5).await;
    for _ in 0..3 {
        scene.world.work().await;
    }
    let owner = Owner::Account(acme());
    fan_out(&scene.pushing.world, &scene.pushing.feeds, &owner).await.unwrap();
    let soon = scene.world.now() + TimeDelta::seconds(5);
    let again = take_turn(&scene.pushing, &owner, id, Some(soon)).await.unwrap();
    assert_eq!((again, scene.receivers.taken(ONE)), (Some(scene.world.now()), vec![]));
    take_turn(&scene.pushing, &owner, id, Some(soon + TimeDelta::minutes(1))).await.unwrap();
    assert_eq!(scene.receivers.taken(ONE).len(), 5);
}

#[tokio::test(start_paused = true)]
async fn a_test_is_pushed_also_to_an_endpoint_that_is_off_and_says_nothing_about_how_it_goes() {
    let scene = Scene::set().await;
    let id = scene.made_for_acme(ONE).await;
    scene.switch(id, false, GoOn::WhereItStopped).await;
    scene.receivers.be(ONE, Manner::Answers(500));
    let test = scene.of_acme().test(id).await.unwrap();
    scene.push().await;
    let got = scene.receivers.attempts(ONE);
    assert_eq!(
        got.iter().map(|got| (got.id.as_str(), got.kind.as_str())).collect::<Vec<_>>(),
        [(test.id.as_str(), "endpoint.test")]
    );
    let lane = scene.of_acme().read(id).await.unwrap().lane.unwrap();
    assert!(!lane.health().is_failing());
    let delivery = lane.recent().newest_first().next().unwrap();
    assert_eq!((delivery.kind.as_str(), delivery.outcome.is_taken()), ("endpoint.test", false));
    scene.push_through(TimeDelta::hours(1), TimeDelta::minutes(5)).await;
    assert_eq!(scene.receivers.attempts(ONE).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn everything_since_a_time_or_a_number_is_pushed_once_more() {
    let scene = Scene::set().await;
    scene.tickets_close(10).await;
    scene.world.advance(TimeDelta::hours(1));
    let then = scene.world.now();
    scene.tickets_close(7).await;
    scene.push().await;
    let (id, last) = (scene.made_for_acme(ONE).await, scene.last_number().await);
    let replayed = scene.of_acme().replay(id, ReplayWish::SinceTime(then)).await.unwrap();
    // The last one says that the endpoint was made, which it does not want.
    assert_eq!((replayed.first(), replayed.last()), (last - 7, last));
    scene.push().await;
    assert_eq!(scene.receivers.taken(ONE), (last - 7..last).collect::<Vec<_>>());
    scene.of_acme().replay(id, ReplayWish::Since(last - 2)).await.unwrap();
    scene.push().await;
    assert_eq!(scene.receivers.taken(ONE).len(), 9);
    let ahead = scene.of_acme().replay(id, ReplayWish::Since(last + 100)).await;
    assert!(matches!(ahead, Err(EndpointError::NothingToReplay)), "{ahead:?}");
}

#[tokio::test(start_paused = true)]
async fn while_a_secret_is_rotated_both_sign() {
    let scene = Scene::set().await;
    let id = scene.made_for_acme(ONE).await;
    scene.of_acme().rotate(id).await.unwrap();
    scene.tickets_close(1).await;
    scene.push().await;
    scene.world.advance(TimeDelta::hours(25));
    scene.tickets_close(1).await;
    scene.push().await;
    let signed: Vec<_> = scene.receivers.attempts(ONE).into_iter().map(|got| got.secrets).collect();
    assert_eq!(signed, [2, 1]);
}

#[tokio::test(start_paused = true)]
async fn an_endpoint_leads_to_no_address_that_nothing_is_sent_to() {
    let scene = Scene::set().await;
    let wish = |url: &str| NewEndpoint {
        url: EndpointUrl::parse(url).unwrap(),
        filter: EventFilter::All,
        description: None,
        signing: SigningMethod::Ed25519,
    };
    for url in ["http://one.example/", "https://169.254.169.254/", "https://[::1]/"] {
        let refused = scene.of_acme().make(wish(url), None).await;
        assert!(matches!(refused, Err(EndpointError::Address(_))), "{url}");
    }
    assert!(scene.of_acme().list().await.unwrap().is_empty());
}

/// Hears which lanes somebody asks something of.
#[derive(Default)]
struct Notified(Mutex<Vec<(Owner, EndpointId)>>);

#[async_trait]
impl LaneNotifier for Notified {
    async fn notify(&self, owner: &Owner, endpoint: EndpointId) {
        self.0.lock().unwrap().push((owner.clone(), endpoint));
    }
}

impl Notified {
    fn lanes(&self) -> usize {
        std::mem::take(&mut *self.0.lock().unwrap()).len()
    }
}

#[tokio::test(start_paused = true)]
async fn those_who_push_are_told_of_a_test_a_replay_and_what_is_switched_on_and_of_nothing_else() {
    let scene = Scene::set().await;
    let id = scene.made_for_acme(ONE).await;
    scene.tickets_close(1).await;
    let notified = Arc::new(Notified::default());
    let endpoints = scene.of_acme().notifying(Some(notified.clone()));
    let on = |on: bool| EndpointChange { on: Some(on), ..EndpointChange::default() };
    endpoints.test(id).await.unwrap();
    assert_eq!(*notified.0.lock().unwrap(), [(Owner::Account(acme()), id)]);
    assert_eq!(notified.lanes(), 1);
    endpoints.replay(id, ReplayWish::Since(1)).await.unwrap();
    assert_eq!(notified.lanes(), 1);
    endpoints.change(id, &on(false)).await.unwrap();
    endpoints.rotate(id).await.unwrap();
    assert_eq!(endpoints.replay(id, ReplayWish::Since(1)).await.unwrap_err().to_string(), "the endpoint is off");
    assert_eq!(notified.lanes(), 0);
    endpoints.change(id, &on(true)).await.unwrap();
    assert_eq!(notified.lanes(), 1);
    endpoints.change(id, &on(true)).await.unwrap();
    assert_eq!(notified.lanes(), 0);
    assert!(endpoints.delete(id).await.unwrap());
    assert_eq!(notified.lanes(), 1, "what waits for it is cleared away");
    assert!(!endpoints.delete(id).await.unwrap());
    assert_eq!(notified.lanes(), 0);
}
