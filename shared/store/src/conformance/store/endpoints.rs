//! Endpoints, their lanes, and what they are told of.

use casebridge_app::ports::store::{
    EndpointMade, FeedHead, LaneSaved, LaneStep, PushDue, Revision, Saved, Serving, Versioned,
};
use casebridge_domain::endpoint::{
    Endpoint, EndpointState, EndpointUrl, EventFilter, KeptSecret, Lane, MOST_ENDPOINTS, Retry, SigningMethod,
    WhyDisabled,
};
use casebridge_domain::journal::AccountMatter;
use casebridge_domain::key::Owner;
use casebridge_domain::{CaseId, EndpointId, Instant, Sealed};
use chrono::TimeDelta;
use futures::future::join_all;
use uuid::Uuid;

use crate::conformance::Stage;
use crate::conformance::fixtures::{acme, after_noon, globex, noon, request, said, vendor};
use crate::conformance::sequencer::Draft;

fn id(n: u128) -> EndpointId {
    EndpointId::new(Uuid::from_u128(n))
}

fn endpoint(owner: &Owner, n: u128) -> Endpoint {
    Endpoint {
        id: id(n),
        owner: owner.clone(),
        url: EndpointUrl::parse("https://desk.example.com/events").unwrap(),
        filter: EventFilter::All,
        description: None,
        state: EndpointState::On,
        signing: SigningMethod::Hmac,
        secret: KeptSecret { sealed: Sealed::new("sealed".to_owned()), public: None },
        former: None,
        made_at: noon(),
    }
}

fn owners() -> [Owner; 2] {
    [Owner::Account(acme()), Owner::Vendor(vendor())]
}

fn retry(number: u64, minutes: i64) -> Retry {
    Retry { number, attempts: 1, due: after_noon(minutes) }
}

impl Stage {
    async fn made(&self, owner: &Owner, n: u128) -> Versioned<Lane> {
        let made = self.store().make_endpoint(&endpoint(owner, n), after_noon(60), None, None).await.unwrap();
        assert_eq!(made, EndpointMade::New);
        self.lane(owner, n).await
    }

    async fn lane(&self, owner: &Owner, n: u128) -> Versioned<Lane> {
        self.store().endpoint(owner, id(n)).await.unwrap().lane.unwrap()
    }

    async fn happens(&self, minutes: i64) {
        self.store().note(&acme(), &said(after_noon(minutes), AccountMatter::FiguresRebuilt)).await.unwrap();
    }

    async fn numbered(&self) {
        self.number(&acme(), 10).await;
        self.number_vendor(&vendor(), 10).await;
    }

    /// The numbers that an owner's endpoints have not been told of.
    async fn untold(&self, owner: &Owner) -> Vec<(u64, u64)> {
        let outbox = self.store().outbox(owner, 100).await.unwrap();
        assert!(!outbox.more);
        outbox.untold.iter().map(|untold| (untold.first, untold.last)).collect()
    }

    async fn push_due(&self, now: Instant) -> Vec<PushDue> {
        self.settle_indexes().await;
        self.store().push_due(now, 10).await.unwrap()
    }
}

/// With a lane that begins after the last number that was given.
pub async fn an_endpoint_is_made_with_its_lane(stage: &Stage) {
    let store = stage.store();
    stage.sign_up(&acme()).await;
    stage.happens(1).await;
    stage.numbered().await;
    for owner in owners() {
        let lane = stage.made(&owner, 1).await.value;
        assert_eq!((lane.cursor(), lane.due_at()), (2, Some(after_noon(60))));
        stage.made(&owner, 2).await;
        let listed = store.endpoints(&owner).await.unwrap();
        assert_eq!(
            listed.iter().map(|found| &found.value).collect::<Vec<_>>(),
            [&endpoint(&owner, 1), &endpoint(&owner, 2)]
        );
        assert_eq!(store.lanes(&owner).await.unwrap().len(), 2);
    }
    assert_eq!(store.endpoints(&Owner::Account(globex())).await.unwrap(), []);
    assert_eq!(store.endpoint(&Owner::Account(globex()), id(1)).await.unwrap(), Serving::default());
}

