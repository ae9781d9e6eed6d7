//! A store in a folder of its own, and items to put into it.

use std::path::PathBuf;

use casebridge_store::engine::Addition;
use casebridge_store::{Engine, Guard, Index, IndexEntry, Item, Key, Order, Query, Write, Written};
use casebridge_store_sqlite::{Options, SqliteEngine};
use tempfile::TempDir;

pub struct Store {
    pub engine: SqliteEngine,
    folder: TempDir,
}

impl Store {
    pub fn new() -> Self {
        Self::with(Options::default())
    }

    pub fn with(options: Options) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { engine: SqliteEngine::open(folder.path().join("store.db"), options).unwrap(), folder }
    }

    /// Another engine on the same file, as a command has it while the server goes on.
    pub fn beside(&self) -> SqliteEngine {
        SqliteEngine::open_beside(self.path("store.db"), Options::default()).unwrap()
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Closes the store and opens it again.
    pub async fn reopened(self) -> Self {
        self.engine.close().await.unwrap();
        let engine = SqliteEngine::open(self.path("store.db"), Options::default()).unwrap();
        Self { engine, folder: self.folder }
    }

    /// A connection of somebody else's to the same file.
    pub fn stranger(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.path("store.db")).unwrap()
    }

    pub async fn put(&self, item: Item, guard: Guard) -> Written {
        self.engine.write(vec![put(item, guard)]).await.unwrap()
    }

    pub async fn there(&self, sort: &str) -> Option<Item> {
        self.engine.read(&[key(sort)]).await.unwrap().remove(0)
    }
}

pub fn key(sort: &str) -> Key {
    Key { partition: "account#1".into(), sort: sort.into() }
}

pub fn item(sort: &str) -> Item {
    Item {
        key: key(sort),
        kind: "test".into(),
        version: 1,
        revision: 1,
        holder: None,
        held_until: None,
        expires: None,
        indexed: Vec::new(),
        body: format!("{{\"sort\":\"{sort}\"}}"),
    }
}

pub fn due(sort: &str, at: &str) -> Item {
    Item { indexed: vec![entry(Index::Due, "due#0", at)], ..item(sort) }
}

pub fn entry(index: Index, partition: &str, sort: &str) -> IndexEntry {
    IndexEntry { index, partition: partition.into(), sort: sort.into() }
}

pub fn put(item: Item, guard: Guard) -> Write {
    Write::Put(Box::new(item), guard)
}

/// Adds one to the counter "n".
pub fn add(sort: &str) -> Write {
    Write::Add(Box::new(Addition {
        key: key(sort),
        kind: "counts".into(),
        version: 1,
        revision: 1,
        counters: vec![("n".into(), 1)],
        labels: Vec::new(),
    }))
}

/// Everything in the items' partition.
pub fn all() -> Query {
    let partition = key("").partition;
    Query { index: None, partition, from: None, to: None, order: Order::Ascending, limit: 100_000 }
}
