//! What an operator does on the command line.

pub mod account;
pub mod audit;
pub mod backup;
pub mod deliveries;
pub mod devices;
pub mod doctor;
pub mod endpoint;
pub mod key;
pub mod rollups;
pub mod sign_in;

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use casebridge_app::ports::LaneNotifier;
use casebridge_app::{Desk, World, accounts};
use casebridge_domain::journal::Principal;
use casebridge_domain::key::Owner;
use casebridge_domain::{AccountId, VendorId};
use casebridge_host::function::{
    Network, Queue, Settings, Table, push_queue_from_environment, world_without_secrets, world_without_teamviewer,
};
use clap::Args;

use crate::config::Config;
use crate::installation::Installation;

/// A vendor or an account.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct Whose {
    /// A vendor, with all its accounts.
    #[arg(long)]
    vendor: Option<String>,
    /// One account.
    #[arg(long)]
    account: Option<String>,
}

impl Whose {
    fn owner(&self) -> anyhow::Result<Owner> {
        match (&self.vendor, &self.account) {
            (Some(vendor), _) => {
                Ok(Owner::Vendor(VendorId::parse(vendor).map_err(|fault| anyhow::anyhow!("--vendor {fault}"))?))
            }
            (None, Some(account)) => Ok(Owner::Account(parse_account(account)?)),
            (None, None) => anyhow::bail!("say whose: --vendor or --account"),
        }
    }
}

/// What a check found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// All is as it should be.
    Well,
    /// Something is not, and was said.
    Off,
}

impl Finding {
    /// Of two checks: all is well where both found it so.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        if self == Self::Well { other } else { self }
    }
}

fn parse_account(raw: &str) -> anyhow::Result<AccountId> {
    AccountId::parse(raw).map_err(|fault| anyhow::anyhow!("--account {fault}"))
}

/// Which installation.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct Where {
    /// The one process that this configuration file (TOML) describes.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The functions on this DynamoDB table; region and credentials are the environment's: `AWS_REGION`,
    /// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`.
    #[arg(long, value_name = "NAME")]
    table: Option<String>,
}

/// Opens the installation for one command, and lets go of it afterwards. One process is refused while it is being served: a
/// running server is asked through its API. A table has no such owner.
async fn with_installation<T>(at: &Where, work: impl AsyncFnOnce(World) -> anyhow::Result<T>) -> anyhow::Result<T> {
    let Some(config) = at.load()? else { return work(at.world_of_table().await?).await };
    let installation = Installation::open(&config.store, &config.key_file, config.teamviewer.as_str()).await?;
    done(installation, work).await
}

/// The same, whether or not it is being served.
async fn beside_the_server<T>(at: &Where, work: impl AsyncFnOnce(World) -> anyhow::Result<T>) -> anyhow::Result<T> {
    let Some(config) = at.load()? else { return work(at.world_of_table().await?).await };
    let installation = Installation::beside(&config.store, &config.key_file, config.teamviewer.as_str()).await?;
    done(installation, work).await
}

/// The same for what seals secrets.
async fn beside_the_server_with_key<T>(
    at: &Where,
    work: impl AsyncFnOnce(World) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    match &at.table {
        Some(name) => work(world_of_table_with_key(name).await?).await,
        None => beside_the_server(at, work).await,
    }
}

/// The key is named as it is to the functions: `CASEBRIDGE_KMS_KEY`.
async fn world_of_table_with_key(name: &str) -> anyhow::Result<World> {
    let settings = Settings::on_table(name)?;
    let network = Network::of_operator().map_err(anyhow::Error::from_boxed)?;
    let world = world_without_teamviewer(settings, &network).await.map_err(anyhow::Error::from_boxed);
    world.with_context(|| format!("the table {name} can't be used"))
}

/// Those who push to the endpoints of a table, where the environment names their queue as it does to the functions. Without it the
/// relay's schedule finds what is asked for.
fn lanes_of_table(name: &str) -> anyhow::Result<Option<Arc<dyn LaneNotifier>>> {
    let Some(queue) = push_queue_from_environment() else { return Ok(None) };
    let network = Network::of_operator().map_err(anyhow::Error::from_boxed)?;
    Ok(Some(Arc::new(Queue::new(queue, &Table::named(name)?.access, &network))))
}

impl Where {
    fn load(&self) -> anyhow::Result<Option<Config>> {
        Ok(self.config.as_deref().map(Config::load).transpose()?)
    }

    /// For what neither seals nor opens a secret.
    async fn world_of_table(&self) -> anyhow::Result<World> {
        let name = self.table.as_deref().context("say which installation: --config or --table")?;
        let table = Table::named(name)?;
        let network = Network::of_operator().map_err(anyhow::Error::from_boxed)?;
        let world = world_without_secrets(table, &network).await.map_err(anyhow::Error::from_boxed);
        world.with_context(|| format!("the table {name} can't be used"))
    }
}

async fn done<T>(installation: Installation, work: impl AsyncFnOnce(World) -> anyhow::Result<T>) -> anyhow::Result<T> {
    let done = work(installation.world.clone()).await;
    installation.close().await.context("what was done may not be on the disk")?;
    done
}

/// An account, or all of a vendor's.
async fn accounts_of(world: &World, owner: Owner) -> anyhow::Result<Vec<AccountId>> {
    let vendor = match owner {
        Owner::Account(account) => return Ok(vec![account]),
        Owner::Vendor(vendor) => vendor,
    };
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let page = accounts::accounts(world, &vendor, after.as_deref(), 200).await?;
        all.extend(page.items);
        after = page.next;
        if after.is_none() {
            anyhow::ensure!(!all.is_empty(), "vendor {vendor} has no account");
            return Ok(all);
        }
    }
}

/// An account, on the operator's behalf.
async fn desk(world: &World, account: &AccountId) -> anyhow::Result<Desk> {
    let desk = Desk::open(world, account, Principal::Operator).await?;
    desk.with_context(|| format!("there is no account {account}"))
}

#[expect(clippy::print_stdout, reason = "the command line's own voice")]
fn say(line: &str) {
    println!("{line}");
}
