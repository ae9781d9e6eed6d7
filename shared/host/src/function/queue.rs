//! A queue that functions leave themselves and each other messages in.

use std::collections::HashSet;
use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::SendMessageBatchRequestEntry;
use casebridge_app::ports::LaneNotifier;
use casebridge_aws::{Service, WhenNeeded};
use casebridge_domain::key::Owner;
use casebridge_domain::{EndpointId, Instant};
use casebridge_store::Chore;
use casebridge_store_dynamodb::Access;

use super::message::Message;
use super::{Network, chain};

/// Messages that one call may send (API reference, `SendMessageBatch`).
const AT_ONCE: usize = 10;

/// The longest that a message may wait (API reference, `SendMessageBatch`, `DelaySeconds`).
const LONGEST_DELAY_SECONDS: i64 = 900;

const TRY_WITHIN: Duration = Duration::from_secs(5);

/// A message that comes twice does nothing the second time.
const TRIES: u32 = 2;

/// Which queue, and where.
#[derive(Debug, Clone)]
pub struct QueueAt {
    /// The queue's URL, as the stack names it.
    pub url: String,
    /// Where SQS is, if not at AWS.
    pub endpoint: Option<String>,
}

/// One queue to send to.
///
/// What it does not take is not lost: whatever a message asks for stands in the table, where a schedule finds it.
#[derive(Clone)]
pub struct Queue {
    client: WhenNeeded<Client>,
    url: String,
}

impl fmt::Debug for Queue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Queue").field("url", &self.url).finish_non_exhaustive()
    }
}

impl Queue {
    /// Connects with the first message, over the connections that all services of the process share.
    pub fn new(at: QueueAt, access: &Access, network: &Network) -> Self {
        let Access { region, credentials, .. } = access.clone();
        let (try_within, answer_within) = (TRY_WITHIN, TRIES * TRY_WITHIN);
        let service = Service { region, credentials, endpoint: at.endpoint, try_within, answer_within, tries: TRIES };
        Self { client: service.client(network.aws(), Client::new), url: at.url }
    }

    /// Leaves messages for now. Gives those that were not taken.
    pub async fn send(&self, chores: &[Chore]) -> HashSet<Chore> {
        let chores: Vec<_> = chores.iter().map(|chore| (chore, 0)).collect();
        self.send_all(&chores).await
    }

    /// Leaves a message for when the chore is due, `now` being now. What is due later than a message can wait is left to the
    /// schedule; so is what is not taken.
    pub async fn send_later(&self, chore: Chore, at: Instant, now: Instant) {
        if let Some(delay) = delay(at, now) {
            self.send_all(&[(&chore, delay)]).await;
        }
    }

    async fn send_all(&self, chores: &[(&Chore, i32)]) -> HashSet<Chore> {
        let mut left = HashSet::new();
        for some in chores.chunks(AT_ONCE) {
            let entry = |(place, (chore, delay)): (usize, &(&Chore, i32))| {
                let entry = SendMessageBatchRequestEntry::builder().id(place.to_string());
                entry.message_body(Message::of(chore)).delay_seconds(*delay).build().ok()
            };
            let entries: Vec<_> = some.iter().enumerate().filter_map(entry).collect();
            let sent = self.client.send_message_batch().queue_url(&self.url).set_entries(Some(entries)).send().await;
            match sent {
                Ok(answer) => {
                    for failed in answer.failed() {
                        tracing::warn!(queue = self.url, code = failed.code(), "a message was not taken");
                        let chore = failed.id().parse().ok().and_then(|place: usize| some.get(place));
                        left.extend(chore.map(|(chore, _)| (*chore).clone()));
                    }
                }
                Err(error) => {
                    tracing::warn!(queue = self.url, error = chain(&error), "messages were not taken");
                    left.extend(some.iter().map(|(chore, _)| (*chore).clone()));
                }
            }
        }
        left
    }
}

/// The queue of lanes brings whoever pushes. What it does not take, the relay's schedule finds.
#[async_trait]
impl LaneNotifier for Queue {
    async fn notify(&self, owner: &Owner, endpoint: EndpointId) {
        let _left = self.send(&[Chore::Lane(owner.clone(), endpoint)]).await;
    }
}

/// In whole seconds, rounded up: a message that comes before its time finds nothing to do. `None` if that is too long.
fn delay(at: Instant, now: Instant) -> Option<i32> {
    let seconds = ((at - now).num_milliseconds().max(0) + 999) / 1000;
    (seconds <= LONGEST_DELAY_SECONDS).then(|| i32::try_from(seconds).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use chrono::{TimeDelta, TimeZone as _, Utc};

    use super::*;

    #[test]
    fn a_message_never_comes_before_its_time_and_waits_no_longer_than_a_queue_can() {
        let now = Utc.with_ymd_and_hms(2026, 11, 22, 12, 0, 0).unwrap();
        let after = |millis| delay(now + TimeDelta::milliseconds(millis), now);
        assert_eq!([-5000, 0, 1, 1000, 5300].map(after), [0, 0, 1, 1, 6].map(Some));
        assert_eq!((after(900_000), after(900_001)), (Some(900), None));
    }
}