/// Also where many are made at once.
pub async fn an_owner_has_no_more_endpoints_than_he_may_have(stage: &Stage) {
    let store = stage.store();
    let [_, owner] = owners();
    for n in 1..MOST_ENDPOINTS {
        stage.made(&owner, u128::try_from(n).unwrap()).await;
    }
    let more: Vec<Endpoint> = (1000..1004).map(|n| endpoint(&owner, n)).collect();
    let made = join_all(more.iter().map(|endpoint| store.make_endpoint(endpoint, noon(), None, None))).await;
    assert_eq!(made.into_iter().filter(|made| matches!(made, Ok(EndpointMade::New))).count(), 1);
    assert_eq!(store.endpoints(&owner).await.unwrap().len(), MOST_ENDPOINTS);
}

/// The second time it is remembered, and none is made.
pub async fn the_same_request_makes_an_endpoint_once(stage: &Stage) {
    let store = stage.store();
    let [_, owner] = owners();
    let memory = request("make", CaseId::new(Uuid::nil()), noon());
    let made = store.make_endpoint(&endpoint(&owner, 1), noon(), None, Some(&memory)).await.unwrap();
    assert_eq!(made, EndpointMade::New);
    let again = store.make_endpoint(&endpoint(&owner, 2), noon(), None, Some(&memory)).await.unwrap();
    assert_eq!(again, EndpointMade::Remembered(memory.remembered));
    assert_eq!(store.endpoints(&owner).await.unwrap().len(), 1);
}

/// From the first endpoint on; nobody is told of anything where there is none.
pub async fn endpoints_are_told_of_what_gets_its_number(stage: &Stage) {
    let store = stage.store();
    stage.sign_up(&acme()).await;
    stage.numbered().await;
    for owner in owners() {
        assert_eq!(stage.untold(&owner).await, []);
        stage.made(&owner, 1).await;
        let FeedHead { last, followed, .. } = store.feed_head(&owner).await.unwrap();
        assert_eq!((last, followed), (1, true));
    }
    stage.happens(1).await;
    stage.numbered().await;
    stage.happens(2).await;
    stage.happens(3).await;
    stage.numbered().await;
    for owner in owners() {
        assert_eq!(stage.untold(&owner).await, [(2, 2), (3, 4)]);
        let outbox = store.outbox(&owner, 1).await.unwrap();
        assert!(outbox.more);
        store.told(&owner, &[outbox.untold[0].place.clone()]).await.unwrap();
        assert_eq!(stage.untold(&owner).await, [(3, 4)]);
    }
}

/// Whoever had read the head before numbers nothing that the endpoint would miss.
pub async fn an_endpoint_made_while_somebody_numbers_misses_nothing(stage: &Stage) {
    let [account, _] = owners();
    stage.sign_up(&acme()).await;
    let before_the_first = Draft::of(stage.store(), &acme(), 10).await.unwrap();
    assert_eq!(stage.made(&account, 1).await.value.cursor(), 0);
    assert_eq!(before_the_first.write(stage.store()).await, Saved::Lost);
    stage.number(&acme(), 10).await;
    assert_eq!(stage.untold(&account).await, [(1, 1)]);
    stage.happens(1).await;
    let draft = Draft::of(stage.store(), &acme(), 10).await.unwrap();
    assert_eq!(stage.made(&account, 2).await.value.cursor(), 1);
    assert_eq!(draft.write(stage.store()).await, Saved::Lost);
}

/// An endpoint that a head has lost sight of is followed again.
pub async fn a_feed_is_followed_for_as_long_as_somebody_says_so(stage: &Stage) {
    let store = stage.store();
    stage.sign_up(&acme()).await;
    stage.numbered().await;
    for owner in owners() {
        assert!(!store.feed_head(&owner).await.unwrap().followed);
        store.follow(&owner).await.unwrap();
        let head = store.feed_head(&owner).await.unwrap();
        assert_eq!((head.last, head.followed), (1, true));
        store.follow(&owner).await.unwrap();
        assert_eq!(store.feed_head(&owner).await.unwrap(), head);
    }
}

