//! The baseline's rows in SQLite: one thread that writes in groups, connections that read.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use anyhow::{Context as _, anyhow};
use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior};
use tokio::sync::{mpsc, oneshot};
use tokio::task::spawn_blocking;

use super::Row;

/// At most so many writes share a commit.
const GROUP: usize = 256;

/// A row to insert, and who waits for its commit.
type Waiting = (Row, oneshot::Sender<Result<Row, String>>);

pub(super) struct Rows {
    file: PathBuf,
    writer: mpsc::Sender<Waiting>,
    readers: Arc<Mutex<Vec<Connection>>>,
    transactions: Arc<AtomicU32>,
}

impl Rows {
    /// Makes the file and starts the thread that writes, which ends when this is dropped.
    pub(super) fn open(file: &Path) -> anyhow::Result<Self> {
        let connection = Connection::open(file)?;
        connection.pragma_update(None, "journal_mode", "wal")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.execute_batch(Row::TABLE)?;
        let (writer, waiting) = mpsc::channel(1024);
        let transactions = Arc::new(AtomicU32::new(0));
        let counted = transactions.clone();
        thread::Builder::new().name("baseline-writer".into()).spawn(move || write(connection, waiting, &counted))?;
        Ok(Self { file: file.to_owned(), writer, readers: Arc::default(), transactions })
    }

    /// Inserts the row; returns once it is committed.
    pub(super) async fn insert(&self, row: Row) -> anyhow::Result<Row> {
        let (answer, answered) = oneshot::channel();
        self.writer.send((row, answer)).await.map_err(|_| anyhow!("the writer is gone"))?;
        answered.await.context("the writer is gone")?.map_err(anyhow::Error::msg)
    }

    pub(super) async fn get(&self, id: String) -> anyhow::Result<Option<Row>> {
        let (file, readers) = (self.file.clone(), self.readers.clone());
        spawn_blocking(move || {
            let idle = readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let connection = idle.map_or_else(|| Connection::open(&file), Ok)?;
            let row = Row::get(&connection, &id).optional()?;
            readers.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
            Ok(row)
        })
        .await?
    }

    pub(super) fn transactions(&self) -> u32 {
        self.transactions.load(Relaxed)
    }
}

fn write(mut connection: Connection, mut waiting: mpsc::Receiver<Waiting>, transactions: &AtomicU32) {
    let mut group = Vec::new();
    while waiting.blocking_recv_many(&mut group, GROUP) > 0 {
        let outcome = commit(&mut connection, &group);
        transactions.fetch_add(1, Relaxed);
        for (row, answer) in group.drain(..) {
            // A caller that left is not interested.
            let _ = answer.send(outcome.clone().map(|()| row));
        }
    }
}

fn commit(connection: &mut Connection, group: &[Waiting]) -> Result<(), String> {
    insert_all(connection, group).map_err(|error| error.to_string())
}

fn insert_all(connection: &mut Connection, group: &[Waiting]) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for (row, _) in group {
        row.insert(&transaction)?;
    }
    transaction.commit()
}
