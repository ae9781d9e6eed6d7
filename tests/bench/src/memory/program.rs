//! The program itself, as a process of its own.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};

use crate::full_store::FullStore;

/// How often it is asked whether it is there.
const LOOK_AGAIN: Duration = Duration::from_millis(1);

/// A start or an end that takes longer is a fault.
const PATIENCE: Duration = Duration::from_secs(30);

/// `casebridge serve`.
pub(super) struct Program {
    pub(super) address: SocketAddr,
    /// Until the first answer.
    pub(super) start: Duration,
    child: Child,
}

/// What the kernel says of its memory, in megabytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Resident {
    pub(super) now: f64,
    pub(super) peak: f64,
}

impl Program {
    /// Starts it on the store, and waits for its first answer.
    pub(super) fn start(program: &Path, store: &FullStore, folder: &Path) -> anyhow::Result<Self> {
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let config = folder.join("casebridge.toml");
        fs::write(&config, configuration(address, store))?;
        let begun = Instant::now();
        let mut command = Command::new(program);
        command.arg("serve").arg("--config").arg(&config).stdout(Stdio::null()).stderr(Stdio::null());
        let child =
            command.spawn().with_context(|| format!("{} can't be started: build it first", program.display()))?;
        let mut program = Self { address, start: Duration::ZERO, child };
        while !is_well(address) {
            ensure!(program.child.try_wait()?.is_none(), "the program has ended");
            ensure!(begun.elapsed() < PATIENCE, "the program does not answer");
            thread::sleep(LOOK_AGAIN);
        }
        program.start = begun.elapsed();
        Ok(program)
    }

    pub(super) fn resident(&self) -> anyhow::Result<Resident> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let megabytes = |field: &str| {
            let kilobytes = status.lines().find_map(|line| line.strip_prefix(field)?.split_whitespace().next());
            anyhow::Ok(kilobytes.with_context(|| format!("no {field}"))?.parse::<f64>()? / 1024.0)
        };
        Ok(Resident { now: megabytes("VmRSS:")?, peak: megabytes("VmHWM:")? })
    }

    /// Asks it to stop, and waits until it has.
    pub(super) fn stop(mut self) -> anyhow::Result<()> {
        let asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status()?;
        ensure!(asked.success(), "the program can't be asked to stop");
        let begun = Instant::now();
        while self.child.try_wait()?.is_none() {
            ensure!(begun.elapsed() < PATIENCE, "the program does not stop");
            thread::sleep(LOOK_AGAIN);
        }
        Ok(())
    }
}

/// It does not outlive a measurement that broke down.
impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn configuration(address: SocketAddr, store: &FullStore) -> String {
    let (file, key_file) = (store.file.display(), store.vault_key.display());
    format!(
        "[server]\nlisten = \"{address}\"\n[store]\npath = \"{file}\"\n[vault]\nkey_file = \"{key_file}\"\n\
        [log]\nformat = \"json\"\n"
    )
}

fn is_well(address: SocketAddr) -> bool {
    let ask = || {
        let mut stream = TcpStream::connect(address)?;
        stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
        let mut status = [0; 12];
        stream.read_exact(&mut status)?;
        std::io::Result::Ok(status)
    };
    ask().is_ok_and(|status| status.ends_with(b" 200"))
}
