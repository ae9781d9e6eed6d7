//! Two vendors, their accounts and keys, over a store in memory and a TeamViewer that can be told to fail.

use std::sync::Arc;

use casebridge_app::World;
use casebridge_app::accounts::{NewAccount, make_account, make_key};
use casebridge_app::admission::Admissions;
use casebridge_domain::account::{CaseLifetime, WhoIsTold};
use casebridge_domain::journal::Principal;
use casebridge_domain::key::{Owner, Scope};
use casebridge_domain::{AccountId, InstallationId, Language, PublicUrl, Text, TimeZone, VendorId};
use casebridge_mail::Words;
use casebridge_store::ItemStore;
use casebridge_vault::{KeyFileVault, KeyRing, MasterKey};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use uuid::Uuid;

mod answer;
mod authorization;
mod call;
mod engine;
mod fixed;
mod sessions;
mod teamviewer;

pub(crate) use answer::Answer;
pub(crate) use authorization::CLIENT_SECRET;
pub(crate) use call::Call;
use engine::SwitchedEngine;
pub(crate) use engine::Weather;
use fixed::{CountedIds, SetClock};
use teamviewer::FakeTeamViewer;

use crate::Api;

/// What the fake TeamViewer takes for a token.
pub(crate) const TOKEN: &str = "1234567-good";

/// The keys of the two accounts and the two vendors.
pub(crate) struct Keys {
    pub(crate) admin: String,
    pub(crate) technician: String,
    pub(crate) read: String,
    pub(crate) notify: String,
    pub(crate) vendor: String,
    /// The administrator of `globex`, another account of the same vendor.
    pub(crate) other_account: String,
    pub(crate) other_vendor: String,
}

/// An API to call.
pub(crate) struct TestApi {
    pub(crate) router: axum::Router,
    pub(crate) world: World,
    pub(crate) clock: Arc<SetClock>,
    pub(crate) teamviewer: Arc<FakeTeamViewer>,
    pub(crate) engine: SwitchedEngine,
    pub(crate) keys: Keys,
}

impl TestApi {
    /// The accounts `acme` and `globex` of the vendor `boss`, without connections; `initech` of the vendor `other`.
    pub(crate) async fn new() -> Self {
        Self::at(None).await
    }

    /// The same in an installation that browsers reach.
    pub(crate) async fn reached_at(address: PublicUrl) -> Self {
        Self::at(Some(address)).await
    }

    async fn at(public_url: Option<PublicUrl>) -> Self {
        let ids = Arc::new(CountedIds::default());
        let clock = Arc::new(SetClock::default());
        let teamviewer = Arc::new(FakeTeamViewer::default());
        let engine = SwitchedEngine::default();
        let world = World {
            store: Arc::new(ItemStore::new(engine.clone(), ids.clone())),
            teamviewer: teamviewer.clone(),
            vault: Arc::new(KeyFileVault::new(KeyRing::new(MasterKey::new([7; 32])), ids.clone())),
            renderer: Arc::new(Words),
            clock: clock.clone(),
            ids,
            installation: InstallationId::new(Uuid::from_u128(7)),
            public_url,
        };
        for (vendor, id) in [("boss", "acme"), ("boss", "globex"), ("other", "initech")] {
            make_account(&world, &VendorId::parse(vendor).unwrap(), account(id), Principal::Operator, None)
                .await
                .unwrap();
        }
        let keys = keys(&world).await;
        let router = crate::router(Api::new(Arc::new(Admissions::new(world.clone()))));
        Self { router, world, clock, teamviewer, engine, keys }
    }

    /// The same, and `acme` has a connection.
    pub(crate) async fn connected() -> Self {
        let api = Self::new().await;
        let body = json!({ "script_token": TOKEN });
        api.call("PUT", "/v1/accounts/acme/connection").key(&api.keys.admin).json(&body).send().await.is(200);
        api
    }

    /// The same, and `acme`'s ticket `T1` has an open case.
    pub(crate) async fn played() -> (Self, Value) {
        let api = Self::connected().await;
        let case = api.play("T1").await;
        (api, case)
    }