/// What got its number since somebody looked is not missed.
pub async fn a_lane_is_let_go_only_if_the_feed_has_not_grown(stage: &Stage) {
    let store = stage.store();
    stage.sign_up(&acme()).await;
    stage.numbered().await;
    for owner in owners() {
        let Versioned { value, revision } = stage.made(&owner, 1).await;
        let head = store.feed_head(&owner).await.unwrap();
        stage.happens(1).await;
        stage.numbered().await;
        let lane = value.let_go(Some(after_noon(90)));
        let step = LaneStep { head: Some(head), ..LaneStep::of(&lane, revision) };
        assert_eq!(store.save_lane(&step).await.unwrap(), LaneSaved::Grown);
        let head = Some(store.feed_head(&owner).await.unwrap());
        let overtaken = LaneStep { head, ..LaneStep::of(&lane, Revision(revision.0 ^ 1)) };
        assert_eq!(store.save_lane(&overtaken).await.unwrap(), LaneSaved::Lost);
        assert!(matches!(store.save_lane(&LaneStep { head, ..step }).await.unwrap(), LaneSaved::Done(_)));
        assert_eq!(stage.lane(&owner, 1).await.value, lane);
    }
}

/// Of many who take a lane, one has it.
pub async fn a_lane_is_taken_by_one_of_many(stage: &Stage) {
    let store = stage.store();
    let [_, owner] = owners();
    let Versioned { value, revision } = stage.made(&owner, 1).await;
    let taken = value.taken(after_noon(60), after_noon(61)).unwrap();
    let step = LaneStep::of(&taken, revision);
    let saved = join_all((0..8).map(|_| store.save_lane(&step))).await;
    assert_eq!(saved.into_iter().filter(|saved| matches!(saved, Ok(LaneSaved::Done(_)))).count(), 1);
}

/// In one step with the lane, and not at all if that is lost.
pub async fn retries_stand_by_their_time_and_what_was_given_up_by_number(stage: &Stage) {
    let store = stage.store();
    let [account, _] = owners();
    stage.sign_up(&acme()).await;
    let Versioned { value: lane, revision } = stage.made(&account, 1).await;
    let (to_make, given_up) = ([retry(9, 30), retry(3, 90), retry(100, 2)], [retry(7, 0), retry(2, 0)]);
    let entries = [said(after_noon(1), AccountMatter::EndpointFailing { endpoint: id(1), percent: 50 })];
    let step = LaneStep { to_make: &to_make, given_up: &given_up, entries: &entries, ..LaneStep::of(&lane, revision) };
    let lost = LaneStep { read_at: Revision(revision.0 ^ 1), ..step.clone() };
    assert_eq!(store.save_lane(&lost).await.unwrap(), LaneSaved::Lost);
    assert_eq!(store.retries(&account, id(1), 10).await.unwrap(), []);
    let LaneSaved::Done(revision) = store.save_lane(&step).await.unwrap() else { panic!("nobody else has it") };
    assert_eq!(stage.waiting(&acme()).await.len(), 2);
    assert_eq!(store.retries(&account, id(1), 2).await.unwrap(), [retry(100, 2), retry(9, 30)]);
    assert_eq!(store.undelivered(&account, id(1), 0, 10).await.unwrap(), [retry(2, 0), retry(7, 0)]);
    assert_eq!(store.undelivered(&account, id(1), 2, 10).await.unwrap(), [retry(7, 0)]);
    assert_eq!(store.retries(&account, id(2), 10).await.unwrap(), []);
    let again = LaneStep { made: &to_make[..1], to_make: &[retry(9, 400)], ..LaneStep::of(&lane, revision) };
    assert!(matches!(store.save_lane(&again).await.unwrap(), LaneSaved::Done(_)));
    let left = store.retries(&account, id(1), 10).await.unwrap();
    assert_eq!(left, [retry(100, 2), retry(3, 90), retry(9, 400)]);
}

