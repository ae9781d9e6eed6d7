//! A stand-in for Lambda's event source mapping: it reads a table's stream and hands the records to a function.
//!
//! As Lambda does, it asks each shard four times a second, hands records over in their order, begins again with the first
//! one that the function names as failed (with the whole batch if the function fails), and gives up on a batch after
//! [some retries](RETRIES).
//!
//! What it does not do: it filters nothing, waits for no batch to fill, halves no batch, hands over one batch at a time,
//! and knows no shards that come or go.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use anyhow::{Context as _, ensure};
use http::Request;
use serde_json::{Value, json};
use tokio::{task::JoinHandle, time::sleep};

use crate::{http_client::HttpClient, lambda_runtime_api::Deployed};

/// Lambda's own pace.
const BETWEEN_LOOKS: Duration = Duration::from_millis(250);

/// As the mapping is to be set: records handed over at once.
const BATCH: usize = 100;

/// As the mapping is to be set: a batch is handed over so often again. Afterwards it is left to the schedule.
pub const RETRIES: u32 = 3;

const BEFORE_A_RETRY: Duration = Duration::from_millis(100);

/// Hands records over for as long as it lives.
#[derive(Debug)]
pub struct StreamPump {
    pumping: JoinHandle<()>,
    counts: Arc<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    given_up: AtomicUsize,
    empty_looks: AtomicUsize,
}

impl StreamPump {
    /// Hands over all records that the table's stream has, and all that come.
    pub async fn start(dynamodb: &str, table: &str, function: Deployed) -> anyhow::Result<Self> {
        let stream = Stream::of(dynamodb, table).await?;
        let shards = stream.shards().await?;
        ensure!(shards.len() == 1, "the stand-in of DynamoDB has one shard: {shards:?}");
        let iterator = stream.beginning(&shards[0]).await?;
        let counts = Arc::default();
        Ok(Self { pumping: tokio::spawn(pump(stream, iterator, function, Arc::clone(&counts))), counts })
    }

    /// How many batches it has given up on.
    pub fn given_up(&self) -> usize {
        self.counts.given_up.load(Ordering::Relaxed)
    }

    /// Waits until everything that was written so far is handed over, and nothing else is written for a moment.
    pub async fn until_quiet(&self) {
        let looks = || self.counts.empty_looks.load(Ordering::Relaxed);
        let before = looks();
        // The look that is under way may have begun too early to count.
        while looks() < before + 2 {
            sleep(BETWEEN_LOOKS).await;
        }
    }
}

impl Drop for StreamPump {
    fn drop(&mut self) {
        self.pumping.abort();
    }
}

async fn pump(stream: Stream, mut iterator: String, function: Deployed, counts: Arc<Counts>) {
    let mut waiting: Vec<Value> = Vec::new();
    let mut retries = 0;
    loop {
        if waiting.is_empty() {
            // An error is a stand-in that is being ended: asking it again does no harm.
            if let Ok((records, next)) = stream.records(&iterator).await {
                (waiting, iterator) = (records, next);
            }
            if waiting.is_empty() {
                counts.empty_looks.fetch_add(1, Ordering::Relaxed);
                sleep(BETWEEN_LOOKS).await;
                continue;
            }
        }
        let batch = waiting.len().min(BATCH);
        let taken = taken(&function, &waiting[..batch]).await;
        retries = if taken == batch { 0 } else { retries + 1 };
        if retries > RETRIES {
            counts.given_up.fetch_add(1, Ordering::Relaxed);
            waiting.drain(..batch);
            retries = 0;
            continue;
        }
        waiting.drain(..taken);
        if retries > 0 {
            sleep(BEFORE_A_RETRY).await;
        }
    }
}

/// How many of the records need not be handed over again.
async fn taken(function: &Deployed, batch: &[Value]) -> usize {
    let Ok(answer) = function.invoke(&json!({ "Records": batch })).await else { return 0 };
    let failed = answer["batchItemFailures"].as_array().into_iter().flatten();
    let numbers = failed.map(|failure| &failure["itemIdentifier"]);
    let place = |number: &Value| batch.iter().position(|record| record["dynamodb"]["SequenceNumber"] == *number);
    // Lambda takes a name that it does not know for the failure of all.
    numbers.map(|number| place(number).unwrap_or(0)).min().unwrap_or(batch.len())
}

/// One table's stream, over the wire.
struct Stream {
    dynamodb: String,
    arn: String,
    client: HttpClient,
}

impl Stream {
    async fn of(dynamodb: &str, table: &str) -> anyhow::Result<Self> {
        let mut stream = Self { dynamodb: dynamodb.to_owned(), arn: String::new(), client: HttpClient::new() };
        let listed = stream.ask("ListStreams", &json!({ "TableName": table })).await?;
        let arn = listed["Streams"][0]["StreamArn"].as_str().context("the table has no stream")?;
        arn.clone_into(&mut stream.arn);
        Ok(stream)
    }

    async fn shards(&self) -> anyhow::Result<Vec<String>> {
        let described = self.ask("DescribeStream", &json!({ "StreamArn": self.arn })).await?;
        let shards = described["StreamDescription"]["Shards"].as_array().into_iter().flatten();
        Ok(shards.filter_map(|shard| shard["ShardId"].as_str().map(str::to_owned)).collect())
    }

    async fn beginning(&self, shard: &str) -> anyhow::Result<String> {
        let from = json!({ "StreamArn": self.arn, "ShardId": shard, "ShardIteratorType": "TRIM_HORIZON" });
        let iterator = self.ask("GetShardIterator", &from).await?;
        iterator["ShardIterator"].as_str().map(str::to_owned).context("no iterator")
    }

    /// The next records as a function is told them, and where those after them begin.
    async fn records(&self, iterator: &str) -> anyhow::Result<(Vec<Value>, String)> {
        let mut got = self.ask("GetRecords", &json!({ "ShardIterator": iterator })).await?;
        let next = got["NextShardIterator"].as_str().context("the shard has ended")?.to_owned();
        let mut records = got["Records"].as_array_mut().map(std::mem::take).unwrap_or_default();
        for record in &mut records {
            record["eventSourceARN"] = json!(self.arn);
        }
        Ok((records, next))
    }

    async fn ask(&self, operation: &str, body: &Value) -> anyhow::Result<Value> {
        // The stand-in wants to see a signature, and checks none.
        let signature = "AWS4-HMAC-SHA256 Credential=test/20261122/eu-central-1/dynamodb/aws4_request, \
                         SignedHeaders=host;x-amz-date, Signature=0";
        let request = Request::post(&self.dynamodb)
            .header("content-type", "application/x-amz-json-1.0")
            .header("x-amz-target", format!("DynamoDBStreams_20120810.{operation}"))
            .header("x-amz-date", "20261122T000000Z")
            .header("authorization", signature)
            .body(body.to_string())?;
        let answer = self.client.send(request).await?;
        ensure!(answer.status().is_success(), "{operation}: {}", String::from_utf8_lossy(answer.body()));
        Ok(serde_json::from_slice(answer.body())?)
    }
}
