//! Endpoints: where an account or a vendor has events pushed to.

use std::sync::Arc;

use casebridge_domain::endpoint::{
    Endpoint, EndpointState, EndpointUrl, EventFilter, KeptSecret, Lane, NotAllowed, ROTATION_HOURS, Reach, Retry,
    SigningMethod, SigningSecret, TestAsked,
};
use casebridge_domain::journal::{AccountMatter, JournalEntry, Principal};
use casebridge_domain::key::Owner;
use casebridge_domain::{AccountId, EndpointId, Instant, Sealed, Text};
use chrono::TimeDelta;
use secrecy::ExposeSecret as _;

use crate::open_case::RequestMemory;
use crate::ports::LaneNotifier;
use crate::ports::store::{EndpointMade, LaneSaved, LaneStep, Saved, Serving, StoreError, Subject, Versioned};
use crate::ports::vault::{SecretKind, VaultError};
use crate::settle::TRIES;
use crate::{Outside, World};

mod replay;

pub use replay::ReplayWish;

/// What has not been delivered is listed so much at a time.
const LISTED: usize = 100;

/// A new endpoint is looked at after this at the latest, whether or not something happens.
const LOOKED_AT: TimeDelta = TimeDelta::hours(1);

/// Why something about an endpoint was not done.
#[derive(Debug, thiserror::Error)]
pub enum EndpointError {
    /// There is none of that id.
    #[error("there is no such endpoint")]
    Unknown,
    /// The owner has as many as he may have.
    #[error("there are as many endpoints as there may be")]
    TooMany,
    /// Nothing is sent to such an address.
    #[error("nothing is sent to such an address: it {0}")]
    Address(#[from] NotAllowed),
    /// It is off, so nothing would be pushed.
    #[error("the endpoint is off")]
    Off,
    /// None of these events is there (any more).
    #[error("none of these events is kept")]
    NothingToReplay,
    /// The same `Idempotency-Key` came with another body.
    #[error("the Idempotency-Key was used for another request")]
    KeyReused,
    /// Somebody else changed it at the same time.
    #[error("the endpoint was changed at the same time")]
    Overtaken,
    /// Something else failed.
    #[error(transparent)]
    Outside(#[from] Outside),
}

impl From<StoreError> for EndpointError {
    fn from(error: StoreError) -> Self {
        Self::Outside(error.into())
    }
}

impl From<VaultError> for EndpointError {
    fn from(error: VaultError) -> Self {
        Self::Outside(error.into())
    }
}

/// Whose endpoints, and on whose behalf. Nothing here reaches anybody else's.
#[derive(Clone)]
pub struct Endpoints {
    world: World,
    owner: Owner,
    by: Principal,
    reach: Reach,
    notifier: Option<Arc<dyn LaneNotifier>>,
}

/// A new endpoint.
#[derive(Debug, Clone)]
pub struct NewEndpoint {
    /// Where to.
    pub url: EndpointUrl,
    /// Which events.
    pub filter: EventFilter,
    /// What it is for.
    pub description: Option<Text<200>>,
    /// How they are signed.
    pub signing: SigningMethod,
}

/// An endpoint that was made.
#[derive(Debug)]
pub struct MadeEndpoint {
    /// What is kept.
    pub endpoint: Endpoint,
    /// Its secret; `None` when a remembered request is answered again.
    pub secret: Option<SigningSecret>,
}

/// From where an endpoint goes on that was off.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum GoOn {
    /// Where it stopped: what happened meanwhile is pushed, as far as it is kept.
    #[default]
    WhereItStopped,
    /// With what happens from now on.
    Now,
}

/// What is to be changed; what is `None` stays.
#[derive(Debug, Clone, Default)]
pub struct EndpointChange {
    /// Where to.
    pub url: Option<EndpointUrl>,
    /// Which events.
    pub filter: Option<EventFilter>,
    /// What it is for, or nothing.
    pub description: Option<Option<Text<200>>>,
    /// On or off.
    pub on: Option<bool>,
    /// From where it goes on, where it was off.
    pub go_on: GoOn,
}

/// An endpoint, and how it goes there.
#[derive(Debug, Clone)]
pub struct EndpointView {
    /// The endpoint.
    pub endpoint: Endpoint,
    /// Its lane.
    pub lane: Option<Lane>,
}

/// What was pushed there of late, what is tried again, what was given up.
#[derive(Debug, Clone)]
pub struct Deliveries {
    /// The endpoint and its lane, with the last attempts.
    pub view: EndpointView,
    /// What is tried again, the earliest first.
    pub retries: Vec<Retry>,
    /// What was given up, by number.
    pub undelivered: Vec<Retry>,
}

impl Endpoints {
    /// Those of an owner. `reach` says which addresses they may have.
    pub fn of(world: World, owner: Owner, by: Principal, reach: Reach) -> Self {
        Self { world, owner, by, reach, notifier: None }
    }

