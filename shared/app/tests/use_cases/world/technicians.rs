//! Technicians who sign in to TeamViewer.

use std::collections::HashMap;

use casebridge_app::oauth_app::keep_app;
use casebridge_app::technician_sign_in::{Begun, CameBack, begin, come_back};
use casebridge_domain::oauth::ClientId;
use casebridge_domain::technician_sign_in::{Standing, TechnicianSignIn};
use casebridge_domain::{AccountId, TechnicianId};
use casebridge_sandbox::teamviewer::{Consent, OauthApp, Permission};
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use super::{Beginning, TestWorld, acme};

/// The app that acme's administrator made in the Management Console.
pub(crate) const CLIENT_ID: &str = "1029384-AcmeHelpDesk00000001";
const CLIENT_SECRET: &str = "hush";

pub(crate) fn technician_id(name: &str) -> TechnicianId {
    TechnicianId::parse(name).unwrap()
}

impl TestWorld {
    /// A world whose account has an app for technicians to sign in through, and no connection.
    pub(crate) async fn with_app() -> Self {
        let world = Self::new(Beginning::default()).await;
        world.sign_up(&acme()).await;
        world.make_app(&acme()).await;
        world
    }

    /// The account gets its app.
    pub(crate) async fn make_app(&self, account: &AccountId) {
        self.teamviewer.add_app(OauthApp {
            client_id: CLIENT_ID.to_owned(),
            client_secret: CLIENT_SECRET.to_owned(),
            permissions: Permission::GUIDE.to_vec(),
        });
        let secret = SecretString::from(CLIENT_SECRET);
        keep_app(&self.desk(account).await, ClientId::parse(CLIENT_ID).unwrap(), &secret).await.unwrap();
    }

    /// A technician is sent to TeamViewer: what stands in the address.
    pub(crate) async fn sent(&self, account: &AccountId, technician: &str) -> HashMap<String, String> {
        let Begun { url, .. } = begin(&self.desk(account).await, technician_id(technician)).await.unwrap();
        let url = Url::parse(url.expose_secret()).unwrap();
        url.query_pairs().into_owned().collect()
    }

    /// A user of TeamViewer consents to what he was sent there with, and comes back with a code.
    pub(crate) fn consents(&self, user: &str, sent: &HashMap<String, String>) -> SecretString {
        let field = |name: &str| sent.get(name).cloned();
        let consent = Consent {
            userid: user.to_owned(),
            client_id: field("client_id").unwrap(),
            redirect_uri: field("redirect_uri"),
            code_challenge: field("code_challenge"),
            code_challenge_method: field("code_challenge_method"),
        };
        SecretString::from(self.teamviewer.consent(&consent).unwrap())
    }

    /// A technician of acme's signs in as a user of TeamViewer.
    pub(crate) async fn signs_in(&self, technician: &str, user: &str) -> CameBack {
        let sent = self.sent(&acme(), technician).await;
        let code = self.consents(user, &sent);
        come_back(&self.app, &sent["state"], Some(code)).await.unwrap().unwrap()
    }

    /// The same, and it works.
    pub(crate) async fn signed_in(&self, technician: &str, user: &str) -> TechnicianSignIn {
        self.signs_in(technician, user).await.signed_in.unwrap()
    }

    /// The sign-in of one of acme's technicians.
    pub(crate) async fn sign_in_of(&self, technician: &str) -> Option<TechnicianSignIn> {
        let kept = self.store().technician_sign_in(&acme(), &technician_id(technician)).await.unwrap();
        kept.map(|kept| kept.value)
    }

    /// Where the sign-in of one of acme's technicians stands.
    pub(crate) async fn standing_of(&self, technician: &str) -> Standing {
        self.sign_in_of(technician).await.unwrap().standing().clone()
    }

    /// Calls to the function that gives tokens.
    pub(crate) fn token_calls(&self) -> usize {
        usize::try_from(self.teamviewer.calls().count("POST /oauth2/token")).unwrap()
    }
}
