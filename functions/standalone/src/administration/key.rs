//! `casebridge key`: keys of vendors and accounts. The first vendor's key can only be made here.

use casebridge_app::accounts;
use casebridge_domain::key::{Owner, Scope};
use casebridge_domain::{AccountId, KeyId, Text, VendorId};
use clap::{Args, Subcommand};
use secrecy::ExposeSecret as _;

use super::{say, with_installation};
use crate::cli::WithConfig;

/// What can be done with keys.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Makes a key and prints it, this once.
    Add(Add),
    /// Lists keys: id, scope, label.
    List(List),
    /// Removes a key.
    Remove(Remove),
}

/// Whose key.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct Whose {
    /// A vendor's: good for all its accounts.
    #[arg(long)]
    vendor: Option<String>,
    /// One account's.
    #[arg(long)]
    account: Option<String>,
}

impl Whose {
    fn owner(&self) -> anyhow::Result<Owner> {
        match (&self.vendor, &self.account) {
            (Some(vendor), _) => {
                Ok(Owner::Vendor(VendorId::parse(vendor).map_err(|fault| anyhow::anyhow!("--vendor {fault}"))?))
            }
            (None, Some(account)) => {
                Ok(Owner::Account(AccountId::parse(account).map_err(|fault| anyhow::anyhow!("--account {fault}"))?))
            }
            (None, None) => anyhow::bail!("say whose key: --vendor or --account"),
        }
    }
}

/// A new key.
#[derive(Debug, Args)]
pub struct Add {
    #[command(flatten)]
    with: WithConfig,
    #[command(flatten)]
    whose: Whose,
    /// admin, technician, read or notify.
    #[arg(long, default_value = "admin")]
    scope: String,
    /// What it is for.
    #[arg(long)]
    label: Option<String>,
}

/// Whose keys.
#[derive(Debug, Args)]
pub struct List {
    #[command(flatten)]
    with: WithConfig,
    #[command(flatten)]
    whose: Whose,
}

/// Which key.
#[derive(Debug, Args)]
pub struct Remove {
    #[command(flatten)]
    with: WithConfig,
    #[command(flatten)]
    whose: Whose,
    /// The key's id, as `list` shows it.
    #[arg(long)]
    id: String,
}

pub(crate) async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Add(add) => make(add).await,
        Command::List(list) => show(list).await,
        Command::Remove(remove) => take_away(remove).await,
    }
}

async fn make(add: Add) -> anyhow::Result<()> {
    let owner = add.whose.owner()?;
    let scope = Scope::parse(&add.scope).map_err(|fault| anyhow::anyhow!("--scope {fault}"))?;
    let label =
        add.label.as_deref().map(Text::parse).transpose().map_err(|fault| anyhow::anyhow!("--label {fault}"))?;
    with_installation(&add.with, async |world| {
        if let Owner::Account(account) = &owner {
            let known = world.store.admission(None, Some(account)).await?.account.is_some();
            anyhow::ensure!(known, "there is no account {account}");
        }
        let new = accounts::make_key(&world, &owner, scope, label, None).await?;
        if let Some(text) = new.text {
            say(text.expose_secret());
        }
        Ok(())
    })
    .await
}

async fn show(list: List) -> anyhow::Result<()> {
    let owner = list.whose.owner()?;
    with_installation(&list.with, async |world| {
        for key in world.store.keys(&owner).await? {
            let label = key.label.map(String::from).unwrap_or_default();
            say(&format!("{}  {:<10}  {label}", key.id, key.scope.to_string()));
        }
        Ok(())
    })
    .await
}

async fn take_away(remove: Remove) -> anyhow::Result<()> {
    let owner = remove.whose.owner()?;
    let id = KeyId::parse(&remove.id).map_err(|fault| anyhow::anyhow!("--id {fault}"))?;
    with_installation(&remove.with, async |world| {
        anyhow::ensure!(world.store.delete_key(&owner, id).await?, "there is no such key");
        say("removed");
        Ok(())
    })
    .await
}
