//! One connection that plays and stops.

use std::collections::HashMap;

use anyhow::Context as _;
use tokio::time::timeout;

use super::PATIENCE;
use crate::client::{Line, text_of};
use crate::product::{Gone, HelpDesk, PostRoom};

/// Cases that a player has open at most, while their invitations are on the way.
const OPEN: usize = 16;

/// Plays ticket after ticket, and stops each case once its invitation went.
pub(super) struct Player {
    number: usize,
    line: Line,
    desk: HelpDesk,
    gone: Gone,
    played: u32,
    /// By play, the cases whose invitations are on the way.
    open: HashMap<u32, String>,
}

impl Player {
    pub(super) fn new(number: usize, line: Line, desk: HelpDesk, gone: Gone) -> Self {
        Self { number, line, desk, gone, played: 0, open: HashMap::new() }
    }

    /// Plays and stops so many. Plays ahead first: a case is not stopped in the moment in which its letter leaves, when
    /// that is not on record yet.
    pub(super) async fn play(mut self, pairs: u32) -> anyhow::Result<Self> {
        let until = self.played + pairs;
        while self.played < until || !self.open.is_empty() {
            if self.played < until && self.open.len() < OPEN {
                self.start().await?;
            } else {
                let next = timeout(PATIENCE, self.gone.recv()).await.context("an invitation did not go")?;
                self.stop(next.context("the mail server is gone")?).await?;
            }
        }
        Ok(self)
    }

    async fn start(&mut self) -> anyhow::Result<()> {
        let (number, play) = (self.number, self.played);
        let ask = self.desk.play(&format!("INC-{number}-{play}"), &PostRoom::address(number, play));
        let case = self.line.ask(ask).await?;
        self.open.insert(play, text_of(&case, "id")?);
        self.played += 1;
        Ok(())
    }

    async fn stop(&mut self, play: u32) -> anyhow::Result<()> {
        // A second copy of an invitation tells nothing new.
        let Some(case) = self.open.remove(&play) else { return Ok(()) };
        let closed = self.line.ask(self.desk.stop(&case)).await?;
        let state = text_of(&closed, "state")?;
        anyhow::ensure!(state == "closed", "a stopped case is {state}");
        Ok(())
    }
}
