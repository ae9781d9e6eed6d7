//! Benchmarks that one runs by hand: each figure is a ratio against a baseline measured in the same run.
//!
//! The baseline (`baseline`) is what a competent engineer writes in an hour with axum and SQLite, and as durable. Client,
//! baseline and product share this process and its runtime, so what the client costs is on both sides.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod baseline;
mod client;
mod devices;
mod disk;
mod figure;
mod full_store;
mod functions;
mod log;
mod memory;
mod pairs;
mod product;
mod push;
mod reads;
mod reports;
mod server;
mod stopwatch;
mod widgets;

use figure::Measured;

/// Measures Casebridge against a bare server on the same disk.
#[derive(Debug, Parser)]
struct Cli {
    #[command(subcommand)]
    what: What,
    #[command(flatten)]
    how: How,
}

#[derive(Debug, Clone, Copy, Subcommand)]
enum What {
    /// `GET` of a case, against `GET` of a row.
    Reads,
    /// Play and stop with all that they owe, against one durable row each.
    Pairs,
    /// A year's report over a million sessions, against one over ten thousand.
    Reports,
    /// A device's readiness and pages of devices among a hundred thousand, against a thousand.
    Devices,
    /// How fast the program starts on a million sessions, and the memory that it takes then.
    Memory,
    /// What a thousand open widgets cost the program.
    Widgets,
    /// How fast events reach a hundred endpoints, with two bad ones among them and without, and after an outage of all. Not part
    /// of `all`.
    Push,
    /// What the Lambda functions cost as they are deployed, beside one that does nothing. Not part of `all`.
    Functions,
    /// Everything else.
    All,
}

/// How it is measured.
#[derive(Debug, clap::Args)]
struct How {
    /// Fewer and shorter rounds: a look, no measurement.
    #[arg(long, global = true)]
    quick: bool,
    /// Fails if a target is missed.
    #[arg(long, global = true)]
    check: bool,
    /// Connections of the client, the same for both sides; each number in turn.
    #[arg(long, global = true, value_delimiter = ',', default_values_t = [1, 8, 32])]
    connections: Vec<usize>,
    /// Accounts that the product's connections are spread over.
    #[arg(long, global = true, default_value_t = 8)]
    accounts: usize,
    /// Rounds of each side, after one to warm up.
    #[arg(long, global = true)]
    rounds: Option<usize>,
    /// Where the stores are made; should be on the disk that is asked about.
    #[arg(long, global = true, default_value = "target/bench")]
    folder: PathBuf,
    /// Sessions a year in the large store of `reports` and `memory`; the targets are for a million.
    #[arg(long, global = true, default_value_t = 1_000_000)]
    sessions: u32,
    /// The program that `memory`, `widgets` and `push` start, and that makes a key for `functions`.
    #[arg(long, global = true, default_value = "target/release/casebridge")]
    program: PathBuf,
    /// Where `functions` finds them, as `cargo lambda build --lambda-dir` leaves them.
    #[arg(long, global = true, default_value = "target/lambda-bench")]
    functions: PathBuf,
    /// Which of them, by the last part of their names; all if left out.
    #[arg(long, global = true, value_delimiter = ',')]
    only: Vec<String>,
}

impl How {
    fn rounds(&self) -> usize {
        self.rounds.unwrap_or(if self.quick { 2 } else { 5 })
    }

    /// One or the other, by how much time there is.
    fn pick<T>(&self, whole: T, quick: T) -> T {
        if self.quick { quick } else { whole }
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(&cli).await {
        Ok(figures) => report(&figures, cli.how.check),
        Err(error) => {
            say(&format!("the benchmark broke down: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: &Cli) -> anyhow::Result<Vec<Box<dyn Measured>>> {
    if matches!(cli.what, What::Functions) {
        return Ok(vec![Box::new(functions::measure(&cli.how).await?)]);
    }
    log::start()?;
    std::fs::create_dir_all(&cli.how.folder)?;
    say(&disk::Evidence::gather(&cli.how.folder)?.to_string());
    let mut figures: Vec<Box<dyn Measured>> = Vec::new();
    if matches!(cli.what, What::Reads | What::All) {
        for connections in &cli.how.connections {
            figures.push(Box::new(reads::measure(&cli.how, *connections).await?));
        }
    }
    if matches!(cli.what, What::Pairs | What::All) {
        for connections in &cli.how.connections {
            figures.push(Box::new(pairs::measure(&cli.how, *connections).await?));
        }
    }
    if matches!(cli.what, What::Reports | What::All) {
        for growth in reports::measure(&cli.how).await? {
            figures.push(Box::new(growth));
        }
    }
    if matches!(cli.what, What::Devices | What::All) {
        for answer in devices::measure(&cli.how).await? {
            figures.push(Box::new(answer));
        }
    }
    if matches!(cli.what, What::Memory | What::All) {
        figures.push(Box::new(memory::measure(&cli.how).await?));
    }
    if matches!(cli.what, What::Widgets | What::All) {
        figures.push(Box::new(widgets::measure(&cli.how).await?));
    }
    if matches!(cli.what, What::Push) {
        figures.push(Box::new(push::measure(&cli.how).await?));
    }
    Ok(figures)
}

fn report(figures: &[Box<dyn Measured>], check: bool) -> ExitCode {
    for figure in figures {
        say(&figure.to_string());
    }
    if check && !figures.iter().all(|figure| figure.is_met()) { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

#[expect(clippy::print_stdout, reason = "the program's own voice")]
fn say(text: &str) {
    println!("{text}");
}