    /// Presses play on a ticket of `acme`.
    pub(crate) async fn play(&self, ticket: &str) -> Value {
        let path = format!("/v1/accounts/acme/tickets/{ticket}/case");
        self.call("POST", &path).key(&self.keys.technician).json(&play()).send().await.is(201)
    }

    /// The same API in a host that tells of changes.
    pub(crate) fn with_changes(self, changes: Arc<dyn crate::changes::Changes>) -> Self {
        let admissions = Arc::new(Admissions::new(self.world.clone()));
        Self { router: crate::router(Api::new(admissions).with_changes(changes)), ..self }
    }

    /// A widget token for a ticket of `acme`, good for an hour.
    pub(crate) async fn widget(&self, ticket: &str) -> String {
        self.widget_for(ticket, 60).await
    }

    /// The same, good for so many minutes.
    pub(crate) async fn widget_for(&self, ticket: &str, minutes: u32) -> String {
        let mut body = widget_token(ticket);
        body["minutes"] = json!(minutes);
        let call = self.call("POST", "/v1/accounts/acme/widget-tokens").key(&self.keys.technician);
        call.json(&body).send().await.is(201)["token"].as_str().unwrap().to_owned()
    }

    pub(crate) fn call(&self, method: &str, path: &str) -> Call<'_> {
        Call::new(self, method, path)
    }
}

/// A whole request for play.
pub(crate) fn play() -> Value {
    json!({
        "ticket": { "number": "INC-1", "title": "Printer <3>", "category": "Hardware", "type": "Incident",
                    "priority": "Urgent", "source": "Portal" },
        "requester": { "name": "Jane Doe", "email": "jane@example.com", "language": "pt-BR" },
        "technician": { "id": "u-42", "name": "Robin", "email": "robin@example.com" },
        "session_type": "default"
    })
}

/// A whole request for an activation, under the terms as they are now.
pub(crate) async fn activation(api: &TestApi, mode: &str) -> Value {
    let now = api.call("GET", "/v1/accounts/acme/activation").key(&api.keys.read).send().await.is(200);
    let agreed_by = json!({ "id": "u-1", "name": "Sam Admin" });
    json!({ "mode": mode, "agreement": { "terms_version": now["terms"]["version"], "agreed_by": agreed_by } })
}

/// A whole request for a widget token, with the people of [`play`].
pub(crate) fn widget_token(ticket: &str) -> Value {
    let mut body = play();
    body["ticket"]["id"] = json!(ticket);
    body["colleagues"] = json!([{ "id": "u-7", "name": "Kim", "email": "kim@example.com" }]);
    body.as_object_mut().unwrap().remove("session_type");
    body
}

fn account(id: &str) -> NewAccount {
    NewAccount {
        id: AccountId::parse(id).unwrap(),
        name: Text::parse("Acme Ltd").unwrap(),
        time_zone: TimeZone::UTC,
        language: Language::English,
        case_lifetime: CaseLifetime::default(),
        told: WhoIsTold::default(),
    }
}

async fn keys(world: &World) -> Keys {
    let account = |id: &str| Owner::Account(AccountId::parse(id).unwrap());
    let vendor = |id: &str| Owner::Vendor(VendorId::parse(id).unwrap());
    let key = async |owner: Owner, scope: Scope| {
        let made = make_key(world, &owner, scope, None, Principal::Operator, None).await.unwrap();
        made.text.unwrap().expose_secret().to_owned()
    };
    Keys {
        admin: key(account("acme"), Scope::Admin).await,
        technician: key(account("acme"), Scope::Technician).await,
        read: key(account("acme"), Scope::Read).await,
        notify: key(account("acme"), Scope::Notify).await,
        vendor: key(vendor("boss"), Scope::Admin).await,
        other_account: key(account("globex"), Scope::Admin).await,
        other_vendor: key(vendor("other"), Scope::Admin).await,
    }
}
