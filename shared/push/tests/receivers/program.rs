//! A receiver of `docs/receivers`, running.

use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::Duration;

use casebridge_domain::endpoint::SigningSecret;
use secrecy::ExposeSecret as _;
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use crate::help_desk::HelpDesk;

/// In what it is written.
#[derive(Debug, Clone, Copy)]
pub enum Language {
    TypeScript,
    Python,
}

/// Ends when it is dropped.
pub struct Program {
    pub port: u16,
    child: Child,
    _built: TempDir,
}

impl Program {
    /// Starts one that knows the secret, or the public key of it; it takes messages once this returns.
    pub async fn begin(language: Language, secret: &SigningSecret, help_desk: &HelpDesk) -> Self {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
        let built = tempfile::tempdir().unwrap();
        let child = command(language, built.path())
            .env("CASEBRIDGE_SECRET", secret.for_receiver().expose_secret())
            .env("HELP_DESK", format!("http://127.0.0.1:{}", help_desk.port))
            .env("PORT", port.to_string())
            .spawn()
            .unwrap();
        let mut program = Self { port, child, _built: built };
        timeout(Duration::from_mins(1), program.listens()).await.unwrap();
        program
    }

    async fn listens(&mut self) {
        while TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).await.is_err() {
            assert!(self.child.try_wait().unwrap().is_none(), "the receiver ended");
            sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn in_project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

fn command(language: Language, built: &Path) -> Command {
    match language {
        Language::TypeScript => {
            compile(built);
            let mut node = Command::new("node");
            node.arg(built.join("receiver.js")).env("NODE_PATH", in_project("tests/browser/node_modules"));
            node
        }
        Language::Python => {
            let mut python = Command::new(in_project("target/tools/python/bin/python"));
            python.arg(in_project("docs/receivers/receiver.py"));
            python
        }
    }
}

/// Checks the types as strictly as those of the pages, and leaves `receiver.js` there.
fn compile(built: &Path) {
    let compiler = in_project("tests/browser/node_modules/.bin/tsc");
    let mut command = Command::new(compiler);
    command.arg("-p").arg(in_project("tests/browser/tsconfig.receiver.json")).arg("--outDir").arg(built);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}
