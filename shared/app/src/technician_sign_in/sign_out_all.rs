//! Signing everybody out of an account that is deleted.

use casebridge_domain::{Instant, TechnicianId};
use chrono::TimeDelta;
use futures::future::join_all;

use super::NoToken;
use crate::Desk;
use crate::outside::Outside;
use crate::ports::store::Saved;
use crate::ports::teamviewer::{ScriptToken, TeamViewerError};
use crate::settle::TRIES;

/// Technicians whose tokens are seen to at the same time.
const AT_ONCE: usize = 8;

/// Seconds after which no further token is renewed, or revoked: with the call that is then under way (8 s), both stay within what a
/// function has (25 s). Whoever is left keeps a token of which we keep nothing; the app's owner ends it in TeamViewer.
const SECONDS_FOR_EACH: i64 = 4;

impl Desk {
    /// Lets no case begin with anybody's sign-in any more, and gives whose there are.
    pub(crate) async fn let_technicians_go(&self) -> Result<Vec<TechnicianId>, Outside> {
        let mut gone = Vec::new();
        for kept in self.world.store.technician_sign_ins(self.id()).await? {
            let technician = kept.value.technician().clone();
            self.let_go(&technician).await?;
            gone.push(technician);
        }
        Ok(gone)
    }

    async fn let_go(&self, technician: &TechnicianId) -> Result<(), Outside> {
        let store = &self.world.store;
        for _ in 0..TRIES {
            let Some(kept) = store.technician_sign_in(self.id(), technician).await? else { return Ok(()) };
            let leaving = kept.value.leaving(self.now());
            if let Saved::Done(_) = store.save_technician_sign_in(&leaving, Some(kept.revision), None, None).await? {
                return Ok(());
            }
        }
        Err(Outside::Contention)
    }

    /// The account stays: so do they.
    pub(crate) async fn keep_technicians(&self, technicians: &[TechnicianId]) -> Result<(), Outside> {
        for technician in technicians {
            self.stay_signed_in(technician).await?;
        }
        Ok(())
    }

    /// Their tokens, as far as they serve or can be renewed in time: it takes one that serves to end it.
    pub(crate) async fn tokens_to_revoke(&self, technicians: &[TechnicianId]) -> Vec<ScriptToken> {
        let until = self.until();
        let mut tokens = Vec::new();
        for some in technicians.chunks(AT_ONCE) {
            let found = join_all(some.iter().map(|technician| Box::pin(self.signed_token(technician, None)))).await;
            let silent = found.iter().any(|found| matches!(found, Err(NoToken::Outside(_))));
            tokens.extend(found.into_iter().filter_map(|found| Some(found.ok()?.token)));
            if silent || self.now() >= until {
                break;
            }
        }
        tokens
    }

    /// Has TeamViewer end the tokens. One that it doesn't end is logged.
    pub(crate) async fn revoke_all(&self, tokens: Vec<ScriptToken>) {
        let (until, mut left) = (self.until(), tokens.len());
        for some in tokens.chunks(AT_ONCE) {
            for revoked in join_all(some.iter().map(|token| self.world.teamviewer.revoke(token))).await {
                left -= usize::from(matches!(revoked, Ok(()) | Err(TeamViewerError::TokenRefused)));
            }
            if self.now() >= until {
                break;
            }
        }
        if left > 0 {
            tracing::warn!(account = %self.id(), left, "TeamViewer did not end all tokens of a deleted account's technicians");
        }
    }

    fn until(&self) -> Instant {
        self.now() + TimeDelta::seconds(SECONDS_FOR_EACH)
    }
}
