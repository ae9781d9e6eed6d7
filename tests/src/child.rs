//! Programs as child processes: started, awaited by what they do, and ended the hard way.

use std::{
    ffi::OsStr,
    fmt,
    net::SocketAddr,
    os::unix::process::ExitStatusExt,
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
    time::Duration,
};

use tokio::{
    io::{AsyncBufReadExt, AsyncRead, BufReader},
    net::TcpStream,
    process::Command,
    sync::watch,
    time::timeout,
};

use crate::until::until;

/// A program to start.
#[derive(Debug)]
pub struct Program {
    path: PathBuf,
    command: Command,
}

/// A started program. Dropping it kills it.
#[derive(Debug)]
pub struct Child {
    name: String,
    id: u32,
    lines: watch::Receiver<Vec<Line>>,
    exit: watch::Receiver<Option<ExitStatus>>,
    kill: watch::Sender<bool>,
}

/// A program did not come as far as it was waited for.
#[derive(Debug, thiserror::Error)]
#[error("{program} {why}\n{output}")]
pub struct NotReady {
    /// The program's file name.
    pub program: String,
    /// What was waited for, or why it can't come any more.
    pub why: String,
    /// What it had printed by then.
    pub output: String,
}

#[derive(Debug)]
struct Line {
    stream: Stream,
    text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stream {
    Out,
    Err,
}

impl Program {
    /// The program at that path, with this process's environment.
    pub fn new(path: impl AsRef<Path>) -> Self {
        let path = path.as_ref().to_path_buf();
        let mut command = Command::new(&path);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        Self { path, command }
    }

    /// One more argument.
    #[must_use]
    pub fn arg(mut self, value: impl AsRef<OsStr>) -> Self {
        self.command.arg(value);
        self
    }

    /// A variable of its environment.
    #[must_use]
    pub fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Starts with an empty environment: what is set afterwards is all the program sees.
    #[must_use]
    pub fn without_environment(mut self) -> Self {
        self.command.env_clear();
        self
    }

    /// Starts it. Whether it is ready is another question: see [`Child::answers_on`] and [`Child::prints`].
    pub fn start(mut self) -> Result<Child, NotReady> {
        let name = self
            .path
            .file_name()
            .map_or_else(|| self.path.display().to_string(), |name| name.to_string_lossy().into_owned());
        let mut child = self.command.spawn().map_err(|cause| NotReady {
            program: name.clone(),
            why: format!("could not be started: {cause}"),
            output: String::new(),
        })?;
        let id = child.id().unwrap_or_default();
        let (lines_in, lines) = watch::channel(Vec::new());
        let readers = (
            child.stdout.take().map(|pipe| tokio::spawn(keep_lines(pipe, Stream::Out, lines_in.clone()))),
            child.stderr.take().map(|pipe| tokio::spawn(keep_lines(pipe, Stream::Err, lines_in))),
        );
        let (exit_in, exit) = watch::channel(None);
        let (kill, mut killed) = watch::channel(false);
        tokio::spawn(async move {
            let ended = tokio::select! {
                status = child.wait() => Some(status),
                // Also when the `Child` was dropped.
                () = async { drop(killed.wait_for(|kill| *kill).await) } => None,
            };
            let status = if let Some(status) = ended {
                status
            } else {
                // Fails only if it has ended by itself meanwhile.
                let _ = child.start_kill();
                child.wait().await
            };
            for reader in [readers.0, readers.1].into_iter().flatten() {
                let _ = reader.await;
            }
            let _ = exit_in.send(Some(status.unwrap_or_else(|_| ExitStatus::from_raw(9))));
        });
        Ok(Child { name, id, lines, exit, kill })
    }
}

impl Child {
    /// The process's id.
    pub fn id(&self) -> u32 {
        self.id
    }

    /// Waits until something listens on the address, which only this child may.
    pub async fn answers_on(&self, address: SocketAddr, within: Duration) -> Result<(), NotReady> {
        tokio::select! {
            connected = until(within, async || TcpStream::connect(address).await.ok()) => match connected {
                Some(_) => Ok(()),
                None => Err(self.not_ready(format!("did not answer on {address} within {within:?}"))),
            },
            status = self.exited() => Err(self.not_ready(format!("ended before it answered on {address}: {status}"))),
        }
    }

    /// Waits for a line on standard output that contains `part`, and gives the first such line.
    pub async fn prints(&self, part: &str, within: Duration) -> Result<String, NotReady> {
        let said = |lines: &[Line]| {
            lines
                .iter()
                .find(|line| line.stream == Stream::Out && line.text.contains(part))
                .map(|line| line.text.clone())
        };
        let mut lines = self.lines.clone();
        let wait = timeout(within, lines.wait_for(|lines| said(lines).is_some()));
        match wait.await {
            Ok(Ok(lines)) => Ok(said(&lines).unwrap_or_default()),
            Ok(Err(_ended)) => Err(self.not_ready(format!("ended before it printed {part:?}"))),
            Err(_elapsed) => Err(self.not_ready(format!("did not print {part:?} within {within:?}"))),
        }
    }

    /// Waits until it has ended, by itself or otherwise.
    pub async fn exited(&self) -> ExitStatus {
        let mut exit = self.exit.clone();
        let status = exit.wait_for(Option::is_some).await;
        status.ok().and_then(|status| *status).unwrap_or_else(|| ExitStatus::from_raw(9))
    }

    /// Whether it has not ended yet, as far as seen.
    pub fn is_running(&self) -> bool {
        self.exit.borrow().is_none()
    }

    /// Kills it as `kill -9` does, and waits until it is gone.
    pub async fn kill(&self) -> ExitStatus {
        self.kill.send_replace(true);
        self.exited().await
    }

    /// Asks it to end, as a service manager does (SIGTERM). [`Child::exited`] tells when it has.
    pub fn ask_to_end(&self) {
        let id = i32::try_from(self.id).ok().and_then(rustix::process::Pid::from_raw);
        if let Some(id) = id.filter(|_| self.is_running()) {
            // Fails only if it has ended meanwhile.
            let _ = rustix::process::kill_process(id, rustix::process::Signal::TERM);
        }
    }

    /// What it has printed so far, both streams, line by line.
    pub fn output(&self) -> String {
        self.lines.borrow().iter().map(Line::to_string).collect()
    }

    fn not_ready(&self, why: String) -> NotReady {
        NotReady { program: self.name.clone(), why, output: self.output() }
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = match self.stream {
            Stream::Out => "out",
            Stream::Err => "err",
        };
        writeln!(f, "  {mark}| {}", self.text)
    }
}

async fn keep_lines(pipe: impl AsyncRead + Unpin, stream: Stream, lines: watch::Sender<Vec<Line>>) {
    let mut pipe = BufReader::new(pipe);
    let mut bytes = Vec::new();
    while let Ok(1..) = pipe.read_until(b'\n', &mut bytes).await {
        let text = String::from_utf8_lossy(&bytes).trim_end().to_owned();
        lines.send_modify(|lines| lines.push(Line { stream, text }));
        bytes.clear();
    }
}