    /// The same where those who push are told of what is asked of a lane.
    #[must_use]
    pub fn notifying(self, notifier: Option<Arc<dyn LaneNotifier>>) -> Self {
        Self { notifier, ..self }
    }

    /// Makes an endpoint. Gives its secret, which is not shown again.
    pub async fn make(&self, wish: NewEndpoint, memory: Option<&RequestMemory>) -> Result<MadeEndpoint, EndpointError> {
        self.reach.check(&wish.url)?;
        let now = self.world.now();
        let (kept, secret) = self.fresh_secret(wish.signing).await?;
        let endpoint = Endpoint {
            id: EndpointId::new(self.world.ids.time_ordered(now)),
            owner: self.owner.clone(),
            url: wish.url,
            filter: wish.filter,
            description: wish.description,
            state: EndpointState::On,
            signing: wish.signing,
            secret: kept,
            former: None,
            made_at: now,
        };
        let entry = self.entry(AccountMatter::EndpointMade { endpoint: endpoint.id });
        let kept = memory.map(|memory| memory.of(201, Subject::Endpoint(endpoint.id), now));
        match self.world.store.make_endpoint(&endpoint, now + LOOKED_AT, entry.as_ref(), kept.as_ref()).await? {
            EndpointMade::New => Ok(MadeEndpoint { endpoint, secret: Some(secret) }),
            EndpointMade::TooMany => Err(EndpointError::TooMany),
            EndpointMade::Remembered(remembered) => {
                let same = memory.is_some_and(|memory| memory.fingerprint == remembered.fingerprint);
                let Subject::Endpoint(id) = remembered.subject else { return Err(EndpointError::KeyReused) };
                if !same {
                    return Err(EndpointError::KeyReused);
                }
                Ok(MadeEndpoint { endpoint: self.read(id).await?.endpoint, secret: None })
            }
        }
    }

    /// All of them, oldest first.
    pub async fn list(&self) -> Result<Vec<EndpointView>, EndpointError> {
        let (endpoints, lanes) =
            futures::try_join!(self.world.store.endpoints(&self.owner), self.world.store.lanes(&self.owner))?;
        let mut lanes: Vec<Lane> = lanes.into_iter().map(|lane| lane.value).collect();
        let view = |endpoint: Versioned<Endpoint>| {
            let endpoint = endpoint.value;
            let place = lanes.iter().position(|lane| lane.endpoint == endpoint.id);
            EndpointView { lane: place.map(|place| lanes.swap_remove(place)), endpoint }
        };
        Ok(endpoints.into_iter().map(view).collect())
    }

    /// One of them.
    pub async fn read(&self, id: EndpointId) -> Result<EndpointView, EndpointError> {
        let Serving { endpoint, lane } = self.world.store.endpoint(&self.owner, id).await?;
        let endpoint = endpoint.ok_or(EndpointError::Unknown)?.value;
        Ok(EndpointView { endpoint, lane: lane.map(|lane| lane.value) })
    }

