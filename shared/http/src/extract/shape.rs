//! Reading JSON into a shape. What does not fit is told with its place, never with its value.

use serde::de::DeserializeOwned;
use serde_json::error::Category;
use serde_path_to_error::Path;

use super::Object;
use crate::problem::{Kind, Problem};

/// Longest name of a field that is repeated in an answer.
const LONGEST_NAME: usize = 120;

/// Reads a body. Unknown and repeated fields are refused by the shapes themselves.
pub(crate) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let Object(value) = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().clone();
        misfit(&path, error.inner())
    })?;
    json.end().map_err(|error| not_json("body", &error))?;
    Ok(value)
}

fn misfit(path: &Path, error: &serde_json::Error) -> Problem {
    let place = named(&path.to_string());
    if error.classify() != Category::Data {
        return not_json(&place, error);
    }
    let words = error.to_string();
    let (field, message) = if words.starts_with("missing field `") {
        (inside(&place, &words), "is missing".to_owned())
    } else if words.starts_with("duplicate field `") {
        (inside(&place, &words), "is there twice".to_owned())
    } else if words.starts_with("unknown field `") {
        unknown(place)
    } else {
        (place, expected(&words))
    };
    Problem::new(Kind::MalformedRequest)
        .detail(format!("The body does not have the right shape at {}.", position(error)))
        .and_field(field, message)
}

fn not_json(place: &str, error: &serde_json::Error) -> Problem {
    let words = error.to_string();
    let words = words.split(" at line ").next().unwrap_or_default();
    Problem::new(Kind::MalformedRequest)
        .detail(format!("The body is not JSON at {}.", position(error)))
        .and_field(place, format!("is not JSON: {words}"))
}

fn position(error: &serde_json::Error) -> String {
    format!("line {}, column {}", error.line(), error.column())
}

/// The path, or `body` for the whole.
fn named(path: &str) -> String {
    let name: String = path.chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect();
    if name == "." || name == "?" || name.is_empty() { "body".to_owned() } else { name }
}

/// A name that nobody here knows is repeated only if it looks like one: it may be a value in the wrong place.
fn unknown(place: String) -> (String, String) {
    let name = place.rsplit('.').next().unwrap_or_default();
    if name.len() <= 40 && name.bytes().all(|b| b.is_ascii_alphabetic() || b == b'_') {
        (place, "is not known here".to_owned())
    } else {
        ("body".to_owned(), "has a field with a name that is not known here".to_owned())
    }
}

/// The field that the words name, within the place that the path names. Such names are our own.
fn inside(place: &str, words: &str) -> String {
    let field = words.split('`').nth(1).unwrap_or_default();
    if place == "body" {
        field.to_owned()
    } else if place == field || place.ends_with(&format!(".{field}")) {
        place.to_owned()
    } else {
        format!("{place}.{field}")
    }
}

/// What was expected, in plain words. What stands before the last "expected" may repeat the value.
fn expected(words: &str) -> String {
    let Some((_, expected)) = words.rsplit_once(", expected ") else { return "has the wrong shape".to_owned() };
    let expected = expected.split(" at line ").next().unwrap_or_default();
    let plain = match expected {
        "a string" | "a borrowed string" => "a text",
        "a boolean" => "true or false",
        "i64" | "u64" | "u32" | "u16" => "a whole number",
        "a sequence" => "a list",
        other => other,
    };
    format!("must be {plain}")
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Outer {
        #[expect(dead_code, reason = "only read into")]
        inner: Object<Inner>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        #[expect(dead_code, reason = "only read into")]
        name: String,
        #[expect(dead_code, reason = "only read into")]
        many: Option<Vec<i64>>,
    }

    fn refusal(body: &str) -> (String, String) {
        let answer = format!("{:?}", parse::<Outer>(body.as_bytes()).unwrap_err());
        assert!(!answer.contains("SECRET"), "{answer}");
        let after = |key: &str| answer.split(key).nth(1).unwrap().split('"').nth(1).unwrap().to_owned();
        (after("field: "), after("message: "))
    }

    #[test]
    fn each_misfit_is_told_with_its_place_and_without_its_value() {
        let deep = format!("{{\"inner\":{}", "[".repeat(1000));
        for (body, field, message) in [
            ("", "body", "is not JSON"),
            ("{", "body", "is not JSON"),
            ("[]", "body", "must be an object"),
            ("\"SECRET\"", "body", "must be an object"),
            (r#"{"inner":["SECRET",[1]]}"#, "inner", "must be an object"),
            ("null", "body", "must be an object"),
            (r#"{"inner":{"name":"a"}} x"#, "body", "is not JSON: trailing"),
            (r#"{"inner":{}}"#, "inner.name", "is missing"),
            (r#"{"inner":{"name":5}}"#, "inner.name", "must be a text"),
            (r#"{"inner":{"name":"a","many":["SECRET, expected SECRET"]}}"#, "inner.many[0]", "must be a whole number"),
            (r#"{"inner":{"name":"a","many":[1.5]}}"#, "inner.many[0]", "must be a whole number"),
            (r#"{"inner":{"name":"a","name":"b"}}"#, "inner.name", "is there twice"),
            (r#"{"inner":{"name":"a","nome":"SECRET"}}"#, "inner.nome", "is not known here"),
            (r#"{"inner":{"1234567-SECRET":"a"}}"#, "body", "has a field with a name"),
            (r#"{"inner":{"name":"\ud800"}}"#, "inner.name", "is not JSON"),
            (deep.as_str(), "inner", "must be an object"),
            ("{\"inner\":{\"name\":\"\u{0}\"}}", "inner.name", "is not JSON"),
        ] {
            let (at, says) = refusal(body);
            assert_eq!(at, field, "{body}");
            assert!(says.starts_with(message), "{body}: {says}");
        }
    }
}
