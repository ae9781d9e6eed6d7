//! `GET /pages/logo/{account}/{digest}`: the picture above an account's pages.

use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use casebridge_app::branding::logo as find;
use casebridge_domain::AccountId;
use casebridge_http::{Api, Problem};

use crate::files::{FOREVER, NOTHING, not_found};

/// The logo of that name. A name that an account does not have any more, or never had, tells nothing of the account.
pub(crate) async fn logo(State(api): State<Api>, Path((account, digest)): Path<(String, String)>) -> Response {
    let Ok(account) = AccountId::parse(&account) else { return not_found() };
    let found = match find(api.world(), &account, &digest).await {
        Ok(found) => found,
        Err(error) => return Problem::from(error).into_response(),
    };
    let picture = found.and_then(|logo| Some((logo.mark.kind, STANDARD.decode(logo.data).ok()?)));
    let Some((kind, picture)) = picture else { return not_found() };
    let head = [
        (CONTENT_TYPE, kind.media_type()),
        (CACHE_CONTROL, FOREVER),
        (CONTENT_SECURITY_POLICY, NOTHING),
        // Says to API Gateway that these are bytes.
        (CONTENT_ENCODING, "identity"),
    ];
    (head, picture).into_response()
}