    /// Changes one.
    pub async fn change(&self, id: EndpointId, change: &EndpointChange) -> Result<EndpointView, EndpointError> {
        if let Some(url) = &change.url {
            self.reach.check(url)?;
        }
        for _ in 0..TRIES {
            let (from, lane) = self.serving(id).await?;
            let now = self.world.now();
            let endpoint = changed(&from.value, change, now);
            let fields = names_of_changed(&from.value, &endpoint);
            if fields.is_empty() {
                return Ok(EndpointView { endpoint, lane: Some(lane.value) });
            }
            let is_on_again = endpoint.is_on() && !from.value.is_on();
            let asked = if is_on_again { Some(self.on_again(lane.clone(), change.go_on, now).await?) } else { None };
            let entry = self.entry(AccountMatter::EndpointChanged { endpoint: id, fields });
            let saved =
                self.world.store.save_endpoint(&endpoint, from.revision, asked.as_ref(), entry.as_ref()).await?;
            if let Saved::Done(_) = saved {
                if asked.is_some() {
                    self.notify(id).await;
                }
                return Ok(EndpointView { endpoint, lane: Some(asked.unwrap_or(lane).value) });
            }
        }
        Err(EndpointError::Overtaken)
    }

    /// Gives one another secret. The one before signs as well for a day.
    pub async fn rotate(&self, id: EndpointId) -> Result<(Endpoint, SigningSecret), EndpointError> {
        for _ in 0..TRIES {
            let (from, _) = self.serving(id).await?;
            let (kept, secret) = self.fresh_secret(from.value.signing).await?;
            let endpoint = from.value.rotated(kept, self.world.now() + TimeDelta::hours(ROTATION_HOURS));
            let entry = self.entry(AccountMatter::EndpointChanged { endpoint: id, fields: vec!["secret".to_owned()] });
            let saved = self.world.store.save_endpoint(&endpoint, from.revision, None, entry.as_ref()).await?;
            if let Saved::Done(_) = saved {
                return Ok((endpoint, secret));
            }
        }
        Err(EndpointError::Overtaken)
    }

    /// Removes one; `false` if there is none. Nothing more is pushed, and what waits for it is cleared away.
    pub async fn delete(&self, id: EndpointId) -> Result<bool, EndpointError> {
        let entry = self.entry(AccountMatter::EndpointDeleted { endpoint: id });
        let was_there = self.world.store.delete_endpoint(&self.owner, id, self.world.now(), entry.as_ref()).await?;
        if was_there {
            self.notify(id).await;
        }
        Ok(was_there)
    }

    /// Has a test pushed, also to one that is off. What became of it is among its deliveries; gives its `webhook-id`.
    pub async fn test(&self, id: EndpointId) -> Result<TestAsked, EndpointError> {
        let now = self.world.now();
        let test = TestAsked { id: format!("test_{}", self.world.ids.time_ordered(now)), at: now };
        self.ask_of_lane(id, |lane| lane.to_test(test.clone(), now)).await?;
        Ok(test)
    }

    /// How it goes there.
    pub async fn deliveries(&self, id: EndpointId) -> Result<Deliveries, EndpointError> {
        let view = self.read(id).await?;
        let store = &self.world.store;
        let (retries, undelivered) =
            futures::try_join!(store.retries(&self.owner, id, LISTED), store.undelivered(&self.owner, id, 0, LISTED))?;
        Ok(Deliveries { view, retries, undelivered })
    }

    async fn serving(&self, id: EndpointId) -> Result<(Versioned<Endpoint>, Versioned<Lane>), EndpointError> {
        match self.world.store.endpoint(&self.owner, id).await? {
            Serving { endpoint: Some(endpoint), lane: Some(lane) } => Ok((endpoint, lane)),
            Serving { .. } => Err(EndpointError::Unknown),
        }
    }

