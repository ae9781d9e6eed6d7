//! Files that are served as they are: style sheets of the pages, the widget, the console.

use std::collections::HashMap;
use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::header::{
    ACCEPT_ENCODING, ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY,
    CONTENT_TYPE, ETAG, IF_NONE_MATCH, REFERRER_POLICY, VARY,
};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use casebridge_domain::hex::hex;
use casebridge_http::Problem;
use casebridge_http::problem::Kind;
use sha2::{Digest, Sha256};

/// Name and content of each, plain and as gzip; the names are below the installation's address.
const FILES: &[(&str, &[u8], &[u8])] = include!(concat!(env!("OUT_DIR"), "/files.rs"));

/// A name that has the version in it never means anything else.
pub(crate) const FOREVER: &str = "public, max-age=31536000, immutable";

/// A vendor's page names the widget without its version: it follows a new build within minutes. Its parts are named with it.
const SHORTLY: &str = "public, max-age=300, stale-while-revalidate=86400";

/// Nothing that is served here may do anything, should a browser take it for a page.
pub(crate) const NOTHING: &str = "default-src 'none'; frame-ancestors 'none'; sandbox";

/// What the names of the widget's parts start with.
const WIDGET: &str = "widget/";

/// What the names of the console's parts start with.
const CONSOLE: &str = "console/";

/// The console loads what is its own and asks its own API, and nothing else.
const OWN_ALONE: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

struct File {
    content: &'static [u8],
    /// The same as gzip; empty where that is not worth it.
    zipped: &'static [u8],
    version: String,
}

static BY_NAME: LazyLock<HashMap<&'static str, File>> = LazyLock::new(|| {
    let file = |content, zipped| File { content, zipped, version: version(&Sha256::digest(content)) };
    FILES.iter().map(|(name, content, zipped)| (*name, file(content, zipped))).collect()
});

fn version(digest: &[u8]) -> String {
    hex(digest).chars().take(16).collect()
}

/// The widget's parts belong together, so they have one version: that of all of them.
static WIDGET_VERSION: LazyLock<String> = LazyLock::new(|| version_of_all(WIDGET));

/// So do the console's.
static CONSOLE_VERSION: LazyLock<String> = LazyLock::new(|| version_of_all(CONSOLE));

fn version_of_all(below: &str) -> String {
    let parts = FILES.iter().filter(|(name, ..)| name.starts_with(below));
    let all = parts.fold(Sha256::new(), |all, (name, content, _)| all.chain_update(name).chain_update(content));
    version(&all.finalize())
}

/// The script of a vendor's page, with the address of the parts of this build.
static WIDGET_SCRIPT: LazyLock<File> = LazyLock::new(|| {
    let script = BY_NAME.get("widget/widget.js").map_or(&[][..], |file| file.content);
    let script = String::from_utf8_lossy(script).replace("./widget/", &format!("./widget/{}/", *WIDGET_VERSION));
    let version = version(&Sha256::digest(&script));
    File { content: script.into_bytes().leak(), zipped: &[], version }
});

/// The console's pages, with the addresses of the parts of this build.
static CONSOLE_PAGES: LazyLock<[Page; 2]> =
    LazyLock::new(|| ["console/index.html", "console/sign-in.html"].map(Page::of));

struct Page {
    text: String,
    tag: String,
}

impl Page {
    fn of(name: &str) -> Self {
        let text = String::from_utf8_lossy(BY_NAME.get(name).map_or(&[][..], |file| file.content));
        let text = text.replace("\"/console/", &format!("\"/console/{}/", *CONSOLE_VERSION));
        let tag = format!("\"{}\"", version(&Sha256::digest(&text)));
        Self { text, tag }
    }

    fn answer(&self, headers: &HeaderMap) -> Response {
        let head = [
            (ETAG, self.tag.as_str()),
            // It names the parts of its own build.
            (CACHE_CONTROL, "no-cache"),
            (CONTENT_TYPE, "text/html; charset=utf-8"),
            (CONTENT_SECURITY_POLICY, OWN_ALONE),
            (REFERRER_POLICY, "no-referrer"),
        ];
        if is_known(headers, &self.tag) {
            return (StatusCode::NOT_MODIFIED, head).into_response();
        }
        (head, self.text.clone()).into_response()
    }
}

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
    WIDGET_SCRIPT.answer("widget.js", SHORTLY, &headers)
}

