//! The engine and its parts' common ground.

use std::{fmt, sync::Arc};

use async_trait::async_trait;
use aws_sdk_dynamodb::Client;
use casebridge_app::ports::Ids;
use casebridge_store::{Engine, EngineError, Item, Key, Query, Rows, Write, Written};

use crate::{
    failure::Failure,
    item::key,
    patience::{Budget, Patience},
};

/// Keeps items in one table of `DynamoDB`, which [`schema`](crate::schema) describes.
#[derive(Clone)]
pub struct DynamoEngine {
    pub(crate) client: Client,
    pub(crate) table: String,
    pub(crate) ids: Arc<dyn Ids>,
    patience: Patience,
}

impl DynamoEngine {
    /// An engine on that table. Connects when it is first used, or by [`connect_eagerly`](Self::connect_eagerly).
    pub fn new(client: Client, table: impl Into<String>, ids: Arc<dyn Ids>) -> Self {
        Self { client, table: table.into(), ids, patience: Patience::default() }
    }

    /// The same with other limits.
    #[must_use]
    pub fn with_patience(self, patience: Patience) -> Self {
        Self { patience, ..self }
    }

    /// Opens the connection by one cheap signed call, so that the first request doesn't wait for it. For a function's
    /// init, where the processor is fast whatever the memory; whether it succeeds is for the first request to find out.
    pub async fn connect_eagerly(&self) {
        let nowhere = key(&Key { partition: "nothing".to_owned(), sort: "is here".to_owned() });
        let get = self.client.get_item().table_name(&self.table).set_key(Some(nowhere));
        let got = async { get.send().await.map_err(|error| Failure::of(&error)) };
        if let Err(failure) = self.budget("GetItem").attempt(got).await {
            tracing::debug!(cause = %failure, "the early connection failed");
        }
    }

    pub(crate) fn budget(&self, operation: &'static str) -> Budget<'_> {
        Budget::new(&self.patience, self.ids.as_ref(), &self.table, operation)
    }
}

impl fmt::Debug for DynamoEngine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DynamoEngine").field("table", &self.table).finish_non_exhaustive()
    }
}

#[async_trait]
impl Engine for DynamoEngine {
    async fn read(&self, keys: &[Key]) -> Result<Vec<Option<Item>>, EngineError> {
        self.read_items(keys).await
    }

    async fn query(&self, query: &Query) -> Result<Rows, EngineError> {
        self.query_stretch(query).await
    }

    async fn write(&self, writes: Vec<Write>) -> Result<Written, EngineError> {
        self.write_all(&writes).await
    }
}
