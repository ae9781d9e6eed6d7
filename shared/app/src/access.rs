//! With whose token TeamViewer is asked: the account's connection's, or that of a technician who signed in.

use casebridge_domain::{Connection, RegistrationId, Sealed, ServiceCase, TeamViewerUserId, TechnicianId};

use crate::Desk;
use crate::outside::Outside;
use crate::ports::teamviewer::{Assignee, ScriptToken, TeamViewerError};
use crate::technician_sign_in::{NoToken, SignedToken};

/// A token in the clear, and whose it is.
#[derive(Clone)]
pub(crate) struct Access {
    pub(crate) token: ScriptToken,
    /// What a case names it by.
    pub(crate) registration: RegistrationId,
    /// Whose sign-in it is; `None` is the connection.
    pub(crate) signed_in: Option<SignedIn>,
}

/// The technician behind a token.
#[derive(Clone)]
pub(crate) struct SignedIn {
    pub(crate) technician: TechnicianId,
    user: Option<TeamViewerUserId>,
    /// The token as it is kept.
    sealed: Sealed,
    /// TeamViewer refused the one before.
    renewed: bool,
}

impl Access {
    pub(crate) fn of_connection(connection: &Connection, token: ScriptToken) -> Self {
        Self { token, registration: connection.registration, signed_in: None }
    }

    pub(crate) fn of_technician(technician: &TechnicianId, signed: SignedToken, renewed: bool) -> Self {
        let SignedToken { token, sealed, registration, user, .. } = signed;
        let signed_in = SignedIn { technician: technician.clone(), user, sealed, renewed };
        Self { token, registration, signed_in: Some(signed_in) }
    }

    /// Whose sign-in it is; `None` is the connection.
    pub(crate) fn technician(&self) -> Option<&TechnicianId> {
        self.signed_in.as_ref().map(|signed_in| &signed_in.technician)
    }

    /// Whom a new session belongs to: a technician's own is his, the connection's is everybody's.
    pub(crate) fn assignee(&self) -> Assignee {
        let user = self.signed_in.as_ref().and_then(|signed_in| signed_in.user.clone());
        user.map_or(Assignee::Nobody, Assignee::User)
    }
}

impl From<NoToken> for Outside {
    /// As TeamViewer itself would put it.
    fn from(error: NoToken) -> Self {
        match error {
            NoToken::NotSignedIn | NoToken::AskedAgain | NoToken::AppRefused => TeamViewerError::TokenRefused.into(),
            NoToken::Renewing { .. } => TeamViewerError::Unreachable.into(),
            NoToken::Outside(error) => error,
        }
    }
}

impl Desk {
    /// With what TeamViewer is asked about a case: what made its session, and nothing else.
    pub(crate) async fn access_to(&self, case: &ServiceCase) -> Result<Access, Outside> {
        let access = match case.made_by() {
            Some(technician) => {
                Access::of_technician(technician, Box::pin(self.signed_token(technician, None)).await?, false)
            }
            None => self.connections_access().await?,
        };
        // Somebody else's token would not find the session, and take it for closed.
        if case.made_by().is_some() && Some(access.registration) != case.registration() {
            return Err(TeamViewerError::TokenRefused.into());
        }
        Ok(access)
    }

    /// The connection's token, whatever state it is in.
    pub(crate) async fn connections_access(&self) -> Result<Access, Outside> {
        let fresh;
        let desk = if self.connection().is_some() {
            self
        } else {
            fresh = self.with_fresh_connection().await?;
            &fresh
        };
        let connection = desk.connection().ok_or(TeamViewerError::TokenRefused)?;
        Ok(Access::of_connection(&connection.value, desk.token(&connection.value).await?))
    }

    /// TeamViewer refused a token: the one that has taken its place, for the same owner; `None` if there is none. Then it is
    /// noted that the connection, or the technician's sign-in, has to be renewed by hand.
    pub(crate) async fn after_refusal(&self, access: &Access) -> Result<Option<(Self, Access)>, Outside> {
        let Some(signed_in) = &access.signed_in else {
            // What was let in may be a minute old: an administrator may have registered a good token since.
            let Some(newer) = self.with_newer_token().await? else {
                self.note_token_refused().await?;
                return Ok(None);
            };
            let access = newer.connections_access().await?;
            return Ok(Some((newer, access)));
        };
        if signed_in.renewed {
            self.ask_again(&signed_in.technician, &signed_in.sealed).await?;
            return Ok(None);
        }
        match Box::pin(self.signed_token(&signed_in.technician, Some(&signed_in.sealed))).await {
            Ok(signed) if signed.registration == access.registration => {
                Ok(Some((self.clone(), Access::of_technician(&signed_in.technician, signed, true))))
            }
            Ok(_) | Err(NoToken::NotSignedIn | NoToken::AskedAgain | NoToken::AppRefused) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}
