//! What an operator does on the command line.

pub mod account;
pub mod backup;
pub mod key;

use anyhow::Context as _;
use casebridge_app::World;

use crate::cli::WithConfig;
use crate::config::Config;
use crate::installation::Installation;

/// Opens the installation for one command, and lets go of it afterwards. Refused while it is being served: a running
/// server is asked through its API.
async fn with_installation<T>(
    with: &WithConfig,
    work: impl AsyncFnOnce(World) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let config = Config::load(&with.config)?;
    let installation = Installation::open(&config.store, &config.key_file, config.teamviewer.as_str()).await?;
    let done = work(installation.world.clone()).await;
    installation.close().await.context("what was done may not be on the disk")?;
    done
}

#[expect(clippy::print_stdout, reason = "the command line's own voice")]
fn say(line: &str) {
    println!("{line}");
}
