//! A request as the client sent it.

use casebridge_http::RequestId;
use lambda_http::{Request, RequestExt as _};

/// Puts the path back into the form it was sent in, and gives the request Lambda's id.
///
/// API Gateway hands the path on decoded, and `lambda_http` reads it as if it were not.
pub(super) fn as_sent(mut request: Request) -> Request {
    let path = casebridge_http::encoded_path(request.raw_http_path());
    let target = match request.uri().query() {
        Some(query) => format!("{path}?{query}"),
        None => path,
    };
    if let Ok(uri) = target.parse() {
        *request.uri_mut() = uri;
    }
    if let Some(context) = request.lambda_context_ref() {
        let id = RequestId(context.request_id.clone());
        request.extensions_mut().insert(id);
    }
    request
}

#[cfg(test)]
mod tests {
    use lambda_http::Body;

    use super::*;

    fn target(raw_path: &str, uri: &str) -> String {
        let request = lambda_http::http::Request::builder().uri(uri).body(Body::Empty).unwrap();
        as_sent(request.with_raw_http_path(raw_path)).uri().to_string()
    }

    #[test]
    fn a_decoded_path_is_encoded_again_and_the_query_stays() {
        let uri = "https://x.example/v1/accounts/acme/tickets/b%20%41/case?limit=1";
        let target = target("/v1/accounts/acme/tickets/b %41/case", uri);
        assert_eq!(target, "/v1/accounts/acme/tickets/b%20%2541/case?limit=1");
    }

    #[test]
    fn a_plain_path_stays_as_it_is() {
        assert_eq!(target("/healthz", "https://x.example/healthz"), "/healthz");
    }
}
