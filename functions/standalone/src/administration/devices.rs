//! `casebridge devices`: the counts of devices, held against the devices.

use casebridge_app::devices::recount;
use casebridge_app::ports::store::DeviceCounts;
use clap::{Args, Subcommand};

use super::{Finding, Where, Whose, accounts_of, beside_the_server, desk, say};

/// What can be done with devices.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Counts all devices and compares. Ends with 1 if a count is off, with 2 if it could not be found out. Devices that are
    /// reported meanwhile may be the difference: verify again then.
    Verify(Counts),
}

/// Whose devices.
#[derive(Debug, Args)]
pub struct Counts {
    #[command(flatten)]
    at: Where,
    #[command(flatten)]
    whose: Whose,
}

pub(crate) async fn run(command: Command) -> anyhow::Result<Finding> {
    let Command::Verify(Counts { at, whose }) = command;
    let owner = whose.owner()?;
    beside_the_server(&at, async |world| {
        let mut finding = Finding::Well;
        for account in accounts_of(&world, owner).await? {
            let recount = recount(&desk(&world, &account).await?).await?;
            let counted = in_words(recount.counted);
            if recount.agrees() {
                say(&format!("account {account}: {counted}; every count is right"));
            } else {
                say(&format!("account {account}: {counted}; kept are {}", in_words(recount.kept)));
                finding = Finding::Off;
            }
        }
        Ok(finding)
    })
    .await
}

fn in_words(counts: DeviceCounts) -> String {
    let DeviceCounts { devices, licences, hosts } = counts;
    format!("devices: {devices}, unattended licences: {licences}, with the Host app: {hosts}")
}
