//! `casebridge backup` and `restore`.

use std::path::{Path, PathBuf};

use casebridge_app::ports::{Clock as _, Store as _};
use casebridge_host::SystemClock;
use casebridge_host::function::{Network, Table, prepare_table, stream_of};
use casebridge_store_sqlite::IfThere;
use clap::Args;

use super::{Where, say};
use crate::cli::WithConfig;
use crate::config::Config;
use crate::installation::open_store;

/// Where the copy goes.
#[derive(Debug, Args)]
pub struct Backup {
    #[command(flatten)]
    with: WithConfig,
    /// The copy. The key's file is not in it: keep that elsewhere.
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
}

/// Where the copy is. A table was restored by DynamoDB, under another name: that one is made ready to be served.
#[derive(Debug, Args)]
pub struct Restore {
    #[command(flatten)]
    at: Where,
    /// The copy of one process's store.
    #[arg(long, value_name = "FILE", required_unless_present = "table", conflicts_with = "table")]
    from: Option<PathBuf>,
    /// Put it in the place of a store that is there.
    #[arg(long, conflicts_with = "table")]
    replace: bool,
}

pub(crate) async fn back_up(how: Backup) -> anyhow::Result<()> {
    let config = Config::load(&how.with.config)?;
    let to = how.to.clone();
    tokio::task::spawn_blocking(move || casebridge_store_sqlite::backup(&config.store, &to)).await??;
    say(&format!("copied to {}", how.to.display()));
    Ok(())
}

// Letters in the copy may have left since it was made, and cases may have ended. So deliveries are held first.
pub(crate) async fn restore(how: Restore) -> anyhow::Result<()> {
    match (how.at.load()?, how.at.table.as_deref(), how.from) {
        (Some(config), _, Some(from)) => restore_file(&config.store, from, how.replace).await,
        (_, Some(name), _) => restore_table(&how.at, name).await,
        _ => anyhow::bail!("say what to restore: --config and --from, or --table"),
    }
}

async fn restore_file(store: &Path, from: PathBuf, replace: bool) -> anyhow::Result<()> {
    let to = store.to_owned();
    let if_there = if replace { IfThere::Replace } else { IfThere::Refuse };
    tokio::task::spawn_blocking(move || casebridge_store_sqlite::restore(&from, &to, if_there)).await??;
    let store = open_store(store)?;
    store.hold_deliveries(Some(SystemClock.now())).await?;
    store.engine().close().await?;
    say(
        "restored. Letters are held; start `casebridge serve`, let it look at TeamViewer, then say `casebridge resume`",
    );
    Ok(())
}

/// Nothing delivers from a table without a stream, and a stack needs the stream's name: whoever is told it has a table whose
/// deliveries are held.
async fn restore_table(at: &Where, name: &str) -> anyhow::Result<()> {
    let table = Table::named(name)?;
    let world = at.world_of_table().await?;
    let is_held = world.store.deliveries_held_since().await?.is_some();
    let network = Network::of_operator().map_err(anyhow::Error::from_boxed)?;
    let is_served = stream_of(&table, &network).await.map_err(anyhow::Error::from_boxed)?.is_some();
    anyhow::ensure!(
        is_held || !is_served,
        "the table {name} has a stream: it is being served. Say the name of the table that DynamoDB restored"
    );
    if !is_held {
        world.store.hold_deliveries(Some(SystemClock.now())).await?;
    }
    prepare_table(&table, &network).await.map_err(anyhow::Error::from_boxed)?;
    let stream = stream_of(&table, &network).await.map_err(anyhow::Error::from_boxed)?;
    say("restored. Letters are held; deploy the stack with these two parameters, let it look at TeamViewer, then say");
    say(&format!("`casebridge resume --table {name}`"));
    say(&format!("RestoredTable={name}"));
    say(&format!("RestoredTableStream={}", stream.unwrap_or_default()));
    Ok(())
}
