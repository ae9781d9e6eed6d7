//! `casebridge key`: keys of vendors and accounts. The first vendor's key can only be made here.

use casebridge_app::accounts;
use casebridge_domain::journal::Principal;
use casebridge_domain::key::{Owner, Scope};
use casebridge_domain::{KeyId, Text};
use clap::{Args, Subcommand};
use secrecy::ExposeSecret as _;

use super::{Where, Whose, desk, say, with_installation};

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

/// A new key.
#[derive(Debug, Args)]
pub struct Add {
    #[command(flatten)]
    at: Where,
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
    at: Where,
    #[command(flatten)]
    whose: Whose,
}

/// Which key.
#[derive(Debug, Args)]
pub struct Remove {
    #[command(flatten)]
    at: Where,
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
    with_installation(&add.at, async |world| {
        if let Owner::Account(account) = &owner {
            desk(&world, account).await?;
        }
        let new = accounts::make_key(&world, &owner, scope, label, Principal::Operator, None).await?;
        if let Some(text) = new.text {
            say(text.expose_secret());
        }
        Ok(())
    })
    .await
}

async fn show(list: List) -> anyhow::Result<()> {
    let owner = list.whose.owner()?;
    with_installation(&list.at, async |world| {
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
    with_installation(&remove.at, async |world| {
        let removed = match &owner {
            Owner::Vendor(_) => world.store.delete_key(&owner, id, None).await?,
            Owner::Account(account) => accounts::delete_key(&desk(&world, account).await?, id).await?,
        };
        anyhow::ensure!(removed, "there is no such key");
        say("removed");
        Ok(())
    })
    .await
}
