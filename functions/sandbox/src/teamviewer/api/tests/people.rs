use super::*;

use base64::Engine as _;
use sha2::{Digest as _, Sha256};

async fn form(sandbox: &Sandbox, path: &str, fields: &[(&str, &str)]) -> (StatusCode, Value) {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let request = Request::post(format!("/api/v1{path}"))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(body))
        .unwrap();
    let response = router(sandbox.clone()).oneshot(request).await.unwrap();
    (response.status(), body_of(response).await)
}

#[tokio::test]
async fn ping_and_account_have_the_recorded_shape() {
    let sandbox = sandbox();
    let recorded: Value = serde_json::from_str(include_str!("../../../../shapes/ping.json")).unwrap();
    assert_eq!(admin(&sandbox).get("/ping").await, recorded);
    let recorded: Value = serde_json::from_str(include_str!("../../../../shapes/account.json")).unwrap();
    let ours = admin(&sandbox).get("/account").await;
    assert_eq!(names(&ours), names(&recorded));
    assert_eq!(names(&ours["license"]), names(&recorded["license"]));
    assert_eq!(ours["license"]["type"], "Premium");
}

#[tokio::test]
async fn users_are_listed_for_company_level_tokens_that_may() {
    let may = Token::script("may", DEMO_ADMIN, [Permission::UsersView]);
    let own = Token { value: "own".into(), ..may.clone() }.at_user_level();
    let sandbox = Sandbox::new(seed().token(may).token(own));
    let client = Client { sandbox: &sandbox, token: "may" };
    let users = client.get("/users").await;
    assert_eq!(users["users"].as_array().unwrap().len(), 3);
    assert_eq!(client.get("/users?email=ben.okafor@northwind.example").await["users"][0]["name"], "Ben Okafor");
    assert_eq!(client.get(&format!("/users/{DEMO_ADMIN}")).await["id"], DEMO_ADMIN);
    assert_eq!(client.call("GET", "/users/u999", None).await.0, StatusCode::NOT_FOUND);
    assert_eq!(Client { sandbox: &sandbox, token: "own" }.call("GET", "/users", None).await.0, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_code_with_a_proof_key_gives_a_pair_and_a_refresh_token_serves_once() {
    let recorded: Value = serde_json::from_str(include_str!("../../../../shapes/access-token.json")).unwrap();
    let sandbox = sandbox();
    let verifier = "a-verifier-that-is-long-enough-for-the-standard-43";
    let challenge = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
    let consent = Consent {
        userid: DEMO_TECHNICIANS[0].into(),
        client_id: DEMO_CLIENT_ID.into(),
        redirect_uri: Some("https://casebridge.test/back".into()),
        code_challenge: Some(challenge),
        code_challenge_method: Some("S256".into()),
    };
    let exchange = |code: String, verifier: &'static str| {
        let sandbox = sandbox.clone();
        async move {
            let fields = [
                ("grant_type", "authorization_code"),
                ("code", &code),
                ("client_id", DEMO_CLIENT_ID),
                ("redirect_uri", "https://casebridge.test/back"),
                ("code_verifier", verifier),
            ];
            form(&sandbox, "/oauth2/token", &fields).await
        }
    };
    let (status, body) = exchange(sandbox.consent(&consent).unwrap(), "wrong").await;
    assert_eq!((status, &body["error"]), (StatusCode::BAD_REQUEST, &json!("invalid_grant")));

    let code = sandbox.consent(&consent).unwrap();
    let (status, pair) = exchange(code.clone(), verifier).await;
    assert_eq!(status, StatusCode::OK, "{pair}");
    assert_eq!(names(&pair), names(&recorded));
    assert_eq!((&pair["token_type"], &pair["expires_in"]), (&recorded["token_type"], &recorded["expires_in"]));
    assert_eq!(exchange(code, verifier).await.0, StatusCode::BAD_REQUEST);

    let access = pair["access_token"].as_str().unwrap();
    let hers = Client { sandbox: &sandbox, token: access };
    assert_eq!(hers.get("/account").await["name"], "Anna Becker");

    let refresh = [
        ("grant_type", "refresh_token"),
        ("refresh_token", pair["refresh_token"].as_str().unwrap()),
        ("client_id", DEMO_CLIENT_ID),
        ("client_secret", DEMO_CLIENT_SECRET),
    ];
    let (status, next) = form(&sandbox, "/OAuth2/Token", &refresh).await;
    assert_eq!(status, StatusCode::OK, "{next}");
    assert_eq!(form(&sandbox, "/oauth2/token", &refresh).await.0, StatusCode::BAD_REQUEST);
    assert_eq!(hers.call("GET", "/account", None).await.0, StatusCode::UNAUTHORIZED);

    let hers = Client { sandbox: &sandbox, token: next["access_token"].as_str().unwrap() };
    sandbox.clock().advance(TimeDelta::days(1));
    let (status, body) = hers.call("GET", "/account", None).await;
    assert_eq!((status, &body["error"]), (StatusCode::UNAUTHORIZED, &json!("token_expired")));
}

#[tokio::test]
async fn a_wrong_secret_never_passes() {
    let sandbox = sandbox();
    let consent = Consent { userid: DEMO_ADMIN.into(), client_id: DEMO_CLIENT_ID.into(), ..Consent::default() };
    for secret in [Some("wrong"), None] {
        let code = sandbox.consent(&consent).unwrap();
        let mut fields = vec![("grant_type", "authorization_code"), ("code", &code), ("client_id", DEMO_CLIENT_ID)];
        fields.extend(secret.map(|secret| ("client_secret", secret)));
        let (status, body) = form(&sandbox, "/oauth2/token", &fields).await;
        assert_eq!((status, &body["error"]), (StatusCode::BAD_REQUEST, &json!("invalid_client")));
    }
}

#[tokio::test]
async fn revoking_ends_the_token_and_a_permanent_one_lives_until_deleted() {
    let sandbox = sandbox();
    let made = admin(&sandbox).post("/OAuth2/accessToken", json!({ "name": "bridge" })).await;
    admin(&sandbox).refused("POST", "/OAuth2/accessToken", json!({ "name": "four" })).await;
    assert_eq!(admin(&sandbox).call("POST", "/oauth2/revoke", None).await.0, StatusCode::OK);
    assert_eq!(admin(&sandbox).call("GET", "/account", None).await.0, StatusCode::UNAUTHORIZED);
    let permanent = Client { sandbox: &sandbox, token: made["AccessToken"].as_str().unwrap() };
    permanent.get("/account").await;
    assert_eq!(permanent.call("DELETE", "/OAuth2/accessToken", None).await.0, StatusCode::NO_CONTENT);
    assert_eq!(permanent.call("GET", "/account", None).await.0, StatusCode::UNAUTHORIZED);
}
