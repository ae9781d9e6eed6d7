//! `casebridge rollups`: the figures of reports, held against the session records, and put right.
//!
//! Both work while the server runs and sessions end.

use casebridge_app::{World, rollups};
use casebridge_domain::AccountId;
use clap::{Args, Subcommand};

use super::{Finding, Where, Whose, accounts_of, beside_the_server, desk, say};

mod differences;

use differences::Now;

/// What can be done with figures.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Counts all session records and compares. Ends with 1 if a figure is off, with 2 if it could not be found out.
    Verify(Figures),
    /// Counts every session on its day in the account's present time zone, and puts right what is off.
    Rebuild(Figures),
}

/// Whose figures.
#[derive(Debug, Args)]
pub struct Figures {
    #[command(flatten)]
    at: Where,
    #[command(flatten)]
    whose: Whose,
}

pub(crate) async fn run(command: Command) -> anyhow::Result<Finding> {
    match command {
        Command::Verify(figures) => for_each_account(&figures, verify).await,
        Command::Rebuild(figures) => for_each_account(&figures, rebuild).await,
    }
}

/// An account that fails keeps no other from its turn.
async fn for_each_account(
    figures: &Figures,
    work: impl AsyncFn(&World, &AccountId) -> anyhow::Result<Finding>,
) -> anyhow::Result<Finding> {
    let owner = figures.whose.owner()?;
    beside_the_server(&figures.at, async |world| {
        let (mut finding, mut failed) = (Finding::Well, Vec::new());
        for account in accounts_of(&world, owner).await? {
            match work(&world, &account).await {
                Ok(Finding::Well) => {}
                Ok(Finding::Off) => finding = Finding::Off,
                Err(error) => failed.push(format!("account {account}: {error:#}")),
            }
        }
        anyhow::ensure!(failed.is_empty(), "{}", failed.join("\n"));
        Ok(finding)
    })
    .await
}

async fn verify(world: &World, account: &AccountId) -> anyhow::Result<Finding> {
    let verified = rollups::verify(&desk(world, account).await?).await?;
    let lines = differences::lines(world, account, &verified.differences, Now::Off).await?;
    let found = if lines.is_empty() { "every figure is right".to_owned() } else { off(lines.len(), "off") };
    say(&format!("account {account}: {}; {found}", counted(&verified)));
    for line in &lines {
        say(line);
    }
    Ok(if lines.is_empty() { Finding::Well } else { Finding::Off })
}

async fn rebuild(world: &World, account: &AccountId) -> anyhow::Result<Finding> {
    let rebuilt = rollups::rebuild(&desk(world, account).await?).await?;
    let lines = differences::lines(world, account, &rebuilt.verified.differences, Now::Right).await?;
    let moved = match rebuilt.moved {
        0 => "no session moved to another day or time zone".to_owned(),
        1 => "1 session moved to another day or time zone".to_owned(),
        moved => format!("{moved} sessions moved to another day or time zone"),
    };
    let put_right = if lines.is_empty() { "every figure was right".to_owned() } else { off(lines.len(), "put right") };
    say(&format!("account {account}: {}; {moved}; {put_right}", counted(&rebuilt.verified)));
    for line in &lines {
        say(line);
    }
    Ok(Finding::Well)
}

fn counted(verified: &rollups::Verified) -> String {
    let plural = |count: u64, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
    let periods = u64::try_from(verified.periods).unwrap_or(u64::MAX);
    format!("{} counted, {} compared", plural(verified.records, "record"), plural(periods, "period"))
}

fn off(figures: usize, what: &str) -> String {
    if figures == 1 { format!("1 figure is {what}") } else { format!("{figures} figures are {what}") }
}
