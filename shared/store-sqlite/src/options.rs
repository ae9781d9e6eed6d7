//! How a file is opened, and why it may not be.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

/// How a file is opened. The defaults suit a server.
#[derive(Debug, Clone)]
pub struct Options {
    /// Connections that read. One query each at a time; the others wait.
    pub readers: usize,
    /// At most so many writes share a commit.
    pub group: usize,
    /// So many writes may wait for the writer; further callers wait to be let in.
    pub queue: usize,
    /// How long to wait for another process that writes: a command beside the server, or an administrator with `sqlite3`.
    pub busy_timeout: Duration,
    /// How long to wait for another server to let go of the file, which may be the one we follow.
    pub lease_wait: Duration,
    /// The file never has more pages (of 4096 bytes). `None` leaves it to the disk.
    pub max_pages: Option<u32>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            readers: 4,
            group: 256,
            queue: 1024,
            busy_timeout: Duration::from_secs(5),
            lease_wait: Duration::from_secs(2),
            max_pages: None,
        }
    }
}

/// Why a file can't be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another server has it.
    #[error("{path} is in use by another server (process {process})")]
    InUse {
        /// The file.
        path: PathBuf,
        /// The other server's process, as it wrote it down.
        process: String,
    },
    /// A later version of the program has written it.
    #[error("the file has format {found}, but this program knows no later one than {known}: use a newer program")]
    Newer {
        /// The file's format.
        found: i64,
        /// Ours.
        known: i64,
    },
    /// An earlier version of the program has written it, and only a server changes a file's format.
    #[error(
        "the file has format {found}, but this program needs {known}: start the server once, which brings it there"
    )]
    Older {
        /// The file's format.
        found: i64,
        /// Ours.
        known: i64,
    },
    /// It is something else.
    #[error("{0} is not a Casebridge store")]
    Foreign(PathBuf),
    /// Locks and shared memory can't be trusted there.
    #[error("{0} is on a network file system; the store needs a local disk")]
    NetworkFileSystem(PathBuf),
    /// SQLite did not take a setting without which acknowledged writes could get lost.
    #[error("SQLite did not accept {setting}={wanted}, it says {found}")]
    Setting {
        /// The pragma.
        setting: &'static str,
        /// What it should be.
        wanted: &'static str,
        /// What it is.
        found: String,
    },
    /// The file or its folder can't be used.
    #[error("{path} can't be used")]
    File {
        /// Which one.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// SQLite can't use the file.
    #[error("SQLite can't use the file")]
    Sqlite(#[from] rusqlite::Error),
}
