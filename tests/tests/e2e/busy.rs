//! A help desk that goes on working while somebody looks over its shoulder.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use casebridge_tests::help_desk::HelpDesk;
use tokio::task::JoinHandle;

/// Plays and stops, one ticket after the other, until it is told to end.
pub struct Busy {
    ended: Arc<AtomicBool>,
    working: JoinHandle<anyhow::Result<u64>>,
}

impl Busy {
    pub fn begin(desk: &HelpDesk) -> Self {
        let ended = Arc::new(AtomicBool::new(false));
        Self { working: tokio::spawn(work(desk.clone(), Arc::clone(&ended))), ended }
    }

    /// Ends, and says how many cases were opened and closed. None may have failed.
    pub async fn end(self) -> anyhow::Result<u64> {
        self.ended.store(true, Ordering::Relaxed);
        self.working.await?
    }
}

async fn work(desk: HelpDesk, ended: Arc<AtomicBool>) -> anyhow::Result<u64> {
    let mut done = 0;
    while !ended.load(Ordering::Relaxed) {
        let case = desk.new_case(&format!("BUSY-{done}")).await?;
        desk.stop(&case).await?.expect(200)?;
        done += 1;
    }
    Ok(done)
}
