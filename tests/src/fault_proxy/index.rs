//! What an index that lags behind its table answers.

use std::collections::{HashMap, VecDeque};

use bytes::Bytes;
use http::Response;
use serde_json::Value;

const ANSWERS_KEPT: usize = 8;
const WRITES_KEPT: usize = 64;

/// The attributes of an item that make its primary key, by name.
pub(super) type Key = serde_json::Map<String, Value>;

/// What was answered and written lately.
#[derive(Debug, Default)]
pub(super) struct Lag {
    answers: HashMap<String, VecDeque<Response<Bytes>>>,
    writes: VecDeque<(String, Key)>,
}

/// The index query in that request; `None` for any other, and for a consistent one, which the service refuses on most
/// indexes.
pub(super) fn query(request: &Value) -> Option<String> {
    let consistent = request["ConsistentRead"].as_bool().unwrap_or_default();
    let on_index = request["IndexName"].is_string() && !consistent;
    on_index.then(|| request.to_string())
}

impl Lag {
    pub(super) fn answered(&mut self, query: String, answer: Response<Bytes>) {
        let answers = self.answers.entry(query).or_default();
        answers.push_front(answer);
        answers.truncate(ANSWERS_KEPT);
    }

    pub(super) fn written(&mut self, table: String, key: Key) {
        self.writes.retain(|written| (&written.0, &written.1) != (&table, &key));
        self.writes.push_front((table, key));
        self.writes.truncate(WRITES_KEPT);
    }

    pub(super) fn earlier(&self, query: &str, times_ago: usize) -> Option<Response<Bytes>> {
        let answers = self.answers.get(query)?;
        answers.get(times_ago.saturating_sub(1)).cloned()
    }

    /// The answer without the items that were among the last `newest` written ones.
    pub(super) fn without_newest(
        &self,
        request: &Value,
        answer: &Response<Bytes>,
        newest: usize,
    ) -> Option<Response<Bytes>> {
        let mut body: Value = serde_json::from_slice(answer.body()).ok()?;
        let unheard: Vec<&Key> = self
            .writes
            .iter()
            .take(newest)
            .filter(|(table, _)| request["TableName"] == **table)
            .map(|(_, key)| key)
            .collect();
        let items = body["Items"].as_array_mut()?;
        let before = items.len();
        items.retain(|item| !unheard.iter().any(|key| has_key(item, key)));
        let left = items.len();
        for count in ["Count", "ScannedCount"] {
            let counted = body[count].as_u64()? - u64::try_from(before - left).ok()?;
            body[count] = counted.into();
        }
        let mut stale = answer.clone();
        *stale.body_mut() = body.to_string().into();
        stale.headers_mut().remove("x-amz-crc32");
        stale.headers_mut().remove(http::header::CONTENT_LENGTH);
        Some(stale)
    }
}

fn has_key(item: &Value, key: &Key) -> bool {
    key.iter().all(|(name, value)| item.get(name) == Some(value))
}
