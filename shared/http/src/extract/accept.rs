//! `Accept`: in which form an answer is wanted.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::header::ACCEPT;
use axum::http::request::Parts;

use crate::Api;

/// What every endpoint answers with, unless it has another form that is asked for.
const JSON: &str = "application/json";

/// The forms that a client takes. Whoever names none that we have gets JSON, as everywhere.
#[derive(Debug, Clone, Default)]
pub struct Accept(Vec<Range>);

/// One form, or several in one: `text/csv`, `text/*`, `*/*`.
#[derive(Debug, Clone)]
struct Range {
    kind: String,
    quality: f32,
}

impl FromRequestParts<Api> for Accept {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Api) -> Result<Self, Infallible> {
        let fields = parts.headers.get_all(ACCEPT).iter().filter_map(|field| field.to_str().ok());
        Ok(Self(fields.flat_map(|field| field.split(',')).filter_map(range).collect()))
    }
}

impl Accept {
    /// Whether this form is wanted rather than JSON. Of two that are wanted alike, the one that is named wins.
    pub fn prefers(&self, kind: &str) -> bool {
        self.weight(kind) > self.weight(JSON)
    }

    /// The quality of the range that names the form most closely, and how closely that is.
    fn weight(&self, kind: &str) -> (f32, u8) {
        let closeness = |range: &Range| match range.kind.strip_suffix('*') {
            None if range.kind == kind => Some(2),
            Some("*/") => Some(0),
            Some(family) if kind.starts_with(family) => Some(1),
            _ => None,
        };
        let fitting = self.0.iter().filter_map(|range| Some((closeness(range)?, range.quality)));
        let closest = fitting.max_by_key(|(closeness, _)| *closeness);
        closest
            .filter(|(_, quality)| *quality > 0.0)
            .map(|(closeness, quality)| (quality, closeness))
            .unwrap_or_default()
    }
}

/// A range with its quality; what can't be read says nothing.
fn range(raw: &str) -> Option<Range> {
    let mut parts = raw.split(';').map(|part| part.trim().to_ascii_lowercase());
    let kind = parts.next().filter(|kind| kind.contains('/'))?;
    let quality = match parts.find_map(|part| part.strip_prefix("q=").map(str::to_owned)) {
        None => 1.0,
        Some(raw) => raw.parse().ok().filter(|quality| (0.0..=1.0).contains(quality))?,
    };
    Some(Range { kind, quality })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_given_when_it_is_preferred_and_json_otherwise() {
        for (field, csv) in [
            ("", false),
            ("*/*", false),
            ("application/json", false),
            ("image/png", false),
            ("csv", false),
            ("text/csv", true),
            ("Text/CSV; header=present", true),
            ("text/*", true),
            ("text/csv, */*", true),
            ("application/json, text/csv", false),
            ("text/csv;q=0.9, application/json", false),
            ("text/csv, application/json;q=0.9", true),
            ("text/csv;q=0.2, */*;q=0.1", true),
            ("text/csv;q=0.1, */*;q=0.2", false),
            ("text/csv;q=0", false),
            ("text/csv;q=2", false),
            ("text/csv;q=x, */*", false),
        ] {
            let accept = Accept(field.split(',').filter_map(range).collect());
            assert_eq!(accept.prefers("text/csv"), csv, "{field}");
        }
    }
}
