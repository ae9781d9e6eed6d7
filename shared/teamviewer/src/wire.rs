//! The forms in which TeamViewer writes things, read leniently.

use serde_json::{Map, Value};

pub(crate) mod account;
pub(crate) mod group;
pub(crate) mod marker;
pub(crate) mod session;
pub(crate) mod state;

/// JSON, with or without a byte order mark.
pub(crate) fn json(body: &[u8]) -> Option<Value> {
    serde_json::from_slice(body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)).ok()
}

/// A JSON object whose fields may be absent, null, or of an unexpected kind: the three count the same.
#[derive(Clone, Copy)]
pub(crate) struct Fields<'a>(&'a Map<String, Value>);

impl<'a> Fields<'a> {
    pub(crate) fn of(value: &'a Value) -> Option<Self> {
        value.as_object().map(Self)
    }

    /// Whatever is there, unless it is null.
    pub(crate) fn get(self, name: &str) -> Option<&'a Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// A text that is not empty; unset texts come as `""` too (manual, p. 44).
    pub(crate) fn text(self, name: &str) -> Option<&'a str> {
        self.get(name)?.as_str().filter(|text| !text.trim().is_empty())
    }

    /// A text or a number, as text.
    pub(crate) fn text_or_number(self, name: &str) -> Option<String> {
        match self.get(name)? {
            Value::Number(number) => Some(number.to_string()),
            _ => self.text(name).map(str::to_owned),
        }
    }

    /// A number that counts something.
    pub(crate) fn count(self, name: &str) -> Option<u64> {
        let value = self.get(name)?;
        value.as_u64().or_else(|| value.as_str()?.trim().parse().ok())
    }

    /// A switch: `true`, `"True"` (recorded for another field), or 1.
    pub(crate) fn is_on(self, name: &str) -> Option<bool> {
        match self.get(name)? {
            Value::Bool(on) => Some(*on),
            Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
            Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
            Value::Number(number) => number.as_u64().map(|number| number != 0),
            _ => None,
        }
    }

    pub(crate) fn object(self, name: &str) -> Option<Self> {
        Self::of(self.get(name)?)
    }

    pub(crate) fn list(self, name: &str) -> Option<&'a [Value]> {
        self.get(name)?.as_array().map(Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn absent_null_empty_and_of_another_kind_are_all_unset() {
        let value = json!({ "null": null, "empty": " ", "number": 3, "list": {} });
        let fields = Fields::of(&value).unwrap();
        for name in ["absent", "null", "empty", "number"] {
            assert_eq!(fields.text(name), None, "{name}");
        }
        assert!(fields.list("list").is_none());
        assert!(fields.object("number").is_none());
        assert_eq!(fields.text_or_number("number").as_deref(), Some("3"));
    }

    #[test]
    fn a_switch_is_read_in_every_form() {
        let value = json!({ "a": true, "b": "True", "c": 1, "d": false, "e": "false", "f": 0, "g": "perhaps" });
        let fields = Fields::of(&value).unwrap();
        let read = ["a", "b", "c", "d", "e", "f", "g"].map(|name| fields.is_on(name));
        assert_eq!(read, [Some(true), Some(true), Some(true), Some(false), Some(false), Some(false), None]);
    }

    #[test]
    fn json_may_begin_with_a_byte_order_mark() {
        assert_eq!(json(b"\xef\xbb\xbf{}"), Some(json!({})));
        assert_eq!(json(b""), None);
        assert_eq!(json(b"<html>"), None);
    }
}
