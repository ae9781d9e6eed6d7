//! The engine: one writer, some readers, one file.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use casebridge_store::engine::{MOST_READS, MOST_WRITES};
use casebridge_store::{Engine, EngineError, Item, Key, Query, Rows, Write, Written};
use rusqlite::Connection;
use tokio::task::spawn_blocking;

use crate::file::{self, about};
use crate::lease::Lease;
use crate::readers::Readers;
use crate::writer::Writer;
use crate::{CopyError, OpenError, Options, connection, copy, item_row, query, schema, transaction};

/// Most keys that are read on the spot.
const FEW: usize = 4;

/// Items in one SQLite file.
///
/// A write is answered once it is on the disk. [`close`](Self::close) says when all is done; merely dropping the engine
/// lets its thread finish what it was asked for, and waits for nothing.
pub struct SqliteEngine {
    path: PathBuf,
    writer: Writer,
    readers: Arc<Readers>,
}

impl SqliteEngine {
    /// Opens the file, or makes one, as its one server. Blocks: for moments, or while another server lets go of it.
    pub fn open(path: impl AsRef<Path>, options: Options) -> Result<Self, OpenError> {
        let path = path.as_ref();
        if file::is_on_a_network(path).map_err(about(path))? {
            return Err(OpenError::NetworkFileSystem(path.to_owned()));
        }
        file::create(path).map_err(about(path))?;
        let path = path.canonicalize().map_err(about(path))?;
        let lease = Lease::take(&path, options.lease_wait)?;

        let mut connection = connection::to_write(&path, &options)?;
        schema::migrate(&mut connection, &path)?;
        file::make_private(&path).map_err(about(&path))?;
        Self::start(path, options, connection, Some(lease))
    }

    /// Opens a store that is there, beside the server that has it or without one: for a command that looks something up
    /// or puts something right while the server goes on.
    ///
    /// It takes no lease and changes no format. Its writes are as atomic and as durable as the server's; both wait for
    /// each other, and this one lets the server go first. Blocks for moments.
    pub fn open_beside(path: impl AsRef<Path>, options: Options) -> Result<Self, OpenError> {
        let path = path.as_ref();
        let path = path.canonicalize().map_err(about(path))?;
        if file::is_on_a_network(&path).map_err(about(&path))? {
            return Err(OpenError::NetworkFileSystem(path));
        }
        schema::refuse_unless_known(&connection::to_read(&path, options.busy_timeout)?, &path)?;
        let connection = connection::to_write(&path, &options)?;
        Self::start(path, options, connection, None)
    }

    fn start(path: PathBuf, options: Options, connection: Connection, lease: Option<Lease>) -> Result<Self, OpenError> {
        let readers = Arc::new(Readers::open(&path, options.readers, options.busy_timeout)?);
        let writer = Writer::start(path.clone(), options, connection, lease).map_err(about(&path))?;
        Ok(Self { path, writer, readers })
    }

    /// Removes all items with `expires <= now` (seconds since 1970), some at a time so that other writes get their turn.
    /// Says how many.
    pub async fn sweep(&self, now: i64, batch: u32) -> Result<usize, EngineError> {
        let batch = batch.max(1);
        let mut removed = 0;
        loop {
            let more =
                self.writer.carry_out(move |connection| item_row::delete_expired(connection, now, batch)).await?;
            removed += more;
            if u32::try_from(more).is_ok_and(|more| more < batch) {
                return Ok(removed);
            }
        }
    }

    /// Copies everything acknowledged up to now to a file of its own, while reads and writes go on: see [`backup`].
    ///
    /// [`backup`]: crate::backup
    pub async fn backup(&self, to: impl Into<PathBuf>) -> Result<(), CopyError> {
        let (from, to) = (self.path.clone(), to.into());
        spawn_blocking(move || copy::backup(&from, &to)).await.map_err(|_| CopyError::Interrupted)?
    }

    /// Finishes what was asked for and lets go of the file; a server moves everything into the main file first. Later
    /// calls are refused.
    pub async fn close(&self) -> Result<(), EngineError> {
        self.readers.close().await;
        self.writer.close().await
    }
}

#[async_trait]
impl Engine for SqliteEngine {
    async fn read(&self, keys: &[Key]) -> Result<Vec<Option<Item>>, EngineError> {
        debug_assert!(keys.len() <= MOST_READS && is_each_once(keys), "too many keys, or one twice");
        if keys.len() <= FEW {
            return self.readers.ask_briefly(|connection| at_one_moment(connection, keys)).await;
        }
        let keys = keys.to_vec();
        self.readers.ask(move |connection| at_one_moment(connection, &keys)).await
    }

    async fn query(&self, query: &Query) -> Result<Rows, EngineError> {
        let query = query.clone();
        self.readers.ask(move |connection| query::run(connection, &query)).await
    }

    async fn write(&self, writes: Vec<Write>) -> Result<Written, EngineError> {
        debug_assert!(
            writes.len() <= MOST_WRITES && is_each_once(writes.iter().map(Write::key)),
            "too many keys, or one twice"
        );
        debug_assert!(
            writes.iter().all(|write| !matches!(write, Write::Add(addition) if !addition.is_possible())),
            "too many names, or one twice"
        );
        transaction::refuse_too_large(&writes)?;
        self.writer.carry_out(move |connection| transaction::write(connection, &writes)).await
    }
}

fn is_each_once<'a>(keys: impl IntoIterator<Item = &'a Key>) -> bool {
    let mut seen = HashSet::new();
    keys.into_iter().all(|key| seen.insert(key))
}

fn at_one_moment(connection: &Connection, keys: &[Key]) -> rusqlite::Result<Vec<Option<Item>>> {
    let _snapshot = (keys.len() > 1).then(|| connection.unchecked_transaction()).transpose()?;
    keys.iter().map(|key| item_row::get(connection, key)).collect()
}
