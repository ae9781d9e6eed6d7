//! How far an endpoint is served, and by whom.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::{Delivery, Endpoint, Health, Range, Recent, Warning};
use crate::key::Owner;
use crate::{EndpointId, Instant};

/// Whether somebody works on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum LaneState {
    /// Nobody is to take it: its endpoint is off.
    Resting,
    /// Somebody is to take it.
    Due {
        /// From then on. An event that the endpoint wants brings it forward.
        at: Instant,
    },
    /// Somebody has it.
    InHand {
        /// From then on somebody else may take it.
        until: Instant,
    },
}

/// Events that are pushed once more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replay {
    /// The next one's number.
    pub next: u64,
    /// The last one's.
    pub last: u64,
}

/// A test that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestAsked {
    /// As what it is pushed: its `webhook-id`.
    pub id: String,
    /// When it was asked for.
    pub at: Instant,
}

/// What is done for one endpoint, by one worker at a time: so a slow endpoint delays nobody else's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lane {
    /// Whose.
    pub owner: Owner,
    /// Of which endpoint.
    pub endpoint: EndpointId,
    state: LaneState,
    /// How often it was taken.
    turn: u32,
    /// Everything up to this number was pushed, is retried, or was not wanted.
    cursor: u64,
    /// Events wait in the feed until then, for the endpoint takes nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    paused_until: Option<Instant>,
    /// What is pushed once more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    replay: Option<Replay>,
    /// A test to push.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    test: Option<TestAsked>,
    /// How it goes.
    #[serde(default)]
    health: Health,
    /// The last attempts.
    #[serde(default)]
    recent: Recent,
}

/// It is not due, or in somebody's hands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the lane is not due")]
pub struct NotDue;

impl Lane {
    /// The lane of a new endpoint: everything after `cursor` is pushed there. It is looked at from `due_at` on, whether or not
    /// something happens.
    pub fn of(endpoint: &Endpoint, cursor: u64, due_at: Instant) -> Self {
        Self {
            owner: endpoint.owner.clone(),
            endpoint: endpoint.id,
            state: LaneState::Due { at: due_at },
            turn: 0,
            cursor,
            paused_until: None,
            replay: None,
            test: None,
            health: Health::default(),
            recent: Recent::default(),
        }
    }

    /// When somebody is to look at it; `None` while it rests.
    pub const fn due_at(&self) -> Option<Instant> {
        match self.state {
            LaneState::Resting => None,
            LaneState::Due { at } => Some(at),
            LaneState::InHand { until } => Some(until),
        }
    }

    /// Whether somebody works on it.
    pub const fn state(&self) -> LaneState {
        self.state
    }

    /// Up to which number everything is looked after.
    pub const fn cursor(&self) -> u64 {
        self.cursor
    }

    /// What is being pushed once more.
    pub const fn replay(&self) -> Option<Replay> {
        self.replay
    }

    /// The test that is to be pushed.
    pub const fn test(&self) -> Option<&TestAsked> {
        self.test.as_ref()
    }

    /// How it goes.
    pub const fn health(&self) -> &Health {
        &self.health
    }

    /// The last attempts.
    pub const fn recent(&self) -> &Recent {
        &self.recent
    }

    /// Until when events wait in the feed, if the endpoint takes nothing.
    pub fn paused(&self, now: Instant) -> Option<Instant> {
        self.paused_until.filter(|until| now < *until)
    }

    /// The lane as it has to be written for an event of this number, which the endpoint wants; `None` if somebody comes by it
    /// in time as it stands.
    pub fn woken_for(&self, number: u64, now: Instant) -> Option<Self> {
        let waits = match self.state {
            LaneState::Due { at } => now < at && self.paused(now).is_none(),
            LaneState::Resting | LaneState::InHand { .. } => false,
        };
        (waits && self.cursor < number).then(|| Self { state: LaneState::Due { at: now }, ..self.clone() })
    }

