//! The authorize page of OAuth 2, at `/oauth2/authorize` as at `login.teamviewer.com`.

use std::collections::BTreeMap;

use axum::extract::{Query, RawForm, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Serialize;
use url::Url;

use crate::html::{STYLE, render};
use crate::teamviewer::company::User;
use crate::teamviewer::oauth_code::Consent;
use crate::teamviewer::sandbox::Sandbox;

#[derive(Serialize)]
struct Page<'a> {
    style: &'static str,
    users: &'a [User],
    wish: &'a BTreeMap<String, String>,
    fields: Vec<(&'a String, &'a String)>,
}

/// `GET /oauth2/authorize?response_type=code&client_id&redirect_uri&state&code_challenge&code_challenge_method`
pub(super) async fn ask(State(sandbox): State<Sandbox>, Query(wish): Query<BTreeMap<String, String>>) -> Response {
    let state = sandbox.state();
    if !state.apps.iter().any(|app| Some(&app.client_id) == wish.get("client_id")) {
        return (StatusCode::BAD_REQUEST, "unknown client_id").into_response();
    }
    let fields: Vec<(&String, &String)> = wish.iter().collect();
    let page = Page { style: STYLE, users: &state.users, wish: &wish, fields };
    render("consent.html", include_str!("consent.html"), page)
}

/// `POST /oauth2/authorize`: back to the app, with a code.
pub(super) async fn give(State(sandbox): State<Sandbox>, RawForm(form): RawForm) -> Response {
    let mut form: BTreeMap<String, String> = url::form_urlencoded::parse(&form).into_owned().collect();
    let mut field = |name: &str| form.remove(name).filter(|value| !value.is_empty());
    let consent = Consent {
        userid: field("userid").unwrap_or_default(),
        client_id: field("client_id").unwrap_or_default(),
        redirect_uri: field("redirect_uri"),
        code_challenge: field("code_challenge"),
        code_challenge_method: field("code_challenge_method"),
    };
    let Some(mut back) = consent.redirect_uri.as_deref().and_then(|uri| Url::parse(uri).ok()) else {
        return (StatusCode::BAD_REQUEST, "redirect_uri is no URL").into_response();
    };
    match sandbox.consent(&consent) {
        Ok(code) => {
            back.query_pairs_mut().append_pair("code", &code);
            if let Some(state) = field("state") {
                back.query_pairs_mut().append_pair("state", &state);
            }
            Redirect::to(back.as_str()).into_response()
        }
        Err(error) => error.into_response(),
    }
}
