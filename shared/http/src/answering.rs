//! Around every endpoint: the request's id, problems in their final form, one line in the log.

use std::any::Any;
use std::time::Instant;

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;

use crate::problem::{Kind, Problem};
use crate::{Api, extract, request_id};

/// Puts everything that all endpoints share around a router.
pub fn around(routes: Router<Api>, api: Api) -> Router {
    routes
        .fallback(async || Problem::new(Kind::NoSuchRoute))
        .method_not_allowed_fallback(async || Problem::new(Kind::MethodNotAllowed))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn_with_state(api.clone(), answer))
        .with_state(api)
}

fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    Problem::new(Kind::Internal).caused_by(Panicked).into_response()
}

#[derive(Debug, thiserror::Error)]
#[error("an endpoint panicked")]
struct Panicked;

async fn answer(State(api): State<Api>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let request_id = request_id::of(&request, api.world());
    let (mut parts, body) = request.into_parts();
    let method = parts.method.clone();
    let route = parts.extensions.get::<MatchedPath>().cloned();
    let account = extract::account_in(&mut parts).await;
    let response = next.run(Request::from_parts(parts, body)).await;
    let response = finished(response, &request_id);
    tracing::info!(
        request_id,
        %method,
        route = route.as_ref().map_or("none", MatchedPath::as_str),
        account = account.as_ref().map(ToString::to_string),
        status = response.status().as_u16(),
        duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        "answered"
    );
    response
}

/// Writes a problem's body, and what every answer carries.
fn finished(mut response: Response, request_id: &str) -> Response {
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        if problem.kind().status().is_server_error() {
            tracing::error!(request_id, problem = problem.kind().slug(), cause = problem.chain(), "{problem}");
        }
        let mut answer = problem.answer(request_id);
        for (name, value) in response.headers() {
            if name != CONTENT_TYPE && name != CONTENT_LENGTH {
                answer.headers_mut().append(name, value.clone());
            }
        }
        response = answer;
    }
    let headers = response.headers_mut();
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if let Ok(id) = HeaderValue::from_str(request_id) {
        headers.insert(request_id::HEADER, id);
    }
    response
}

#[cfg(test)]
mod tests {
    use axum::routing::get;

    use super::*;
    use crate::testing::TestApi;

    #[tokio::test]
    async fn a_panic_is_one_problem_and_says_nothing() {
        let mut api = TestApi::new().await;
        let admissions = std::sync::Arc::new(casebridge_app::admission::Admissions::new(api.world.clone()));
        #[expect(clippy::panic, reason = "what is tested")]
        let routes = Router::new().route("/", get(async || -> () { panic!("SECRET") }));
        api.router = around(routes, Api::new(admissions));
        api.call("GET", "/").send().await.problem(500, "internal");
        api.call("GET", "/elsewhere").send().await.problem(404, "no-such-route");
    }

    #[tokio::test]
    async fn the_requests_id_is_the_hosts_else_the_clients_else_ours() {
        let api = TestApi::new().await;
        let answer = api.call("GET", "/healthz").header("x-request-id", "client-0815").send().await;
        assert_eq!(answer.header("x-request-id"), "client-0815");
        let answer = api.call("GET", "/healthz").header("x-request-id", "no good").send().await;
        assert_eq!(answer.header("x-request-id").len(), 36);
        let answer = api.call("GET", "/healthz").host_id("lambda-4711").header("x-request-id", "client-0815");
        assert_eq!(answer.send().await.header("x-request-id"), "lambda-4711");
    }

    #[tokio::test]
    async fn a_method_that_is_not_taken_is_told_those_that_are() {
        let api = TestApi::new().await;
        let answer = api.call("POST", "/v1/accounts/acme/connection").key(&api.keys.admin).send().await;
        let mut allowed: Vec<_> = answer.header("allow").split(',').map(str::to_owned).collect();
        allowed.sort();
        assert_eq!(allowed, ["DELETE", "GET", "HEAD", "PUT"]);
        answer.problem(405, "method-not-allowed");
    }
}
