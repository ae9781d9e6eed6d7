//! A function for the stand-ins' own tests: it does what the request's path says and tells what it saw.

use lambda_http::{Body, Error, Request, RequestExt, Response, http::StatusCode, http::header, service_fn};
use serde_json::json;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    if std::env::var_os("PROBE_REFUSES_TO_START").is_some() {
        return Err("refused to start".into());
    }
    lambda_http::run(service_fn(answer)).await
}

async fn answer(request: Request) -> Result<Response<Body>, Error> {
    match request.uri().path() {
        "/fails" => Err("failed as asked".into()),
        "/ends" => std::process::exit(1),
        "/hangs" => std::future::pending().await,
        "/bytes" => Ok(Response::builder()
            .header(header::CONTENT_TYPE, "application/octet-stream")
            .body(Body::Binary(vec![0xFF, 0x00]))?),
        "/large" => Ok(Response::new(Body::Text("x".repeat(7 * 1024 * 1024)))),
        "/cookies" => Ok(Response::builder()
            .status(StatusCode::CREATED)
            .header(header::SET_COOKIE, "a=1")
            .header(header::SET_COOKIE, "b=2")
            .body(Body::Empty)?),
        _ => Ok(Response::new(Body::Text(seen(&request).to_string()))),
    }
}

fn seen(request: &Request) -> serde_json::Value {
    let headers = request.headers();
    let text = |name: &str| headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()));
    let (body, encoded) = match request.body() {
        Body::Text(text) => (text.clone().into_bytes(), false),
        Body::Binary(bytes) => (bytes.clone(), true),
        _ => (Vec::new(), false),
    };
    let parameters = request.path_parameters();
    json!({
        "process": std::process::id(),
        "function": std::env::var("AWS_LAMBDA_FUNCTION_NAME").ok(),
        "variable": std::env::var("PROBE").ok(),
        "deadline": request.lambda_context().deadline,
        "request_id": request.lambda_context().request_id,
        "method": request.method().as_str(),
        "path": request.uri().path(),
        "query": request.uri().query(),
        "account": parameters.first("account"),
        "many": text("x-many"),
        "cookie": text("cookie"),
        "body": body,
        "binary": encoded,
    })
}
