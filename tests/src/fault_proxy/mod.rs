//! A stand-in for the bad days of `DynamoDB`: a proxy in front of a stand-in that has only good ones.
//!
//! It injects conflicts, throttling, lost requests, lost answers and indexes that lag behind, each by script or by a seeded
//! chance, and counts every call on the wire. Reads of a base table and consistent reads are never stale.
//!
//! What it does not do: it knows no real contention (a conflict is injected whether or not another transaction runs), it
//! doesn't lag streams, and a lagging index hides an item that was changed as if it had not been there before.

mod counts;
mod index;
mod operation;
mod plan;
mod refusal;
mod writes;

use std::{
    collections::HashMap,
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use aws_sdk_dynamodb::Client;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Request, Response};
use serde_json::{Value, json};

pub use self::{
    counts::Counts,
    operation::Operation,
    plan::{Fault, Rates},
};
use crate::{
    dynamodb,
    http_client::{HttpClient, NoAnswer},
    server::{HangUp, Server},
};

/// A running proxy. It passes everything on until a fault is [scripted](Self::on_next) or [given a chance](Self::at_random).
#[derive(Debug)]
pub struct FaultProxy {
    server: Server,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    upstream: String,
    client: HttpClient,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    plan: plan::Plan,
    counts: Counts,
    /// How many calls of each operation there were since the start: unlike the counts it is never reset.
    calls: Counts,
    lag: index::Lag,
    key_names: HashMap<String, Vec<String>>,
}

impl FaultProxy {
    /// Starts a proxy to that endpoint.
    pub async fn start(upstream: &str) -> io::Result<Self> {
        let shared =
            Arc::new(Shared { upstream: upstream.to_owned(), client: HttpClient::new(), state: Mutex::default() });
        let answering = Arc::clone(&shared);
        let server = Server::start(move |request| {
            let shared = Arc::clone(&answering);
            async move { shared.answer(request).await }
        })
        .await?;
        Ok(Self { server, shared })
    }

    /// Its endpoint.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// A client of it that never retries by itself, so that a test sees every fault.
    pub fn client(&self) -> Client {
        dynamodb::client(&self.url())
    }

    /// Gives the next call of that operation this fault; said again, the one after it, and so on.
    pub fn on_next(&self, operation: Operation, fault: Fault) {
        self.shared.state().plan.script(operation, fault);
    }

    /// From now on faults come by chance. The same seed gives the same call of an operation the same fault.
    pub fn at_random(&self, seed: u64, rates: Rates) {
        self.shared.state().plan.at_random(seed, rates);
    }

    /// From now on everything is passed on, scripted or not.
    pub fn calm(&self) {
        self.shared.state().plan = plan::Plan::default();
    }

    /// The calls since the start or the last reset.
    pub fn counts(&self) -> Counts {
        self.shared.state().counts.clone()
    }

    /// Counts from zero again.
    pub fn reset_counts(&self) {
        self.shared.state().counts = Counts::default();
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn answer(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HangUp> {
        let operation = Operation::of(request.headers());
        let body: Value = serde_json::from_slice(request.body()).unwrap_or_default();
        let index_query = (operation == Operation::Query).then(|| index::query(&body)).flatten();
        let fault = self.decide(operation, index_query.is_some());
        match fault {
            Some(Fault::RequestLost) => return Err(HangUp),
            Some(Fault::Throttled) => return Ok(refusal::throttled()),
            Some(Fault::OverThroughput) => return Ok(refusal::over_throughput()),
            Some(Fault::Conflict { item }) => return Ok(refusal::conflict(operation, &body, item)),
            _ => {}
        }

        let headers = request.headers().clone();
        let answer = self.forward(request).await.map_err(|_| HangUp)?;
        if answer.status().is_success() {
            self.note_writes(operation, &body, &headers).await;
        }
        let stale = index_query.and_then(|query| self.stale(fault, query, &body, &answer));
        match fault {
            Some(Fault::AnswerLost) => Err(HangUp),
            Some(Fault::AnswerIsInternalError) => Ok(refusal::internal_error()),
            _ => Ok(stale.unwrap_or(answer)),
        }
    }

    fn decide(&self, operation: Operation, reads_index: bool) -> Option<Fault> {
        let state = &mut *self.state();
        state.counts.call(operation);
        let fault = state.plan.fault_for(&plan::Call { operation, number: state.calls.call(operation), reads_index });
        if fault.is_some() {
            state.counts.fault();
        }
        fault
    }

    /// What a lagging index answers, if the fault is one and there is such an answer.
    fn stale(
        &self,
        fault: Option<Fault>,
        query: String,
        request: &Value,
        answer: &Response<Bytes>,
    ) -> Option<Response<Bytes>> {
        let lag = &mut self.state().lag;
        let stale = match fault {
            Some(Fault::EarlierIndexAnswer { times_ago }) => lag.earlier(&query, times_ago),
            Some(Fault::NewestMissingFromIndex { items }) => lag.without_newest(request, answer, items),
            _ => None,
        };
        if answer.status().is_success() {
            lag.answered(query, answer.clone());
        }
        stale
    }

    async fn note_writes(&self, operation: Operation, request: &Value, headers: &HeaderMap) {
        for written in writes::written(operation, request) {
            let Ok(names) = self.key_names(&written.table, headers).await else {
                continue;
            };
            let mut key = written.attributes;
            key.retain(|name, _| names.contains(name));
            self.state().lag.written(written.table, key);
        }
    }

    /// The names of the table's key attributes, asked for once.
    async fn key_names(&self, table: &str, headers: &HeaderMap) -> Result<Vec<String>, NoAnswer> {
        if let Some(names) = self.state().key_names.get(table) {
            return Ok(names.clone());
        }
        let mut describe = Request::new(Bytes::from(json!({"TableName": table}).to_string()));
        *describe.method_mut() = http::Method::POST;
        *describe.headers_mut() = headers.clone();
        describe.headers_mut().insert("x-amz-target", HeaderValue::from_static("DynamoDB_20120810.DescribeTable"));
        let answer = self.forward(describe).await?;
        let answer: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
        let schema = answer["Table"]["KeySchema"].as_array();
        let names: Vec<String> =
            schema.into_iter().flatten().filter_map(|key| Some(key["AttributeName"].as_str()?.to_owned())).collect();
        self.state().key_names.insert(table.to_owned(), names.clone());
        Ok(names)
    }

    async fn forward(&self, mut request: Request<Bytes>) -> Result<Response<Bytes>, NoAnswer> {
        let path = request.uri().path_and_query();
        let path = path.map_or("/", |path| path.as_str());
        let uri = format!("{}{path}", self.upstream).parse();
        *request.uri_mut() = uri.unwrap_or_default();
        // The client sets both anew.
        request.headers_mut().remove(http::header::HOST);
        request.headers_mut().remove(http::header::CONTENT_LENGTH);
        self.client.send(request).await
    }
}
