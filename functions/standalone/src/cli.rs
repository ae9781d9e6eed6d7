//! What can be said on the command line.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::administration::{
    Finding, Where, account, audit, backup, deliveries, devices, doctor, endpoint, key, rollups, sign_in,
};
use crate::config::{Config, Log};
use crate::{ExtraLayer, demo, log, sandbox, serve};

/// Remote support inside the ticket, between an ITSM product and TeamViewer.
#[derive(Debug, Parser)]
#[command(name = "casebridge", version, about)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Starts everything on embedded defaults, with a TeamViewer sandbox (this is what no command does, too).
    Demo(Demo),
    /// Serves a help desk on its own premises.
    Serve(WithConfig),
    /// Starts only the test kit: a TeamViewer sandbox and a mail catcher.
    Sandbox(Sandbox),
    /// Makes and lists accounts.
    #[command(subcommand)]
    Account(account::Command),
    /// Makes, lists and removes keys.
    #[command(subcommand)]
    Key(key::Command),
    /// Makes, lists and looks after endpoints, where events are pushed to, while it is being served.
    #[command(subcommand)]
    Endpoint(endpoint::Command),
    /// Makes a link that lets one person in to the console, once, while it is being served.
    SignIn(sign_in::SignIn),
    /// Holds the figures of reports against the session records, and puts them right, while it is being served.
    #[command(subcommand)]
    Rollups(rollups::Command),
    /// Holds the counts of devices against the devices, while it is being served.
    #[command(subcommand)]
    Devices(devices::Command),
    /// Verifies and exports an account's audit trail, and takes a person out of it, while it is being served.
    #[command(subcommand)]
    Audit(audit::Command),
    /// Names what is wrong with an installation and its accounts, and how to mend it, while it is being served. Ends with 1 if
    /// something is wrong, with 2 if it could not be found out.
    Doctor(doctor::Doctor),
    /// Copies the store to a file, while it is being served.
    Backup(backup::Backup),
    /// Puts a backup in the store's place, or makes a table that DynamoDB restored ready to be served. Letters are held until
    /// `resume`.
    Restore(backup::Restore),
    /// Holds letters until `resume`, while it is being served.
    Hold(Where),
    /// Lets letters go that `restore` or `hold` holds, while it is being served.
    Resume(Where),
}

/// Where the configuration is.
#[derive(Debug, Args)]
pub struct WithConfig {
    /// The configuration file (TOML).
    #[arg(long, value_name = "FILE")]
    pub config: PathBuf,
}

/// How the demo is started.
#[derive(Debug, Args)]
pub struct Demo {
    /// Where requests come in; port 0 takes any that is free.
    #[arg(long, default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Keeps what happens there; otherwise it is gone when the demo ends.
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Prints one line of JSON when ready, instead of what to try.
    #[arg(long)]
    pub json: bool,
}

impl Default for Demo {
    fn default() -> Self {
        Self { listen: SocketAddr::from(([127, 0, 0, 1], 8080)), data: None, json: false }
    }
}

/// How the test kit is started.
#[derive(Debug, Args)]
pub struct Sandbox {
    /// The sandbox's Web API and its page.
    #[arg(long, default_value = "127.0.0.1:8090")]
    pub listen: SocketAddr,
    /// The mail catcher's SMTP side.
    #[arg(long, default_value = "127.0.0.1:8025")]
    pub smtp: SocketAddr,
    /// The mail catcher's page.
    #[arg(long, default_value = "127.0.0.1:8091")]
    pub mail: SocketAddr,
    /// Keeps caught mail there.
    #[arg(long, value_name = "DIR")]
    pub mail_folder: Option<PathBuf>,
    /// Prints one line of JSON when ready.
    #[arg(long)]
    pub json: bool,
}

/// Runs what the command line says. `extra` is a layer for the log, from whoever embeds the process.
///
/// A command that checks ends with 1 if something is off, and with 2 if it could not find out; every other one with 1 if
/// it failed.
pub fn run(extra: Option<ExtraLayer>) -> ExitCode {
    let command = Cli::parse().command.unwrap_or_else(|| Command::Demo(Demo::default()));
    let failed = if command.checks() { ExitCode::from(2) } else { ExitCode::FAILURE };
    match start(command, extra) {
        Ok(Finding::Well) => ExitCode::SUCCESS,
        Ok(Finding::Off) => ExitCode::FAILURE,
        Err(error) => {
            complain(&error);
            failed
        }
    }
}

impl Command {
    fn checks(&self) -> bool {
        matches!(self, Self::Rollups(_) | Self::Devices(_) | Self::Audit(_) | Self::Doctor(_))
    }
}

#[expect(clippy::print_stderr, reason = "the command line's own voice")]
fn complain(error: &anyhow::Error) {
    eprintln!("casebridge: {error:#}");
}

#[tokio::main]
async fn start(command: Command, extra: Option<ExtraLayer>) -> anyhow::Result<Finding> {
    // One TLS provider for everything; only a second start in the same process finds one installed.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let quiet = Log { json: false, level: "warn".to_owned() };
    match command {
        Command::Demo(how) => {
            log::start(&quiet, extra);
            demo::run(how).await?;
        }
        Command::Serve(with) => {
            let config = Config::load(&with.config)?;
            log::start(&config.log, extra);
            serve::run(config).await?;
        }
        Command::Sandbox(how) => {
            log::start(&quiet, extra);
            sandbox::run(how).await?;
        }
        Command::Account(command) => account::run(command).await?,
        Command::Key(command) => key::run(command).await?,
        Command::Endpoint(command) => endpoint::run(command).await?,
        Command::SignIn(how) => sign_in::run(how).await?,
        Command::Rollups(command) => return rollups::run(command).await,
        Command::Devices(command) => return devices::run(command).await,
        Command::Audit(command) => return audit::run(command).await,
        Command::Doctor(how) => return doctor::run(how).await,
        Command::Backup(how) => backup::back_up(how).await?,
        Command::Restore(how) => backup::restore(how).await?,
        Command::Hold(at) => deliveries::hold(at).await?,
        Command::Resume(at) => deliveries::resume(at).await?,
    }
    Ok(Finding::Well)
}
