//! `GET /v1/accounts/{account}/technicians/{technician}/sign-in`: whether a technician is signed in to TeamViewer.

use axum::Json;
use casebridge_app::technician_sign_in::standing;
use casebridge_domain::connection::Registrar;
use casebridge_domain::technician_sign_in::{Standing, TechnicianSignIn};
use casebridge_domain::time::rfc3339;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Problem;
use crate::extract::{Technician, TechnicianPath};

/// A technician's sign-in to TeamViewer. Tokens are never shown.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct SignInView {
    /// `none`; `valid`: his cases are made with his own token; `asked_again`: he has to sign in again.
    #[schema(value_type = String, example = "valid")]
    state: &'static str,
    /// Of `valid`: until when the present token serves. It is renewed before that when it is used, for as long as TeamViewer does.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2026-11-23T08:00:00Z")]
    until: Option<String>,
    /// Of `asked_again`: `refused` (TeamViewer does not renew it: it was revoked there, or is too old) or `answer_lost` (TeamViewer
    /// renewed it, and the answer was lost on the way).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "refused")]
    why: Option<&'static str>,
    /// Of `asked_again`: since when.
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<String>,
    /// When he last came back from TeamViewer's page.
    #[serde(skip_serializing_if = "Option::is_none")]
    signed_in_at: Option<String>,
    /// As whom he signed in, as far as the token may tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<TeamViewerUserView>,
}

/// A user of TeamViewer.
#[derive(Debug, Serialize, ToSchema)]
pub struct TeamViewerUserView {
    /// TeamViewer's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "u11293276")]
    id: Option<String>,
    /// As TeamViewer shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// As TeamViewer shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
}

impl From<&Registrar> for TeamViewerUserView {
    fn from(user: &Registrar) -> Self {
        Self {
            id: user.user.as_ref().map(ToString::to_string),
            name: user.name.as_ref().map(ToString::to_string),
            email: user.email.as_ref().map(ToString::to_string),
        }
    }
}

impl From<&TechnicianSignIn> for SignInView {
    fn from(sign_in: &TechnicianSignIn) -> Self {
        let known = Self {
            signed_in_at: Some(rfc3339(sign_in.signed_in_at())),
            user: Some(TeamViewerUserView::from(sign_in.user())),
            ..Self::default()
        };
        match sign_in.standing() {
            Standing::Valid { tokens, .. } => {
                Self { state: "valid", until: Some(rfc3339(tokens.access_until)), ..known }
            }
            Standing::AskedAgain { why, since } => {
                Self { state: "asked_again", why: Some(why.name()), since: Some(rfc3339(*since)), ..known }
            }
        }
    }
}

/// Whether a technician is signed in to TeamViewer, as whom, and until when.
#[utoipa::path(
    get, path = "/v1/accounts/{account}/technicians/{technician}/sign-in", tag = "technicians", operation_id = "readSignIn",
    responses((status = 200, body = SignInView), (status = 422, description = "`invalid-fields`"))
)]
pub async fn read(
    Technician(admitted): Technician,
    TechnicianPath(technician): TechnicianPath,
) -> Result<Json<SignInView>, Problem> {
    let none = || SignInView { state: "none", ..SignInView::default() };
    Ok(Json(standing(&admitted.desk, &technician).await?.as_ref().map_or_else(none, SignInView::from)))
}
