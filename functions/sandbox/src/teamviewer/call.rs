//! A call as it came in.

use bytes::Bytes;
use serde_json::{Map, Value};

use super::answer::Refusal;

/// One request to the Web API.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) method: String,
    /// The path after `/api/v1`, as it was written.
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) bearer: Option<String>,
    pub(crate) host: Option<String>,
    pub(crate) content_type: Option<String>,
    pub(crate) body: Bytes,
}

impl Call {
    pub(crate) fn segments(&self) -> Vec<&str> {
        self.path.split('/').filter(|segment| !segment.is_empty()).collect()
    }

    /// The path's segment that names the thing: the code of `/sessions/{code}`, the id of `/reports/connections/{id}`.
    pub(crate) fn id(&self) -> &str {
        let segments = self.segments();
        let at = if segments.first() == Some(&"reports") { 2 } else { 1 };
        segments.get(at).copied().unwrap_or_default()
    }

    /// A query parameter; an empty one counts as not given (our assumption). The schema writes some names with a
    /// `parameters.` prefix and the official module sends them bare: both are read.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        let given = |(key, value): &&(String, String)| {
            key.strip_prefix("parameters.").unwrap_or(key) == name && !value.is_empty()
        };
        self.query.iter().find(given).map(|(_, value)| value.as_str())
    }

    /// A boolean query parameter. The words taken are our assumption.
    pub(crate) fn flag(&self, name: &str) -> Result<Option<bool>, Refusal> {
        match self.query(name) {
            None => Ok(None),
            Some(word) if word.eq_ignore_ascii_case("true") || word == "1" => Ok(Some(true)),
            Some(word) if word.eq_ignore_ascii_case("false") || word == "0" => Ok(Some(false)),
            Some(_) => Err(Refusal::invalid(format!("{name} is not a boolean"))),
        }
    }

    /// The body's fields. Bodies may be JSON or form-urlencoded (schema); in a form, `end_customer[name]` and
    /// `end_customer.name` both reach inside (our assumption). Unknown fields are passed over (our assumption).
    pub(crate) fn fields(&self) -> Result<Fields, Refusal> {
        let form =
            self.content_type.as_deref().is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
        if form {
            return Ok(Fields(form_fields(&self.body)));
        }
        match serde_json::from_slice(&self.body) {
            Ok(Value::Object(fields)) => Ok(Fields(fields)),
            _ => Err(Refusal::invalid("The body is not a JSON object")),
        }
    }
}

fn form_fields(body: &[u8]) -> Map<String, Value> {
    let mut fields = Map::new();
    for (key, value) in url::form_urlencoded::parse(body) {
        let value = Value::String(value.into_owned());
        match key.strip_suffix(']').unwrap_or(&key).split_once(['[', '.']) {
            None => {
                fields.insert(key.into_owned(), value);
            }
            Some((outer, inner)) => {
                let entry = fields.entry(outer).or_insert_with(|| Value::Object(Map::new()));
                if let Value::Object(object) = entry {
                    object.insert(inner.to_owned(), value);
                }
            }
        }
    }
    fields
}

/// The fields of a body. `null` counts as not given (our assumption).
#[derive(Clone, Debug)]
pub(crate) struct Fields(pub(crate) Map<String, Value>);

impl Fields {
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    pub(crate) fn text(&self, name: &str) -> Result<Option<String>, Refusal> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(Refusal::invalid(format!("{name} is not a string"))),
        }
    }

    /// Text of at most `most` characters.
    pub(crate) fn text_within(&self, name: &str, most: usize) -> Result<Option<String>, Refusal> {
        let text = self.text(name)?;
        match &text {
            Some(long) if long.chars().count() > most => {
                Err(Refusal::invalid(format!("{name} is longer than {most} characters")))
            }
            _ => Ok(text),
        }
    }

    pub(crate) fn required(&self, name: &str) -> Result<String, Refusal> {
        let text = self.text(name)?.filter(|text| !text.is_empty());
        text.ok_or_else(|| Refusal::invalid(format!("{name} is required")))
    }

    pub(crate) fn object(&self, name: &str) -> Result<Option<Self>, Refusal> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::Object(fields)) => Ok(Some(Self(fields.clone()))),
            Some(_) => Err(Refusal::invalid(format!("{name} is not an object"))),
        }
    }
}

/// Whether `text` is `prefix` and digits, as the schema's patterns `^g\d+$` and `^u\d+$` want it.
pub(crate) fn is_id(text: &str, prefix: char) -> bool {
    text.strip_prefix(prefix)
        .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit()))
}
