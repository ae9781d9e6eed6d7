//! Items by their keys.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::KeysAndAttributes;
use casebridge_store::{EngineError, Item, Key};

use crate::{
    engine::DynamoEngine,
    failure::Failure,
    item::{self, Attributes},
};

impl DynamoEngine {
    pub(crate) async fn read_items(&self, keys: &[Key]) -> Result<Vec<Option<Item>>, EngineError> {
        match keys {
            [] => Ok(Vec::new()),
            [key] => Ok(vec![self.read_one(key).await?]),
            keys => self.read_several(keys).await,
        }
    }

    async fn read_one(&self, key: &Key) -> Result<Option<Item>, EngineError> {
        let get = self.client.get_item().table_name(&self.table).set_key(Some(item::key(key))).consistent_read(true);
        let got = async || {
            let answer = get.clone().send().await.map_err(|error| Failure::of(&error))?;
            answer.item.map(item::item).transpose()
        };
        self.budget("GetItem").answer(got).await
    }

    async fn read_several(&self, keys: &[Key]) -> Result<Vec<Option<Item>>, EngineError> {
        let mut budget = self.budget("BatchGetItem");
        let mut found = HashMap::new();
        let mut wanted: Vec<Attributes> = keys.iter().map(item::key).collect();
        loop {
            let failure = match budget.attempt(self.batch(wanted.clone())).await {
                Ok((items, unprocessed)) => {
                    found.extend(items.into_iter().map(|item| (item.key.clone(), item)));
                    if unprocessed.is_empty() {
                        return Ok(keys.iter().map(|key| found.remove(key)).collect());
                    }
                    wanted = unprocessed;
                    Failure::passing(format!("{} of {} keys are not read yet", wanted.len(), keys.len()))
                }
                Err(failure) => failure,
            };
            budget.another(failure).await?;
        }
    }

    /// The items at those of the keys that the service got round to, and the other keys.
    async fn batch(&self, wanted: Vec<Attributes>) -> Result<(Vec<Item>, Vec<Attributes>), Failure> {
        let wanted = KeysAndAttributes::builder().set_keys(Some(wanted)).consistent_read(true).build();
        let wanted = wanted.map_err(|error| Failure::lasting(error.to_string()))?;
        let answer = self.client.batch_get_item().request_items(&self.table, wanted).send().await;
        let answer = answer.map_err(|error| Failure::of(&error))?;
        let items = answer.responses.unwrap_or_default().into_values().flatten().map(item::item);
        let unprocessed = answer.unprocessed_keys.unwrap_or_default().into_values().flat_map(|keys| keys.keys);
        Ok((items.collect::<Result<_, _>>()?, unprocessed.collect()))
    }
}
