//! The pages, as a browser without JavaScript uses them.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::response::Response;
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::teamviewer::*;

async fn get(sandbox: &Sandbox, path: &str) -> (StatusCode, String) {
    let request = Request::get(path).body(Body::empty()).unwrap();
    let response = router(sandbox.clone()).oneshot(request).await.unwrap();
    let status = response.status();
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8(bytes.to_vec()).unwrap())
}

async fn press(sandbox: &Sandbox, path: &str, form: &str) -> Response {
    let request = Request::post(path)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(form.to_owned()))
        .unwrap();
    router(sandbox.clone()).oneshot(request).await.unwrap()
}

/// A sandbox whose links lead to itself, and a session in it.
async fn played() -> (Sandbox, Value) {
    let settings = Settings { link_base: Some("http://sandbox.test/".into()), ..Settings::default() };
    let sandbox = Sandbox::new(Seed::demo().settings(settings));
    let wish = json!({ "groupname": "BOSS", "end_customer": { "name": "<script>alert(1)</script>" } });
    let request = Request::post("/api/v1/sessions")
        .header("authorization", format!("Bearer {DEMO_TOKEN}"))
        .body(Body::from(wish.to_string()))
        .unwrap();
    let response = router(sandbox.clone()).oneshot(request).await.unwrap();
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    let session = serde_json::from_slice(&bytes).unwrap();
    (sandbox, session)
}

fn path<'a>(session: &'a Value, link: &str) -> &'a str {
    session[link].as_str().unwrap().strip_prefix("http://sandbox.test").unwrap()
}

#[tokio::test]
async fn looking_at_the_customers_link_changes_nothing_and_a_press_goes_online() {
    let (sandbox, session) = played().await;
    let link = path(&session, "end_customer_link");
    let code = session["code"].as_str().unwrap();
    let (status, page) = get(&sandbox, link).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("Customer goes online") && !page.contains("Technician ends"));
    assert!(!sandbox.session(code).unwrap().online);
    assert_eq!(press(&sandbox, link, "press=join").await.status(), StatusCode::SEE_OTHER);
    assert!(sandbox.session(code).unwrap().online);
    assert!(get(&sandbox, link).await.1.contains("Customer leaves"));
    press(&sandbox, link, "press=end").await;
    assert_eq!(sandbox.session(code).unwrap().closed_at, None);
    press(&sandbox, link, "press=leave").await;
    assert!(!sandbox.session(code).unwrap().online);
}

#[tokio::test]
async fn the_technicians_links_end_the_session() {
    let (sandbox, session) = played().await;
    assert!(get(&sandbox, path(&session, "webclient_supporter_link")).await.1.contains("Technician ends"));
    assert_eq!(get(&sandbox, &format!("{}-wrong", path(&session, "end_customer_link"))).await.0, StatusCode::NOT_FOUND);
    press(&sandbox, path(&session, "supporter_link"), "press=end").await;
    assert!(sandbox.session(session["code"].as_str().unwrap()).unwrap().closed_at.is_some());
    assert!(get(&sandbox, "/").await.1.contains("No session is open."));
}

#[tokio::test]
async fn what_a_customer_is_called_is_text_on_the_page() {
    let (sandbox, _) = played().await;
    let (_, page) = get(&sandbox, "/").await;
    assert!(page.contains("&lt;script&gt;") && !page.contains("<script>"), "{page}");
}

#[tokio::test]
async fn the_list_plays_both_sides() {
    let (sandbox, session) = played().await;
    let code = session["code"].as_str().unwrap();
    let action = format!("/queue/{}", code.replace('-', ""));
    assert!(get(&sandbox, "/").await.1.replace("&#x2f;", "/").contains(&action));
    assert_eq!(press(&sandbox, &action, "press=join").await.status(), StatusCode::SEE_OTHER);
    assert_eq!(press(&sandbox, &action, "press=dance").await.status(), StatusCode::BAD_REQUEST);
    assert_eq!(press(&sandbox, &action, "press=end").await.status(), StatusCode::SEE_OTHER);
    assert_eq!(press(&sandbox, &action, "press=end").await.status(), StatusCode::CONFLICT);
}

#[tokio::test]
async fn consent_leads_back_to_the_app_with_a_code() {
    let sandbox = Sandbox::new(Seed::demo());
    let wish = format!(
        "/oauth2/authorize?response_type=code&client_id={DEMO_CLIENT_ID}&redirect_uri=https://app.test/back&state=s%26t"
    );
    let (status, page) = get(&sandbox, &wish).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("Anna Becker") && page.contains("s&amp;t"));
    let form = format!("userid={DEMO_ADMIN}&client_id={DEMO_CLIENT_ID}&redirect_uri=https://app.test/back&state=s%26t");
    let response = press(&sandbox, "/oauth2/authorize", &form).await;
    let location = response.headers()["location"].to_str().unwrap();
    assert!(location.starts_with("https://app.test/back?code=") && location.ends_with("&state=s%26t"), "{location}");
    assert_eq!(get(&sandbox, "/oauth2/authorize?client_id=nobody").await.0, StatusCode::BAD_REQUEST);
}