/// `GET /widget/{version}/...`
pub(crate) async fn of_the_widget(Path((version, path)): Path<(String, String)>, headers: HeaderMap) -> Response {
    // A page that still has the script of another build is given the parts of this one: they go with each other.
    let kept = if version == *WIDGET_VERSION { FOREVER } else { SHORTLY };
    let name = format!("{WIDGET}{path}");
    BY_NAME.get(name.as_str()).map_or_else(not_found, |file| file.answer(&name, kept, &headers))
}

/// `GET /console`
pub(crate) async fn console(headers: HeaderMap) -> Response {
    CONSOLE_PAGES[0].answer(&headers)
}

/// `GET /console/sign-in`
pub(crate) async fn sign_in(headers: HeaderMap) -> Response {
    CONSOLE_PAGES[1].answer(&headers)
}

/// `GET /console/{version}/...`
pub(crate) async fn of_the_console(Path((version, path)): Path<(String, String)>, headers: HeaderMap) -> Response {
    let kept = if version == *CONSOLE_VERSION { FOREVER } else { SHORTLY };
    let name = format!("{CONSOLE}{path}");
    BY_NAME.get(name.as_str()).map_or_else(not_found, |file| file.answer(&name, kept, &headers))
}

fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let known = headers.get(IF_NONE_MATCH).and_then(|known| known.to_str().ok()).unwrap_or_default();
    known.split(',').any(|known| known.trim().trim_start_matches("W/") == tag)
}

pub(crate) fn not_found() -> Response {
    Problem::new(Kind::NotFound).into_response()
}

impl File {
    fn answer(&self, name: &str, kept: &str, headers: &HeaderMap) -> Response {
        let zips = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|said| said.to_str().ok()).any(takes_gzip);
        let zipped = zips && !self.zipped.is_empty();
        let tag = if zipped { format!("\"{}-gzip\"", self.version) } else { format!("\"{}\"", self.version) };
        let head = [
            (ETAG, tag.as_str()),
            (CACHE_CONTROL, kept),
            (CONTENT_TYPE, media_type(name)),
            (CONTENT_SECURITY_POLICY, NOTHING),
            // Anybody's page may load it; it holds nothing of anybody's.
            (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
            (VARY, "Accept-Encoding"),
        ];
        if is_known(headers, &tag) {
            return (StatusCode::NOT_MODIFIED, head).into_response();
        }
        if zipped {
            return (head, [(CONTENT_ENCODING, "gzip")], self.zipped).into_response();
        }
        (head, self.content).into_response()
    }
}

