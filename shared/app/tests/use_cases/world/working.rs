//! Workers at work, and time that passes only when it is told to.

use std::sync::mpsc;
use std::time::Duration;

use casebridge_app::ports::store::Due;
use casebridge_app::{courier, journal, watch};
use chrono::TimeDelta;

use super::TestWorld;

/// Longer than any call to TeamViewer waits.
const BEYOND_EVERY_CALL: Duration = Duration::from_secs(13);

impl TestWorld {
    /// One worker takes everything that is due now. What fails has to wait, as in every host.
    pub(crate) async fn work(&self) {
        let Ok(due) = self.store().due(self.now(), 100).await else { return };
        for due in due {
            let done = match &due {
                Due::Letter(letter) => Box::pin(courier::deliver(&self.app, &self.mailbox, letter)).await.map(drop),
                Due::Tick(tick) => Box::pin(watch::take_turn(&self.app, tick)).await.map(drop),
                Due::Journal(account) => Box::pin(journal::number_account(&self.app, account)).await,
                Due::VendorFeed(vendor) => Box::pin(journal::number_vendor(&self.app, vendor)).await,
            };
            drop(done);
        }
    }

    /// Lets time pass in strides, with a worker's turn after each.
    pub(crate) async fn work_through(&self, span: TimeDelta, stride: TimeDelta) {
        let until = self.now() + span;
        while self.now() < until {
            self.advance(stride.min(until - self.now()));
            self.patiently(self.work()).await;
        }
    }

    /// Carries something out; calls that TeamViewer does not answer time out at once.
    pub(crate) fn patiently<T>(&self, work: impl Future<Output = T>) -> impl Future<Output = T> {
        let mut work = Box::pin(work);
        async move {
            let unanswered = self.unanswered();
            let mut seen = unanswered(&self.teamviewer.calls());
            loop {
                tokio::select! {
                    biased;
                    done = &mut work => return done,
                    calls = self.teamviewer.until_calls(|calls| unanswered(calls) > seen) => {
                        seen = unanswered(&calls);
                        time_out().await;
                    }
                }
            }
        }
    }

    /// Carries something out until a call to TeamViewer hangs, or to its end.
    pub(crate) fn until_it_hangs<T>(&self, work: impl Future<Output = T>) -> impl Future<Output = Option<T>> {
        let work = Box::pin(work);
        async move {
            let unanswered = self.unanswered();
            let seen = unanswered(&self.teamviewer.calls());
            tokio::select! {
                biased;
                done = work => Some(done),
                _ = self.teamviewer.until_calls(|calls| unanswered(calls) > seen) => None,
            }
        }
    }
}

/// Whoever waits for TeamViewer has waited long enough.
pub(crate) async fn time_out() {
    tokio::time::advance(BEYOND_EVERY_CALL).await;
}

/// Keeps the runtime's paused time from running ahead whenever everybody waits for the network: it does so only while
/// no blocking task is under way.
pub(super) fn stop_time() -> mpsc::Sender<()> {
    let (alive, gone) = mpsc::channel::<()>();
    tokio::task::spawn_blocking(move || {
        let _gone = gone.recv();
    });
    alive
}
