//! Requests from pages of any origin (Fetch Standard, "CORS protocol"). What counts is the token: there are no cookies.

use axum::extract::Request;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD,
};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Answers a browser that asks first, and lets pages read the answers.
pub(super) async fn from_any_page(request: Request, next: Next) -> Response {
    let asks_first =
        request.method() == Method::OPTIONS && request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD);
    let mut response = if asks_first { preflight() } else { next.run(request).await };
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("ETag, Date, Retry-After"));
    response
}

/// Good for a day.
fn preflight() -> Response {
    (
        StatusCode::NO_CONTENT,
        [
            (ACCESS_CONTROL_ALLOW_METHODS, "GET, POST"),
            (ACCESS_CONTROL_ALLOW_HEADERS, "Authorization, Content-Type, Idempotency-Key, If-None-Match"),
            (ACCESS_CONTROL_MAX_AGE, "86400"),
        ],
    )
        .into_response()
}

#[cfg(test)]
mod tests {
    use crate::testing::TestApi;

    #[tokio::test]
    async fn a_page_of_any_origin_may_ask_and_read_what_went_wrong() {
        let api = TestApi::new().await;
        for (path, method) in [("/v1/widget", "GET"), ("/v1/widget/play", "POST"), ("/v1/widget/events", "GET")] {
            let call = api.call("OPTIONS", path).header("origin", "https://desk.example");
            let first = call.header("access-control-request-method", method).send().await;
            assert_eq!(first.header("access-control-allow-origin"), "*");
            assert!(first.header("access-control-allow-methods").contains(method));
            assert!(first.header("access-control-allow-headers").contains("Authorization"));
            assert_eq!(
                (first.header("access-control-max-age"), first.header("access-control-allow-credentials")),
                ("86400", "")
            );
            first.is(204);

            let refused = api.call(method, path).header("origin", "https://desk.example").send().await;
            assert_eq!(refused.header("access-control-allow-origin"), "*");
            assert_eq!(refused.header("access-control-expose-headers"), "ETag, Date, Retry-After");
            refused.problem(401, "unauthorized");
        }
    }

    #[tokio::test]
    async fn no_other_route_is_for_pages() {
        let api = TestApi::new().await;
        for path in ["/v1/accounts/acme", "/v1/accounts/acme/widget-tokens", "/v1/accounts/acme/cases"] {
            let call = api.call("OPTIONS", path).header("access-control-request-method", "GET");
            let answer = call.header("origin", "https://desk.example").send().await;
            assert_eq!(answer.header("access-control-allow-origin"), "");
            answer.problem(405, "method-not-allowed");
        }
    }
}
