//! What wakes the functions that nobody asks over HTTP, and what they answer.
//!
//! Of a stream's record only the key is looked at: types of our own for that are smaller than a crate that knows every
//! event of AWS and reads whole items.

use std::collections::{HashMap, HashSet};

use casebridge_domain::AccountId;
use casebridge_domain::key::Owner;
use casebridge_store::{Chore, Key, account_of_hold, chores, tells, woken_by};
use casebridge_store_dynamodb::schema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::mail_report::Reported;
use super::message::Message;

/// What wakes a function.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "Event")]
pub enum Wake {
    /// It is told of something: by the table's stream, or by a queue.
    Told(Vec<Record>),
    /// It is time to look at what is due.
    Due,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Event {
    Batch {
        #[serde(rename = "Records")]
        records: Vec<Value>,
    },
    Schedule {
        #[serde(rename = "source")]
        _source: Clock,
    },
    Asked {
        #[serde(rename = "look")]
        _look: Request,
    },
}

/// A rule of `EventBridge` with a schedule, or its scheduler.
#[derive(Deserialize)]
enum Clock {
    #[serde(rename = "aws.events")]
    Rule,
    #[serde(rename = "aws.scheduler")]
    Scheduler,
}

/// Somebody asks.
#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Request {
    Due,
}

impl From<Event> for Wake {
    fn from(event: Event) -> Self {
        match event {
            Event::Batch { records } => Self::Told(records.into_iter().map(Record::of).collect()),
            Event::Schedule { .. } | Event::Asked { .. } => Self::Due,
        }
    }
}

/// One thing that is told of, and the name by which it can be asked for again.
#[derive(Debug, PartialEq, Eq)]
pub struct Record {
    name: Option<String>,
    told: Told,
}

/// What one record tells. One that can't be read keeps no other from being read.
#[derive(Debug, PartialEq, Eq)]
pub enum Told {
    /// The item of this key is new.
    New(Key),
    /// The item of this key came to the end of its time to live: the table removed it by itself.
    Lapsed(Key),
    /// Something happened to an item that wakes nobody.
    Nothing,
    /// There is this to do.
    Chore(Chore),
    /// This became of a letter.
    Report(Reported),
    /// Nobody can tell what it says.
    Unreadable(String),
}

/// A record of the stream, as far as it is looked at.
#[derive(Deserialize)]
struct Written {
    #[serde(rename = "eventName")]
    kind: String,
    #[serde(rename = "dynamodb")]
    change: Change,
    /// Who did it, where that was the table itself.
    #[serde(rename = "userIdentity")]
    by: Option<Identity>,
}

#[derive(Deserialize, PartialEq, Eq)]
struct Identity {
    #[serde(rename = "type")]
    kind: String,
    #[serde(rename = "principalId")]
    principal: String,
}

impl Identity {
    fn is_time_to_live(&self) -> bool {
        self.kind == "Service" && self.principal == "dynamodb.amazonaws.com"
    }
}

#[derive(Deserialize)]
struct Change {
    #[serde(rename = "Keys")]
    key: HashMap<String, Text>,
}

#[derive(Deserialize)]
struct Text {
    #[serde(rename = "S")]
    text: String,
}

impl Record {
    fn of(record: Value) -> Self {
        let name = [&record["dynamodb"]["SequenceNumber"], &record["messageId"]].into_iter().find_map(Value::as_str);
        let name = name.map(str::to_owned);
        let told = match record["eventSource"].as_str() {
            Some("aws:dynamodb") => written(record),
            Some("aws:sqs") => message(record["body"].as_str().unwrap_or_default()),
            _ => Err("it comes from nowhere that is known here".to_owned()),
        };
        let told = told.unwrap_or_else(|why| {
            // Without what is in it.
            tracing::error!(record = name, why, "a record can't be read");
            Told::Unreadable(why)
        });
        Self { name, told }
    }

    /// What it tells.
    pub fn told(&self) -> &Told {
        &self.told
    }

    /// Whose journal or feed got something that waits for its numbers, if that is what it tells.
    pub fn wakes(&self) -> Option<Owner> {
        match &self.told {
            Told::New(key) => woken_by(key),
            Told::Lapsed(_) | Told::Nothing | Told::Chore(_) | Told::Report(_) | Told::Unreadable(_) => None,
        }
    }

    /// Whose endpoints have to be told of events, if that is what it tells.
    pub fn tells(&self) -> Option<Owner> {
        match &self.told {
            Told::New(key) => tells(key),
            Told::Lapsed(_) | Told::Nothing | Told::Chore(_) | Told::Report(_) | Told::Unreadable(_) => None,
        }
    }

