//! `POST /v1/accounts/{account}/technicians/{technician}/sign-in`: sends a technician to TeamViewer's page.

use axum::Json;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use casebridge_app::technician_sign_in::{BeginError, begin};
use casebridge_domain::time::rfc3339;
use secrecy::ExposeSecret as _;
use serde::Serialize;
use utoipa::ToSchema;

use crate::extract::{Repeatable, Technician, TechnicianPath};
use crate::problem::{Kind, Problem};

/// Where to send the technician's browser.
#[derive(Serialize, ToSchema)]
pub struct SignInBegunView {
    /// TeamViewer's own page. Give it to this technician only: whoever consents there signs him in.
    #[schema(example = "https://login.teamviewer.com/oauth2/authorize?response_type=code&client_id=…")]
    url: String,
    /// Until when he may come back.
    #[schema(example = "2026-11-22T08:10:00Z")]
    expires_at: String,
}

impl From<BeginError> for Problem {
    fn from(error: BeginError) -> Self {
        match error {
            BeginError::NoApp => Self::new(Kind::OauthAppMissing),
            BeginError::NoAddress => Self::new(Kind::NoPublicAddress),
            BeginError::Outside(error) => error.into(),
        }
    }
}

/// Begins a technician's sign-in to TeamViewer: send his browser to `url`. TeamViewer sends it back to this installation, which
/// says in the technician's language whether it worked. From then on his own cases are made with his own licence. Every
/// repetition gives another address.
#[utoipa::path(
    post, path = "/v1/accounts/{account}/technicians/{technician}/sign-in", tag = "technicians", operation_id = "beginSignIn",
    responses(
        (status = 201, body = SignInBegunView),
        (status = 409, description = "`oauth-app-missing`, `no-public-address`"),
        (status = 422, description = "`invalid-fields`")
    )
)]
pub async fn begin_sign_in(
    Technician(admitted): Technician,
    TechnicianPath(technician): TechnicianPath,
    _: Repeatable,
) -> Result<impl IntoResponse, Problem> {
    let begun = begin(&admitted.desk, technician).await?;
    let view = SignInBegunView { url: begun.url.expose_secret().to_owned(), expires_at: rfc3339(begun.until) };
    Ok((StatusCode::CREATED, Json(view)))
}
