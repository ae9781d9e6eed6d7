//! An installation of the one process: its files stay, its process comes and goes.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use casebridge_host::SystemIds;
use casebridge_store::ItemStore;
use casebridge_store_sqlite::{Options, SqliteEngine};
use casebridge_tests::binaries;
use casebridge_tests::child::{Child, Program};
use casebridge_tests::port::Port;
use serde_json::Value;
use tempfile::TempDir;
use tokio::process::Command;

const READY: Duration = Duration::from_secs(30);

pub(crate) struct Installation {
    folder: TempDir,
    port: Port,
    /// The sandbox and the mail catcher, which survive.
    kit: Child,
    said: Value,
    pub(crate) vendor_key: String,
}

impl Installation {
    /// Starts the test kit, writes the configuration, and makes the vendor's key.
    pub(crate) async fn set_up() -> Self {
        let free = "127.0.0.1:0";
        let kit = Program::new(program("casebridge"));
        let kit = ["sandbox", "--json", "--listen", free, "--smtp", free, "--mail", free]
            .iter()
            .fold(kit, Program::arg)
            .start()
            .unwrap();
        let said = serde_json::from_str(&kit.prints("sandbox_url", READY).await.unwrap()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let port = Port::reserve().unwrap();
        let mut installation = Self { folder, port, kit, said, vendor_key: String::new() };
        std::fs::write(installation.config(), installation.configuration()).unwrap();
        let key = Program::new(program("casebridge")).arg("key").arg("add").arg("--vendor").arg("boss");
        let key = key.arg("--config").arg(installation.config()).start().unwrap();
        key.prints("cb_vendor_", READY).await.unwrap().trim().clone_into(&mut installation.vendor_key);
        key.exited().await;
        installation
    }

    pub(crate) async fn start(&self) -> Child {
        self.started(Program::new(program("casebridge"))).await
    }

    pub(crate) async fn start_telling_steps(&self) -> Child {
        self.started(Program::new(program("casebridge_stepping"))).await
    }

    /// Stands still when it reaches the step after having passed it so often.
    pub(crate) async fn start_standing_still_at(&self, step: &str, passes: u32) -> Child {
        let program = Program::new(program("casebridge_stepping")).env("CASEBRIDGE_STAND_STILL_AT", step);
        self.started(program.env("CASEBRIDGE_AFTER_PASSING", passes.to_string())).await
    }

    /// Runs a command of the operator's on the files; it has to end well. Gives what it said.
    pub(crate) async fn command(&self, words: &[&str]) -> String {
        let mut casebridge = Command::new(program("casebridge"));
        let done = casebridge.args(words).arg("--config").arg(self.config()).output().await.unwrap();
        let said = String::from_utf8_lossy(&done.stdout).into_owned();
        assert!(done.status.success(), "{words:?}: {said}{}", String::from_utf8_lossy(&done.stderr));
        said
    }

    async fn started(&self, program: Program) -> Child {
        let process = program.arg("serve").arg("--config").arg(self.config()).start().unwrap();
        process.answers_on(self.port.address(), READY).await.unwrap();
        process
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.port.address())
    }

    pub(crate) fn kit_url(&self, which: &str) -> &str {
        assert!(self.kit.is_running(), "the test kit ended:\n{}", self.kit.output());
        self.said[which].as_str().unwrap()
    }

    /// The store, while no process serves it.
    pub(crate) fn opened(&self) -> ItemStore<SqliteEngine> {
        let engine = SqliteEngine::open(self.folder.path().join("casebridge.db"), Options::default()).unwrap();
        ItemStore::new(engine, Arc::new(SystemIds))
    }

    fn config(&self) -> PathBuf {
        self.folder.path().join("casebridge.toml")
    }

    fn configuration(&self) -> String {
        let folder = self.folder.path().display();
        let (smtp_host, smtp_port) = self.kit_url("smtp").rsplit_once(':').unwrap();
        let teamviewer = self.kit_url("teamviewer_url");
        format!(
            "[server]\nlisten = \"{}\"\n[store]\npath = \"{folder}/casebridge.db\"\n\
             [vault]\nkey_file = \"{folder}/casebridge.key\"\n[teamviewer]\nbase_url = \"{teamviewer}\"\n\
             [mail]\nhost = \"{smtp_host}\"\nport = {smtp_port}\nsecurity = \"none\"\nfrom = \"support@example.org\"\n",
            self.port.address()
        )
    }
}

fn program(name: &str) -> PathBuf {
    binaries::program(name).unwrap()
}
