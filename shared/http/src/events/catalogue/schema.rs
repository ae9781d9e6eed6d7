//! JSON Schema of a type's messages.

use serde_json::{Map, Value, json};

use super::{About, Field, Is, Row};

/// The schema of the whole message.
pub(super) fn of(row: &Row) -> Value {
    json!({
        "type": "object",
        "required": ["type", "timestamp", "data"],
        "properties": {
            "type": only(row.kind),
            "timestamp": instant("When it happened, by the server's clock"),
            "data": data(row),
        },
    })
}

/// What the feed shows of such an event. More members may come.
fn data(row: &Row) -> Value {
    let (is_case, fields) = match row.about {
        About::Nothing => return json!({ "type": "object", "description": "Empty" }),
        About::Case(_, fields) => (true, fields),
        About::Account(fields) => (false, fields),
    };
    let number = |says: &str| json!({ "type": "integer", "format": "int64", "minimum": 1, "description": says });
    let mut required = vec!["number", "account", "type", "occurred_at", "by"];
    let mut members = Map::from_iter([
        member(
            "number",
            number(
                "To an account's endpoint: its number in the account's feed; to a vendor's: in the vendor's. Without gaps",
            ),
        ),
        member("account_number", number("To a vendor's endpoint: its number in the account's feed")),
        member("account", json!({ "type": "string", "description": "Where it happened" })),
        member("type", only(row.kind)),
        member("occurred_at", instant("When it happened, by the server's clock")),
        member("by", json!({ "$ref": "#/components/schemas/PrincipalView" })),
        member("cut", cut()),
    ]);
    if is_case {
        required.extend(["sequence", "case"]);
        members.extend([
            member("sequence", number("Its number within the case, without gaps")),
            member("case", json!({ "$ref": "#/components/schemas/CaseView" })),
        ]);
    }
    if !fields.is_empty() {
        // Where something of it may be left out, there may be nothing of it.
        if fields.iter().any(|field| field.always) {
            required.push("data");
        }
        members.extend([member("data", own(fields))]);
    }
    json!({ "type": "object", "required": required, "properties": members })
}

fn member(name: &str, schema: Value) -> (String, Value) {
    (name.to_owned(), schema)
}

fn own(fields: &[Field]) -> Value {
    let members: Map<_, _> = fields.iter().map(|field| member(field.name, of_field(field))).collect();
    let always: Vec<_> = fields.iter().filter(|field| field.always).map(|field| field.name).collect();
    let mut own = json!({ "type": "object", "properties": members });
    if !always.is_empty() {
        own["required"] = json!(always);
    }
    own
}

fn of_field(field: &Field) -> Value {
    let mut schema = match field.is {
        Is::Text(_) => json!({ "type": "string" }),
        Is::TextOrNull(_) => json!({ "type": ["string", "null"] }),
        Is::Texts(_) => json!({ "type": "array", "items": { "type": "string" } }),
        Is::Number(_) => json!({ "type": "integer", "format": "int64", "minimum": 0 }),
        Is::YesNo(_) => json!({ "type": "boolean" }),
    };
    schema["description"] = json!(field.says);
    schema
}

fn only(kind: &str) -> Value {
    json!({ "type": "string", "enum": [kind] })
}

fn instant(says: &str) -> Value {
    json!({ "type": "string", "format": "date-time", "description": says })
}

fn cut() -> Value {
    let says = "Members of `data` that were left out because the message would have had more than 20 kB, such as `case.comment`. \
                The feed has them";
    json!({ "type": "array", "items": { "type": "string" }, "description": says })
}