/// Whether one of the encodings that are named is gzip, and not refused.
fn takes_gzip(said: &str) -> bool {
    said.split(',').any(|encoding| {
        let mut parts = encoding.split(';').map(str::trim);
        parts.next().is_some_and(|name| name.eq_ignore_ascii_case("gzip")) && !parts.any(|part| part == "q=0")
    })
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

    /// The parts of the widget that its script names.
    async fn parts(pages: &Pages) -> (String, Vec<String>) {
        let script = pages.get("/widget.js").await;
        assert_eq!((script.status, script.header("cache-control")), (200, super::SHORTLY));
        let (_, rest) = script.text.split_once("`./widget/").unwrap();
        let (version, _) = rest.split_once('/').unwrap();
        let (_, names) = script.text.split_once("of \"").unwrap();
        let (names, _) = names.split_once('"').unwrap();
        let parts = names.split(' ').map(|name| format!("/widget/{version}/{name}.js"));
        (version.to_owned(), parts.collect())
    }

    #[tokio::test]
    async fn the_widgets_script_names_each_of_its_parts_by_their_version_and_any_page_may_load_them_for_good() {
        let pages = Pages::new().await;
        let (version, mut parts) = parts(&pages).await;
        parts.push(format!("/widget/{version}/messages/zh.json"));
        for part in &parts {
            let found = pages.get(part).await;
            assert_eq!((found.status, found.header("cache-control")), (200, super::FOREVER), "{part}");
            assert_eq!(found.header("access-control-allow-origin"), "*");
            assert_eq!(found.header("x-content-type-options"), "nosniff");
        }
        let scripts = super::FILES
            .iter()
            .filter(|(name, ..)| name.starts_with("widget/") && super::media_type(name).contains("javascript"));
        // The script itself is no part; the messages are one more.
        assert_eq!(scripts.count() - 1, parts.len() - 1);
    }

    #[tokio::test]
    async fn a_page_with_the_script_of_another_build_gets_the_parts_of_this_one_for_a_short_while() {
        let pages = Pages::new().await;
        let part = pages.get("/widget/0000000000000000/case.js").await;
        assert_eq!((part.status, part.header("cache-control")), (200, super::SHORTLY));
        assert_eq!(pages.get("/widget/0000000000000000/secret.js").await.status, 404);
    }

    #[tokio::test]
    async fn scripts_are_served_without_their_comments() {
        let pages = Pages::new().await;
        let (_, parts) = parts(&pages).await;
        for part in parts {
            let script = pages.get(&part).await.text;
            for line in script.lines() {
                assert!(!line.starts_with("//") && !line.starts_with("* @") && !line.is_empty(), "{part}: {line}");
            }
            assert!(script.contains("export") || script.contains("customElements.define"), "{part}");
        }
    }

    #[tokio::test]
    async fn who_takes_gzip_loads_the_whole_widget_in_twenty_kilobytes() {
        let pages = Pages::new().await;
        let (version, mut all) = parts(&pages).await;
        all.extend(["/widget.js".to_owned(), format!("/widget/{version}/messages/fr.json")]);
        let mut bytes = 0;
        for part in &all {
            let zipped = pages.call("GET", part, &[("accept-encoding", "br, gzip;q=0.8")]).await;
            bytes += zipped.bytes;
            let plain = pages.call("GET", part, &[("accept-encoding", "gzip;q=0, identity")]).await;
            assert_eq!((zipped.status, plain.status, plain.header("content-encoding")), (200, 200, ""), "{part}");
            if part != "/widget.js" {
                assert_eq!((zipped.header("content-encoding"), zipped.header("vary")), ("gzip", "Accept-Encoding"));
                assert_ne!(zipped.header("etag"), plain.header("etag"), "{part}");
                assert!(zipped.bytes < plain.bytes, "{part}");
            }
        }
        assert!(bytes <= 20_000, "{bytes} bytes");
    }

    #[tokio::test]
    async fn the_console_runs_its_own_scripts_alone_and_names_the_parts_of_its_build() {
        let pages = Pages::new().await;
        for address in ["/console", "/console/sign-in"] {
            let page = pages.get(address).await;
            assert_eq!((page.status, page.header("cache-control")), (200, "no-cache"), "{address}");
            assert_eq!(page.header("content-security-policy"), super::OWN_ALONE);
            assert!(!page.text.contains("style=") && !page.text.contains("onclick="), "{address}");
            let named: Vec<&str> =
                page.text.split("\"/console/").skip(1).filter_map(|rest| rest.split('"').next()).collect();
            assert!(named.len() >= 3, "{address}");
            for name in named {
                let part = pages.get(&format!("/console/{name}")).await;
                assert_eq!((part.status, part.header("cache-control")), (200, super::FOREVER), "{name}");
            }
            let again = pages.call("GET", address, &[("if-none-match", page.header("etag"))]).await;
            assert_eq!((again.status, again.text.as_str()), (304, ""));
        }
        let version = &*super::CONSOLE_VERSION;
        for part in ["messages/zh.json", "vendor/uplot/uplot.js", "vendor/uplot/uplot.css"] {
            assert_eq!(pages.get(&format!("/console/{version}/{part}")).await.status, 200, "{part}");
        }
        assert_eq!(pages.get("/console/secret.js").await.status, 404);
    }
}
