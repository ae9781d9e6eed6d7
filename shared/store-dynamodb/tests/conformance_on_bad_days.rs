//! The suite that every engine has to pass, while a third of all calls goes wrong and indexes lag.

mod table;

use std::sync::Arc;

use async_trait::async_trait;
use casebridge_store::{Engine, conformance::Harness, conformance_tests};
use casebridge_store_dynamodb::DynamoEngine;
use casebridge_tests::fault_proxy::{FaultProxy, Rates};
use table::{Table, patient};

const SEED: u64 = 20_261_122;
const BAD: Rates = Rates { conflicts: 100, throttles: 80, lost_requests: 60, lost_answers: 100, stale_index_reads: 0 };

/// A fresh table that is reached through faults.
struct BadDays {
    _table: Table,
    proxy: FaultProxy,
    engine: DynamoEngine,
}

impl BadDays {
    async fn fresh() -> Self {
        let table = Table::new().await;
        let (proxy, engine) = table.behind_proxy().await;
        proxy.at_random(SEED, Rates { stale_index_reads: 300, ..BAD });
        Self { _table: table, proxy, engine: patient(engine) }
    }
}

#[async_trait]
impl Harness for BadDays {
    fn engine(&self) -> Arc<dyn Engine> {
        Arc::new(self.engine.clone())
    }

    async fn settle_indexes(&self) {
        self.proxy.at_random(SEED, BAD);
    }
}

conformance_tests!(BadDays::fresh().await);