    /// Somebody takes it, until then.
    pub fn taken(self, now: Instant, until: Instant) -> Result<Self, NotDue> {
        match self.due_at() {
            Some(at) if at <= now => {
                let turn = self.turn.wrapping_add(1);
                Ok(Self { state: LaneState::InHand { until }, turn, ..self })
            }
            _ => Err(NotDue),
        }
    }

    /// Whoever has it keeps it, until then.
    #[must_use]
    pub fn kept_until(self, until: Instant) -> Self {
        Self { state: LaneState::InHand { until }, ..self }
    }

    /// Whoever has it lets go: it is due again, or rests.
    #[must_use]
    pub fn let_go(self, due_at: Option<Instant>) -> Self {
        Self { state: due_at.map_or(LaneState::Resting, |at| LaneState::Due { at }), ..self }
    }

    /// Whether `other` is the same turn at this lane.
    pub const fn is_turn_of(&self, other: &Self) -> bool {
        self.turn == other.turn && matches!(other.state, LaneState::InHand { .. })
    }

    /// Takes over what was asked of the lane while it was in hand.
    pub fn adopt(&mut self, asked: &Self) {
        self.cursor = self.cursor.max(asked.cursor);
        self.replay = asked.replay.or(self.replay);
        self.test = asked.test.clone().or_else(|| self.test.take());
    }

    /// Everything up to this number was seen to.
    pub fn moved_to(&mut self, number: u64) {
        self.cursor = self.cursor.max(number);
    }

    /// Everything before this number was pushed once more.
    pub fn replayed_before(&mut self, next: u64) {
        self.replay = self.replay.filter(|replay| next <= replay.last).map(|replay| Replay { next, ..replay });
    }

    /// The test was pushed.
    pub fn tested(&mut self) -> Option<TestAsked> {
        self.test.take()
    }

    /// Puts an attempt on record; what there is to warn of by that. A test says nothing about how it goes.
    pub fn record(&mut self, delivery: Delivery, retry_after: Option<TimeDelta>) -> Option<Warning> {
        let (taken, is_test, at) = (delivery.outcome.is_taken(), delivery.number.is_none(), delivery.at);
        self.recent.add(delivery);
        if is_test {
            return None;
        }
        if taken {
            self.health.succeeded();
            self.paused_until = None;
            return None;
        }
        let warning = self.health.failed(at);
        let pause = self.health.pause().max(retry_after.map(|asked| asked.min(super::LONGEST_RETRY_AFTER)));
        self.paused_until = self.paused_until.max(pause.map(|pause| at + pause));
        warning
    }

    /// The same with a test to push now.
    #[must_use]
    pub fn to_test(self, test: TestAsked, now: Instant) -> Self {
        Self { test: Some(test), ..self }.due_at_once(now)
    }

    /// The same with events to push once more, besides those that already are.
    #[must_use]
    pub fn to_replay(self, range: Range, now: Instant) -> Self {
        let Replay { next, last } = self.replay.unwrap_or(Replay { next: range.first(), last: range.last() });
        let replay = Replay { next: next.min(range.first()), last: last.max(range.last()) };
        Self { replay: Some(replay), ..self }.due_at_once(now)
    }

    /// The same for an endpoint that is on again: whatever it failed at is forgiven. Events up to `skipped` are not pushed.
    #[must_use]
    pub fn on_again(self, skipped: Option<u64>, now: Instant) -> Self {
        let cursor = self.cursor.max(skipped.unwrap_or_default());
        Self { cursor, health: Health::default(), paused_until: None, ..self }.due_at_once(now)
    }

    /// The same of an endpoint that is gone: what waits in it is to be cleared away now. Whoever has the lane loses it.
    #[must_use]
    pub fn abandoned(self, now: Instant) -> Self {
        self.let_go(Some(now))
    }

