//! What pushing costs in calls of the store, and that whoever pushes waits for nothing but answers.

use std::sync::Arc;

use async_trait::async_trait;
use casebridge_app::ports::Pusher;
use casebridge_app::ports::push::{Answer, Message, PushError};
use casebridge_app::ports::store::{LaneSaved, LaneStep, PushDue};
use casebridge_app::push::{Pushing, fan_out, take_turn};
use casebridge_domain::EndpointId;
use casebridge_domain::endpoint::ATTEMPTS;
use casebridge_domain::key::Owner;
use casebridge_sandbox::clock::Clock;
use chrono::TimeDelta;

use super::{ONE, Scene, TWO};
use crate::world::{Calls, Manner, Receivers, acme};

/// Time passes with every message.
struct Slow {
    receivers: Arc<Receivers>,
    clock: Clock,
    each: TimeDelta,
}

#[async_trait]
impl Pusher for Slow {
    async fn push(&self, message: &Message<'_>) -> Result<Answer, PushError> {
        self.clock.advance(self.each);
        self.receivers.push(message).await
    }
}

impl Scene {
    fn slowly(&self, each: TimeDelta) -> Pushing {
        let (receivers, clock) = (Arc::clone(&self.receivers), self.world.clock.clone());
        Pushing { pusher: Arc::new(Slow { receivers, clock, each }), ..self.pushing.clone() }
    }

    /// What happened has its numbers, and nobody is told yet.
    async fn number(&self) {
        for _ in 0..3 {
            self.world.work().await;
        }
    }

    async fn tell(&self) -> Vec<EndpointId> {
        fan_out(&self.world.app, &self.pushing.feeds, &Owner::Account(acme())).await.unwrap()
    }

    fn calls(&self) -> Calls {
        self.world.engine.calls()
    }
}

#[tokio::test(start_paused = true)]
async fn an_event_that_is_taken_is_not_written_for_and_hardly_read_for() {
    let scene = Scene::set().await;
    let id = scene.made_for_acme(ONE).await;
    scene.tickets_close(400).await;
    scene.number().await;
    scene.tell().await;
    scene.calls();
    // Five seconds altogether.
    let pushing = scene.slowly(TimeDelta::microseconds(12_500));
    take_turn(&pushing, &Owner::Account(acme()), id, None).await.unwrap();
    let Calls { looks, writes } = scene.calls();
    assert_eq!(scene.receivers.taken(ONE).len(), 400);
    assert!(writes <= 7, "{writes} writes: the lane is taken, written down once a second, and let go");
    assert!(looks <= 40, "{looks} reads and queries for 400 deliveries");
}

#[tokio::test(start_paused = true)]
async fn an_event_by_itself_costs_its_endpoint_two_writes_however_many_others_there_are() {
    let scene = Scene::set().await;
    let (one, _) = (scene.made_for_acme(ONE).await, scene.made_for_acme(TWO).await);
    scene.tickets_close(1).await;
    scene.number().await;
    scene.tell().await;
    scene.calls();
    take_turn(&scene.pushing, &Owner::Account(acme()), one, None).await.unwrap();
    let Calls { looks, writes } = scene.calls();
    assert_eq!(scene.receivers.taken(ONE).len(), 1);
    assert_eq!(writes, 2, "the lane is taken and let go");
    assert!(looks <= 6, "{looks} reads and queries");
}

#[tokio::test(start_paused = true)]
async fn lanes_are_woken_with_a_write_each_and_those_in_hand_with_none() {
    let scene = Scene::set().await;
    let owner = Owner::Account(acme());
    let ids = [scene.made_for_acme(ONE).await, scene.made_for_acme(TWO).await];
    scene.tickets_close(90).await;
    scene.number().await;
    scene.calls();
    assert_eq!(scene.tell().await.len(), 2);
    let woken = scene.calls();
    assert_eq!(woken.writes, 3, "a lane each, and that both were told, for all ninety events");
    for id in ids {
        let served = scene.world.store().endpoint(&owner, id).await.unwrap().lane.unwrap();
        let now = scene.world.now();
        let taken = served.value.taken(now, now + TimeDelta::minutes(1)).unwrap();
        let saved = scene.world.store().save_lane(&LaneStep::of(&taken, served.revision)).await.unwrap();
        assert!(matches!(saved, LaneSaved::Done(_)));
    }
    scene.tickets_close(90).await;
    scene.number().await;
    scene.calls();
    assert!(scene.tell().await.is_empty());
    let in_hand = scene.calls();
    assert_eq!(in_hand.writes, 1, "that both were told");
    assert!(in_hand.looks <= 4, "no event is looked at: {in_hand:?}");
}

#[tokio::test(start_paused = true)]
async fn whoever_pushes_waits_for_answers_only_and_the_index_tells_when_there_is_more_to_do() {
    let scene = Scene::set().await;
    let (owner, id) = (Owner::Account(acme()), scene.made_for_acme(ONE).await);
    scene.receivers.be(ONE, Manner::Answers(500));
    scene.tickets_close(12).await;
    scene.number().await;
    scene.tell().await;
    let lane = PushDue::Lane(owner.clone(), id);
    let is_due = async || scene.world.store().push_due(scene.world.now(), 100).await.unwrap().contains(&lane);
    let mut turns = 0;
    while scene.of_acme().deliveries(id).await.unwrap().undelivered.len() < 12 {
        assert!(is_due().await, "at the moment that the turn before gave");
        let began = (tokio::time::Instant::now(), scene.world.now());
        let again = take_turn(&scene.pushing, &owner, id, None).await.unwrap().unwrap();
        assert_eq!((tokio::time::Instant::now(), scene.world.now()), began, "a turn waits for no retry and no pause");
        let wait = again - began.1;
        assert!(wait <= TimeDelta::hours(1), "{wait}");
        scene.world.advance(wait - TimeDelta::milliseconds(1));
        assert!(wait < TimeDelta::milliseconds(2) || !is_due().await, "not a moment before");
        scene.world.advance(TimeDelta::milliseconds(1));
        turns += 1;
        assert!(turns < 2_000, "events are given up some day");
    }
    assert!(scene.receivers.tries(ONE).values().all(|tries| *tries == usize::try_from(ATTEMPTS).unwrap()));
}

#[tokio::test(start_paused = true)]
async fn while_deliveries_are_held_nothing_is_pushed_and_what_is_due_stays_so() {
    let scene = Scene::set().await;
    let (owner, id) = (Owner::Account(acme()), scene.made_for_acme(ONE).await);
    scene.tickets_close(3).await;
    scene.number().await;
    scene.tell().await;
    scene.world.store().hold_deliveries(Some(scene.world.now())).await.unwrap();
    scene.calls();

    assert_eq!(take_turn(&scene.pushing, &owner, id, None).await.unwrap(), None);

    assert_eq!(scene.calls().writes, 0);
    assert!(scene.receivers.taken(ONE).is_empty());
    let due = scene.world.store().push_due(scene.world.now(), 100).await.unwrap();
    assert!(due.contains(&PushDue::Lane(owner.clone(), id)));
    scene.world.store().hold_deliveries(None).await.unwrap();
    take_turn(&scene.pushing, &owner, id, None).await.unwrap();
    assert_eq!(scene.receivers.taken(ONE).len(), 3);
}
