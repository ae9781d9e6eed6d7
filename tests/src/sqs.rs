//! A stand-in for SQS, and for Lambda's event source mapping on its queues.
//!
//! Messages wait as long as they are told to, are handed over in batches, come again after the visibility timeout if the
//! function fails or names them, and end among the dead letters after [so many](MOST_RECEIVES) times.
//!
//! What it does not do: it keeps messages in no other order than that of their time, checks no signature, tells no message
//! twice by itself, and has no long polling but the mapping's own.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use serde_json::{Value, json};
use tokio::{
    sync::Semaphore,
    task::JoinHandle,
    time::{Instant, sleep},
};

use crate::{
    lambda_runtime_api::Deployed,
    server::{HangUp, Server},
};

/// How often a message is handed over before it counts as dead.
pub const MOST_RECEIVES: u32 = 5;

const BETWEEN_LOOKS: Duration = Duration::from_millis(20);

/// Queues by name. They and their mappings end when dropped.
#[derive(Debug)]
pub struct Sqs {
    server: Server,
    queues: Arc<Queues>,
    mappings: Vec<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Queues {
    by_name: Mutex<HashMap<String, Queue>>,
    messages: AtomicUsize,
}

#[derive(Debug, Default)]
struct Queue {
    waiting: Vec<Message>,
    dead: Vec<String>,
    is_held: bool,
    in_hand: usize,
}

#[derive(Debug, Clone)]
struct Message {
    id: String,
    body: String,
    visible_at: Instant,
    receives: u32,
}

/// How a queue is handed to a function.
#[derive(Debug, Clone, Copy)]
pub struct Mapping {
    /// Messages in one event, at most.
    pub batch: usize,
    /// Events at the same time, at most.
    pub at_once: usize,
    /// After so long a message whose event failed comes again.
    pub visibility: Duration,
}

impl Sqs {
    /// Starts without messages.
    pub async fn start() -> anyhow::Result<Self> {
        let queues = Arc::<Queues>::default();
        let answering = Arc::clone(&queues);
        let server = Server::start(move |request| {
            let queues = Arc::clone(&answering);
            async move { queues.answer(&request) }
        })
        .await?;
        Ok(Self { server, queues, mappings: Vec::new() })
    }

    /// Its endpoint.
    pub fn endpoint(&self) -> String {
        self.server.url()
    }

    /// The URL of the queue of that name.
    pub fn url(&self, name: &str) -> String {
        format!("{}/123456789012/{name}", self.server.url())
    }

    /// Hands what comes into the queue to the function.
    pub fn map(&mut self, name: &str, mapping: Mapping, function: Deployed) {
        let (queues, name) = (Arc::clone(&self.queues), name.to_owned());
        self.mappings.push(tokio::spawn(hand_over(queues, name, mapping, function)));
    }

    /// Somebody leaves a message.
    pub fn leave(&self, name: &str, body: &str) {
        self.queues.leave(name, body, 0);
    }

    /// Where somebody else may leave messages.
    pub(crate) fn letterbox(&self, name: &str) -> Letterbox {
        Letterbox { queues: Arc::clone(&self.queues), name: name.to_owned() }
    }

    /// Hands nothing over any more; what is in hand is finished first.
    pub async fn hold(&self, name: &str) {
        self.queues.queue(name, |queue| queue.is_held = true);
        while self.queues.queue(name, |queue| queue.in_hand) > 0 {
            sleep(BETWEEN_LOOKS).await;
        }
    }

