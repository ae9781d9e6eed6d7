//! Whether a commit reaches the disk here: what commits cost with and without syncing, and what the disk itself counts.

use std::fmt;
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use rusqlite::{Connection, params};

use crate::baseline::remove_store;

/// Commits that are timed, one after another.
const COMMITS: u32 = 300;

/// What shows that `synchronous=FULL` reaches the disk.
pub(crate) struct Evidence {
    file_system: String,
    full: Duration,
    off: Duration,
    flushes: Option<f64>,
}

impl Evidence {
    /// Commits one row at a time in this folder, with syncing and without.
    pub(crate) fn gather(folder: &Path) -> anyhow::Result<Self> {
        let before = flushes(folder);
        let full = commit_time(folder, "FULL")?;
        let flushed = before.zip(flushes(folder)).map(|(before, after)| (after - before) / f64::from(COMMITS));
        Ok(Self { file_system: file_system(folder)?, full, off: commit_time(folder, "OFF")?, flushes: flushed })
    }
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "disk: {}", self.file_system)?;
        let (full, off) = (self.full.as_micros(), self.off.as_micros());
        writeln!(f, "  a commit alone: {full} µs with synchronous=FULL, {off} µs with OFF")?;
        match self.flushes {
            Some(flushes) => writeln!(f, "  flushes that the disk counted per commit with FULL: {flushes:.2}"),
            None => writeln!(f, "  the disk's own count of flushes can't be read here"),
        }
    }
}

fn commit_time(folder: &Path, synchronous: &str) -> anyhow::Result<Duration> {
    let file = folder.join("disk.db");
    remove_store(&file)?;
    let connection = Connection::open(&file)?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", synchronous)?;
    connection.execute_batch("CREATE TABLE row (id INTEGER PRIMARY KEY, body TEXT)")?;
    let body = "x".repeat(1500);
    let begun = Instant::now();
    for id in 0..COMMITS {
        connection.execute("INSERT INTO row VALUES (?1, ?2)", params![id, body])?;
    }
    let each = begun.elapsed() / COMMITS;
    drop(connection);
    remove_store(&file)?;
    Ok(each)
}

/// The flushes that the disk under the folder has completed since the machine started, whoever asked for them.
pub(crate) fn flushes(folder: &Path) -> Option<f64> {
    let device = fs::metadata(folder).ok()?.dev();
    let (major, minor) = ((device >> 8) & 0xfff, (device & 0xff) | ((device >> 12) & 0xfff00));
    let counts = fs::read_to_string(format!("/sys/dev/block/{major}:{minor}/stat")).ok()?;
    // The 16th field: "flush I/Os" in the kernel's Documentation/block/stat.rst.
    counts.split_whitespace().nth(15)?.parse().ok()
}

/// Bytes that this process caused to be written to disks.
pub(crate) fn bytes_written() -> Option<f64> {
    let counts = fs::read_to_string("/proc/self/io").ok()?;
    counts.lines().find_map(|line| line.strip_prefix("write_bytes: "))?.trim().parse().ok()
}

/// The mount that the folder is on, as the kernel has it.
fn file_system(folder: &Path) -> anyhow::Result<String> {
    let folder = folder.canonicalize()?;
    let mounts = fs::read_to_string("/proc/self/mounts")?;
    let of_folder = |line: &&str| line.split(' ').nth(1).is_some_and(|point| folder.starts_with(point));
    let longest = mounts.lines().filter(of_folder).max_by_key(|line| line.split(' ').nth(1).map(str::len));
    let mut fields = longest.context("the folder is on no mount")?.split(' ');
    let (device, point, kind) = (fields.next(), fields.next(), fields.next());
    let options = fields.next().unwrap_or_default();
    let [device, point, kind] = [device, point, kind].map(Option::unwrap_or_default);
    Ok(format!("{kind} on {device} at {point} ({options})"))
}
