//! Endpoints with manners.

use std::collections::{BTreeMap, HashMap};
use std::future::pending;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use casebridge_app::ports::Pusher;
use casebridge_app::ports::push::{Answer, Message, PushError, Pushed};
use casebridge_app::ports::store::PushDue;
use casebridge_app::push::{Feeds, NoNews, Pushing, fan_out, take_turn};
use casebridge_domain::Instant;
use chrono::TimeDelta;

use super::TestWorld;

/// What an endpoint does with what it gets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum Manner {
    /// Takes it.
    #[default]
    Takes,
    /// Answers with this status.
    Answers(u16),
    /// The same, and asks to be left alone for so long.
    Asks(u16, TimeDelta),
    /// Takes everything but what has this id.
    TakesAllBut(String),
    /// Can't be reached.
    Away,
    /// Never answers, and nobody's patience ends.
    Hangs,
}

/// What an endpoint got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Got {
    pub(crate) url: String,
    pub(crate) id: String,
    pub(crate) kind: String,
    /// In its account.
    pub(crate) number: u64,
    pub(crate) in_vendor: Option<u64>,
    pub(crate) at: Instant,
    pub(crate) taken: bool,
    pub(crate) secrets: usize,
}

/// All endpoints.
#[derive(Debug, Default)]
pub(crate) struct Receivers {
    manners: Mutex<HashMap<String, Manner>>,
    got: Mutex<Vec<Got>>,
}

impl Receivers {
    pub(crate) fn be(&self, url: &str, manner: Manner) {
        lock(&self.manners).insert(url.to_owned(), manner);
    }

    /// Every attempt at an endpoint, in order.
    pub(crate) fn attempts(&self, url: &str) -> Vec<Got> {
        lock(&self.got).iter().filter(|got| got.url == url).cloned().collect()
    }

    /// What an endpoint took, in order of the numbers; copies included.
    pub(crate) fn taken(&self, url: &str) -> Vec<u64> {
        let attempts = self.attempts(url);
        let mut numbers: Vec<u64> = attempts.iter().filter(|got| got.taken).map(|got| got.number).collect();
        numbers.sort_unstable();
        numbers
    }

    /// How often each event was tried at an endpoint.
    pub(crate) fn tries(&self, url: &str) -> BTreeMap<String, usize> {
        let mut tries = BTreeMap::new();
        for got in self.attempts(url) {
            *tries.entry(got.id).or_default() += 1;
        }
        tries
    }
}

#[async_trait]
impl Pusher for Receivers {
    async fn push(&self, message: &Message<'_>) -> Result<Answer, PushError> {
        let url = message.url.to_string();
        let manner = lock(&self.manners).get(&url).cloned().unwrap_or_default();
        let (kind, number, in_vendor) = match message.what {
            Pushed::Event { number_in_vendor, event } => (event.kind(), event.number, number_in_vendor),
            Pushed::Test { .. } => ("endpoint.test", 0, None),
        };
        let taken = match &manner {
            Manner::Takes => true,
            Manner::TakesAllBut(id) => *id != message.id,
            _ => false,
        };
        let (kind, id, at, secrets) = (kind.to_owned(), message.id.clone(), message.at, message.secrets.len());
        lock(&self.got).push(Got { url, id, kind, number, in_vendor, at, taken, secrets });
        let answer = |status, retry_after| {
            Ok(Answer { status, retry_after, beginning: "words".to_owned(), took: Duration::from_millis(5) })
        };
        match manner {
            Manner::Takes | Manner::TakesAllBut(_) => answer(if taken { 204 } else { 500 }, None),
            Manner::Answers(status) => answer(status, None),
            Manner::Asks(status, retry_after) => answer(status, Some(retry_after)),
            Manner::Away => Err(PushError::Unreachable("nobody there".to_owned())),
            Manner::Hangs => pending().await,
        }
    }
}

fn lock<T>(kept: &Mutex<T>) -> MutexGuard<'_, T> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}

impl TestWorld {
    /// Somebody who pushes to these endpoints.
    pub(crate) fn pushing(&self, receivers: &Arc<Receivers>) -> Pushing {
        let world = self.app.clone();
        Pushing { world, pusher: receivers.clone(), news: Arc::new(NoNews), feeds: Arc::new(Feeds::default()) }
    }

    /// Everything is numbered, endpoints are told, and what is due now is pushed. What fails has to wait.
    pub(crate) async fn push(&self, pushing: &Pushing) {
        for _ in 0..3 {
            self.work().await;
        }
        for _ in 0..2 {
            let Ok(due) = self.store().push_due(self.now(), 100).await else { return };
            for due in due {
                match due {
                    PushDue::Outbox(owner) => drop(fan_out(&pushing.world, &pushing.feeds, &owner).await),
                    PushDue::Lane(owner, id) => drop(Box::pin(take_turn(pushing, &owner, id, None)).await),
                }
            }
        }
    }

    /// Lets time pass in strides, with a turn after each.
    pub(crate) async fn push_through(&self, pushing: &Pushing, span: TimeDelta, stride: TimeDelta) {
        let until = self.now() + span;
        while self.now() < until {
            self.advance(stride.min(until - self.now()));
            self.push(pushing).await;
        }
    }
}
