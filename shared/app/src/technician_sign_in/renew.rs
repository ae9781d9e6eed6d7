//! Renewing a sign-in: one at a time, since a refresh token serves once.

use casebridge_domain::journal::AccountMatter;
use casebridge_domain::technician_sign_in::{NotRenewed, Standing, TechnicianSignIn, Tokens, WhyAskedAgain};
use casebridge_domain::{Instant, RegistrationId, Sealed, TeamViewerUserId, TechnicianId};
use chrono::TimeDelta;

use crate::Desk;
use crate::outside::Outside;
use crate::ports::authorization::NoTokens;
use crate::ports::store::{Saved, StoreError, Versioned};
use crate::ports::teamviewer::{ScriptToken, TeamViewerError};
use crate::ports::vault::{SecretKind, VaultError};
use crate::settle::TRIES;

/// Seconds that renewing may take. Ordered: TeamViewer call (8 s) < function (25 s) < lease.
const LEASE_SECONDS: i64 = 30;

/// Seconds after which to ask again while somebody renews.
const WAIT_SECONDS: i64 = 2;

/// A token that serves, and whose it is.
pub(crate) struct SignedToken {
    pub(crate) token: ScriptToken,
    /// The same as it is kept.
    pub(crate) sealed: Sealed,
    pub(crate) registration: RegistrationId,
    pub(crate) user: Option<TeamViewerUserId>,
    /// Whether cases may begin with it.
    pub(crate) serves: bool,
}

/// Why there is no token.
#[derive(Debug)]
pub(crate) enum NoToken {
    /// The technician never signed in, or signed out.
    NotSignedIn,
    /// He has to sign in again.
    AskedAgain,
    /// Somebody is renewing it.
    Renewing { until: Instant },
    /// The account's app is gone, or TeamViewer does not accept it.
    AppRefused,
    /// Something else failed.
    Outside(Outside),
}

impl From<StoreError> for NoToken {
    fn from(error: StoreError) -> Self {
        Self::Outside(error.into())
    }
}

impl From<VaultError> for NoToken {
    fn from(error: VaultError) -> Self {
        Self::Outside(error.into())
    }
}

impl From<Outside> for NoToken {
    fn from(error: Outside) -> Self {
        Self::Outside(error)
    }
}

/// How a turn at renewing ended.
enum Turn {
    Renewed(Tokens),
    Refused,
    AppRefused,
    NotAnswered(NotRenewed, TeamViewerError),
}

impl Desk {
    /// The technician's token. One that is about to end, or that TeamViewer `refused`, is renewed first.
    pub(crate) async fn signed_token(
        &self,
        technician: &TechnicianId,
        refused: Option<&Sealed>,
    ) -> Result<SignedToken, NoToken> {
        let store = &self.world.store;
        for _ in 0..TRIES {
            let kept = store.technician_sign_in(self.id(), technician).await?.ok_or(NoToken::NotSignedIn)?;
            let now = self.now();
            let tokens = kept.value.tokens().ok_or(NoToken::AskedAgain)?;
            let is_refused = refused == Some(&tokens.access);
            if !is_refused && !tokens.are_due(now) {
                return self.opened(&kept.value, tokens).await;
            }
            // What is about to end serves until it does, should it not be renewed now.
            let stopgap = (!is_refused && now < tokens.access_until).then(|| tokens.clone());
            let Some((turn, generation)) = kept.value.renewing(now, now + TimeDelta::seconds(LEASE_SECONDS)) else {
                return match stopgap {
                    Some(tokens) => self.opened(&kept.value, &tokens).await,
                    None => Err(NoToken::Renewing { until: now + TimeDelta::seconds(WAIT_SECONDS) }),
                };
            };
            let saved = store.save_technician_sign_in(&turn, Some(kept.revision), None, None).await?;
            let Saved::Done(revision) = saved else { continue };
            let outcome = self.renew(&turn).await?;
            return self.settle_renewal(Versioned { value: turn, revision }, generation, outcome, stopgap).await;
        }
        Err(Outside::Contention.into())
    }

    /// TeamViewer refuses a token that it gave just now: the technician has to look into it.
    pub(crate) async fn ask_again(&self, technician: &TechnicianId, refused: &Sealed) -> Result<(), Outside> {
        for _ in 0..TRIES {
            let Some(kept) = self.world.store.technician_sign_in(self.id(), technician).await? else { return Ok(()) };
            if kept.value.tokens().is_none_or(|tokens| tokens.access != *refused) {
                return Ok(());
            }
            let asked = kept.value.asked_again(WhyAskedAgain::Refused, self.now());
            if self.save_renewal(&asked, &kept).await? {
                return Ok(());
            }
        }
        Err(Outside::Contention)
    }

