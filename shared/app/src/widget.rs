//! The widget: what a page of the vendor's may do with a token for one ticket and one technician.

use casebridge_domain::{AccountId, Instant, KeyId, Requester, Technician, TechnicianId, Ticket};
use chrono::TimeDelta;
use secrecy::SecretString;

use crate::accounts::{AccountError, change_account};
use crate::admission::Admissions;
use crate::outside::Outside;
use crate::ports::vault::SecretKind;
use crate::{Desk, World};

mod look;
mod token;

pub use look::{Look, Standing, TicketStanding};
pub use token::Claims;
pub(crate) use token::{TokenKey, TokenText};

/// Colleagues that a token names, at most.
pub const COLLEAGUES_LIMIT: usize = 20;

/// Bytes that a token may have: what gateways let a header field be, with room for others.
const LONGEST_TOKEN: usize = 8192;

/// A widget that was let in: its account's desk, and what its token says.
#[derive(Clone)]
pub struct AtWidget {
    /// The account-scoped handle. Only the ticket of the claims may be reached with it.
    pub desk: Desk,
    /// What the token says.
    pub claims: Claims,
}

impl AtWidget {
    /// The technician himself, or one of the colleagues to whom a case may be handed over.
    pub fn helper(&self, id: &TechnicianId) -> Option<&Technician> {
        let technicians = std::iter::once(&self.claims.technician).chain(&self.claims.colleagues);
        technicians.into_iter().find(|technician| technician.id == *id)
    }
}

/// What a vendor's back end says about the widget that its page shows.
#[derive(Debug, Clone)]
pub struct TokenWish {
    /// The only ticket that the widget reaches.
    pub ticket: Ticket,
    /// Who is helped.
    pub requester: Requester,
    /// Who looks at the page.
    pub technician: Technician,
    /// To whom he may hand the case over.
    pub colleagues: Vec<Technician>,
    /// How long the token is good for.
    pub span: TimeDelta,
}

/// A widget's token, given out this once.
#[derive(Debug)]
pub struct WidgetToken {
    /// The token.
    pub text: SecretString,
    /// It is refused from then on.
    pub expires_at: Instant,
}

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// With that many people and so long names it does not fit into a header field.
    #[error("the token would be too long")]
    TooLong,
    /// The account could not be given a secret.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// Something else failed.
    #[error(transparent)]
    Outside(#[from] Outside),
}

/// Makes a token for a widget. It is kept nowhere; the account gets the secret that it is signed with the first time.
pub async fn make_token(
    admissions: &Admissions,
    desk: &Desk,
    by: KeyId,
    wish: TokenWish,
) -> Result<WidgetToken, TokenError> {
    // What was let in may be a minute old: a token must not be signed with a secret that was renewed since.
    let desk = Desk::open(admissions.world(), desk.id(), desk.by()).await?.ok_or(AccountError::Overtaken)?;
    let sealed = match desk.account().widget_secret.clone() {
        Some(sealed) => sealed,
        None => fresh_secret(&desk).await?,
    };
    let key = admissions.token_key(desk.id(), &sealed).await?;
    let expires_at = whole_seconds(desk.now() + wish.span);
    let claims = Claims {
        key: by,
        expires_at,
        ticket: wish.ticket,
        requester: wish.requester,
        technician: wish.technician,
        colleagues: wish.colleagues,
    };
    let text = key.sign(desk.id(), &claims, LONGEST_TOKEN).ok_or(TokenError::TooLong)?;
    Ok(WidgetToken { text, expires_at })
}

/// Refuses every token of the account that was given out so far.
pub async fn refuse_tokens(desk: &Desk) -> Result<(), AccountError> {
    change_account(desk, |account| account.widget_secret = None).await?;
    Ok(())
}

/// Gives the account a secret; of several at once, one is kept.
async fn fresh_secret(desk: &Desk) -> Result<casebridge_domain::Sealed, TokenError> {
    let World { ids, vault, .. } = &desk.world;
    let secret = SecretString::from(casebridge_domain::hex::hex(&ids.secret()));
    let sealed = vault.seal(desk.id(), SecretKind::WidgetSecret, &secret).await.map_err(Outside::from)?;
    let account = change_account(desk, |account| {
        account.widget_secret.get_or_insert_with(|| sealed.clone());
    });
    Ok(account.await?.widget_secret.unwrap_or(sealed))
}

/// Why a widget is not let in.
#[derive(Debug, thiserror::Error)]
pub enum NotAtWidget {
    /// It is no token, or none of ours, or was made with a secret that was renewed, or for an account that is gone.
    #[error("the token is not known")]
    UnknownToken,
    /// Its time is over.
    #[error("the token has expired")]
    Expired,
    /// Something else failed.
    #[error(transparent)]
    Outside(#[from] Outside),
}

impl Admissions {
    /// Lets a widget in.
    pub async fn to_widget(&self, token: &str) -> Result<AtWidget, NotAtWidget> {
        let text = TokenText::parse(token, LONGEST_TOKEN).ok_or(NotAtWidget::UnknownToken)?;
        if let Some(kept) = self.kept_account(text.account())
            && let Some(at) = self.checked(&text, (*kept).clone()).await?
        {
            return Ok(at);
        }
        // The secret may have been made or renewed since.
        self.afresh(&text).await
    }

    /// The same, by the account and its connection as they are now.
    pub async fn to_widget_afresh(&self, token: &str) -> Result<AtWidget, NotAtWidget> {
        let text = TokenText::parse(token, LONGEST_TOKEN).ok_or(NotAtWidget::UnknownToken)?;
        self.afresh(&text).await
    }

    async fn afresh(&self, text: &TokenText<'_>) -> Result<AtWidget, NotAtWidget> {
        let admission = self.account(text.account()).await?;
        self.checked(text, (*admission).clone()).await?.ok_or(NotAtWidget::UnknownToken)
    }

    /// `None` says that the token is none of the account's.
    async fn checked(
        &self,
        text: &TokenText<'_>,
        admission: crate::ports::store::Admission,
    ) -> Result<Option<AtWidget>, NotAtWidget> {
        let Some(sealed) = admission.account.as_ref().and_then(|account| account.value.widget_secret.clone()) else {
            return Ok(None);
        };
        let key = self.token_key(text.account(), &sealed).await?;
        let Some(claims) = key.claims(text) else { return Ok(None) };
        if claims.expires_at <= self.world().now() {
            return Err(NotAtWidget::Expired);
        }
        let by = casebridge_domain::journal::Principal::Key { id: claims.key };
        let desk = Desk::of(self.world().clone(), admission, by);
        Ok(desk.map(|desk| AtWidget { desk, claims }))
    }
}

/// Whose widget it would be, if the token were good; for the log.
pub fn account_of(token: &str) -> Option<AccountId> {
    TokenText::parse(token, LONGEST_TOKEN).map(|text| text.account().clone())
}

fn whole_seconds(at: Instant) -> Instant {
    chrono::DateTime::from_timestamp(at.timestamp(), 0).unwrap_or(at)
}
