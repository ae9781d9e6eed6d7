//! What an operator does on the command line.

pub mod account;
pub mod audit;
pub mod backup;
pub mod key;
pub mod rollups;

use anyhow::Context as _;
use casebridge_app::{Desk, World};
use casebridge_domain::journal::Principal;
use casebridge_domain::key::Owner;
use casebridge_domain::{AccountId, VendorId};
use clap::Args;

use crate::cli::WithConfig;
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

fn parse_account(raw: &str) -> anyhow::Result<AccountId> {
    AccountId::parse(raw).map_err(|fault| anyhow::anyhow!("--account {fault}"))
}

/// Opens the installation for one command, and lets go of it afterwards. Refused while it is being served: a running
/// server is asked through its API.
async fn with_installation<T>(
    with: &WithConfig,
    work: impl AsyncFnOnce(World) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let config = Config::load(&with.config)?;
    let installation = Installation::open(&config.store, &config.key_file, config.teamviewer.as_str()).await?;
    done(installation, work).await
}

/// The same, whether or not it is being served.
async fn beside_the_server<T>(
    with: &WithConfig,
    work: impl AsyncFnOnce(World) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let config = Config::load(&with.config)?;
    let installation = Installation::beside(&config.store, &config.key_file, config.teamviewer.as_str()).await?;
    done(installation, work).await
}

async fn done<T>(installation: Installation, work: impl AsyncFnOnce(World) -> anyhow::Result<T>) -> anyhow::Result<T> {
    let done = work(installation.world.clone()).await;
    installation.close().await.context("what was done may not be on the disk")?;
    done
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
