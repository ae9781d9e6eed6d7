//! With whose token a new case is made.

use casebridge_domain::Technician;
use casebridge_domain::journal::Principal;

use super::{OpenCaseError, serving};
use crate::Desk;
use crate::access::Access;
use crate::technician_sign_in::{NoToken, SignInNeeded};

impl Desk {
    /// The technician's own sign-in to TeamViewer where it serves, else the account's connection.
    pub(super) async fn access_of_player(&self, technician: Option<&Technician>) -> Result<Access, OpenCaseError> {
        // One read more, and only where technicians sign in at all. A customer who asks for a new link acts for no technician.
        let may_sign_in = self.account().oauth_app.is_some() && self.by() != Principal::Customer;
        let Some(technician) = technician.filter(|_| may_sign_in) else {
            return self.access_of_connection().await;
        };
        let needed = |error: NoToken| match error {
            NoToken::NotSignedIn | NoToken::AskedAgain => {
                let (account, technician) = (self.id().clone(), technician.id.clone());
                OpenCaseError::SignInNeeded(SignInNeeded { account, technician })
            }
            NoToken::AppRefused => OpenCaseError::AppRefused,
            NoToken::Renewing { until } => OpenCaseError::SignInPending { until },
            NoToken::Outside(error) => error.into(),
        };
        let error = match self.signed_token(&technician.id, None).await {
            Ok(signed) if signed.serves => return Ok(Access::of_technician(&technician.id, signed, false)),
            Ok(_) => NoToken::NotSignedIn,
            Err(error @ (NoToken::Renewing { .. } | NoToken::Outside(_))) => return Err(needed(error)),
            Err(error) => error,
        };
        match self.access_of_connection().await {
            Err(OpenCaseError::NotConnected | OpenCaseError::TokenRefused) => Err(needed(error)),
            access => access,
        }
    }

    async fn access_of_connection(&self) -> Result<Access, OpenCaseError> {
        let connection = serving(self)?;
        Ok(Access::of_connection(connection, self.token(connection).await?))
    }
}
