//! Every type of event: when it happens, what it carries, and how it looks. Described under `webhooks` in the API's description.
//!
//! What is published here only grows: a type that is known stays, and so do its fields. Whoever adds a type adds a row.

use casebridge_domain::endpoint::EventTypes;
use serde_json::{Value, json};
use utoipa::openapi::path::Paths;

mod example;
mod rows;
mod schema;

#[cfg(test)]
mod growth;

#[cfg(test)]
pub(crate) use growth::broken_promises;

/// One type of event.
struct Row {
    kind: &'static str,
    /// When it happens.
    says: &'static str,
    about: About,
}

/// What a type's events carry.
enum About {
    /// A case, as it was then, and for some types a few fields more. Examples show it so.
    Case(example::Scene, &'static [Field]),
    /// What happened to the account, by name.
    Account(&'static [Field]),
    /// Nothing: somebody tries an endpoint.
    Nothing,
}

/// One member of an event's own `data`.
struct Field {
    name: &'static str,
    says: &'static str,
    is: Is,
    /// Whether it is always there.
    always: bool,
}

/// What a field is, with an example.
#[derive(Clone, Copy)]
enum Is {
    Text(&'static str),
    TextOrNull(&'static str),
    Texts(&'static [&'static str]),
    Number(u64),
    YesNo(bool),
}

/// The version of a type's contract. Additions keep it; what would break a receiver gets a type of its own instead.
const VERSION: u32 = 1;

/// All types that there are.
pub fn types() -> EventTypes {
    EventTypes::of(rows::ROWS.iter().map(|row| row.kind))
}

/// What the description says about what is pushed.
pub(crate) fn webhooks() -> Option<Paths> {
    let hooks = rows::ROWS.iter().map(|row| (row.kind.to_owned(), json!({ "post": operation(row) })));
    serde_json::from_value(hooks.collect::<serde_json::Map<_, _>>().into()).ok()
}

fn operation(row: &Row) -> Value {
    let name: String = row.kind.split(['.', '_']).map(capitalised).collect();
    json!({
        "tags": ["pushed events"],
        "summary": row.says,
        "operationId": format!("on{name}"),
        "requestBody": {
            "required": true,
            "content": { "application/json": { "schema": schema::of(row), "example": example::of(row) } },
        },
        "responses": {
            "2XX": { "description": "Taken: it is not sent again" },
            "410": { "description": "Gone: nothing is sent to this endpoint any more" },
            "default": { "description": "Not taken: it is sent again later" },
        },
        "security": [],
        "x-version": VERSION,
    })
}

fn capitalised(word: &str) -> String {
    let (first, rest) = word.split_at(word.len().min(1));
    first.to_ascii_uppercase() + rest
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::events::conformance;

    #[test]
    fn every_type_is_there_once_and_its_example_is_what_its_schema_says() {
        let mut kinds = BTreeSet::new();
        for row in rows::ROWS {
            assert!(kinds.insert(row.kind), "{} is there twice", row.kind);
            let example = example::of(row);
            assert_eq!(example["type"], row.kind);
            conformance::hold_message(&example).unwrap();
        }
    }

    #[test]
    fn nothing_of_the_catalogue_gets_lost_on_its_way_into_the_description() {
        let described = serde_json::to_value(webhooks().unwrap()).unwrap();
        for row in rows::ROWS {
            assert_eq!(described[row.kind]["post"], operation(row), "{}", row.kind);
        }
        assert_eq!(described.as_object().unwrap().len(), rows::ROWS.len());
    }
}
