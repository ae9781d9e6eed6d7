//! An audit trail as a file that can be verified without us.

use std::fs::OpenOptions;
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::PathBuf;

use anyhow::Context as _;
use casebridge_app::World;
use casebridge_app::audit::{self, Chain};
use casebridge_domain::AccountId;
use clap::Args;

use super::verify::last_entry;
use super::{Where, beside_the_server, parse_account, say};

/// Entries read at once.
const PAGE: usize = 500;

/// Which trail goes where.
#[derive(Debug, Args)]
pub struct Export {
    #[command(flatten)]
    at: Where,
    /// Whose trail.
    #[arg(long)]
    account: String,
    /// A new file, readable by its owner alone; without it the lines are printed.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub(super) async fn run(export: Export) -> anyhow::Result<()> {
    let account = parse_account(&export.account)?;
    beside_the_server(&export.at, async |world| match &export.out {
        None => write(&world, &account, io::stdout()).await.map(drop),
        Some(file) => {
            // Never over an older one: that may be what shows that something was changed.
            let new = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file);
            let new = new.with_context(|| format!("{} can't be made", file.display()))?;
            let chain = write(&world, &account, &new).await?;
            new.sync_all().context("the export may not be on the disk")?;
            say(&format!("account {account}: {}", last_entry(&chain)));
            Ok(())
        }
    })
    .await
}

/// Writes every entry and follows the chain, so that what is written is known to hold.
async fn write(world: &World, account: &AccountId, to: impl Write) -> anyhow::Result<audit::Verified> {
    let mut to = BufWriter::new(to);
    let mut chain = Chain::default();
    let mut after = 0;
    loop {
        let page = audit::entries(world, account, after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = last.number;
        for entry in &page {
            chain.follow(entry)?;
            serde_json::to_writer(&mut to, entry)?;
            to.write_all(b"\n")?;
        }
    }
    to.flush()?;
    anyhow::ensure!(after > 0, "account {account} has no audit trail");
    Ok(chain.verified())
}
