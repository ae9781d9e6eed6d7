//! `DynamoDB`'s stand-in behind a proxy that makes bad days, on a runtime of its own: there time goes on.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use async_trait::async_trait;
use casebridge_aws::{Roots, http_client, tls};
use casebridge_store::{Engine, EngineError, Item, Key, Query, Rows, Write, Written};
use casebridge_store_dynamodb::{Access, DynamoEngine, client, create_table};
use casebridge_tests::dynamodb::DynamoDb;
use casebridge_tests::fault_proxy::{FaultProxy, Rates};
use tokio::runtime::{Builder, Runtime};

use super::ids::SeededIds;

/// What goes wrong, in thousandths of the calls.
const BAD: Rates = Rates { conflicts: 50, throttles: 20, lost_requests: 20, lost_answers: 50, stale_index_reads: 0 };

/// The same, and indexes lag.
const LAGGING: Rates = Rates { stale_index_reads: 300, ..BAD };

/// The process, and what stands before it.
pub(crate) struct StandIn {
    runtime: Option<Runtime>,
    dynamodb: DynamoDb,
    proxy: FaultProxy,
    tables: AtomicU32,
}

impl StandIn {
    /// Starts it, on a thread of its own: whoever asks may be on a runtime already.
    pub(crate) fn start() -> Arc<Self> {
        thread::spawn(|| {
            let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
            let dynamodb = runtime.block_on(DynamoDb::start()).unwrap();
            let proxy = runtime.block_on(FaultProxy::start(&dynamodb.url())).unwrap();
            Arc::new(Self { runtime: Some(runtime), dynamodb, proxy, tables: AtomicU32::default() })
        })
        .join()
        .unwrap()
    }

    async fn carry_out<T: Send + 'static>(&self, work: impl Future<Output = T> + Send + 'static) -> T {
        let runtime = self.runtime.as_ref().unwrap();
        runtime.spawn(work).await.unwrap()
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        self.runtime.take().unwrap().shutdown_background();
    }
}

fn access(url: &str) -> Access {
    let variable = |name: &str| match name {
        "AWS_REGION" => Some("eu-central-1".to_owned()),
        "AWS_ENDPOINT_URL_DYNAMODB" => Some(url.to_owned()),
        "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" => Some("test".to_owned()),
        _ => None,
    };
    Access::from_variables(variable).unwrap()
}

/// A table of its own on the stand-in.
pub(crate) struct RemoteEngine {
    engine: DynamoEngine,
    stand_in: Arc<StandIn>,
}

impl RemoteEngine {
    pub(crate) async fn fresh(stand_in: &Arc<StandIn>, seed: u64) -> Self {
        let name = format!("table-{}", stand_in.tables.fetch_add(1, Ordering::Relaxed));
        let straight = client(&access(&stand_in.dynamodb.url()), http_client(tls(Roots::CompiledIn).unwrap()));
        let made = name.clone();
        stand_in.carry_out(async move { create_table(&straight, &made).await }).await.unwrap();
        stand_in.proxy.at_random(seed, BAD);
        let through_faults = client(&access(&stand_in.proxy.url()), http_client(tls(Roots::CompiledIn).unwrap()));
        let engine = DynamoEngine::new(through_faults, name, Arc::new(SeededIds::new(seed)));
        Self { engine, stand_in: stand_in.clone() }
    }

    pub(crate) fn lag(&self, seed: u64, lags: bool) {
        self.stand_in.proxy.at_random(seed, if lags { LAGGING } else { BAD });
    }
}

#[async_trait]
impl Engine for RemoteEngine {
    async fn read(&self, keys: &[Key]) -> Result<Vec<Option<Item>>, EngineError> {
        let (engine, keys) = (self.engine.clone(), keys.to_vec());
        self.stand_in.carry_out(async move { engine.read(&keys).await }).await
    }

    async fn query(&self, query: &Query) -> Result<Rows, EngineError> {
        let (engine, query) = (self.engine.clone(), query.clone());
        self.stand_in.carry_out(async move { engine.query(&query).await }).await
    }

    async fn write(&self, writes: Vec<Write>) -> Result<Written, EngineError> {
        let engine = self.engine.clone();
        self.stand_in.carry_out(async move { engine.write(writes).await }).await
    }
}
