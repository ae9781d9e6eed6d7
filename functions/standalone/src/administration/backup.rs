//! `casebridge backup`, `restore` and `resume`.

use std::path::PathBuf;

use casebridge_app::ports::{Clock as _, Store as _};
use casebridge_host::SystemClock;
use casebridge_store_sqlite::IfThere;
use clap::Args;

use super::say;
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

/// Where the copy is.
#[derive(Debug, Args)]
pub struct Restore {
    #[command(flatten)]
    with: WithConfig,
    /// The copy.
    #[arg(long, value_name = "FILE")]
    from: PathBuf,
    /// Put it in the place of a store that is there.
    #[arg(long)]
    replace: bool,
}

pub(crate) async fn back_up(how: Backup) -> anyhow::Result<()> {
    let config = Config::load(&how.with.config)?;
    let to = how.to.clone();
    tokio::task::spawn_blocking(move || casebridge_store_sqlite::backup(&config.store, &to)).await??;
    say(&format!("copied to {}", how.to.display()));
    Ok(())
}

pub(crate) async fn restore(how: Restore) -> anyhow::Result<()> {
    let config = Config::load(&how.with.config)?;
    let to = config.store.clone();
    let if_there = if how.replace { IfThere::Replace } else { IfThere::Refuse };
    tokio::task::spawn_blocking(move || casebridge_store_sqlite::restore(&how.from, &to, if_there)).await??;
    // Letters in the copy may have left since it was made, and cases may have ended.
    let store = open_store(&config.store)?;
    store.hold_deliveries(Some(SystemClock.now())).await?;
    store.engine().close().await?;
    say(
        "restored. Letters are held; start `casebridge serve`, let it look at TeamViewer, then say `casebridge resume`",
    );
    Ok(())
}

pub(crate) async fn resume(config: &Config) -> anyhow::Result<()> {
    let store = open_store(&config.store)?;
    let held = store.deliveries_held_since().await?;
    store.hold_deliveries(None).await?;
    store.engine().close().await?;
    say(if held.is_some() { "letters go out again" } else { "letters were not held" });
    Ok(())
}