    /// In which account a ticket came free because its hold lapsed, if that is what it tells: nobody let go of it.
    pub fn frees(&self) -> Option<AccountId> {
        match &self.told {
            Told::Lapsed(key) => account_of_hold(key),
            Told::New(_) | Told::Nothing | Told::Chore(_) | Told::Report(_) | Told::Unreadable(_) => None,
        }
    }

    /// What there may be to do.
    pub fn chores(&self) -> Vec<Chore> {
        match &self.told {
            Told::New(key) => chores(key),
            Told::Chore(chore) => vec![chore.clone()],
            Told::Lapsed(_) | Told::Nothing | Told::Report(_) | Told::Unreadable(_) => Vec::new(),
        }
    }

    /// Whether it can't be read.
    pub fn is_unreadable(&self) -> bool {
        matches!(self.told, Told::Unreadable(_))
    }
}

/// A message of ours, or one of SES.
fn message(body: &str) -> Result<Told, String> {
    match serde_json::from_str(body) {
        Ok(event) if Reported::is_event(&event) => Ok(Reported::of(&event).map_or(Told::Nothing, Told::Report)),
        _ => Message::parse(body).map(Told::Chore),
    }
}

fn written(record: Value) -> Result<Told, String> {
    let Written { kind, change: Change { mut key }, by } =
        serde_json::from_value(record).map_err(|error| error.to_string())?;
    let mut part = |name: &str| key.remove(name).map(|part| part.text).ok_or_else(|| format!("its key has no {name}"));
    let key = Key { partition: part(schema::PK)?, sort: part(schema::SK)? };
    Ok(match kind.as_str() {
        "INSERT" => Told::New(key),
        "REMOVE" if by.is_some_and(|by| by.is_time_to_live()) => Told::Lapsed(key),
        _ => Told::Nothing,
    })
}

/// Which records are to be told again; the others are done with.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct Answer {
    #[serde(rename = "batchItemFailures")]
    failures: Vec<Failure>,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
struct Failure {
    #[serde(rename = "itemIdentifier")]
    name: String,
}

impl Answer {
    /// A queue tells each of these records again; a stream the first of them, and all after it.
    pub fn again<'a>(records: impl IntoIterator<Item = &'a Record>) -> Self {
        let mut seen = HashSet::new();
        let names =
            records.into_iter().filter_map(|record| record.name.clone()).filter(|name| seen.insert(name.clone()));
        Self { failures: names.map(|name| Failure { name }).collect() }
    }
}

#[cfg(test)]
mod tests {
    use casebridge_domain::{AccountId, LetterId, VendorId};
    use serde_json::json;
    use uuid::Uuid;

    use super::*;

