use casebridge_app::oauth_app::keep_app;
use casebridge_app::technician_sign_in::{begin, standing};
use casebridge_domain::TechnicianId;
use casebridge_domain::oauth::ClientId;
use chrono::TimeDelta;
use secrecy::{ExposeSecret as _, SecretString};

use crate::testing::{Answer, Pages};

fn ana() -> TechnicianId {
    TechnicianId::parse("ana<b>").unwrap()
}

/// A page of an account with an app, and the `state` with which Ana was sent away.
async fn sent(secret: &str) -> (Pages, String) {
    let pages = Pages::new().await;
    let desk = pages.desk().await;
    keep_app(&desk, ClientId::parse("1-app").unwrap(), &SecretString::from(secret)).await.unwrap();
    let state = begin(&desk, ana()).await.unwrap().url.expose_secret().to_owned();
    (pages, state)
}

async fn back(pages: &Pages, state: &str, code: &str, languages: &str) -> Answer {
    pages.call("GET", &format!("/oauth/teamviewer?state={state}&{code}"), &[("accept-language", languages)]).await
}

fn is_safe(page: &Answer) {
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert_eq!((page.header("cache-control"), page.header("referrer-policy")), ("no-store", "no-referrer"));
    assert_eq!(page.header("x-robots-tag"), "noindex, nofollow");
    let policy = page.header("content-security-policy");
    for says in ["default-src 'none'", "form-action 'none'", "base-uri 'none'", "frame-ancestors 'none'"] {
        assert!(policy.contains(says), "{policy}");
    }
    for never in ["<script", "<style", " style=", "javascript:", "http-equiv", "<a ", "<form", "ACCESS", "cb_oauth"] {
        assert!(!page.text.contains(never), "{never} in {}", page.text);
    }
    assert!(page.text.contains("href=\"../pages/"), "{}", page.text);
}

#[tokio::test]
async fn who_comes_back_with_a_good_code_is_signed_in_and_reads_as_whom_for_which_technician() {
    let (pages, state) = sent("hush").await;
    let page = back(&pages, &state, "code=good", "en").await;
    is_safe(&page);
    assert_eq!(page.status, 200);
    for says in ["Acme &amp; Sons", "You are signed in to TeamViewer", "ana&lt;b&gt;", "whose name may not be read"] {
        assert!(page.text.contains(says), "{says} is not in {}", page.text);
    }
    assert!(standing(&pages.desk().await, &ana()).await.unwrap().unwrap().serves());
    let again = back(&pages, &state, "code=good", "en").await;
    is_safe(&again);
    assert_eq!(again.status, 404);
}

#[tokio::test]
async fn whatever_went_wrong_is_told_with_what_to_do_and_nobody_is_signed_in() {
    for (secret, code, status, says) in [
        ("hush", "code=bad", 409, "did not confirm the sign-in"),
        ("hush", "error=access_denied&error_description=%3Cscript%3E", 403, "was not allowed to act for you"),
        ("hush", "code=", 403, "was not allowed to act for you"),
        ("wrong", "code=good", 409, "does not accept this help desk"),
        ("hush", "code=away", 503, "in a minute"),
    ] {
        let (pages, state) = sent(secret).await;
        let page = back(&pages, &state, code, "en").await;
        is_safe(&page);
        assert_eq!(page.status, status, "{code}");
        assert!(page.text.contains(says) && !page.text.contains("script"), "{says} is not in {}", page.text);
        assert_eq!(standing(&pages.desk().await, &ana()).await.unwrap(), None);
    }
}

#[tokio::test]
async fn a_state_that_is_none_of_ours_or_too_old_tells_nothing_of_anybody() {
    let (pages, state) = sent("hush").await;
    let made_up = format!("cb_oauth_acme_{}", "0".repeat(64));
    pages.advance(TimeDelta::minutes(10));
    let writes = pages.writes();
    for state in [state.as_str(), &made_up, "", "x", "cb_oauth_nobody_0"] {
        let page = back(&pages, state, "code=good", "en").await;
        is_safe(&page);
        assert_eq!(page.status, 404, "{state}");
        assert!(!page.text.contains("Acme"), "{}", page.text);
    }
    let bare = pages.get("/oauth/teamviewer").await;
    assert_eq!(bare.status, 404);
    assert_eq!(pages.writes(), writes);
}

#[tokio::test]
async fn who_only_looks_uses_nothing_up() {
    let (pages, state) = sent("hush").await;
    let address = format!("/oauth/teamviewer?state={state}&code=good");
    for method in ["HEAD", "POST", "OPTIONS"] {
        assert_eq!(pages.call(method, &address, &[]).await.status, 405, "{method}");
    }
    assert_eq!(pages.get(&address).await.status, 200);
}

#[tokio::test]
async fn the_page_speaks_the_browsers_language_else_the_accounts() {
    for (languages, says) in [
        ("pt-BR,pt;q=0.9", "Você não está conectado"),
        ("es", "No ha iniciado sesión"),
        ("fr", "Vous n’êtes pas connecté"),
        ("zh-CN", "您尚未登录"),
        ("de", "You are not signed in"),
    ] {
        let (pages, state) = sent("hush").await;
        let page = back(&pages, &state, "code=bad", languages).await;
        assert!(page.text.contains(says), "{says} is not in {}", page.text);
    }
}
