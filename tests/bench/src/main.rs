//! Benchmarks that one runs by hand: each figure is a ratio against a baseline measured in the same run.
//!
//! The baseline (`baseline`) is what a competent engineer writes in an hour with axum and SQLite, and as durable. Client,
//! baseline and product share this process and its runtime, so what the client costs is on both sides.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod baseline;
mod client;
mod disk;
mod figure;
mod log;
mod pairs;
mod product;
mod reads;
mod stopwatch;

// Private to the one process. These are its own files, so that what is measured is what is shipped.
#[path = "../../../functions/standalone/src/numbering.rs"]
mod numbering;
#[expect(dead_code, reason = "the one process also asks for the engine itself")]
#[path = "../../../functions/standalone/src/wakes.rs"]
mod wakes;
#[path = "../../../functions/standalone/src/worker.rs"]
mod worker;

use figure::Figure;

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
    /// Everything.
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
    /// Connections of the client, the same for both sides.
    #[arg(long, global = true, default_value_t = 32)]
    connections: usize,
    /// Accounts that the product's connections are spread over.
    #[arg(long, global = true, default_value_t = 8)]
    accounts: usize,
    /// Rounds of each side, after one to warm up.
    #[arg(long, global = true)]
    rounds: Option<usize>,
    /// Where the stores are made; should be on the disk that is asked about.
    #[arg(long, global = true, default_value = "target/bench")]
    folder: PathBuf,
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

async fn run(cli: &Cli) -> anyhow::Result<Vec<Figure>> {
    log::start()?;
    std::fs::create_dir_all(&cli.how.folder)?;
    say(&disk::Evidence::gather(&cli.how.folder)?.to_string());
    let mut figures = Vec::new();
    if matches!(cli.what, What::Reads | What::All) {
        figures.push(reads::measure(&cli.how).await?);
    }
    if matches!(cli.what, What::Pairs | What::All) {
        figures.push(pairs::measure(&cli.how).await?);
    }
    Ok(figures)
}

fn report(figures: &[Figure], check: bool) -> ExitCode {
    for figure in figures {
        say(&figure.to_string());
    }
    if check && !figures.iter().all(Figure::is_met) { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

#[expect(clippy::print_stdout, reason = "the program's own voice")]
fn say(text: &str) {
    println!("{text}");
}
