//! Signing a technician out: TeamViewer ends the tokens, then we forget them.

use casebridge_domain::journal::AccountMatter;
use casebridge_domain::technician_sign_in::TechnicianSignIn;
use casebridge_domain::{ServiceCase, TechnicianId};

use super::{Drained, NoToken};
use crate::Desk;
use crate::outside::Outside;
use crate::ports::store::{Saved, StoreError};
use crate::ports::teamviewer::TeamViewerError;
use crate::settle::TRIES;

/// Why he stays signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignOutError {
    /// He is not.
    #[error("the technician is not signed in")]
    NotSignedIn,
    /// These cases of his are live, and could not be stopped any more.
    #[error("cases are live")]
    LiveCases(Vec<ServiceCase>),
    /// Somebody else changed the sign-in at the same time.
    #[error("the sign-in was changed at the same time")]
    Overtaken,
    /// Something else failed.
    #[error(transparent)]
    Outside(#[from] Outside),
}

impl From<StoreError> for SignOutError {
    fn from(error: StoreError) -> Self {
        Self::Outside(error.into())
    }
}

/// Signs a technician out, in TeamViewer first. One whose tokens serve no more is only forgotten.
pub async fn sign_out(desk: &Desk, technician: &TechnicianId) -> Result<(), SignOutError> {
    let store = &desk.world.store;
    let present = store.technician_sign_in(desk.id(), technician).await?.ok_or(SignOutError::NotSignedIn)?;
    match desk.drain_sign_in(&present).await? {
        Drained::Quiet(_) => {}
        Drained::Live(live) => return Err(SignOutError::LiveCases(live)),
        Drained::Overtaken => return Err(SignOutError::Overtaken),
    }
    if let Err(error) = desk.revoke_sign_in(technician).await {
        desk.stay_signed_in(technician).await?;
        return Err(error.into());
    }
    let entry = desk.entry(AccountMatter::TechnicianSignedOut { technician: technician.clone() });
    for _ in 0..TRIES {
        let Some(kept) = store.technician_sign_in(desk.id(), technician).await? else { return Ok(()) };
        if !kept.value.is_leaving() {
            // He signed in again meanwhile.
            return Err(SignOutError::Overtaken);
        }
        let gone = store.delete_technician_sign_in(desk.id(), technician, kept.revision, &entry).await?;
        if let Saved::Done(_) = gone {
            return Ok(());
        }
    }
    Err(SignOutError::Overtaken)
}

impl Desk {
    /// Has TeamViewer end the tokens, which takes one that serves.
    async fn revoke_sign_in(&self, technician: &TechnicianId) -> Result<(), Outside> {
        let token = match Box::pin(self.signed_token(technician, None)).await {
            Ok(signed) => signed.token,
            Err(NoToken::NotSignedIn | NoToken::AskedAgain | NoToken::AppRefused) => return Ok(()),
            Err(NoToken::Renewing { .. }) => return Err(Outside::Contention),
            Err(NoToken::Outside(error)) => return Err(error),
        };
        match self.world.teamviewer.revoke(&token).await {
            Ok(()) | Err(TeamViewerError::TokenRefused) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    pub(super) async fn stay_signed_in(&self, technician: &TechnicianId) -> Result<(), Outside> {
        let store = &self.world.store;
        for _ in 0..TRIES {
            let Some(kept) = store.technician_sign_in(self.id(), technician).await? else { return Ok(()) };
            let staying: TechnicianSignIn = kept.value.staying();
            let saved = store.save_technician_sign_in(&staying, Some(kept.revision), None, None).await?;
            if let Saved::Done(_) = saved {
                return Ok(());
            }
        }
        Err(Outside::Contention)
    }
}