/// A lane at its time, however it got there; whose outbox has something, once.
pub async fn lanes_and_outboxes_are_due(stage: &Stage) {
    let store = stage.store();
    stage.sign_up(&acme()).await;
    stage.numbered().await;
    let [account, of_vendor] = owners();
    let Versioned { value, revision } = stage.made(&account, 1).await;
    assert_eq!(stage.push_due(after_noon(60) - TimeDelta::milliseconds(1)).await, []);
    let due = PushDue::Lane(account.clone(), id(1));
    assert_eq!(stage.push_due(after_noon(60)).await, std::slice::from_ref(&due));
    let taken = value.taken(after_noon(60), after_noon(61)).unwrap();
    let LaneSaved::Done(revision) = store.save_lane(&LaneStep::of(&taken, revision)).await.unwrap() else {
        panic!("nobody else has it")
    };
    assert_eq!(stage.push_due(after_noon(60)).await, []);
    assert_eq!(stage.push_due(after_noon(61)).await, [due]);
    let resting = taken.let_go(None);
    assert!(matches!(store.save_lane(&LaneStep::of(&resting, revision)).await.unwrap(), LaneSaved::Done(_)));
    stage.made(&of_vendor, 2).await;
    for n in 1..=2 {
        stage.happens(n).await;
        stage.numbered().await;
    }
    let outboxes = stage.push_due(after_noon(10)).await;
    assert_eq!(outboxes.len(), 2);
    assert!(owners().into_iter().all(|owner| outboxes.contains(&PushDue::Outbox(owner))));
    for owner in owners() {
        let outbox = store.outbox(&owner, 10).await.unwrap();
        let places: Vec<String> = outbox.untold.into_iter().map(|untold| untold.place).collect();
        store.told(&owner, &places).await.unwrap();
    }
    assert_eq!(stage.push_due(after_noon(10)).await, []);
}

/// Together with what is asked of its lane; over one that was changed meanwhile it is lost.
pub async fn an_endpoint_is_changed_with_its_lane(stage: &Stage) {
    let store = stage.store();
    let [account, _] = owners();
    stage.sign_up(&acme()).await;
    let lane = stage.made(&account, 1).await;
    let read = store.endpoint(&account, id(1)).await.unwrap().endpoint.unwrap();
    let disabled = read.value.clone().disabled(WhyDisabled::Gone, noon());
    let resting = Versioned { value: lane.value.clone().let_go(None), revision: lane.revision };
    let saved = store.save_endpoint(&disabled, read.revision, Some(&resting), None).await.unwrap();
    assert!(matches!(saved, Saved::Done(_)));
    assert_eq!(store.save_endpoint(&disabled, read.revision, None, None).await.unwrap(), Saved::Lost);
    let Serving { endpoint, lane } = store.endpoint(&account, id(1)).await.unwrap();
    let (endpoint, lane) = (endpoint.unwrap(), lane.unwrap());
    assert_eq!((&endpoint.value, lane.value.due_at()), (&disabled, None));
    let overtaken = Versioned { value: lane.value.clone(), revision: resting.revision };
    assert_eq!(store.save_endpoint(&disabled, endpoint.revision, Some(&overtaken), None).await.unwrap(), Saved::Lost);
    let on = Endpoint { state: EndpointState::On, ..disabled };
    let step = LaneStep { endpoint: Some((&on, read.revision)), ..LaneStep::of(&lane.value, lane.revision) };
    assert_eq!(store.save_lane(&step).await.unwrap(), LaneSaved::Lost);
    let step = LaneStep { endpoint: Some((&on, endpoint.revision)), ..step };
    assert!(matches!(store.save_lane(&step).await.unwrap(), LaneSaved::Done(_)));
    assert!(store.endpoint(&account, id(1)).await.unwrap().endpoint.unwrap().value.is_on());
}

