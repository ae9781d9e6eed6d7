//! A link's token: `<claims>.<mac>`, both in base64url; the mac is HMAC-SHA256 over the account and the claims.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use casebridge_domain::session::Link;
use casebridge_domain::{Instant, Requester, Ticket};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::Desk;
use crate::outside::Outside;

/// Characters that a token may have: with a title of 250 characters of any script it fits, and browsers take twice as much.
const LONGEST_TOKEN: usize = 4096;

/// What a link says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Claims {
    /// It is refused from then on.
    #[serde(rename = "e", with = "chrono::serde::ts_seconds")]
    pub(super) expires_at: Instant,
    /// What help is asked for with.
    #[serde(rename = "t")]
    pub(super) ticket: Ticket,
    /// Who asks.
    #[serde(rename = "r")]
    pub(super) requester: Requester,
}

/// What a vendor's back end says about the requester whom it gives the link to.
#[derive(Debug, Clone)]
pub struct RequestLinkWish {
    /// What help is asked for with.
    pub ticket: Ticket,
    /// Who asks.
    pub requester: Requester,
    /// How long the link is good for.
    pub span: TimeDelta,
}

/// A link, given out this once.
#[derive(Debug, Clone)]
pub struct RequestLink {
    /// Where it leads.
    pub url: Link,
    /// It is refused from then on.
    pub expires_at: Instant,
}

/// Why there is no link.
#[derive(Debug, thiserror::Error)]
pub enum NoLink {
    /// The installation has no address that a browser could be led to.
    #[error("the installation has no public address")]
    NoPublicAddress,
    /// The facts don't fit into an address.
    #[error("the link would be too long")]
    TooLong,
    /// Something else failed.
    #[error(transparent)]
    Outside(#[from] Outside),
}

/// Makes a link to the page on which the requester asks for help. It is kept nowhere; the account gets the key that it is signed with the
/// first time.
pub async fn make_request_link(desk: &Desk, wish: RequestLinkWish) -> Result<RequestLink, NoLink> {
    let url = desk.world.public_url.as_ref().ok_or(NoLink::NoPublicAddress)?;
    let key = desk.account_link_key().await?.ok_or(Outside::Contention)?;
    let until = desk.now() + wish.span;
    let expires_at = chrono::DateTime::from_timestamp(until.timestamp(), 0).unwrap_or(until);
    let claims = Claims { expires_at, ticket: wish.ticket, requester: wish.requester };
    let claims = serde_json::to_vec(&claims).map_err(|_| NoLink::TooLong)?;
    let claims = URL_SAFE_NO_PAD.encode(claims);
    let mac = key.sign_request(desk.id(), &claims).ok_or(Outside::Contention)?;
    let token = format!("{claims}.{}", URL_SAFE_NO_PAD.encode(mac));
    if token.len() > LONGEST_TOKEN {
        return Err(NoLink::TooLong);
    }
    let url = url.page(&format!("/c/{}/ask/{token}", desk.id())).map_err(|_| NoLink::TooLong)?;
    Ok(RequestLink { url, expires_at })
}

impl Desk {
    /// What a link says, if it is one of the account's.
    pub(super) async fn claims_of_link(&self, token: &str) -> Result<Option<Claims>, Outside> {
        let read = token.split_once('.').filter(|_| token.len() <= LONGEST_TOKEN);
        let Some((claims, mac)) = read else { return Ok(None) };
        let Ok(mac) = URL_SAFE_NO_PAD.decode(mac) else { return Ok(None) };
        let Some(key) = self.present_link_key().await? else { return Ok(None) };
        if !key.signed_request(self.id(), claims, &mac) {
            return Ok(None);
        }
        let claims = URL_SAFE_NO_PAD.decode(claims).ok();
        Ok(claims.and_then(|claims| serde_json::from_slice(&claims).ok()))
    }
}
