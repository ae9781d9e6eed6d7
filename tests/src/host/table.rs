//! The table behind functions, as an operator sees it.

use std::collections::{BTreeMap, HashMap};

use anyhow::ensure;
use aws_sdk_dynamodb::types::{AttributeValue, TimeToLiveSpecification};
use casebridge_store_dynamodb::{create_table, schema};
use tokio::process::Command;

use super::Checked;
use crate::{binaries, dynamodb};

/// A table at an endpoint, past whatever stands between it and the functions.
#[derive(Debug)]
pub(super) struct Table {
    url: String,
    name: String,
    /// What else an operator may use: the functions' key, their queue.
    more: Vec<(&'static str, String)>,
}

impl Table {
    pub(super) fn at(url: &str, name: &str) -> Self {
        Self { url: url.to_owned(), name: name.to_owned(), more: Vec::new() }
    }

    /// The same for an operator whose environment says more.
    pub(super) fn with(self, more: Vec<(&'static str, String)>) -> Self {
        Self { more, ..self }
    }

    pub(super) fn client(&self) -> aws_sdk_dynamodb::Client {
        dynamodb::client(&self.url)
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Every item, by its place.
    pub(super) async fn kept(&self) -> anyhow::Result<BTreeMap<String, String>> {
        let items = self.client().scan().table_name(&self.name).consistent_read(true).into_paginator().items().send();
        let items = items.collect::<Result<Vec<_>, _>>().await?;
        let text = |item: &HashMap<String, AttributeValue>, name: &str| {
            item.get(name).and_then(|value| value.as_s().ok().cloned()).unwrap_or_default()
        };
        let place = |item: &_| format!("{} {}", text(item, schema::PK), text(item, schema::SK));
        let whole = |item: HashMap<_, _>| format!("{:?}", item.into_iter().collect::<BTreeMap<_, _>>());
        Ok(items.into_iter().map(|item| (place(&item), whole(item))).collect())
    }

    /// Copies every item to a new table that has nothing but its indexes.
    pub(super) async fn restore_to(&self, name: &str) -> anyhow::Result<()> {
        let client = self.client();
        create_table(&client, name).await?;
        let never = TimeToLiveSpecification::builder().enabled(false).attribute_name(schema::TTL).build()?;
        client.update_time_to_live().table_name(name).time_to_live_specification(never).send().await?;
        let items = client.scan().table_name(&self.name).consistent_read(true).into_paginator().items().send();
        for item in items.collect::<Result<Vec<_>, _>>().await? {
            client.put_item().table_name(name).set_item(Some(item)).send().await?;
        }
        Ok(())
    }

    /// The vendor's first key, as an operator makes it.
    pub(super) async fn make_key(&self, vendor: &str) -> anyhow::Result<String> {
        let made = self.operate(&["key", "add", "--vendor", vendor]).await?;
        ensure!(made.code == 0, "no key: {made:?}");
        Ok(made.said.trim().to_owned())
    }

    /// Runs a command of the operator's.
    pub(super) async fn operate(&self, words: &[&str]) -> anyhow::Result<Checked> {
        let mut casebridge = Command::new(binaries::program("casebridge")?);
        casebridge.args(words).args(["--table", &self.name]);
        casebridge.env("AWS_REGION", "eu-central-1").env("AWS_ENDPOINT_URL_DYNAMODB", &self.url);
        casebridge.env("AWS_ACCESS_KEY_ID", "test").env("AWS_SECRET_ACCESS_KEY", "test");
        casebridge.envs(self.more.iter().map(|(name, value)| (name, value)));
        // Endpoints of the tests are on this machine.
        casebridge.env("CASEBRIDGE_PUSH_NETWORKS", "127.0.0.0/8").env("CASEBRIDGE_PUSH_HTTP", "allowed");
        Checked::of(&casebridge.output().await?)
    }
}
