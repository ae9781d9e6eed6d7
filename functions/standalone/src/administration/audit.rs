//! `casebridge audit`: an account's audit trail, verified, taken out, and rid of a person. All of it works while the server
//! runs.

use clap::{Args, Subcommand};

use casebridge_app::audit;
use casebridge_domain::TechnicianId;

use super::{Finding, Where, beside_the_server, desk, parse_account, say};

mod export;
mod verify;

/// What can be done with an audit trail.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Checks that every entry follows from the one before it. Ends with 1 if one does not, with 2 if it could not be
    /// found out.
    Verify(verify::Verify),
    /// Writes every entry as a line of JSON.
    Export(export::Export),
    /// Takes a technician's id out: the entries that name it lose their details, and the trail stays valid.
    Erase(Erase),
}

/// Who is taken out of which trail.
#[derive(Debug, Args)]
pub struct Erase {
    #[command(flatten)]
    at: Where,
    /// Whose trail.
    #[arg(long)]
    account: String,
    /// The technician's id, as the vendor sent it.
    #[arg(long)]
    technician: String,
}

pub(crate) async fn run(command: Command) -> anyhow::Result<Finding> {
    match command {
        Command::Verify(verify) => verify::run(verify).await,
        Command::Export(export) => export::run(export).await.map(|()| Finding::Well),
        Command::Erase(erase) => take_out(erase).await.map(|()| Finding::Well),
    }
}

async fn take_out(erase: Erase) -> anyhow::Result<()> {
    let account = parse_account(&erase.account)?;
    let technician = TechnicianId::parse(&erase.technician);
    let technician = technician.map_err(|fault| anyhow::anyhow!("--technician {fault}"))?;
    beside_the_server(&erase.at, async |world| {
        let erased = audit::erase_technician(&desk(&world, &account).await?, &technician).await?;
        say(&match erased {
            0 => format!("account {account}: no entry has that id in its details"),
            1 => format!("account {account}: 1 entry lost its details"),
            erased => format!("account {account}: {erased} entries lost their details"),
        });
        Ok(())
    })
    .await
}
