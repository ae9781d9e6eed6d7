//! What the function is woken by, and what it answers.
//!
//! Of a stream's record only the key is looked at: types of our own for that are smaller than a crate that knows every
//! event of AWS and reads whole items.

use std::collections::HashMap;

use casebridge_domain::key::Owner;
use casebridge_store::{Key, woken_by};
use casebridge_store_dynamodb::schema;
use serde::{Deserialize, Serialize};

/// What wakes it.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub(crate) enum Wake {
    /// Items were written.
    Stream {
        /// In the order of their writes, as far as they concern the same item.
        #[serde(rename = "Records")]
        records: Vec<Record>,
    },
    /// It is time to look at what is due.
    Schedule {
        /// Who says so.
        #[serde(rename = "source")]
        _source: Clock,
    },
    /// Somebody asks to look at what is due.
    Asked {
        /// For what.
        #[serde(rename = "relay")]
        _relay: Request,
    },
}

/// A rule of `EventBridge` with a schedule, or its scheduler.
#[derive(Debug, PartialEq, Eq, Deserialize)]
pub(crate) enum Clock {
    #[serde(rename = "aws.events")]
    Rule,
    #[serde(rename = "aws.scheduler")]
    Scheduler,
}

#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Request {
    Due,
}

/// That one item was written.
#[derive(Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Record {
    #[serde(rename = "eventName")]
    kind: String,
    #[serde(rename = "dynamodb")]
    change: Change,
}

#[derive(Debug, PartialEq, Eq, Deserialize)]
struct Change {
    #[serde(rename = "Keys")]
    key: HashMap<String, Text>,
    #[serde(rename = "SequenceNumber")]
    number: String,
}

#[derive(Debug, PartialEq, Eq, Deserialize)]
struct Text {
    #[serde(rename = "S")]
    text: String,
}

impl Record {
    /// Whose journal or feed got something that waits for its numbers, if that is what it tells.
    pub(crate) fn wakes(&self) -> Option<Owner> {
        let part = |name| self.change.key.get(name).map(|part| part.text.clone());
        let key = Key { partition: part(schema::PK)?, sort: part(schema::SK)? };
        woken_by(&key).filter(|_| self.kind == "INSERT")
    }

    /// Its number in the stream.
    pub(crate) fn number(&self) -> &str {
        &self.change.number
    }
}

/// From which record on the stream is to be told again.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Answer {
    #[serde(rename = "batchItemFailures")]
    failures: Vec<Failure>,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
struct Failure {
    #[serde(rename = "itemIdentifier")]
    number: String,
}

impl Answer {
    /// Lambda tells this record and all after it again: naming any later one would change nothing.
    pub(crate) fn again_from(record: &Record) -> Self {
        Self { failures: vec![Failure { number: record.number().to_owned() }] }
    }
}

#[cfg(test)]
mod tests {
    use casebridge_domain::{AccountId, VendorId};
    use serde_json::{Value, json};

    use super::*;

    fn record(kind: &str, partition: &str, sort: &str) -> Value {
        json!({
            "eventID": "1", "eventName": kind, "eventVersion": "1.1", "eventSource": "aws:dynamodb",
            "awsRegion": "eu-central-1", "eventSourceARN": "arn:aws:dynamodb:eu-central-1:1:table/t/stream/s",
            "dynamodb": {
                "ApproximateCreationDateTime": 1_795_300_000.0, "SizeBytes": 26, "StreamViewType": "KEYS_ONLY",
                "Keys": { "pk": { "S": partition }, "sk": { "S": sort } },
                "SequenceNumber": "100000000000000000001",
            },
        })
    }

    fn wakes(record: Value) -> Option<Owner> {
        serde_json::from_value::<Record>(record).unwrap().wakes()
    }

    #[test]
    fn what_waits_for_its_numbers_wakes_its_owner() {
        let acme = Owner::Account(AccountId::parse("acme").unwrap());
        assert_eq!(wakes(record("INSERT", "A#acme#J", "P#019a#4294967295")), Some(acme));
        let boss = Owner::Vendor(VendorId::parse("boss").unwrap());
        assert_eq!(wakes(record("INSERT", "V#boss#F", "P#00000000000000000001#acme")), Some(boss));
    }

    #[test]
    fn nothing_else_wakes_anybody() {
        for (kind, partition, sort) in [
            ("REMOVE", "A#acme#J", "P#019a#4294967295"),
            ("INSERT", "A#acme#J", "HEAD"),
            ("INSERT", "A#acme#C", "P#1"),
            ("MODIFY", "A#acme", "ACCOUNT"),
            ("INSERT", "SYSTEM", "INSTALLATION"),
        ] {
            assert_eq!(wakes(record(kind, partition, sort)), None, "{kind} {partition} {sort}");
        }
    }

    #[test]
    fn a_stream_a_schedule_and_a_request_are_told_apart_and_nothing_else_is_taken() {
        let wake = |event: Value| serde_json::from_value::<Wake>(event);
        let stream = wake(json!({ "Records": [record("INSERT", "A#acme#J", "P#1")] })).unwrap();
        assert!(matches!(stream, Wake::Stream { records } if records.len() == 1));
        let rule = json!({
            "version": "0", "id": "1", "detail-type": "Scheduled Event", "source": "aws.events", "account": "1",
            "time": "2026-11-22T12:00:00Z", "region": "eu-central-1", "resources": [], "detail": {},
        });
        assert!(matches!(wake(rule).unwrap(), Wake::Schedule { .. }));
        assert!(matches!(wake(json!({ "source": "aws.scheduler" })).unwrap(), Wake::Schedule { .. }));
        assert!(matches!(wake(json!({ "relay": "due" })).unwrap(), Wake::Asked { .. }));
        for other in [json!({}), json!({ "source": "aws.s3" }), json!({ "relay": "everything" })] {
            wake(other).unwrap_err();
        }
    }

    #[test]
    fn the_answer_names_the_record_as_lambda_reads_it() {
        let record = serde_json::from_value(record("INSERT", "A#acme#J", "P#1")).unwrap();
        let named = json!({ "batchItemFailures": [{ "itemIdentifier": "100000000000000000001" }] });
        assert_eq!(serde_json::to_value(Answer::again_from(&record)).unwrap(), named);
        assert_eq!(serde_json::to_value(Answer::default()).unwrap(), json!({ "batchItemFailures": [] }));
    }
}
