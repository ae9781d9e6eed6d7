use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::testing::{Answer, Call, TestApi};

const SESSION: &str = "/console/session";

async fn code(api: &TestApi, role: &str) -> String {
    let wish = json!({ "role": role, "name": "Tess" });
    let made =
        api.call("POST", "/v1/accounts/acme/sign-in-links").key(&api.keys.vendor).json(&wish).send().await.is(201);
    made["path"].as_str().unwrap().split_once('#').unwrap().1.to_owned()
}

fn begin<'a>(api: &'a TestApi, code: &str) -> Call<'a> {
    api.call("POST", SESSION).header("x-casebridge-console", "1").json(&json!({ "code": code }))
}

/// The cookie as a browser sends it back.
fn cookie(answer: &Answer) -> String {
    answer.header("set-cookie").split(';').next().unwrap().to_owned()
}

async fn signed_in(api: &TestApi, role: &str) -> String {
    let answer = begin(api, &code(api, role).await).send().await;
    let cookie = cookie(&answer);
    answer.is(200);
    cookie
}

fn from_the_console<'a>(api: &'a TestApi, method: &str, path: &str, cookie: &str) -> Call<'a> {
    api.call(method, path).header("cookie", cookie).header("x-casebridge-console", "1")
}

#[tokio::test]
async fn whoever_signs_in_as_one_of_the_vendors_support_users_is_known_as_that_one() {
    let api = TestApi::new().await;
    let wish = json!({ "role": "technician", "name": "Tess", "technician": { "id": "u-7", "name": "Tess T." } });
    let path = "/v1/accounts/acme/sign-in-links";
    let made = api.call("POST", path).key(&api.keys.vendor).json(&wish).send().await.is(201);
    let code = made["path"].as_str().unwrap().split_once('#').unwrap().1.to_owned();
    let session = begin(&api, &code).send().await.is(200);
    assert_eq!(session["technician"], json!({ "id": "u-7", "name": "Tess T." }));
}

#[tokio::test]
async fn a_link_signs_one_person_in_once_for_half_a_day() {
    let api = TestApi::new().await;
    let code = code(&api, "technician").await;
    let answer = begin(&api, &code).send().await;
    let set = answer.header("set-cookie").to_owned();
    assert!(set.contains("; HttpOnly; SameSite=Strict") && set.contains("Max-Age=43200") && set.contains("Path=/;"));
    assert_eq!(answer.header("cache-control"), "no-store");
    let cookie = cookie(&answer);
    let session = answer.is(200);
    assert_eq!(
        (&session["account"], &session["role"], &session["name"]),
        (&json!("acme"), &json!("technician"), &json!("Tess"))
    );
    assert_eq!(session["expires_at"], "2100-03-02T00:00:00Z");
    assert_eq!(from_the_console(&api, "GET", SESSION, &cookie).send().await.is(200), session);

    let writes = api.engine.writes();
    begin(&api, &code).send().await.problem(401, "sign-in-link-refused");
    assert_eq!(api.engine.writes(), writes);

    api.clock.advance(TimeDelta::hours(12));
    from_the_console(&api, "GET", SESSION, &cookie).send().await.problem(401, "unauthorized");
    from_the_console(&api, "GET", "/v1/accounts/acme/cases", &cookie).send().await.problem(401, "unauthorized");
}

#[tokio::test]
async fn a_link_that_is_too_old_or_never_was_one_signs_nobody_in() {
    let api = TestApi::new().await;
    let code = code(&api, "admin").await;
    api.clock.advance(TimeDelta::minutes(10));
    let writes = api.engine.writes();
    let zeros = format!("cb_signin_acme_{}", "0".repeat(64));
    let elsewhere = code.replace("acme", "globex");
    for code in [code.as_str(), &zeros, &elsewhere, "", &api.keys.admin] {
        begin(&api, code).send().await.problem(401, "sign-in-link-refused");
    }
    assert_eq!(api.engine.writes(), writes);
}

#[tokio::test]
async fn whoever_is_signed_in_may_what_his_role_may_and_in_his_account_only() {
    let api = TestApi::new().await;
    let [admin, technician] = [signed_in(&api, "admin").await, signed_in(&api, "technician").await];
    let change = |cookie: &str, path: &str| {
        from_the_console(&api, "PATCH", path, cookie).json(&json!({ "name": "Changed" })).send()
    };
    change(&admin, "/v1/accounts/acme").await.is(200);
    change(&technician, "/v1/accounts/acme").await.problem(403, "forbidden");
    change(&admin, "/v1/accounts/globex").await.problem(404, "not-found");
    from_the_console(&api, "GET", "/v1/accounts/acme/cases", &technician).send().await.is(200);
    from_the_console(&api, "GET", "/v1/accounts", &admin).send().await.problem(401, "unauthorized");
}

#[tokio::test]
async fn the_cookie_counts_only_where_the_consoles_own_page_sends_it() {
    let api = TestApi::new().await;
    let admin = signed_in(&api, "admin").await;
    let path = "/v1/accounts/acme";
    let writes = api.engine.writes();
    let bare = || api.call("PATCH", path).header("cookie", &admin).json(&json!({ "name": "Forged" }));
    bare().send().await.problem(401, "unauthorized");
    for site in ["cross-site", "same-site", "none"] {
        bare()
            .header("x-casebridge-console", "1")
            .header("sec-fetch-site", site)
            .send()
            .await
            .problem(401, "unauthorized");
    }
    let code = code(&api, "admin").await;
    let writes = writes + 1;
    let forged = api.call("POST", SESSION).json(&json!({ "code": code })).send().await;
    forged.problem(403, "forbidden");
    assert_eq!(api.engine.writes(), writes);
    bare().header("x-casebridge-console", "1").header("sec-fetch-site", "same-origin").send().await.is(200);
}

#[tokio::test]
async fn signing_out_leaves_a_cookie_that_lets_nobody_in() {
    let api = TestApi::new().await;
    let cookie = signed_in(&api, "admin").await;
    let keys = |keys: Value| keys["items"].as_array().unwrap().iter().filter(|key| key["label"] == "Tess").count();
    let listed = async || keys(api.call("GET", "/v1/accounts/acme/keys").key(&api.keys.admin).send().await.is(200));
    assert_eq!(listed().await, 1);
    let answer = from_the_console(&api, "DELETE", SESSION, &cookie).send().await;
    assert!(answer.header("set-cookie").starts_with("casebridge_session=; Path=/; Max-Age=0;"));
    assert_eq!(answer.status, 204);
    assert_eq!(listed().await, 0);
    from_the_console(&api, "GET", SESSION, &cookie).send().await.problem(401, "unauthorized");
}

#[tokio::test]
async fn a_programs_key_is_nobodys_session() {
    let api = TestApi::new().await;
    let cookie = format!("casebridge_session={}", api.keys.admin);
    from_the_console(&api, "GET", SESSION, &cookie).send().await.problem(401, "unauthorized");
}
