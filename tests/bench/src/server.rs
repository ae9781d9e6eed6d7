//! The program as it is served, with the sandbox beside it.

use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use casebridge_tests::api::Api;
use casebridge_tests::child::{Child, Program};
use casebridge_tests::help_desk::HelpDesk;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::process::Command;

/// A start that takes longer is a fault.
const PATIENCE: Duration = Duration::from_secs(30);

/// Ticks of the kernel's count of processor time in a second (`USER_HZ`; the same on every Linux that there is).
const TICKS: u64 = 100;

/// `casebridge serve`, and `casebridge sandbox` as a process of its own. Events may be pushed to this machine.
pub(crate) struct Server {
    address: SocketAddr,
    vendor_key: String,
    script_token: String,
    child: Child,
    _sandbox: Child,
    _folder: TempDir,
}

impl Server {
    /// Starts both, on a new store in the folder.
    pub(crate) async fn start(program: &Path, folder: &Path) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir_in(folder)?;
        let free = "127.0.0.1:0";
        let words = ["sandbox", "--json", "--listen", free, "--smtp", free, "--mail", free];
        let sandbox = words.into_iter().fold(Program::new(program), Program::arg).start()?;
        let ready: Value = serde_json::from_str(&sandbox.prints("{", PATIENCE).await?)?;
        let text = |name: &str| ready[name].as_str().map(str::to_owned).with_context(|| format!("no {name}: {ready}"));
        let address = TcpListener::bind(free)?.local_addr()?;
        let config = folder.path().join("casebridge.toml");
        let (store, key) = (folder.path().join("casebridge.db"), folder.path().join("casebridge.key"));
        fs::write(
            &config,
            format!(
                "[server]\nlisten = \"{address}\"\n[store]\npath = \"{}\"\n[vault]\nkey_file = \"{}\"\n\
                [teamviewer]\nbase_url = \"{}\"\n\
                [push]\nnetworks = \"127.0.0.0/8\"\nallow_http = true\n[log]\nformat = \"json\"\n",
                store.display(),
                key.display(),
                text("teamviewer_url")?,
            ),
        )?;
        let made = Command::new(program).args(["key", "add", "--vendor", "bench", "--config"]).arg(&config).output();
        let made = made.await.with_context(|| format!("{} can't be started: build it first", program.display()))?;
        ensure!(made.status.success(), "no key: {}", String::from_utf8_lossy(&made.stderr));
        let child = Program::new(program).arg("serve").arg("--config").arg(&config).start()?;
        child.answers_on(address, PATIENCE).await?;
        Ok(Self {
            address,
            vendor_key: String::from_utf8(made.stdout)?.trim().to_owned(),
            script_token: text("script_token")?,
            child,
            _sandbox: sandbox,
            _folder: folder,
        })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn vendor_key(&self) -> &str {
        &self.vendor_key
    }

    /// The vendor's side of its API.
    pub(crate) fn vendor(&self) -> Api {
        Api::at(&format!("http://{}", self.address)).with_key(&self.vendor_key)
    }

    /// An account that is connected.
    pub(crate) async fn help_desk(&self, account: &str) -> anyhow::Result<HelpDesk> {
        let desk = HelpDesk::open(&self.vendor(), account, &json!({})).await?;
        desk.connect(&self.script_token).await?.expect(200)?;
        Ok(desk)
    }

    /// What the kernel says that it has used of processors so far.
    pub(crate) fn processor_time(&self) -> anyhow::Result<Duration> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        // The name, in brackets, may contain anything; utime and stime are the 12th and 13th field after it.
        let fields = stat.rsplit_once(") ").context("no name")?.1;
        let ticks: Vec<u64> = fields.split(' ').skip(11).take(2).map(str::parse).collect::<Result<_, _>>()?;
        Ok(Duration::from_millis(ticks.iter().sum::<u64>() * 1000 / TICKS))
    }

    /// Asks it to stop, and waits until it has.
    pub(crate) async fn stop(self) -> anyhow::Result<()> {
        self.child.ask_to_end();
        ensure!(self.child.exited().await.success(), "it ended badly: {}", self.child.output());
        Ok(())
    }
}
