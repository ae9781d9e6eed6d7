//! Query parameters: each at most once, and none that is not known.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use casebridge_domain::Malformed;

use crate::Api;
use crate::problem::{Kind, Problem};

/// The most items of one page.
const LARGEST_PAGE: usize = 100;

/// Items of a page, unless the request says how many.
const USUAL_PAGE: usize = 50;

/// The query parameters that have not been taken yet.
#[derive(Debug, Default)]
pub struct Query(Vec<(String, String)>);

impl FromRequestParts<Api> for Query {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Api) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or_default();
        Ok(Self(form_urlencoded::parse(query.as_bytes()).into_owned().collect()))
    }
}

impl Query {
    /// Takes a parameter. An empty one counts as not sent.
    pub fn take(&mut self, name: &str) -> Option<String> {
        let place = self.0.iter().position(|(known, _)| known == name)?;
        let (_, value) = self.0.remove(place);
        (!value.is_empty()).then_some(value)
    }

    /// Takes `limit`: 1 to 100.
    pub fn limit(&mut self) -> Result<usize, Malformed> {
        let Some(raw) = self.take("limit") else { return Ok(USUAL_PAGE) };
        raw.parse()
            .ok()
            .filter(|limit| (1..=LARGEST_PAGE).contains(limit))
            .ok_or_else(|| Malformed::new(format!("must be a number from 1 to {LARGEST_PAGE}")))
    }

    /// Nothing may be left: a misspelt filter must not widen what is asked for.
    pub fn finish(self) -> Result<(), Problem> {
        let Some((name, _)) = self.0.into_iter().next() else { return Ok(()) };
        let name: String = name.chars().filter(|c| !c.is_control()).take(60).collect();
        Err(Problem::new(Kind::MalformedRequest).and_field(name, "is not known here, or was sent twice"))
    }
}
