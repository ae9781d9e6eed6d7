//! `DELETE /v1/accounts/{account}/technicians/{technician}/sign-in`: signs a technician out of TeamViewer.

use axum::http::StatusCode;
use casebridge_app::technician_sign_in::{self, SignOutError};

use crate::extract::{Technician, TechnicianPath};
use crate::problem::{Kind, Problem};

impl From<SignOutError> for Problem {
    fn from(error: SignOutError) -> Self {
        match error {
            SignOutError::NotSignedIn => {
                Self::new(Kind::NotFound).detail("The technician is not signed in to TeamViewer.")
            }
            SignOutError::LiveCases(cases) => Self::new(Kind::LiveCases)
                .detail("These were made with the technician's own sign-in, and could not be stopped without it.")
                .cases(&cases),
            SignOutError::Overtaken => Self::new(Kind::ChangedMeanwhile),
            SignOutError::Outside(error) => error.into(),
        }
    }
}

/// Signs a technician out: his tokens are revoked at TeamViewer, then forgotten. Refused while cases that were made with them are
/// live.
#[utoipa::path(
    delete, path = "/v1/accounts/{account}/technicians/{technician}/sign-in", tag = "technicians", operation_id = "signOut",
    responses(
        (status = 204, description = "He is signed out"),
        (status = 409, description = "`live-cases`, `changed-meanwhile`"),
        (status = 422, description = "`invalid-fields`"),
        (status = 502, description = "`teamviewer-failed`: he is still signed in")
    )
)]
pub async fn sign_out(
    Technician(admitted): Technician,
    TechnicianPath(technician): TechnicianPath,
) -> Result<StatusCode, Problem> {
    technician_sign_in::sign_out(&admitted.desk, &technician).await?;
    Ok(StatusCode::NO_CONTENT)
}