    /// The bodies that were handed over too often.
    pub fn dead_letters(&self, name: &str) -> Vec<String> {
        self.queues.queue(name, |queue| queue.dead.clone())
    }
}

/// A queue to leave messages in.
#[derive(Debug, Clone)]
pub(crate) struct Letterbox {
    queues: Arc<Queues>,
    name: String,
}

impl Letterbox {
    pub(crate) fn leave(&self, body: &str) {
        self.queues.leave(&self.name, body, 0);
    }
}

impl Drop for Sqs {
    fn drop(&mut self) {
        for mapping in &self.mappings {
            mapping.abort();
        }
    }
}

impl Queues {
    fn queue<T>(&self, name: &str, with: impl FnOnce(&mut Queue) -> T) -> T {
        with(self.lock().entry(name.to_owned()).or_default())
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Queue>> {
        self.by_name.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn leave(&self, name: &str, body: &str, delay: u64) -> String {
        let id = format!("message-{}", self.messages.fetch_add(1, Ordering::Relaxed));
        let visible_at = Instant::now() + Duration::from_secs(delay);
        let message = Message { id: id.clone(), body: body.to_owned(), visible_at, receives: 0 };
        self.queue(name, |queue| queue.waiting.push(message));
        id
    }

    fn answer(&self, request: &Request<Bytes>) -> Result<Response<Bytes>, HangUp> {
        let asked: Value = serde_json::from_slice(request.body()).unwrap_or_default();
        let operation = request.headers().get("x-amz-target").and_then(|target| target.to_str().ok());
        let queue = asked["QueueUrl"].as_str().and_then(|url| url.rsplit('/').next());
        let (Some("AmazonSQS.SendMessageBatch"), Some(queue)) = (operation, queue) else {
            return json_answer(StatusCode::BAD_REQUEST, &json!({ "__type": "com.amazonaws.sqs#InvalidAddress" }));
        };
        let entries = asked["Entries"].as_array().into_iter().flatten();
        let taken = entries.map(|entry| {
            let delay = entry["DelaySeconds"].as_u64().unwrap_or_default();
            let id = self.leave(queue, entry["MessageBody"].as_str().unwrap_or_default(), delay);
            json!({ "Id": entry["Id"], "MessageId": id, "MD5OfMessageBody": "0" })
        });
        json_answer(StatusCode::OK, &json!({ "Successful": taken.collect::<Vec<_>>(), "Failed": [] }))
    }

    /// Those that may be handed over now. They come again later, unless they are deleted.
    fn take(&self, name: &str, mapping: Mapping) -> Vec<Message> {
        let now = Instant::now();
        self.queue(name, |queue| {
            if queue.is_held {
                return Vec::new();
            }
            let (dead, waiting): (Vec<_>, Vec<_>) = std::mem::take(&mut queue.waiting)
                .into_iter()
                .partition(|message| message.visible_at <= now && message.receives >= MOST_RECEIVES);
            queue.waiting = waiting;
            queue.dead.extend(dead.into_iter().map(|message| message.body));
            queue.waiting.sort_by_key(|message| message.visible_at);
            let visible = queue.waiting.iter_mut().filter(|message| message.visible_at <= now).take(mapping.batch);
            let taken: Vec<Message> = visible
                .map(|message| {
                    message.visible_at = now + mapping.visibility;
                    message.receives += 1;
                    message.clone()
                })
                .collect();
            queue.in_hand += usize::from(!taken.is_empty());
            taken
        })
    }

    fn done(&self, name: &str, deleted: &[String]) {
        self.queue(name, |queue| {
            queue.waiting.retain(|message| !deleted.contains(&message.id));
            queue.in_hand -= 1;
        });
    }
}

async fn hand_over(queues: Arc<Queues>, name: String, mapping: Mapping, function: Deployed) {
    let free = Arc::new(Semaphore::new(mapping.at_once));
    loop {
        let Ok(permit) = Arc::clone(&free).acquire_owned().await else { return };
        let taken = queues.take(&name, mapping);
        if taken.is_empty() {
            drop(permit);
            sleep(BETWEEN_LOOKS).await;
            continue;
        }
        let (queues, name, function) = (Arc::clone(&queues), name.clone(), function.clone());
        tokio::spawn(async move {
            let deleted = handled(&function, &taken).await;
            queues.done(&name, &deleted);
            drop(permit);
        });
    }
}

/// Those that the function is done with.
async fn handled(function: &Deployed, taken: &[Message]) -> Vec<String> {
    let records = taken.iter().map(|message| {
        json!({
            "messageId": message.id, "receiptHandle": message.id, "body": message.body,
            "attributes": { "ApproximateReceiveCount": message.receives.to_string() }, "messageAttributes": {},
            "md5OfBody": "0", "eventSource": "aws:sqs", "awsRegion": "eu-central-1",
            "eventSourceARN": "arn:aws:sqs:eu-central-1:123456789012:queue",
        })
    });
    let Ok(answer) = function.invoke(&json!({ "Records": records.collect::<Vec<_>>() })).await else {
        return Vec::new();
    };
    let failed = answer["batchItemFailures"].as_array().into_iter().flatten();
    let failed: Vec<&str> = failed.filter_map(|failure| failure["itemIdentifier"].as_str()).collect();
    let done = taken.iter().filter(|message| !failed.contains(&message.id.as_str()));
    done.map(|message| message.id.clone()).collect()
}

fn json_answer(status: StatusCode, body: &Value) -> Result<Response<Bytes>, HangUp> {
    let answer = Response::builder().status(status).header("content-type", "application/x-amz-json-1.0");
    answer.body(Bytes::from(body.to_string())).map_err(|_| HangUp)
}
