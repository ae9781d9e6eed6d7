//! Holds events against what the API's description publishes of them. For tests, of whoever shows or sends events.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jsonschema::Validator;
use serde_json::{Map, Value, json};

use crate::service::DESCRIPTION;

/// The description as it is checked in and served.
static PUBLISHED: LazyLock<Value> = LazyLock::new(|| serde_json::from_str(DESCRIPTION).unwrap_or_default());

static VALIDATORS: LazyLock<BTreeMap<String, Result<Validator, String>>> = LazyLock::new(|| {
    let hooks = PUBLISHED["webhooks"].as_object().into_iter().flatten();
    hooks.map(|(kind, hook)| (kind.clone(), validator(hook))).collect()
});

/// Holds a message, as it is pushed, against the schema of its type. Members that are not published are wrong, too.
pub fn hold_message(message: &Value) -> Result<(), String> {
    let kind = message["type"].as_str().ok_or_else(|| format!("a message without a type: {message}"))?;
    let validator = VALIDATORS.get(kind).ok_or_else(|| {
        format!("{kind} is not published: add a row to events/catalogue/rows.rs, and write the description anew")
    })?;
    let faults: Vec<_> = validator
        .as_ref()
        .map_err(Clone::clone)?
        .iter_errors(message)
        .map(|fault| format!("{} at {}", fault, fault.instance_path()))
        .collect();
    if faults.is_empty() { Ok(()) } else { Err(format!("{kind} is not as it is published: {faults:?}\n{message:#}")) }
}

/// Holds an item of a feed against what would be pushed of it.
pub fn hold_item(item: &Value) -> Result<(), String> {
    hold_message(&json!({ "type": item["type"], "timestamp": item["occurred_at"], "data": item }))
}

/// The type's schema with what it refers to, and closed: what is not published is refused.
fn validator(hook: &Value) -> Result<Validator, String> {
    let mut schema = hook["post"]["requestBody"]["content"]["application/json"]["schema"].clone();
    let mut schemas = Map::new();
    collect(&schema, &mut schemas);
    schema["components"] = json!({ "schemas": schemas });
    close(&mut schema);
    let options = jsonschema::options().should_validate_formats(true);
    options.build(&schema).map_err(|error| error.to_string())
}

/// What a schema refers to, and what that refers to.
fn collect(schema: &Value, into: &mut Map<String, Value>) {
    match schema {
        Value::Array(parts) => parts.iter().for_each(|part| collect(part, into)),
        Value::Object(parts) => {
            let name =
                parts.get("$ref").and_then(Value::as_str).and_then(|to| to.strip_prefix("#/components/schemas/"));
            if let Some(name) = name.filter(|name| !into.contains_key(*name)) {
                let schema = PUBLISHED["components"]["schemas"][name].clone();
                into.insert(name.to_owned(), schema.clone());
                collect(&schema, into);
            }
            parts.values().for_each(|part| collect(part, into));
        }
        _ => {}
    }
}

fn close(schema: &mut Value) {
    match schema {
        Value::Array(parts) => parts.iter_mut().for_each(close),
        Value::Object(parts) => {
            if parts.get("properties").is_some_and(Value::is_object) && parts.get("type") == Some(&json!("object")) {
                parts.entry("additionalProperties").or_insert(json!(false));
            }
            parts.values_mut().for_each(close);
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> Value {
        let content = &PUBLISHED["webhooks"]["case.closed"]["post"]["requestBody"]["content"];
        content["application/json"]["example"].clone()
    }

    #[test]
    fn what_is_published_holds() {
        hold_message(&example()).unwrap();
        hold_item(&example()["data"]).unwrap();
    }

    #[test]
    fn what_is_not_published_is_noticed() {
        let wrong = |change: fn(&mut Value)| {
            let mut message = example();
            change(&mut message);
            hold_message(&message).unwrap_err()
        };
        assert!(wrong(|message| message["type"] = json!("case.exploded")).contains("not published"));
        wrong(|message| message["data"]["type"] = json!("case.opened"));
        wrong(|message| message["data"]["number"] = json!("4711"));
        wrong(|message| message["data"]["extra"] = json!(1));
        wrong(|message| message["data"]["case"]["extra"] = json!(1));
        wrong(|message| message["data"]["case"]["online"] = json!("yes"));
        wrong(|message| message["timestamp"] = json!("yesterday"));
        wrong(|message| {
            message["data"].as_object_mut().unwrap().remove("case");
        });
    }
}