    async fn ask_of_lane(&self, id: EndpointId, ask: impl Fn(Lane) -> Lane) -> Result<(), EndpointError> {
        for _ in 0..TRIES {
            let (_, lane) = self.serving(id).await?;
            let asked = ask(lane.value);
            if let LaneSaved::Done(_) = self.world.store.save_lane(&LaneStep::of(&asked, lane.revision)).await? {
                self.notify(id).await;
                return Ok(());
            }
        }
        Err(EndpointError::Overtaken)
    }

    async fn notify(&self, id: EndpointId) {
        if let Some(notifier) = &self.notifier {
            notifier.notify(&self.owner, id).await;
        }
    }

    async fn on_again(
        &self,
        lane: Versioned<Lane>,
        go_on: GoOn,
        now: Instant,
    ) -> Result<Versioned<Lane>, EndpointError> {
        let skipped = match go_on {
            GoOn::WhereItStopped => None,
            GoOn::Now => Some(self.world.store.feed_head(&self.owner).await?.last),
        };
        Ok(Versioned { value: lane.value.on_again(skipped, now), revision: lane.revision })
    }

    async fn fresh_secret(&self, method: SigningMethod) -> Result<(KeptSecret, SigningSecret), EndpointError> {
        let secret = SigningSecret::new(method, self.world.ids.secret());
        let (account, kind) = place_of_secrets(&self.owner)?;
        let sealed = self.world.vault.seal(&account, kind, &secret.to_text()).await?;
        Ok((KeptSecret { sealed, public: secret.public_key() }, secret))
    }

    /// A vendor has no journal.
    fn entry(&self, matter: AccountMatter) -> Option<JournalEntry> {
        let is_accounts = matches!(self.owner, Owner::Account(_));
        is_accounts.then(|| JournalEntry::Account { by: self.by, at: self.world.now(), matter })
    }
}

/// The secrets that sign for an endpoint now, in the clear.
pub(crate) async fn open_secrets(world: &World, endpoint: &Endpoint) -> Result<Vec<SigningSecret>, Outside> {
    let (account, kind) = place_of_secrets(&endpoint.owner)?;
    let open = async |sealed: &Sealed| {
        let text = world.vault.open(&account, kind, sealed).await?;
        SigningSecret::parse(text.expose_secret()).map_err(|_| VaultError::CannotOpen)
    };
    let mut secrets = Vec::new();
    for kept in endpoint.secrets(world.now()) {
        secrets.push(open(&kept.sealed).await?);
    }
    Ok(secrets)
}

/// Where an owner's secrets open. A vendor's id reads like an account's; the kind says which it is.
fn place_of_secrets(owner: &Owner) -> Result<(AccountId, SecretKind), VaultError> {
    match owner {
        Owner::Account(account) => Ok((account.clone(), SecretKind::EndpointSecret)),
        Owner::Vendor(vendor) => {
            let id = AccountId::parse(vendor.as_str()).map_err(|_| VaultError::CannotOpen)?;
            Ok((id, SecretKind::VendorEndpointSecret))
        }
    }
}

fn changed(from: &Endpoint, change: &EndpointChange, now: Instant) -> Endpoint {
    let state = match change.on {
        Some(true) => EndpointState::On,
        Some(false) if from.is_on() => EndpointState::Off { since: now },
        Some(false) | None => from.state,
    };
    Endpoint {
        url: change.url.clone().unwrap_or_else(|| from.url.clone()),
        filter: change.filter.clone().unwrap_or_else(|| from.filter.clone()),
        description: change.description.clone().unwrap_or_else(|| from.description.clone()),
        state,
        ..from.clone()
    }
}

fn names_of_changed(from: &Endpoint, to: &Endpoint) -> Vec<String> {
    let changed = [
        ("url", from.url != to.url),
        ("events", from.filter != to.filter),
        ("description", from.description != to.description),
        ("on", from.is_on() != to.is_on()),
    ];
    changed.into_iter().filter(|(_, changed)| *changed).map(|(name, _)| name.to_owned()).collect()
}
