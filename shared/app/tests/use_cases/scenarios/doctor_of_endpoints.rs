//! The doctor names endpoints that don't take what is pushed to them, and those that nobody pushes to.

use std::collections::BTreeMap;
use std::sync::Arc;

use casebridge_app::doctor::{Complaint, Finding, Severity, examine, examine_vendor};
use casebridge_app::endpoints::{EndpointChange, Endpoints, NewEndpoint};
use casebridge_app::push::Pushing;
use casebridge_domain::EndpointId;
use casebridge_domain::endpoint::{EndpointUrl, EventFilter, Reach, SigningMethod};
use casebridge_domain::journal::{AccountMatter, JournalEntry};
use casebridge_domain::key::Owner;
use chrono::TimeDelta;

use crate::world::{Manner, Receivers, TestWorld, acme, boss, by};

const URL: &str = "https://one.example/in/secret";

/// A world with one endpoint, of acme's or of its vendor's.
struct Scene {
    world: TestWorld,
    receivers: Arc<Receivers>,
    pushing: Pushing,
    owner: Owner,
    endpoint: EndpointId,
}

impl Scene {
    async fn set(owner: Owner) -> Self {
        let world = TestWorld::connected().await;
        let receivers = Arc::new(Receivers::default());
        let pushing = world.pushing(&receivers);
        world.push(&pushing).await;
        let wish = NewEndpoint {
            url: EndpointUrl::parse(URL).unwrap(),
            filter: EventFilter::All,
            description: None,
            signing: SigningMethod::Hmac,
        };
        let endpoints = Endpoints::of(world.app.clone(), owner.clone(), by(), Reach::default());
        let endpoint = endpoints.make(wish, None).await.unwrap().endpoint.id;
        world.push(&pushing).await;
        Self { world, receivers, pushing, owner, endpoint }
    }

    async fn change(&self, on: bool) {
        let endpoints = Endpoints::of(self.world.app.clone(), self.owner.clone(), by(), Reach::default());
        endpoints.change(self.endpoint, &EndpointChange { on: Some(on), ..EndpointChange::default() }).await.unwrap();
    }

    async fn happens(&self) {
        let entry = JournalEntry::Account { by: by(), at: self.world.now(), matter: AccountMatter::FiguresRebuilt };
        self.world.store().note(&acme(), &entry).await.unwrap();
    }

    async fn push_through(&self, span: TimeDelta) {
        self.push_every(TimeDelta::minutes(5), span).await;
    }

    async fn push_every(&self, stride: TimeDelta, span: TimeDelta) {
        self.world.push_through(&self.pushing, span, stride).await;
    }

    /// What is said about endpoints, by complaint.
    async fn said(&self) -> BTreeMap<Complaint, String> {
        let found = match &self.owner {
            Owner::Account(account) => examine(&self.world.desk(account).await).await.unwrap(),
            Owner::Vendor(vendor) => examine_vendor(&self.world.app, vendor).await.unwrap(),
        };
        let about = [Complaint::EndpointFailing, Complaint::EndpointDisabled, Complaint::EndpointBehind];
        let said = found.into_iter().filter(|found| about.contains(&found.complaint));
        said.map(|Finding { complaint, detail }| (complaint, detail.unwrap())).collect()
    }

    /// The one thing that is said.
    async fn only(&self, complaint: Complaint) -> String {
        let mut said = self.said().await;
        assert_eq!(said.keys().collect::<Vec<_>>(), [&complaint]);
        let said = said.remove(&complaint).unwrap();
        let named = format!("https://one.example ({}), ", self.endpoint);
        said.strip_prefix(&named).unwrap_or_else(|| panic!("{said}")).to_owned()
    }
}

#[tokio::test(start_paused = true)]
async fn an_endpoint_that_takes_what_it_gets_is_not_mentioned() {
    for owner in [Owner::Account(acme()), Owner::Vendor(boss())] {
        let scene = Scene::set(owner).await;
        scene.happens().await;
        scene.push_through(TimeDelta::minutes(30)).await;
        assert!(!scene.receivers.taken("https://one.example/in/secret").is_empty());
        assert_eq!(scene.said().await, BTreeMap::new());
    }
}

#[tokio::test(start_paused = true)]
async fn of_an_endpoint_that_fails_it_is_said_since_when_and_how_near_it_is_to_being_disabled() {
    for owner in [Owner::Account(acme()), Owner::Vendor(boss())] {
        let scene = Scene::set(owner).await;
        scene.receivers.be(URL, Manner::Answers(500));
        for _ in 0..12 {
            scene.happens().await;
            scene.push_through(TimeDelta::minutes(65)).await;
        }
        let said = scene.only(Complaint::EndpointFailing).await;
        let (percent, since) = said.split_once(" % of what disables it, since 20").unwrap();
        assert!((9..=11).contains(&percent.parse::<u32>().unwrap()) && !since.is_empty(), "{said}");
        assert_eq!(Complaint::EndpointFailing.severity(), Severity::Advice);
        scene.receivers.be(URL, Manner::Takes);
        scene.push_through(TimeDelta::hours(13)).await;
        assert_eq!(scene.said().await, BTreeMap::new());
    }
}

#[tokio::test(start_paused = true)]
async fn of_an_endpoint_that_was_disabled_it_is_said_why_and_since_when_until_it_is_switched_on() {
    for owner in [Owner::Account(acme()), Owner::Vendor(boss())] {
        let scene = Scene::set(owner).await;
        scene.receivers.be(URL, Manner::Answers(410));
        scene.happens().await;
        scene.push_through(TimeDelta::minutes(10)).await;
        let said = scene.only(Complaint::EndpointDisabled).await;
        assert!(said.starts_with("answered 410, since 20"), "{said}");
        scene.receivers.be(URL, Manner::Answers(500));
        scene.change(true).await;
        for _ in 0..130 {
            scene.happens().await;
            scene.push_every(TimeDelta::hours(1), TimeDelta::hours(1)).await;
        }
        let said = scene.only(Complaint::EndpointDisabled).await;
        assert!(said.starts_with("took nothing for 120 hours, since 20"), "{said}");
        scene.receivers.be(URL, Manner::Takes);
        scene.change(true).await;
        scene.push_through(TimeDelta::minutes(10)).await;
        assert_eq!(scene.said().await, BTreeMap::new());
        scene.change(false).await;
        scene.happens().await;
        scene.world.advance(TimeDelta::hours(1));
        assert_eq!(scene.said().await, BTreeMap::new(), "whoever switched it off knows");
    }
}

#[tokio::test(start_paused = true)]
async fn a_lane_that_nobody_takes_is_noticed_unless_everything_is_held() {
    let scene = Scene::set(Owner::Account(acme())).await;
    scene.happens().await;
    // What happened gets its number, and nobody pushes it.
    for _ in 0..2 {
        scene.world.advance(TimeDelta::minutes(10));
        scene.world.work().await;
    }
    let said = scene.only(Complaint::EndpointBehind).await;
    assert!(said.starts_with("since 20"), "{said}");
    scene.world.store().hold_deliveries(Some(scene.world.now())).await.unwrap();
    assert_eq!(scene.said().await, BTreeMap::new());
    scene.world.store().hold_deliveries(None).await.unwrap();
    scene.push_through(TimeDelta::minutes(10)).await;
    assert_eq!(scene.said().await, BTreeMap::new());
}