    fn due_at_once(self, now: Instant) -> Self {
        match self.state {
            LaneState::InHand { .. } => self,
            LaneState::Resting | LaneState::Due { .. } => Self { state: LaneState::Due { at: now }, ..self },
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use uuid::Uuid;

    use super::super::{Beginning, Outcome};
    use super::*;
    use crate::VendorId;

    const NOW: Instant = DateTime::UNIX_EPOCH;

    fn lane() -> Lane {
        Lane {
            owner: Owner::Vendor(VendorId::parse("boss").unwrap()),
            endpoint: EndpointId::new(Uuid::nil()),
            state: LaneState::Resting,
            turn: 0,
            cursor: 7,
            paused_until: None,
            replay: None,
            test: None,
            health: Health::default(),
            recent: Recent::default(),
        }
    }

    fn later(seconds: i64) -> Instant {
        NOW + TimeDelta::seconds(seconds)
    }

    fn attempt(status: u16, at: Instant) -> Delivery {
        let outcome = Outcome::Answered { status, beginning: Beginning::default() };
        Delivery { number: Some(8), kind: "case.closed".to_owned(), attempt: 1, at, took_ms: 1, outcome, next: None }
    }

    #[test]
    fn a_lane_that_waits_is_woken_for_what_it_has_not_seen() {
        let waiting = lane().let_go(Some(later(3600)));
        let woken = waiting.woken_for(9, NOW).unwrap();
        assert_eq!((woken.due_at(), woken.cursor()), (Some(NOW), 7));
        assert_eq!(waiting.woken_for(7, NOW), None);
        assert_eq!(lane().woken_for(9, NOW), None, "one whose endpoint is off");
    }

    #[test]
    fn a_lane_that_will_come_by_is_left_alone() {
        let due = lane().let_go(Some(NOW));
        let in_hand = due.clone().taken(NOW, later(60)).unwrap();
        let mut paused = lane().let_go(Some(later(30)));
        paused.paused_until = Some(later(30));
        for lane in [due, in_hand, paused] {
            assert_eq!(lane.woken_for(9, NOW), None, "{lane:?}");
        }
    }

    #[test]
    fn a_lane_is_in_one_pair_of_hands_until_the_lease_lapses() {
        let taken = lane().let_go(Some(NOW)).taken(NOW, later(60)).unwrap();
        assert_eq!(taken.clone().taken(later(59), later(119)), Err(NotDue));
        let again = taken.clone().taken(later(60), later(120)).unwrap();
        assert!(!taken.is_turn_of(&again));
        assert!(taken.is_turn_of(&taken.clone().kept_until(later(90))));
    }

    #[test]
    fn what_is_asked_of_a_lane_in_hand_is_found_there() {
        let mut mine = lane().let_go(Some(NOW)).taken(NOW, later(60)).unwrap();
        mine.moved_to(20);
        let test = TestAsked { id: "test_1".to_owned(), at: NOW };
        let asked = lane().let_go(Some(NOW)).taken(NOW, later(60)).unwrap().to_test(test.clone(), NOW);
        assert!(mine.is_turn_of(&asked));
        mine.adopt(&asked);
        assert_eq!((mine.cursor(), mine.tested()), (20, Some(test)));
    }

    #[test]
    fn what_fails_and_fails_pauses_the_lane_until_a_success() {
        let mut lane = lane();
        for n in 0..5 {
            assert_eq!(lane.paused(later(n)), None);
            lane.record(attempt(500, later(n)), None);
        }
        assert_eq!(lane.paused(later(5)), Some(later(9)));
        lane.record(attempt(200, later(6)), None);
        assert_eq!(lane.paused(later(6)), None);
    }

    #[test]
    fn a_receiver_that_asks_for_time_gets_it_for_everything() {
        let mut lane = lane();
        lane.record(attempt(429, NOW), Some(TimeDelta::minutes(2)));
        assert_eq!(lane.paused(later(119)), Some(later(120)));
        assert_eq!(lane.paused(later(120)), None);
    }

    #[test]
    fn replays_that_are_asked_for_together_become_one() {
        let range = |first, last| Range::new(first, last).unwrap();
        let mut lane = lane().to_replay(range(3, 5), NOW).to_replay(range(1, 4), NOW);
        assert_eq!(lane.replay(), Some(Replay { next: 1, last: 5 }));
        lane.replayed_before(5);
        assert_eq!(lane.replay(), Some(Replay { next: 5, last: 5 }));
        lane.replayed_before(6);
        assert_eq!(lane.replay(), None);
    }
}
