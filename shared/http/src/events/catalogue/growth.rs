//! What is published of events only grows: nothing is removed or narrowed that a receiver may rely on.

use std::collections::BTreeSet;

use serde_json::Value;

/// Everything in which `new` breaks what `old` promised about events.
pub(crate) fn broken_promises(old: &Value, new: &Value) -> Vec<String> {
    let mut broken = Vec::new();
    for (kind, hook) in old["webhooks"].as_object().into_iter().flatten() {
        let Some(now) = new["webhooks"].get(kind) else {
            broken.push(format!("{kind} is gone"));
            continue;
        };
        let schema = |hook: &Value| hook["post"]["requestBody"]["content"]["application/json"]["schema"].clone();
        let version = |hook: &Value| hook["post"]["x-version"].as_u64();
        if version(now) < version(hook) {
            broken.push(format!("{kind} has an earlier version"));
        }
        Comparison { old, new, broken: &mut broken, seen: BTreeSet::new() }.compare(kind, &schema(hook), &schema(now));
    }
    broken
}

struct Comparison<'a> {
    old: &'a Value,
    new: &'a Value,
    broken: &'a mut Vec<String>,
    /// Pairs of names that were compared, or are being.
    seen: BTreeSet<(String, String)>,
}

impl Comparison<'_> {
    fn compare(&mut self, place: &str, old: &Value, new: &Value) {
        if let (Some(from), Some(to)) = (old["$ref"].as_str(), new["$ref"].as_str())
            && !self.seen.insert((from.to_owned(), to.to_owned()))
        {
            return;
        }
        let (old, new) = (resolved(self.old, old), resolved(self.new, new));
        let (before, after) = (alternatives(&old), alternatives(&new));
        if before.len() != 1 || after.len() != 1 {
            self.compare_alternatives(place, &before, &after);
            return;
        }
        let (may_be, is) = (words(&old["type"]), words(&new["type"]));
        if !may_be.is_empty() && (is.is_empty() || !is.is_subset(&may_be)) {
            self.broken.push(format!("{place} was {may_be:?} and is {is:?}"));
        }
        let (may_be, is) = (words(&old["enum"]), words(&new["enum"]));
        if !may_be.is_empty() && (is.is_empty() || !is.is_subset(&may_be)) {
            self.broken.push(format!("{place} was one of {may_be:?} and is one of {is:?}"));
        }
        for name in words(&old["required"]).difference(&words(&new["required"])) {
            self.broken.push(format!("{place}.{name} is not always there any more"));
        }
        for (name, member) in old["properties"].as_object().into_iter().flatten() {
            match new["properties"].get(name) {
                Some(now) => self.compare(&format!("{place}.{name}"), member, now),
                None => self.broken.push(format!("{place}.{name} is gone")),
            }
        }
        if old["items"].is_object() {
            self.compare(&format!("{place}[]"), &old["items"], &new["items"]);
        }
    }

    /// Each that there is has to be one that there was.
    fn compare_alternatives(&mut self, place: &str, old: &[Value], new: &[Value]) {
        for now in new {
            let fits = old.iter().any(|before| {
                let mut broken = Vec::new();
                let seen = self.seen.clone();
                Comparison { old: self.old, new: self.new, broken: &mut broken, seen }.compare(place, before, now);
                broken.is_empty()
            });
            if !fits {
                self.broken.push(format!("{place} has become something else"));
            }
        }
    }
}

fn resolved(document: &Value, schema: &Value) -> Value {
    let name = schema["$ref"].as_str().and_then(|to| to.strip_prefix("#/components/schemas/"));
    name.map_or_else(|| schema.clone(), |name| document["components"]["schemas"][name].clone())
}

fn alternatives(schema: &Value) -> Vec<Value> {
    let several = schema["oneOf"].as_array().or(schema["anyOf"].as_array());
    several.cloned().unwrap_or_else(|| vec![schema.clone()])
}

/// A word, or a list of them.
fn words(value: &Value) -> BTreeSet<String> {
    match value {
        Value::Array(words) => words.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        Value::String(word) => [word.clone()].into(),
        _ => BTreeSet::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn published() -> Value {
        serde_json::from_str(crate::service::DESCRIPTION).unwrap()
    }

    fn broken_by(change: impl Fn(&mut Value)) -> Vec<String> {
        let mut new = published();
        change(&mut new);
        assert_ne!(new, published(), "nothing was changed");
        broken_promises(&published(), &new)
    }

    fn schema_of<'a>(new: &'a mut Value, kind: &str) -> &'a mut Value {
        &mut new["webhooks"][kind]["post"]["requestBody"]["content"]["application/json"]["schema"]
    }

    #[test]
    fn the_catalogue_keeps_what_the_checked_in_description_promises() {
        let now = serde_json::to_value(crate::openapi::openapi()).unwrap();
        assert_eq!(broken_promises(&published(), &now), Vec::<String>::new());
    }

    #[test]
    fn more_is_no_broken_promise() {
        let added = broken_by(|new| {
            let another = new["webhooks"]["case.closed"].clone();
            new["webhooks"]["case.admired"] = another;
            new["components"]["schemas"]["CaseView"]["properties"]["mood"] = json!({ "type": "string" });
            let data = &mut schema_of(new, "case.closed")["properties"]["data"];
            data["required"].as_array_mut().unwrap().push(json!("cut"));
        });
        assert_eq!(added, Vec::<String>::new());
    }

    #[test]
    fn less_or_other_is() {
        let gone = broken_by(|new| {
            new["webhooks"].as_object_mut().unwrap().remove("case.closed");
        });
        assert_eq!(gone, ["case.closed is gone"]);
        let removed = broken_by(|new| {
            new["components"]["schemas"]["CaseView"]["properties"].as_object_mut().unwrap().remove("comment");
        });
        assert!(removed.contains(&"case.closed.data.case.comment is gone".to_owned()), "{removed:?}");
        let optional = broken_by(|new| {
            let required = new["components"]["schemas"]["CaseView"]["required"].as_array_mut().unwrap();
            required.retain(|name| name != "state");
        });
        assert!(
            optional.contains(&"case.closed.data.case.state is not always there any more".to_owned()),
            "{optional:?}"
        );
        for change in [json!({ "type": "string" }), json!({ "type": ["integer", "null"] }), json!({})] {
            let other = broken_by(|new| {
                schema_of(new, "case.closed")["properties"]["data"]["properties"]["number"] = change.clone();
            });
            assert_eq!(other.len(), 1, "{other:?}");
        }
        let renamed =
            broken_by(|new| schema_of(new, "case.closed")["properties"]["type"]["enum"] = json!(["case.shut"]));
        assert_eq!(renamed.len(), 1, "{renamed:?}");
        let nullable = broken_by(|new| {
            let case = json!({ "oneOf": [{ "type": "null" }, { "$ref": "#/components/schemas/CaseView" }] });
            schema_of(new, "case.closed")["properties"]["data"]["properties"]["case"] = case;
        });
        assert_eq!(nullable, ["case.closed.data.case has become something else"]);
    }
}
