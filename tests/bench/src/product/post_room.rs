//! A mail server that takes every letter at once, and tells who plays that it went.

use async_trait::async_trait;
use casebridge_app::ports::Mailer;
use casebridge_app::ports::mail::{MailError, Post};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// See the module. An invitation goes to `<play>@<player>.example`: so its player is told of its play.
pub(crate) struct PostRoom(Vec<UnboundedSender<u32>>);

/// The plays of one player whose invitations went.
pub(crate) type Gone = UnboundedReceiver<u32>;

impl PostRoom {
    /// For so many players.
    pub(crate) fn of(players: usize) -> (Self, Vec<Gone>) {
        let (told, gone) = (0..players).map(|_| unbounded_channel()).unzip();
        (Self(told), gone)
    }

    /// Where the invitation of a play goes.
    pub(crate) fn address(player: usize, play: u32) -> String {
        format!("{play}@{player}.example")
    }

    fn tell(&self, address: &str) -> Option<()> {
        let (play, host) = address.split_once('@')?;
        let player: usize = host.strip_suffix(".example")?.parse().ok()?;
        // A player that left is not interested.
        let _ = self.0.get(player)?.send(play.parse().ok()?);
        Some(())
    }
}

#[async_trait]
impl Mailer for PostRoom {
    async fn send(&self, post: &Post) -> Result<(), MailError> {
        self.tell(post.to.as_str());
        Ok(())
    }
}
