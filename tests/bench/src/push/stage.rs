//! The program with its accounts and endpoints.

use std::sync::Arc;
use std::time::{Duration, Instant};

use casebridge_tests::api::Api;
use casebridge_tests::until::until;
use serde_json::json;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::load::{Happened, KINDS, Player, offset, rounds};
use super::receiver::{Connections, Hook, Wants, secret_of, serve};
use crate::How;
use crate::client::Line;
use crate::server::Server;

/// How accounts are called, before their places.
pub(super) const ACCOUNT: &str = "desk";

/// Accounts, which take turns with what happens.
const ACCOUNTS: usize = 10;

/// Endpoints of each account, which want all of its events.
const OF_ACCOUNT: usize = 5;

/// Endpoints of the vendor for each type of event, from all accounts.
const OF_KIND: usize = 5;

/// How long it is waited between looking how far it is.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// Everything that takes part.
pub(super) struct Stage {
    pub(super) server: Server,
    pub(super) hooks: Vec<Arc<Hook>>,
    pub(super) connections: Connections,
    players: Vec<Player>,
    /// Everything that happened since the endpoints are there.
    pub(super) happened: Vec<Happened>,
}

impl Stage {
    /// Ten accounts, and nobody whom their events are pushed to.
    pub(super) async fn set(how: &How) -> anyhow::Result<Self> {
        let server = Server::start(&how.program, &how.folder).await?;
        let mut players = Vec::new();
        for account in 0..ACCOUNTS {
            let desk = server.help_desk(&format!("{ACCOUNT}{account}")).await?;
            let line = Line::open(server.address(), server.vendor_key()).await?;
            let mut player = Player::new(account, desk, line);
            player.begin().await?;
            players.push(player);
        }
        Ok(Self { server, hooks: Vec::new(), connections: Connections::default(), players, happened: Vec::new() })
    }

    /// Five endpoints of each account, at addresses of their own, and fifty endpoints of the vendor at one address.
    pub(super) async fn make_endpoints(&mut self) -> anyhow::Result<()> {
        let vendor = self.server.vendor();
        let of_vendor: Vec<_> = KINDS.iter().flat_map(|kind| [*kind; OF_KIND]).collect();
        let at_one_address: Vec<_> = of_vendor.iter().map(|kind| Hook::new(Wants::Kind(kind))).collect();
        let urls = serve(at_one_address.clone(), self.connections.clone()).await?;
        for ((kind, hook), url) in of_vendor.iter().zip(at_one_address).zip(urls) {
            make(&vendor, "/v1/endpoints", &hook, &url, &[kind]).await?;
            self.hooks.push(hook);
        }
        for player in &mut self.players {
            for _ in 0..OF_ACCOUNT {
                let hook = Hook::new(Wants::Account(player.account()));
                for url in serve(vec![Arc::clone(&hook)], self.connections.clone()).await? {
                    make(&player.desk().admin, &player.desk().path("/endpoints"), &hook, &url, &[]).await?;
                }
                self.hooks.push(hook);
            }
            player.begin().await?;
        }
        self.happened.clear();
        Ok(())
    }

    /// Lets things happen for so long. Gives what happened by that.
    pub(super) async fn play(&mut self, span: Duration) -> anyhow::Result<Vec<Happened>> {
        let (begin, rounds, accounts) = (Instant::now(), rounds(span)?, self.players.len());
        let mut tasks = JoinSet::new();
        for (account, player) in self.players.drain(..).enumerate() {
            tasks.spawn(player.play(begin + offset(account, accounts)?, rounds));
        }
        let mut happened = Vec::new();
        let mut players = Vec::new();
        while let Some(played) = tasks.join_next().await {
            let (player, some) = played??;
            players.push(player);
            happened.extend(some);
        }
        players.sort_by_key(Player::account);
        self.players = players;
        self.happened.extend(&happened);
        Ok(happened)
    }

    /// Waits until these endpoints took everything that they want. Gives how long that was; `None` if it does not come to that
    /// in time.
    pub(super) async fn all_taken(&self, by: &[Arc<Hook>], within: Duration) -> Option<Duration> {
        let begun = Instant::now();
        let mut left: Vec<(&Hook, &Happened)> =
            by.iter().flat_map(|hook| wanted(hook, &self.happened).map(|happened| (&**hook, happened))).collect();
        until(within, async || {
            // What comes last decides, so it is looked at first.
            while let Some((hook, happened)) = left.last() {
                if hook.of(happened).taken == 0 {
                    sleep(LOOK_AGAIN).await;
                    return None;
                }
                left.pop();
            }
            Some(begun.elapsed())
        })
        .await
    }
}

/// What an endpoint is there for.
pub(super) fn wanted<'a>(hook: &Hook, happened: &'a [Happened]) -> impl Iterator<Item = &'a Happened> + use<'a> {
    let wants = hook.wants;
    happened.iter().filter(move |happened| wants.takes(happened))
}

async fn make(api: &Api, path: &str, hook: &Hook, url: &str, events: &[&str]) -> anyhow::Result<()> {
    let made = api.post(path, &json!({ "url": url, "events": events })).await?.expect(201)?;
    hook.signs_with(secret_of(&made)?);
    Ok(())
}
