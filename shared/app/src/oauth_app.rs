//! The account's app in TeamViewer, which technicians sign in through.

use casebridge_domain::oauth::{ClientId, OauthApp};
use casebridge_domain::{Account, PublicUrl};
use secrecy::SecretString;

use crate::accounts::{AccountError, change_account};
use crate::outside::Outside;
use crate::ports::authorization::Client;
use crate::ports::vault::SecretKind;
use crate::{Desk, World};

/// Where technicians come back to from TeamViewer's page, below the installation's address.
pub const REDIRECT_PATH: &str = "/oauth/teamviewer";

/// Keeps the app that an administrator made in the Management Console. TeamViewer is not asked: it tells whether client id
/// and secret are right only to a technician who signs in.
pub async fn keep_app(desk: &Desk, client_id: ClientId, secret: &SecretString) -> Result<Account, AccountError> {
    let client_secret = desk.world.vault.seal(desk.id(), SecretKind::ClientSecret, secret).await;
    let app = OauthApp { client_id, client_secret: client_secret.map_err(Outside::from)? };
    change_account(desk, |account| account.oauth_app = Some(app.clone())).await
}

/// Forgets the app. Who is signed in stays so until his token has to be renewed.
pub async fn forget_app(desk: &Desk) -> Result<Account, AccountError> {
    change_account(desk, |account| account.oauth_app = None).await
}

/// Where technicians come back to; what has to be the app's redirect URI in the Management Console. `None` where the
/// installation has no address.
pub fn redirect_uri(world: &World) -> Option<String> {
    world.public_url.as_ref().map(|url: &PublicUrl| format!("{url}{REDIRECT_PATH}"))
}

impl Desk {
    /// The app as it is now, with its secret in the clear.
    pub(crate) async fn client(&self) -> Result<Option<Client>, Outside> {
        let fresh = Self::open(&self.world, self.id(), self.by()).await?;
        let Some(OauthApp { client_id, client_secret }) = fresh.and_then(|fresh| fresh.account().oauth_app.clone())
        else {
            return Ok(None);
        };
        let secret = self.world.vault.open(self.id(), SecretKind::ClientSecret, &client_secret).await?;
        Ok(Some(Client { id: client_id, secret }))
    }
}
