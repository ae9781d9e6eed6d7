//! Whose feeds have grown, as this process's own writes tell: a lane in hand goes on at once.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use casebridge_app::push::{Growth, News};
use casebridge_domain::key::Owner;
use tokio::sync::watch;

/// A lane with nothing left to do is kept in hand for so long: where much happens, it need not be taken again for each event.
const KEPT_IN_HAND: Duration = Duration::from_secs(1);

/// Those who listen, by whose feed it is.
#[derive(Debug, Default)]
pub struct Feeds(Mutex<Heard>);

#[derive(Debug, Default)]
struct Heard {
    listeners: HashMap<Owner, watch::Sender<()>>,
    stopped: bool,
}

impl Feeds {
    /// A feed has grown.
    pub fn tell(&self, owner: &Owner) {
        let mut heard = self.lock();
        if let Some(listeners) = heard.listeners.get(owner) {
            listeners.send_replace(());
            if listeners.receiver_count() == 0 {
                heard.listeners.remove(owner);
            }
        }
    }

    /// Nobody waits any more: the process is about to stop.
    pub fn stop(&self) {
        let mut heard = self.lock();
        heard.stopped = true;
        heard.listeners.clear();
    }

    fn lock(&self) -> MutexGuard<'_, Heard> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl News for Feeds {
    fn of(&self, owner: &Owner) -> Box<dyn Growth> {
        let mut heard = self.lock();
        if heard.stopped {
            return Box::new(Listening(watch::channel(()).1));
        }
        Box::new(Listening(heard.listeners.entry(owner.clone()).or_insert_with(|| watch::channel(()).0).subscribe()))
    }
}

struct Listening(watch::Receiver<()>);

#[async_trait]
impl Growth for Listening {
    async fn has_grown(&mut self) -> bool {
        matches!(tokio::time::timeout(KEPT_IN_HAND, self.0.changed()).await, Ok(Ok(())))
    }
}

#[cfg(test)]
mod tests {
    use casebridge_domain::AccountId;
    use futures::FutureExt as _;

    use super::*;

    fn owner(id: &str) -> Owner {
        Owner::Account(AccountId::parse(id).unwrap())
    }

    #[tokio::test(start_paused = true)]
    async fn a_lane_hears_of_its_own_feed_also_of_what_came_while_it_was_busy() {
        let feeds = Feeds::default();
        let mut growth = feeds.of(&owner("acme"));
        feeds.tell(&owner("globex"));
        assert_eq!(growth.has_grown().now_or_never(), None);
        feeds.tell(&owner("acme"));
        feeds.tell(&owner("acme"));
        assert!(growth.has_grown().await);
        assert!(!growth.has_grown().await, "nothing more came in time");
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_waits_when_the_process_stops() {
        let feeds = Feeds::default();
        let mut growth = feeds.of(&owner("acme"));
        feeds.stop();
        assert_eq!(growth.has_grown().now_or_never(), Some(false));
        assert_eq!(feeds.of(&owner("acme")).has_grown().now_or_never(), Some(false));
    }
}
