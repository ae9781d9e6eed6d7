//! The one process: `casebridge serve` on a SQLite file.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{ExitStatus, Output},
};

use anyhow::{Context as _, ensure};
use rusqlite::{Connection, OpenFlags};
use tempfile::TempDir;
use tokio::process::Command;

use crate::{
    api::Api,
    binaries,
    child::{Child, Program},
    port::Port,
    test_kit::{READY_WITHIN, TestKit},
};

/// What is set about the process besides what every test needs.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Further TOML, sections of their own.
    pub more: String,
    /// More lines of `[server]`.
    pub server: String,
}

/// How a command ended.
#[derive(Debug, Clone)]
pub struct Checked {
    /// Its exit code.
    pub code: i32,
    /// What it said.
    pub said: String,
    /// What it complained about.
    pub complained: String,
}

impl Checked {
    /// How a program ended.
    pub fn of(done: &Output) -> anyhow::Result<Self> {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let code = done.status.code().with_context(|| format!("it was killed: {}", done.status))?;
        Ok(Self { code, said: text(&done.stdout), complained: text(&done.stderr) })
    }
}

/// A running `casebridge serve` with files of its own.
#[derive(Debug)]
pub struct OnPrem {
    port: Port,
    folder: TempDir,
    vendor_key: String,
    rival_key: String,
    child: Child,
}

impl OnPrem {
    /// Makes the files and the vendor's key, then serves.
    pub async fn start(kit: &TestKit, settings: &Settings) -> anyhow::Result<Self> {
        let port = Port::reserve()?;
        let folder = tempfile::tempdir()?;
        let config = config(&port, folder.path(), kit, settings);
        fs::write(config_in(folder.path()), config)?;
        let key = async |vendor: &str| -> anyhow::Result<String> {
            Ok(casebridge(&folder, &["key", "add", "--vendor", vendor]).await?.trim().to_owned())
        };
        let (vendor_key, rival_key) = (key(super::VENDOR).await?, key(super::RIVAL).await?);
        let child = serve(&port, &folder).await?;
        Ok(Self { port, folder, vendor_key, rival_key, child })
    }

    /// Its API, without a key.
    pub fn api(&self) -> Api {
        Api::at(&format!("http://{}", self.port.address()))
    }

    /// Where it listens.
    pub fn address(&self) -> std::net::SocketAddr {
        self.port.address()
    }

    /// The key that was made before the start.
    pub fn vendor_key(&self) -> &str {
        &self.vendor_key
    }

    /// The other vendor's key.
    pub fn rival_key(&self) -> &str {
        &self.rival_key
    }

    /// Every item in the store's file, by its place.
    pub fn kept(&self) -> anyhow::Result<BTreeMap<String, String>> {
        let store = Connection::open_with_flags(self.store(), OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let mut items = store.prepare("SELECT pk || ' ' || sk, revision || ' ' || body FROM item")?;
        let items = items.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(items.collect::<Result<_, _>>()?)
    }

    /// The configuration.
    pub fn config(&self) -> PathBuf {
        config_in(self.folder.path())
    }

    /// The store's file.
    pub fn store(&self) -> PathBuf {
        self.folder.path().join("casebridge.db")
    }

    /// The folder of all its files.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Runs a command of the operator's to its end, and gives what it printed.
    pub async fn command(&self, words: &[&str]) -> anyhow::Result<String> {
        casebridge(&self.folder, words).await
    }

    /// The same for a command that may end in several ways.
    pub async fn check(&self, words: &[&str]) -> anyhow::Result<Checked> {
        let done = Command::new(binary()?).args(words).arg("--config").arg(self.config()).output().await?;
        Checked::of(&done)
    }

    /// Asks it to end (SIGTERM); [`Self::ended`] waits for it.
    pub fn ask_to_end(&self) {
        self.child.ask_to_end();
    }

    /// Waits until it has ended.
    pub async fn ended(&self) -> ExitStatus {
        self.child.exited().await
    }

    /// Kills it as a power cut would.
    pub async fn kill(&self) {
        self.child.kill().await;
    }

    /// Serves the same files again, after it has ended.
    pub async fn again(&self) -> anyhow::Result<Child> {
        serve(&self.port, &self.folder).await
    }

    /// What it printed.
    pub fn output(&self) -> String {
        self.child.output()
    }
}

fn config_in(folder: &Path) -> PathBuf {
    folder.join("casebridge.toml")
}

fn config(port: &Port, folder: &Path, kit: &TestKit, settings: &Settings) -> String {
    let (smtp_host, smtp_port) = kit.smtp();
    format!(
        r#"
[server]
listen = "{listen}"
public_url = "http://{listen}"
{server}

[store]
path = "{store}"

[vault]
key_file = "{key}"

[mail]
host = "{smtp_host}"
port = {smtp_port}
security = "none"
from = "support@casebridge.example"

[push]
networks = "127.0.0.0/8"
allow_http = "true"

[teamviewer]
base_url = "{teamviewer}"

{more}
"#,
        listen = port.address(),
        server = settings.server,
        store = folder.join("casebridge.db").display(),
        key = folder.join("casebridge.key").display(),
        teamviewer = kit.teamviewer_url(),
        more = settings.more,
    )
}

async fn serve(port: &Port, folder: &TempDir) -> anyhow::Result<Child> {
    let program = Program::new(binary()?).arg("serve").arg("--config").arg(config_in(folder.path()));
    let child = program.start()?;
    child.answers_on(port.address(), READY_WITHIN).await?;
    Ok(child)
}

async fn casebridge(folder: &TempDir, words: &[&str]) -> anyhow::Result<String> {
    let done = Command::new(binary()?).args(words).arg("--config").arg(config_in(folder.path())).output().await?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    ensure!(done.status.success(), "casebridge {words:?} ended with {}: {}", done.status, text(&done.stderr));
    Ok(text(&done.stdout))
}

fn binary() -> anyhow::Result<PathBuf> {
    binaries::program("casebridge").context("the one process is not built")
}
