//! Route keys and which of them a request matches.

use std::{collections::BTreeMap, str::FromStr};

use http::Method;

/// What a route key says.
#[derive(Debug, Clone)]
pub(super) struct Route {
    key: String,
    method: Option<Method>,
    /// `None` is `$default`.
    segments: Option<Vec<Segment>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Segment {
    Literal(String),
    Variable(String),
    /// `{name+}`: the rest of the path.
    Greedy(String),
}

/// A route that a request matched.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Matched {
    pub(super) key: String,
    pub(super) parameters: BTreeMap<String, String>,
}

/// A route key that isn't `METHOD /path`, `ANY /path` or `$default`.
#[derive(Debug, thiserror::Error)]
#[error("not a route key: {0}")]
pub struct BadRoute(String);

impl Route {
    pub(super) fn parse(key: &str) -> Result<Self, BadRoute> {
        let bad = || BadRoute(key.to_owned());
        if key == "$default" {
            return Ok(Self { key: key.to_owned(), method: None, segments: None });
        }
        let (method, path) = key.split_once(' ').ok_or_else(bad)?;
        let path = path.strip_prefix('/').ok_or_else(bad)?;
        let method = match method {
            "ANY" => None,
            method => Some(Method::from_str(method).map_err(|_| bad())?),
        };
        Ok(Self { key: key.to_owned(), method, segments: Some(path.split('/').map(Segment::parse).collect()) })
    }

    fn matches(&self, method: &Method, path: &str) -> Option<BTreeMap<String, String>> {
        if self.method.as_ref().is_some_and(|own| own != method) {
            return None;
        }
        let Some(segments) = &self.segments else {
            return Some(BTreeMap::new());
        };
        let mut parameters = BTreeMap::new();
        let mut rest = Some(path.strip_prefix('/').unwrap_or(path));
        for segment in segments {
            let (part, after) = split(rest?);
            match segment {
                Segment::Literal(text) if text == part => {}
                Segment::Literal(_) => return None,
                Segment::Variable(_) if part.is_empty() => return None,
                Segment::Variable(name) => {
                    parameters.insert(name.clone(), part.to_owned());
                }
                Segment::Greedy(name) => {
                    parameters.insert(name.clone(), rest?.to_owned());
                    return Some(parameters);
                }
            }
            rest = after;
        }
        rest.is_none().then_some(parameters)
    }

    /// The service prefers full paths to greedy ones, either to `$default`, and a method to `ANY`; of two variables and
    /// literals in one place, the literal.
    fn precedence(&self) -> (u8, usize, bool) {
        let Some(segments) = &self.segments else {
            return (0, 0, false);
        };
        let greedy = matches!(segments.last(), Some(Segment::Greedy(_)));
        let literals = segments.iter().filter(|segment| matches!(segment, Segment::Literal(_)));
        (if greedy { 1 } else { 2 }, literals.count(), self.method.is_some())
    }
}

impl Segment {
    fn parse(text: &str) -> Self {
        let name = text.strip_prefix('{').and_then(|text| text.strip_suffix('}'));
        match name.map(|name| (name, name.strip_suffix('+'))) {
            Some((_, Some(name))) => Self::Greedy(name.to_owned()),
            Some((name, None)) => Self::Variable(name.to_owned()),
            None => Self::Literal(text.to_owned()),
        }
    }
}

/// The route that the request goes to.
pub(super) fn find<'a>(routes: &'a [(Route, String)], method: &Method, path: &str) -> Option<(Matched, &'a str)> {
    let matching = routes.iter().filter_map(|(route, function)| {
        let parameters = route.matches(method, path)?;
        Some((route, parameters, function))
    });
    let (route, parameters, function) = matching.max_by_key(|(route, ..)| route.precedence())?;
    let key = route.key.clone();
    Some((Matched { key, parameters }, function))
}

fn split(path: &str) -> (&str, Option<&str>) {
    path.split_once('/').map_or((path, None), |(part, rest)| (part, Some(rest)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key_of(method: &Method, path: &str) -> Option<String> {
        let keys = [
            "GET /v1/accounts/{account}",
            "GET /v1/accounts/new",
            "ANY /v1/accounts/{account}",
            "ANY /v1/{proxy+}",
            "$default",
        ];
        let routes: Vec<_> = keys.iter().map(|key| (Route::parse(key).unwrap(), "f".to_owned())).collect();
        find(&routes, method, path).map(|(matched, _)| matched.key)
    }

    #[test]
    fn the_most_specific_route_wins() {
        let expected = [
            (Method::GET, "/v1/accounts/7", "GET /v1/accounts/{account}"),
            (Method::GET, "/v1/accounts/new", "GET /v1/accounts/new"),
            (Method::PUT, "/v1/accounts/7", "ANY /v1/accounts/{account}"),
            (Method::GET, "/v1/accounts/7/keys", "ANY /v1/{proxy+}"),
            (Method::GET, "/elsewhere", "$default"),
        ];
        for (method, path, key) in expected {
            assert_eq!(key_of(&method, path).as_deref(), Some(key), "{path}");
        }
    }

    #[test]
    fn variables_become_path_parameters() {
        let route = Route::parse("GET /a/{one}/b/{rest+}").unwrap();
        let parameters = route.matches(&Method::GET, "/a/1/b/2/3").unwrap();
        assert_eq!(
            parameters.into_iter().collect::<Vec<_>>(),
            [("one".to_owned(), "1".to_owned()), ("rest".to_owned(), "2/3".to_owned())]
        );
    }

    #[test]
    fn a_path_that_is_longer_or_shorter_does_not_match() {
        let route = Route::parse("GET /a/{one}").unwrap();
        for path in ["/a", "/a/", "/a/1/", "/a/1/2", "/"] {
            assert!(route.matches(&Method::GET, path).is_none(), "{path}");
        }
    }

    #[test]
    fn what_is_no_route_key_is_refused() {
        assert!(Route::parse("/a").is_err());
        assert!(Route::parse("GET a").is_err());
    }
}
