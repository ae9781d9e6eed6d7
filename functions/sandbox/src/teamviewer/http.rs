//! The sandbox on the wire.

use std::convert::Infallible;
use std::future::pending;
use std::time::Duration;

use axum::Router;
use axum::body::{Body as HttpBody, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use bytes::Bytes;
use futures::stream;
use tokio::net::TcpListener;

use super::answer::{Answer, Body};
use super::api::Outcome;
use super::call::Call;
use super::listener::{CuttableListener, Scissors};
use super::sandbox::Sandbox;
use super::{control, page};

/// More than any call needs; the answer to a longer body is our assumption.
const LONGEST_BODY: usize = 1024 * 1024;

/// The sandbox as a router: the Web API, the control routes and the pages.
///
/// Faults that cut the connection need [`serve`]; under another server they cut the answer's body instead.
pub fn router(sandbox: Sandbox) -> Router {
    Router::new()
        .route("/api/v1/{*path}", any(web_api))
        .merge(page::router())
        .nest("/sandbox", control::router())
        .with_state(sandbox)
}

/// Serves the sandbox until the future is dropped.
pub async fn serve(listener: TcpListener, sandbox: Sandbox) -> std::io::Result<()> {
    let service = router(sandbox).into_make_service_with_connect_info::<Scissors>();
    axum::serve(CuttableListener(listener), service).await
}

async fn web_api(State(sandbox): State<Sandbox>, request: Request) -> Response {
    let scissors = request.extensions().get::<ConnectInfo<Scissors>>().map(|ConnectInfo(scissors)| scissors.clone());
    let Some(call) = read(request).await else { return StatusCode::PAYLOAD_TOO_LARGE.into_response() };
    match sandbox.receive(call) {
        Outcome::Answer(answer) => answer.into_response(),
        Outcome::Silence => pending().await,
        Outcome::Close => cut(scissors.as_ref(), Scissors::close).await,
        Outcome::Reset => cut(scissors.as_ref(), Scissors::reset).await,
        Outcome::Trickle { answer, milliseconds_per_byte } => {
            trickle(answer, Duration::from_millis(milliseconds_per_byte)).await
        }
    }
}

async fn read(request: Request) -> Option<Call> {
    let (parts, body) = request.into_parts();
    let header = |name: HeaderName| parts.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let bearer = header(header::AUTHORIZATION).and_then(|value| {
        let (scheme, token) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
    });
    let query = parts.uri.query().unwrap_or_default();
    let path = parts.uri.path();
    Some(Call {
        method: parts.method.as_str().to_owned(),
        path: path.strip_prefix("/api/v1").unwrap_or(path).to_owned(),
        query: url::form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
        bearer,
        host: header(header::HOST),
        content_type: header(header::CONTENT_TYPE),
        body: to_bytes(body, LONGEST_BODY).await.ok()?,
    })
}

/// Cuts the connection and never answers; without scissors the answer breaks off in its body.
async fn cut(scissors: Option<&Scissors>, how: fn(&Scissors)) -> Response {
    if let Some(scissors) = scissors {
        how(scissors);
        return pending().await;
    }
    let broken = std::io::Error::from(std::io::ErrorKind::ConnectionAborted);
    HttpBody::from_stream(stream::iter([Err::<Bytes, _>(broken)])).into_response()
}

async fn trickle(answer: Answer, pause: Duration) -> Response {
    let (parts, body) = answer.into_response().into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let drops = stream::unfold(bytes, move |mut rest| async move {
        if rest.is_empty() {
            return None;
        }
        tokio::time::sleep(pause).await;
        let drop = rest.split_to(1);
        Some((Ok::<_, Infallible>(drop), rest))
    });
    let mut response = Response::from_parts(parts, HttpBody::from_stream(drops));
    response.headers_mut().remove(header::CONTENT_LENGTH);
    response
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let mut response = match self.body {
            Body::Empty => self.status.into_response(),
            Body::Json(body) => (self.status, axum::Json(body)).into_response(),
            Body::Text(text) => (self.status, text).into_response(),
        };
        for (name, value) in self.headers {
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.headers_mut().insert(HeaderName::from_static(name), value);
            }
        }
        response
    }
}
