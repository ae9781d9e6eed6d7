//! `casebridge account`: accounts of the installation's vendors.

use casebridge_app::accounts::{self, NewAccount};
use casebridge_domain::account::{CaseLifetime, WhoIsTold};
use casebridge_domain::journal::Principal;
use casebridge_domain::{AccountId, Language, Text, TimeZone, VendorId};
use clap::{Args, Subcommand};

use super::{Where, say, with_installation};

/// What can be done with accounts.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Makes an account.
    Add(Add),
    /// Lists a vendor's accounts, one id a line.
    List(List),
}

/// A new account.
#[derive(Debug, Args)]
pub struct Add {
    #[command(flatten)]
    at: Where,
    /// Whose customer it is.
    #[arg(long)]
    vendor: String,
    /// The account's id: lower-case letters, digits and hyphens.
    #[arg(long)]
    account: String,
    /// As the customer reads it.
    #[arg(long)]
    name: String,
    /// An IANA time zone.
    #[arg(long, default_value = "UTC")]
    time_zone: String,
    /// en, pt, es, fr or zh.
    #[arg(long, default_value = "en")]
    language: String,
}

/// Whose accounts.
#[derive(Debug, Args)]
pub struct List {
    #[command(flatten)]
    at: Where,
    /// The vendor.
    #[arg(long)]
    vendor: String,
}

pub(crate) async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Add(add) => make(add).await,
        Command::List(list) => show(list).await,
    }
}

async fn make(add: Add) -> anyhow::Result<()> {
    let told = |name: &str, fault| anyhow::anyhow!("--{name} {fault}");
    let vendor = VendorId::parse(&add.vendor).map_err(|fault| told("vendor", fault))?;
    let wish = NewAccount {
        id: AccountId::parse(&add.account).map_err(|fault| told("account", fault))?,
        name: Text::parse(&add.name).map_err(|fault| told("name", fault))?,
        time_zone: TimeZone::parse(&add.time_zone).map_err(|fault| told("time-zone", fault))?,
        language: Language::parse(&add.language).map_err(|fault| told("language", fault))?,
        case_lifetime: CaseLifetime::default(),
        told: WhoIsTold::default(),
    };
    with_installation(&add.at, async |world| {
        let account = accounts::make_account(&world, &vendor, wish, Principal::Operator, None).await?;
        say(&format!("account {} of vendor {}", account.id, account.vendor));
        Ok(())
    })
    .await
}

async fn show(list: List) -> anyhow::Result<()> {
    let vendor = VendorId::parse(&list.vendor).map_err(|fault| anyhow::anyhow!("--vendor {fault}"))?;
    with_installation(&list.at, async |world| {
        let mut after = None;
        loop {
            let page = accounts::accounts(&world, &vendor, after.as_deref(), 200).await?;
            page.items.iter().for_each(|id| say(id.as_str()));
            after = page.next;
            if after.is_none() {
                return Ok(());
            }
        }
    })
    .await
}