    fn written(kind: &str, partition: &str, sort: &str) -> Value {
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

    fn queued(body: &str) -> Value {
        json!({
            "messageId": "m-1", "receiptHandle": "r", "body": body, "attributes": { "ApproximateReceiveCount": "1" },
            "messageAttributes": {}, "md5OfBody": "0", "eventSource": "aws:sqs", "awsRegion": "eu-central-1",
            "eventSourceARN": "arn:aws:sqs:eu-central-1:1:q",
        })
    }

    fn acme() -> AccountId {
        AccountId::parse("acme").unwrap()
    }

    #[test]
    fn what_waits_for_its_numbers_wakes_its_owner() {
        let wakes = |partition, sort| Record::of(written("INSERT", partition, sort)).wakes();
        assert_eq!(wakes("A#acme#J", "P#019a#4294967295"), Some(Owner::Account(acme())));
        let boss = Owner::Vendor(VendorId::parse("boss").unwrap());
        assert_eq!(wakes("V#boss#F", "P#00000000000000000001#acme"), Some(boss));
    }

    #[test]
    fn a_hold_that_the_table_removed_at_the_end_of_its_time_frees_a_ticket() {
        let removed = |partition, sort, by: Value| {
            let mut record = written("REMOVE", partition, sort);
            record["userIdentity"] = by;
            Record::of(record)
        };
        let time_to_live = || json!({ "type": "Service", "principalId": "dynamodb.amazonaws.com" });
        let lapsed = removed("A#acme#T#INC-1", "HOLD", time_to_live());
        assert_eq!(lapsed.frees(), Some(acme()));
        assert_eq!((lapsed.wakes(), lapsed.chores()), (None, Vec::new()));
        assert_eq!(removed("A#acme#T#INC-1", "NEWEST", time_to_live()).frees(), None);
        let somebody = json!({ "type": "Service", "principalId": "replication.dynamodb.amazonaws.com" });
        for by in [Value::Null, somebody] {
            let let_go = removed("A#acme#T#INC-1", "HOLD", by);
            assert_eq!(let_go.told(), &Told::Nothing, "the case was settled with it");
        }
    }

    #[test]
    fn a_new_letter_and_a_message_about_it_tell_of_the_same_chore() {
        let id = LetterId::new(Uuid::from_u128(7));
        let new = Record::of(written("INSERT", "A#acme#L", &id.to_string()));
        let chore = Chore::Letter(acme(), id);
        assert!(new.chores().contains(&chore));
        assert_eq!(Record::of(queued(&Message::of(&chore))).chores(), [chore]);
    }

    #[test]
    fn what_ses_reports_is_told_from_our_own_messages() {
        let tags =
            json!({ "casebridge-letter": ["00000000-0000-0000-0000-000000000007"], "casebridge-account": ["acme"] });
        let delivered = json!({ "eventType": "Delivery", "mail": { "tags": tags } }).to_string();
        let record = Record::of(queued(&delivered));
        assert!(matches!(record.told(), Told::Report(reported) if reported.account == acme()));
        assert_eq!(record.chores(), []);
        let opened = json!({ "eventType": "Open", "mail": { "tags": {} } }).to_string();
        assert_eq!(Record::of(queued(&opened)).told(), &Told::Nothing);
    }

    #[test]
    fn nothing_else_wakes_anybody() {
        for (kind, partition, sort) in [
            ("REMOVE", "A#acme#J", "P#019a#4294967295"),
            ("MODIFY", "A#acme#L", "00000000-0000-0000-0000-000000000007"),
            ("INSERT", "A#acme#J", "HEAD"),
            ("INSERT", "A#acme#C", "P#1"),
            ("MODIFY", "A#acme", "ACCOUNT"),
            ("INSERT", "SYSTEM", "INSTALLATION"),
        ] {
            let record = Record::of(written(kind, partition, sort));
            assert_eq!((record.wakes(), record.chores()), (None, Vec::new()), "{kind} {partition} {sort}");
            assert!(!record.is_unreadable());
        }
    }

    #[test]
    fn batches_a_schedule_and_a_request_are_told_apart_and_nothing_else_is_taken() {
        let wake = |event: Value| serde_json::from_value::<Wake>(event);
        let stream = wake(json!({ "Records": [written("INSERT", "A#acme#J", "P#1"), queued("{}")] })).unwrap();
        assert!(matches!(stream, Wake::Told(records) if records.len() == 2));
        let rule = json!({
            "version": "0", "id": "1", "detail-type": "Scheduled Event", "source": "aws.events", "account": "1",
            "time": "2026-11-22T12:00:00Z", "region": "eu-central-1", "resources": [], "detail": {},
        });
        for due in [rule, json!({ "source": "aws.scheduler" }), json!({ "look": "due" })] {
            assert_eq!(wake(due).unwrap(), Wake::Due);
        }
        for other in [json!({}), json!({ "source": "aws.s3" }), json!({ "look": "everywhere" })] {
            wake(other).unwrap_err();
        }
    }

    #[test]
    fn what_cant_be_read_keeps_its_name_and_no_other_from_being_read() {
        let mut no_key = written("INSERT", "A#acme#J", "P#1");
        no_key["dynamodb"]["Keys"] = json!({ "pk": { "N": "7" } });
        let mut from_elsewhere = queued("{}");
        from_elsewhere["eventSource"] = json!("aws:s3");
        let broken = [no_key, queued("no JSON"), queued("{}"), from_elsewhere, json!("?"), json!({})];
        let names: Vec<_> = broken
            .into_iter()
            .map(|record| {
                let record = Record::of(record);
                assert!(record.is_unreadable(), "{record:?}");
                record.name
            })
            .collect();
        let m = || Some("m-1".to_owned());
        assert_eq!(names, [Some("100000000000000000001".to_owned()), m(), m(), m(), None, None]);
    }

    #[test]
    fn the_answer_names_each_record_once_as_lambda_reads_it() {
        let records =
            [Record::of(written("INSERT", "A#acme#J", "P#1")), Record::of(queued("{}")), Record::of(json!({}))];
        let named = json!({ "batchItemFailures": [
            { "itemIdentifier": "100000000000000000001" }, { "itemIdentifier": "m-1" },
        ] });
        assert_eq!(serde_json::to_value(Answer::again(records.iter().chain(&records))).unwrap(), named);
        assert_eq!(serde_json::to_value(Answer::default()).unwrap(), json!({ "batchItemFailures": [] }));
    }
}
