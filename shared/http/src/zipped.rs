//! Answers that say much in few words: whoever takes gzip gets them in a sixth of the bytes.

use std::io::{self, Write as _};

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::Problem;
use crate::problem::Kind;

/// The least that is worth it, in bytes; our own choice.
const LEAST: usize = 1_400;

/// The most that is held in memory for it, in bytes: a page of records is far below it. Tables are streams, and left alone.
const MOST: usize = 8 << 20;

/// Zips what is JSON, for those who take it. Only for answers with no secret beside what the caller chose: length would tell of it.
pub(crate) async fn zipped(request: Request, next: Next) -> Response {
    let taken = takes_gzip(request.headers());
    let mut response = next.run(request).await;
    if !is_json(response.headers()) {
        return response;
    }
    response.headers_mut().append(VARY, HeaderValue::from_static("accept-encoding"));
    if !taken {
        return response;
    }
    let (mut head, body) = response.into_parts();
    let Ok(plain) = to_bytes(body, MOST).await else { return Problem::new(Kind::Internal).into_response() };
    if plain.len() < LEAST {
        return Response::from_parts(head, Body::from(plain));
    }
    let Ok(zipped) = zip(&plain) else { return Response::from_parts(head, Body::from(plain)) };
    head.headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    head.headers.remove(CONTENT_LENGTH);
    Response::from_parts(head, Body::from(zipped))
}

fn zip(plain: &[u8]) -> io::Result<Bytes> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(plain.len() / 4), Compression::fast());
    encoder.write_all(plain)?;
    Ok(encoder.finish()?.into())
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("application/json")) && !headers.contains_key(CONTENT_ENCODING)
}

/// Whether one of the encodings that are named is gzip, and not refused.
fn takes_gzip(headers: &HeaderMap) -> bool {
    let said = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|said| said.to_str().ok());
    said.flat_map(|said| said.split(',')).any(|encoding| {
        let mut parts = encoding.split(';').map(str::trim);
        parts.next().is_some_and(|name| name.eq_ignore_ascii_case("gzip")) && !parts.any(|part| part == "q=0")
    })
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use axum::Router;
    use axum::body::{Body, to_bytes};
    use axum::http::{Request, Response};
    use axum::middleware::from_fn;
    use axum::routing::get;
    use flate2::read::GzDecoder;
    use tower::ServiceExt as _;

    use super::{LEAST, zipped};

    async fn asked(path: &str, encodings: &str) -> (Response<()>, Vec<u8>) {
        let long = format!("[\"{}\"]", "Printer ".repeat(LEAST));
        let json = |text: String| ([("content-type", "application/json")], text);
        let router = Router::new()
            .route("/long", get(async move || json(long)))
            .route("/short", get(async move || json("[]".to_owned())))
            .route("/table", get(async || ([("content-type", "text/csv")], "a,b\r\n".repeat(LEAST))))
            .layer(from_fn(zipped));
        let request = Request::get(path).header("accept-encoding", encodings).body(Body::empty()).unwrap();
        let (head, body) = router.oneshot(request).await.unwrap().into_parts();
        (Response::from_parts(head, ()), to_bytes(body, usize::MAX).await.unwrap().to_vec())
    }

    fn header<'a>(answer: &'a Response<()>, name: &str) -> &'a str {
        answer.headers().get(name).map_or("", |value| value.to_str().unwrap())
    }

    #[tokio::test]
    async fn who_takes_gzip_reads_the_same_in_fewer_bytes() {
        let (plain, text) = asked("/long", "identity").await;
        let (zipped, bytes) = asked("/long", "br, gzip;q=0.8").await;
        assert_eq!((header(&plain, "content-encoding"), header(&zipped, "content-encoding")), ("", "gzip"));
        assert_eq!((header(&plain, "vary"), header(&zipped, "vary")), ("accept-encoding", "accept-encoding"));
        let length = bytes.len().to_string();
        assert_eq!(
            (header(&zipped, "content-type"), header(&zipped, "content-length")),
            ("application/json", &*length)
        );
        assert!(bytes.len() * 6 < text.len(), "{} of {}", bytes.len(), text.len());
        let mut read = Vec::new();
        GzDecoder::new(&bytes[..]).read_to_end(&mut read).unwrap();
        assert_eq!(read, text);
    }

    #[tokio::test]
    async fn what_is_short_or_a_table_or_not_wanted_zipped_is_left_as_it_is() {
        for (path, encodings) in [("/short", "gzip"), ("/table", "gzip"), ("/long", "gzip;q=0"), ("/long", "")] {
            let (answer, bytes) = asked(path, encodings).await;
            assert_eq!(header(&answer, "content-encoding"), "", "{path} {encodings}");
            assert!(bytes.starts_with(b"[") || bytes.starts_with(b"a,b"), "{path} {encodings}");
        }
    }
}
