//! A technician comes back from TeamViewer's page.

use casebridge_domain::connection::{Licence, Registrar};
use casebridge_domain::journal::AccountMatter;
use casebridge_domain::technician_sign_in::{AuthorizationRequest, SignedIn, TechnicianSignIn, Tokens};
use casebridge_domain::{Account, RegistrationId, TechnicianId};
use secrecy::SecretString;

use super::Drained;
use super::begin::{account_of, hash};
use crate::oauth_app::redirect_uri;
use crate::outside::Outside;
use crate::ports::authorization::{Client, NoTokens, TokenPair};
use crate::ports::store::{Revision, Saved, Versioned};
use crate::ports::teamviewer::{TeamViewerError, TokenOwner};
use crate::ports::vault::SecretKind;
use crate::settle::TRIES;
use crate::{Desk, World};

/// What came of a sign-in that we had begun.
#[derive(Debug)]
pub struct CameBack {
    /// In which account.
    pub account: Account,
    /// Who.
    pub technician: TechnicianId,
    /// The sign-in, or why there is none.
    pub signed_in: Result<TechnicianSignIn, NotSignedIn>,
}

/// Why a technician is not signed in. He may begin again.
#[derive(Debug, thiserror::Error)]
pub enum NotSignedIn {
    /// He, or TeamViewer, said no.
    #[error("the consent was not given")]
    Declined,
    /// TeamViewer does not accept the code that it gave him: it was used, or is too old.
    #[error("TeamViewer does not accept the code")]
    CodeRefused,
    /// The account's app is another one by now, or TeamViewer does not accept its secret.
    #[error("TeamViewer does not accept the account's app")]
    AppRefused,
    /// He is signed in as somebody else, whose cases are live.
    #[error("cases are live of the TeamViewer user who was signed in")]
    AnotherUser {
        /// As whom.
        present: Box<Registrar>,
    },
    /// Somebody else changed the sign-in at the same time.
    #[error("the sign-in was changed at the same time")]
    Overtaken,
    /// Something else failed.
    #[error(transparent)]
    Outside(#[from] Outside),
}

/// Takes what TeamViewer sent back with a technician: `state` and a code, or no code if he declined. A `state` works once.
/// `None` if it is none of ours, was used, or is too old.
pub async fn come_back(world: &World, state: &str, code: Option<SecretString>) -> Result<Option<CameBack>, Outside> {
    let Some(account) = account_of(state) else { return Ok(None) };
    let request = world.store.authorization(&account, &hash(state)).await?;
    let Some(request) = request.filter(|request| world.now() < request.value.until) else { return Ok(None) };
    if world.store.use_authorization(&request).await? == Saved::Lost {
        return Ok(None);
    }
    let Some(desk) = Desk::open(world, &account, request.value.by).await? else { return Ok(None) };
    let signed_in = desk.sign_in_with(&request.value, code).await;
    if let Err(error) = &signed_in {
        tracing::info!(account = %desk.id(), technician = %request.value.technician, %error, "a technician is not signed in");
    }
    Ok(Some(CameBack { account: desk.account().clone(), technician: request.value.technician, signed_in }))
}

impl Desk {
    async fn sign_in_with(
        &self,
        request: &AuthorizationRequest,
        code: Option<SecretString>,
    ) -> Result<TechnicianSignIn, NotSignedIn> {
        let code = code.ok_or(NotSignedIn::Declined)?;
        let client = self.client().await?.filter(|client| client.id == request.client_id);
        let pair = self.exchange(&client.ok_or(NotSignedIn::AppRefused)?, request, &code).await?;
        let kept = self.keep_sign_in(request, &pair).await;
        if kept.is_err() {
            self.revoke(&pair.access).await;
        }
        kept
    }

    async fn exchange(
        &self,
        client: &Client,
        request: &AuthorizationRequest,
        code: &SecretString,
    ) -> Result<TokenPair, NotSignedIn> {
        let redirect_uri = redirect_uri(&self.world).ok_or(NotSignedIn::AppRefused)?;
        let verifier = self.world.vault.open(self.id(), SecretKind::CodeVerifier, &request.verifier).await;
        let verifier = verifier.map_err(Outside::from)?;
        match self.world.teamviewer.exchange_code(client, code, &redirect_uri, &verifier).await {
            Ok(pair) => Ok(pair),
            Err(NoTokens::GrantRefused) => Err(NotSignedIn::CodeRefused),
            Err(NoTokens::ClientRefused) => Err(NotSignedIn::AppRefused),
            Err(NoTokens::TeamViewer(error)) => Err(Outside::from(error).into()),
        }
    }

