//! A fresh table for each test, on a stand-in process of its own.
#![expect(clippy::unwrap_used, reason = "a test ends where it is surprised")]
#![allow(dead_code, reason = "each test binary takes what it needs")]
#![allow(clippy::allow_attributes, reason = "whether something is unused differs between the test binaries")]

use std::{
    hash::{BuildHasher, RandomState},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use casebridge_app::ports::Ids;
use casebridge_aws::{Roots, SharedHttpClient, http_client, tls};
use casebridge_domain::Instant;
use casebridge_store::{Engine, Guard, Index, IndexEntry, Item, Key, Order, Query, Write, Written, engine::Addition};
use casebridge_store_dynamodb::{Access, DynamoEngine, Patience, client, create_table};
use casebridge_tests::{dynamodb::DynamoDb, fault_proxy::FaultProxy};
use uuid::Uuid;

pub const TABLE: &str = "things";

/// A stand-in with an empty table.
pub struct Table {
    pub dynamodb: DynamoDb,
    pub engine: DynamoEngine,
}

impl Table {
    pub async fn new() -> Self {
        let dynamodb = DynamoDb::start().await.unwrap();
        create_table(&client(&access(&dynamodb.url()), http()), TABLE).await.unwrap();
        let engine = patient(engine(&dynamodb.url()));
        Self { dynamodb, engine }
    }

    /// A way to the same table on which things go wrong.
    pub async fn behind_proxy(&self) -> (FaultProxy, DynamoEngine) {
        let proxy = FaultProxy::start(&self.dynamodb.url()).await.unwrap();
        let engine = engine(&proxy.url());
        (proxy, engine)
    }
}

/// What carries a client's requests.
pub fn http() -> SharedHttpClient {
    http_client(tls(Roots::CompiledIn).unwrap())
}

pub fn access(url: &str) -> Access {
    let variable = |name: &str| match name {
        "AWS_REGION" => Some("eu-central-1".to_owned()),
        "AWS_ENDPOINT_URL_DYNAMODB" => Some(url.to_owned()),
        "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" => Some("test".to_owned()),
        _ => None,
    };
    Access::from_variables(variable).unwrap()
}

pub fn engine(url: &str) -> DynamoEngine {
    DynamoEngine::new(client(&access(url), http()), TABLE, Arc::new(Chance::default()))
}

/// Waits longer than a server may: for tests that ask what comes of a call, not when, however busy the machine is.
pub fn patient(engine: DynamoEngine) -> DynamoEngine {
    let (total, attempt) = (Duration::from_secs(30), Duration::from_secs(5));
    engine.with_patience(Patience { total, crowded: total, attempt, ..Patience::default() })
}

/// Randomness from the standard library's hash keys.
#[derive(Default)]
pub struct Chance {
    keys: RandomState,
    drawn: AtomicU64,
}

impl Chance {
    fn draw(&self) -> u64 {
        self.keys.hash_one(self.drawn.fetch_add(1, Ordering::Relaxed))
    }
}

impl Ids for Chance {
    fn time_ordered(&self, _: Instant) -> Uuid {
        Uuid::from_u64_pair(self.draw(), self.draw())
    }

    fn secret(&self) -> [u8; 32] {
        let mut secret = [0; 32];
        secret.chunks_exact_mut(8).for_each(|eight| eight.copy_from_slice(&self.draw().to_le_bytes()));
        secret
    }

    fn fraction(&self) -> f64 {
        f64::from(u32::try_from(self.draw() >> 32).unwrap()) / (f64::from(u32::MAX) + 1.0)
    }
}

pub fn key(partition: &str, sort: &str) -> Key {
    Key { partition: partition.to_owned(), sort: sort.to_owned() }
}

pub fn thing(sort: &str, revision: u64) -> Item {
    Item {
        key: key("things", sort),
        kind: "thing".to_owned(),
        version: 1,
        revision,
        holder: None,
        held_until: None,
        expires: None,
        indexed: Vec::new(),
        body: format!(r#"{{"revision":{revision}}}"#),
    }
}

pub fn due(sort: &str, at: &str) -> Item {
    let entry = IndexEntry { index: Index::Due, partition: "soon".to_owned(), sort: at.to_owned() };
    Item { indexed: vec![entry], ..thing(sort, 1) }
}

pub fn put(item: &Item, guard: Guard) -> Write {
    Write::Put(Box::new(item.clone()), guard)
}

/// Adds one to the counter "n".
pub fn add(sort: &str, revision: u64) -> Write {
    Write::Add(Box::new(Addition {
        key: key("things", sort),
        kind: "counts".to_owned(),
        version: 1,
        revision,
        counters: vec![("n".to_owned(), 1)],
        labels: Vec::new(),
    }))
}

pub fn all(partition: &str) -> Query {
    Query { index: None, partition: partition.to_owned(), from: None, to: None, order: Order::Ascending, limit: 1000 }
}

/// Puts items whatever is there.
pub async fn there_are(engine: &DynamoEngine, items: &[Item]) {
    for few in items.chunks(25) {
        let writes = few.iter().map(|item| put(item, Guard::Any)).collect();
        assert_eq!(engine.write(writes).await.unwrap(), Written::Done);
    }
}

pub async fn read(engine: &DynamoEngine, sort: &str) -> Option<Item> {
    engine.read(&[key("things", sort)]).await.unwrap().remove(0)
}

/// An error with all that led to it.
pub fn chain(error: &dyn std::error::Error) -> String {
    error.source().map_or_else(|| error.to_string(), |source| format!("{error}: {}", chain(source)))
}
