//! A feed as its reader has it: read from the beginning, held against what it promises.

use std::{collections::BTreeMap, time::Duration};

use anyhow::{Context as _, ensure};
use serde_json::Value;

use crate::{api::Api, help_desk::HelpDesk, until::until};

/// How long something may take into the feed; busy machines are slow.
const WITHIN: Duration = Duration::from_secs(30);

/// A feed as far as it was read.
#[derive(Debug, Clone)]
pub struct Feed {
    api: Api,
    path: String,
    /// Everything that was read, in order.
    pub events: Vec<Value>,
}

impl Feed {
    /// An account's.
    pub fn of(desk: &HelpDesk) -> Self {
        Self { api: desk.reader.clone(), path: desk.path("/events"), events: Vec::new() }
    }

    /// That of all the vendor's accounts.
    pub fn of_vendor(vendor: &Api) -> Self {
        Self { api: vendor.clone(), path: "/v1/events".to_owned(), events: Vec::new() }
    }

    /// Reads on to the present end. Every page has to follow the one before it without a gap.
    pub async fn read_on(&mut self) -> anyhow::Result<()> {
        loop {
            let after = self.events.len();
            let page = self.api.get(&format!("{}?limit=100&after={after}", self.path)).await?.expect(200)?;
            let items = page["items"].as_array().cloned().context("no items")?;
            for (event, number) in items.iter().zip(after + 1..) {
                ensure!(event["number"] == number, "event {number} should follow: {event}");
            }
            ensure!(page["last"] == after + items.len(), "the page does not say where the next one begins: {page}");
            if items.is_empty() {
                return Ok(());
            }
            self.events.extend(items);
        }
    }

    /// Reads on until the feed has an event that is looked for, and gives it.
    pub async fn shows(&mut self, what: &str, is_it: impl Fn(&Value) -> bool) -> anyhow::Result<Value> {
        let mut looked_at = 0;
        let shown = until(WITHIN, async || {
            if let Err(error) = self.read_on().await {
                return Some(Err(error));
            }
            let found = self.events.iter().skip(looked_at).find(|event| is_it(event)).cloned();
            looked_at = self.events.len();
            found.map(Ok)
        });
        match shown.await {
            Some(shown) => shown,
            None => anyhow::bail!("the feed has not shown {what} within {WITHIN:?}, but {:?}", self.kinds()),
        }
    }

    /// The same, for something that happened to a case.
    pub async fn shows_of_case(&mut self, case: &Value, kind: &str) -> anyhow::Result<Value> {
        let what = format!("{kind} of {}", case["id"]);
        self.shows(&what, |event| event["case"]["id"] == case["id"] && event["type"] == kind).await
    }

    /// What kinds of events were read, in order.
    pub fn kinds(&self) -> Vec<&str> {
        self.events.iter().filter_map(|event| event["type"].as_str()).collect()
    }

    /// The numbers that each case's events have within the case: from 1, each once, in order, if nothing is wrong.
    pub fn sequences(&self) -> BTreeMap<String, Vec<u64>> {
        let mut sequences: BTreeMap<String, Vec<u64>> = BTreeMap::new();
        for event in &self.events {
            if let (Some(case), Some(sequence)) = (event["case"]["id"].as_str(), event["sequence"].as_u64()) {
                sequences.entry(case.to_owned()).or_default().push(sequence);
            }
        }
        sequences
    }

    /// Fails unless every case's events are there once, in the case's own order, from its first one.
    pub fn is_whole(&self) -> anyhow::Result<()> {
        for (case, sequence) in self.sequences() {
            let whole: Vec<u64> = (1..).take(sequence.len()).collect();
            ensure!(sequence == whole, "the events of case {case} came as {sequence:?}");
        }
        Ok(())
    }
}