    async fn keep_sign_in(
        &self,
        request: &AuthorizationRequest,
        pair: &TokenPair,
    ) -> Result<TechnicianSignIn, NotSignedIn> {
        let owner = self.owner_of(&pair.access).await?;
        let now = self.now();
        let signed_in = SignedIn {
            account: self.id().clone(),
            technician: request.technician.clone(),
            registration: RegistrationId::new(self.world.ids.time_ordered(now)),
            user: owner.registrar,
            licence: owner.licence,
            tokens: self.sealed(pair).await?,
            at: now,
        };
        let user = signed_in.user.user.clone();
        let entry = self.entry(AccountMatter::TechnicianSignedIn { technician: signed_in.technician.clone(), user });
        let store = &self.world.store;
        for _ in 0..TRIES {
            let present = store.technician_sign_in(self.id(), &request.technician).await.map_err(Outside::from)?;
            let (kept, read_at, replaced) = self.in_place_of(present, &signed_in).await?;
            let saved = store.save_technician_sign_in(&kept, read_at, Some(now), Some(&entry)).await;
            if let Saved::Done(_) = saved.map_err(Outside::from)? {
                if let Some(tokens) = replaced.as_ref().and_then(TechnicianSignIn::tokens) {
                    let old = self.world.vault.open(self.id(), SecretKind::AccessToken, &tokens.access).await;
                    self.revoke(&old.map_err(Outside::from)?).await;
                }
                return Ok(kept);
            }
        }
        Err(NotSignedIn::Overtaken)
    }

    /// The sign-in as it is to be kept beside the one that there is. Another user's takes its place only when no case of his
    /// is live: with these tokens, they could not be stopped.
    async fn in_place_of(
        &self,
        present: Option<Versioned<TechnicianSignIn>>,
        signed_in: &SignedIn,
    ) -> Result<(TechnicianSignIn, Option<Revision>, Option<TechnicianSignIn>), NotSignedIn> {
        let Some(present) = present else { return Ok((TechnicianSignIn::new(signed_in.clone()), None, None)) };
        if present.value.is_of(&signed_in.user) {
            return Ok((present.value.again(signed_in.clone()), Some(present.revision), None));
        }
        match self.drain_sign_in(&present).await? {
            Drained::Quiet(revision) => {
                Ok((TechnicianSignIn::new(signed_in.clone()), Some(revision), Some(present.value)))
            }
            Drained::Live(_) => Err(NotSignedIn::AnotherUser { present: Box::new(present.value.user().clone()) }),
            Drained::Overtaken => Err(NotSignedIn::Overtaken),
        }
    }

    /// Whose tokens they are. A token that may not see its own account leaves a gap, never a refusal.
    async fn owner_of(&self, access: &SecretString) -> Result<TokenOwner, NotSignedIn> {
        match self.world.teamviewer.token_owner(access).await {
            Ok(owner) => Ok(owner),
            Err(TeamViewerError::PermissionMissing | TeamViewerError::Refused { .. }) => {
                let registrar = Registrar { user: None, name: None, email: None, company: None };
                Ok(TokenOwner { registrar, licence: Licence::Unknown(String::new()) })
            }
            Err(TeamViewerError::TokenRefused) => Err(NotSignedIn::CodeRefused),
            Err(error) => Err(Outside::from(error).into()),
        }
    }

    /// What TeamViewer gave, as it is kept.
    pub(super) async fn sealed(&self, pair: &TokenPair) -> Result<Tokens, Outside> {
        let vault = &self.world.vault;
        Ok(Tokens {
            access: vault.seal(self.id(), SecretKind::AccessToken, &pair.access).await?,
            access_until: self.now() + pair.lasts,
            refresh: vault.seal(self.id(), SecretKind::RefreshToken, &pair.refresh).await?,
        })
    }

    /// Ends tokens that nobody will use. Best effort: they end by themselves.
    pub(super) async fn revoke(&self, access: &SecretString) {
        if let Err(error) = self.world.teamviewer.revoke(access).await {
            tracing::warn!(account = %self.id(), %error, "tokens that are not needed could not be revoked");
        }
    }
}
