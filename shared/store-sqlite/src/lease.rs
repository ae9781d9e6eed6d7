//! One server per file.

use std::fs::{File, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use crate::OpenError;
use crate::file::{about, beside, private};

const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// The right to be the one server of a file, until it is dropped or the process ends.
///
/// It is a lock on a file beside the store (`casebridge.db-lock`), which stays there: SQLite's own locks let several
/// processes write in turn, which a backup or an administrator's `sqlite3` may do, but a second server may not.
#[derive(Debug)]
pub(crate) struct Lease {
    locked: File,
}

impl Lease {
    /// Takes it, waiting a while for another to let go of it.
    pub(crate) fn take(path: &Path, wait: Duration) -> Result<Self, OpenError> {
        let lock = beside(path, "-lock");
        let mut file =
            private().read(true).write(true).create(true).truncate(false).open(&lock).map_err(about(&lock))?;
        let deadline = Instant::now() + wait;
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if Instant::now() < deadline => thread::sleep(LOOK_AGAIN),
                Err(TryLockError::WouldBlock) => {
                    let mut process = String::new();
                    // Who has it is only for people; that somebody has it is certain.
                    let _ = file.read_to_string(&mut process);
                    return Err(OpenError::InUse { path: path.to_owned(), process: process.trim().to_owned() });
                }
                Err(TryLockError::Error(error)) => return Err(about(&lock)(error)),
            }
        }
        note_process(&mut file).map_err(about(&lock))?;
        Ok(Self { locked: file })
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        // Closing the file alone would leave it locked for as long as a process that is just being started has it, too.
        let _ = self.locked.unlock();
    }
}

fn note_process(file: &mut File) -> std::io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    writeln!(file, "{}", std::process::id())
}