    async fn renew(&self, turn: &TechnicianSignIn) -> Result<Turn, NoToken> {
        let Some(tokens) = turn.tokens() else { return Err(NoToken::AskedAgain) };
        let Some(client) = self.client().await? else { return Ok(Turn::AppRefused) };
        let refresh = self.world.vault.open(self.id(), SecretKind::RefreshToken, &tokens.refresh).await?;
        Ok(match self.world.teamviewer.refresh(&client, &refresh).await {
            Ok(pair) => Turn::Renewed(self.sealed(&pair).await?),
            Err(NoTokens::GrantRefused) => Turn::Refused,
            Err(NoTokens::ClientRefused) => Turn::AppRefused,
            Err(NoTokens::TeamViewer(error @ TeamViewerError::OutcomeUnknown)) => {
                Turn::NotAnswered(NotRenewed::Unknown, error)
            }
            // Nothing was changed there: it was not reached, or it said no to the call.
            Err(NoTokens::TeamViewer(error)) => Turn::NotAnswered(NotRenewed::Untouched, error),
        })
    }

    async fn settle_renewal(
        &self,
        mut kept: Versioned<TechnicianSignIn>,
        generation: u32,
        outcome: Turn,
        stopgap: Option<Tokens>,
    ) -> Result<SignedToken, NoToken> {
        for _ in 0..TRIES {
            let (sign_in, now) = (&kept.value, self.now());
            let settled = match &outcome {
                Turn::Renewed(tokens) => sign_in.renewed(generation, tokens.clone()),
                Turn::Refused => sign_in.refused(generation, now),
                Turn::AppRefused => sign_in.not_renewed(generation, NotRenewed::Untouched, now),
                Turn::NotAnswered(left, _) => sign_in.not_renewed(generation, *left, now),
            };
            // Overtaken: whoever has the turn now decides.
            let Some(settled) = settled else {
                return Err(NoToken::Renewing { until: now + TimeDelta::seconds(WAIT_SECONDS) });
            };
            if self.save_renewal(&settled, &kept).await? {
                return match (outcome, stopgap) {
                    (Turn::Renewed(tokens), _) => self.opened(&settled, &tokens).await,
                    (Turn::Refused, _) => Err(NoToken::AskedAgain),
                    (Turn::AppRefused | Turn::NotAnswered(..), Some(tokens)) => self.opened(&settled, &tokens).await,
                    (Turn::AppRefused, None) => Err(NoToken::AppRefused),
                    (Turn::NotAnswered(_, error), None) => Err(Outside::from(error).into()),
                };
            }
            let read = self.world.store.technician_sign_in(self.id(), kept.value.technician()).await?;
            kept = read.ok_or(NoToken::NotSignedIn)?;
        }
        Err(Outside::Contention.into())
    }

    /// Saves what became of a sign-in; the journal hears of one that asks again.
    async fn save_renewal(
        &self,
        sign_in: &TechnicianSignIn,
        over: &Versioned<TechnicianSignIn>,
    ) -> Result<bool, Outside> {
        let entry = match sign_in.standing() {
            Standing::AskedAgain { why, .. } => {
                tracing::warn!(account = %self.id(), technician = %sign_in.technician(), why = why.name(), "a technician has to sign in to TeamViewer again");
                let technician = sign_in.technician().clone();
                Some(self.entry(AccountMatter::TechnicianAskedAgain { technician, why: *why }))
            }
            Standing::Valid { .. } => None,
        };
        let saved =
            self.world.store.save_technician_sign_in(sign_in, Some(over.revision), None, entry.as_ref()).await?;
        Ok(matches!(saved, Saved::Done(_)))
    }

    async fn opened(&self, sign_in: &TechnicianSignIn, tokens: &Tokens) -> Result<SignedToken, NoToken> {
        Ok(SignedToken {
            token: self.world.vault.open(self.id(), SecretKind::AccessToken, &tokens.access).await?,
            sealed: tokens.access.clone(),
            registration: sign_in.registration(),
            user: sign_in.user().user.clone(),
            serves: sign_in.serves(),
        })
    }
}
