//! Files that are served as they are: style sheets of the pages, and the widget.

use std::collections::HashMap;
use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use casebridge_domain::hex::hex;
use casebridge_http::Problem;
use casebridge_http::problem::Kind;
use sha2::{Digest, Sha256};

/// Name and content of each; the names are below the installation's address.
const FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/files.rs"));

/// A name that has the version in it never means anything else.
pub(crate) const FOREVER: &str = "public, max-age=31536000, immutable";

/// A vendor's page names the widget without its version: it follows a new build within minutes.
const SHORTLY: &str = "public, max-age=300, stale-while-revalidate=86400";

/// Nothing that is served here may do anything, should a browser take it for a page.
pub(crate) const NOTHING: &str = "default-src 'none'; frame-ancestors 'none'; sandbox";

struct File {
    content: &'static [u8],
    version: String,
}

static BY_NAME: LazyLock<HashMap<&'static str, File>> = LazyLock::new(|| {
    let version = |content: &[u8]| hex(&Sha256::digest(content)).chars().take(16).collect();
    FILES.iter().map(|(name, content)| (*name, File { content, version: version(content) })).collect()
});

/// Where one of the pages' files is for good, below the installation's address.
pub(crate) fn versioned_name(file: &str) -> String {
    let version = BY_NAME.get(format!("pages/{file}").as_str()).map_or("none", |file| file.version.as_str());
    format!("pages/{version}/{file}")
}

/// `GET /pages/{version}/{file}`
pub(crate) async fn versioned(Path((version, file)): Path<(String, String)>, headers: HeaderMap) -> Response {
    match BY_NAME.get(format!("pages/{file}").as_str()) {
        Some(found) if found.version == version => found.answer(&file, FOREVER, &headers),
        _ => not_found(),
    }
}

/// `GET /widget.js`
pub(crate) async fn widget(headers: HeaderMap) -> Response {
    served("widget/widget.js", &headers)
}

/// `GET /widget/...`
pub(crate) async fn of_the_widget(Path(path): Path<String>, headers: HeaderMap) -> Response {
    served(&format!("widget/{path}"), &headers)
}

fn served(name: &str, headers: &HeaderMap) -> Response {
    BY_NAME.get(name).map_or_else(not_found, |file| file.answer(name, SHORTLY, headers))
}

pub(crate) fn not_found() -> Response {
    Problem::new(Kind::NotFound).into_response()
}

impl File {
    fn answer(&self, name: &str, kept: &str, headers: &HeaderMap) -> Response {
        let tag = format!("\"{}\"", self.version);
        let known = headers.get(IF_NONE_MATCH).and_then(|known| known.to_str().ok()).unwrap_or_default();
        let is_known = known.split(',').any(|known| known.trim().trim_start_matches("W/") == tag);
        let head = [
            (ETAG, tag.as_str()),
            (CACHE_CONTROL, kept),
            (CONTENT_TYPE, media_type(name)),
            (CONTENT_SECURITY_POLICY, NOTHING),
            // Anybody's page may load it; it holds nothing of anybody's.
            (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        ];
        if is_known {
            return (StatusCode::NOT_MODIFIED, head).into_response();
        }
        (head, self.content).into_response()
    }
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::Pages;

    #[tokio::test]
    async fn a_sheet_is_kept_for_good_under_its_versions_name_and_unknown_under_any_other() {
        let pages = Pages::new().await;
        let name = format!("/{}", super::versioned_name("customer.css"));
        let sheet = pages.get(&name).await;
        assert_eq!((sheet.status, sheet.header("content-type")), (200, "text/css; charset=utf-8"));
        assert_eq!(sheet.header("cache-control"), super::FOREVER);
        assert_eq!(sheet.header("x-content-type-options"), "nosniff");
        assert!(sheet.text.contains(":focus-visible"));
        let again = pages.call("GET", &name, &[("if-none-match", sheet.header("etag"))]).await;
        assert_eq!((again.status, again.text.as_str()), (304, ""));
        for other in ["/pages/0000000000000000/customer.css", "/pages/none/secret.css", "/widget/../Cargo.toml"] {
            assert_eq!(pages.get(other).await.status, 404, "{other}");
        }
    }
}