impl Stage {
    /// A turn at a lane that leaves as many retries, and one event that was given up.
    async fn fails(&self, owner: &Owner, n: u128, times: u64) -> Versioned<Lane> {
        let mut lane = self.lane(owner, n).await;
        let mut retries: Vec<Retry> = (1..=times).map(|number| retry(number, 5)).collect();
        let mut given_up = vec![retry(1_000, 1)];
        while !retries.is_empty() {
            let later = retries.split_off(retries.len().min(90));
            let step = LaneStep { to_make: &retries, given_up: &given_up, ..LaneStep::of(&lane.value, lane.revision) };
            let LaneSaved::Done(revision) = self.store().save_lane(&step).await.unwrap() else { panic!("it is ours") };
            lane.revision = revision;
            (retries, given_up) = (later, Vec::new());
        }
        lane
    }

    /// What waits for an endpoint, and what was given up.
    async fn waits_for(&self, owner: &Owner, n: u128) -> (usize, usize) {
        let (store, id) = (self.store(), id(n));
        let retries = store.retries(owner, id, 10_000).await.unwrap().len();
        (retries, store.undelivered(owner, id, 0, 10).await.unwrap().len())
    }
}

/// Nobody has the lane any more, and whoever clears it away takes what waits in it along, and nothing of anybody else's.
pub async fn an_endpoint_that_is_removed_takes_its_lane_along(stage: &Stage) {
    let store = stage.store();
    let [account, of_vendor] = owners();
    let signed_up = stage.sign_up(&acme()).await;
    for owner in owners() {
        stage.made(&owner, 1).await;
        let in_hand = stage.fails(&owner, 1, 250).await;
        stage.made(&owner, 3).await;
        stage.fails(&owner, 3, 2).await;
        let entry = said(after_noon(1), AccountMatter::EndpointDeleted { endpoint: id(1) });
        assert!(store.delete_endpoint(&owner, id(1), after_noon(1), Some(&entry)).await.unwrap());
        assert!(!store.delete_endpoint(&owner, id(1), after_noon(1), Some(&entry)).await.unwrap());
        let Serving { endpoint, lane } = store.endpoint(&owner, id(1)).await.unwrap();
        assert!(endpoint.is_none());
        assert_eq!(lane.unwrap().value.due_at(), Some(after_noon(1)));
        assert!(stage.push_due(after_noon(1)).await.contains(&PushDue::Lane(owner.clone(), id(1))));
        let more = retry(9, 9);
        let late = LaneStep { to_make: &[more], ..LaneStep::of(&in_hand.value, in_hand.revision) };
        assert_eq!(store.save_lane(&late).await.unwrap(), LaneSaved::Lost);
        assert_eq!(stage.waits_for(&owner, 1).await, (250, 1));
        while store.forget_lane(&owner, id(1)).await.unwrap() {}
        assert_eq!(stage.waits_for(&owner, 1).await, (0, 0));
        assert_eq!(store.endpoint(&owner, id(1)).await.unwrap(), Serving::default());
        assert_eq!(stage.waits_for(&owner, 3).await, (2, 1));
        assert!(store.delete_endpoint(&owner, id(3), after_noon(1), None).await.unwrap());
    }
    stage.made(&account, 2).await;
    assert_eq!(stage.waiting(&acme()).await.len(), 2, "a vendor has no journal");
    assert_eq!(store.endpoints(&of_vendor).await.unwrap(), []);
    let told = said(after_noon(2), AccountMatter::AccountDeleted);
    assert!(matches!(store.delete_account(&signed_up, after_noon(2), &told).await.unwrap(), Saved::Done(_)));
    let Serving { endpoint, lane } = store.endpoint(&account, id(2)).await.unwrap();
    assert!(endpoint.is_none() && lane.is_some());
    assert_eq!(stage.waits_for(&account, 3).await, (2, 1));
    while store.sweep(&acme()).await.unwrap() {}
    assert_eq!(store.endpoint(&account, id(2)).await.unwrap(), Serving::default());
    assert_eq!(store.lanes(&account).await.unwrap(), []);
    assert_eq!(stage.waits_for(&account, 3).await, (0, 0));
    assert_eq!(stage.waits_for(&of_vendor, 3).await, (2, 1), "a vendor's stays");
}
