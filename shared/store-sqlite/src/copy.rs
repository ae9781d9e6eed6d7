//! Backup and restore: a whole, checked file appears under its name at once, or not at all.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};

use crate::file::{beside, private, remove, sync_folder};
use crate::lease::Lease;
use crate::{OpenError, connection, schema};

/// Pages at a time, and the pause after them in which others have the disk: at most some 500 MB a second.
const PAGES: i32 = 512;
const PAUSE: Duration = Duration::from_millis(4);
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// What to do if there is a file where a backup is to be restored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IfThere {
    /// Leave it.
    Refuse,
    /// Put the backup in its place.
    Replace,
}

/// Why a backup was not made or restored. The file that was to be written is as it was before.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// There is a file already.
    #[error("{0} is there already")]
    IsThere(PathBuf),
    /// It is no store, a newer program's, in use, or can't be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// Its content is not in order.
    #[error("{path} is damaged: {what}")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What SQLite says about it.
        what: String,
    },
    /// A file can't be written.
    #[error("can't write {path}")]
    File {
        /// Which one.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// SQLite can't do it.
    #[error("SQLite can't copy the file")]
    Sqlite(#[from] rusqlite::Error),
    /// The program is ending.
    #[error("the copy was interrupted")]
    Interrupted,
}

/// Copies a store as it is at this moment, whether or not a server has it open, and replaces what is at `to`.
///
/// Blocks. The copy is one file without a `-wal`, its owner's alone.
pub fn backup(from: &Path, to: &Path) -> Result<(), CopyError> {
    let partial = copy(from, to)?;
    partial.publish(to)
}

/// Puts a backup where a server will open it, once it is known to be whole; never under a running server.
///
/// Blocks. It only copies: whoever restores then opens the store and holds its deliveries, since they were made once.
pub fn restore(from: &Path, to: &Path, if_there: IfThere) -> Result<(), CopyError> {
    let to = &match to.canonicalize() {
        Ok(_) if if_there == IfThere::Refuse => return Err(CopyError::IsThere(to.to_owned())),
        // The same name for its lease as the server has.
        Ok(there) => there,
        Err(error) if error.kind() == io::ErrorKind::NotFound => to.to_owned(),
        Err(error) => return Err(about(to)(error)),
    };
    let _lease = Lease::take(to, Duration::ZERO)?;
    let partial = copy(from, to)?;
    check(&partial.path, from)?;
    // The log of the file that was there must not be taken for this one's.
    for ending in ["-wal", "-shm"] {
        let path = beside(to, ending);
        remove(&path).map_err(about(&path))?;
    }
    partial.publish(to)
}

/// A file that is not under its name yet; removed unless it is published.
struct Partial {
    path: PathBuf,
}

impl Partial {
    fn publish(self, to: &Path) -> Result<(), CopyError> {
        File::open(&self.path).and_then(|file| file.sync_all()).map_err(about(&self.path))?;
        fs::rename(&self.path, to).map_err(about(to))?;
        sync_folder(to).map_err(about(to))
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        // After it was published there is nothing under this name.
        let _ = remove(&self.path);
    }
}

fn copy(from: &Path, to: &Path) -> Result<Partial, CopyError> {
    if !from.try_exists().map_err(about(from))? {
        return Err(about(from)(io::ErrorKind::NotFound.into()));
    }
    let source = connection::to_read(from, BUSY_TIMEOUT)?;
    if schema::format(&source, from)? == 0 {
        return Err(OpenError::Foreign(from.to_owned()).into());
    }
    let partial = Partial { path: beside(to, "-partial") };
    remove(&partial.path).map_err(about(&partial.path))?;
    private().write(true).create_new(true).open(&partial.path).map_err(about(&partial.path))?;
    let mut target = Connection::open_with_flags(&partial.path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    // Nobody sees it before it is whole and on the disk.
    target.pragma_update(None, "journal_mode", "OFF")?;
    target.pragma_update(None, "synchronous", "OFF")?;

    // All of it as of now: without a transaction that lasts, every write would make the copy start again.
    let snapshot = source.unchecked_transaction()?;
    schema::format(&snapshot, from)?;
    let steps = Backup::new(&source, &mut target)?;
    while steps.step(PAGES)? != StepResult::Done {
        std::thread::sleep(PAUSE);
    }
    drop(steps);
    // One file that can be read without writing beside it.
    target.pragma_update(None, "journal_mode", "DELETE")?;
    Ok(partial)
}

fn check(copy: &Path, from: &Path) -> Result<(), CopyError> {
    let copied = Connection::open_with_flags(copy, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    schema::format(&copied, from)?;
    let what: String = copied.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if what == "ok" { Ok(()) } else { Err(CopyError::Damaged { path: from.to_owned(), what }) }
}

fn about(path: &Path) -> impl FnOnce(io::Error) -> CopyError {
    let path = path.to_owned();
    |source| CopyError::File { path, source }
}
