//! One account with cases over a store in memory, and a TeamViewer that gives sessions.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use axum::body::Body;
use axum::http::{HeaderMap, Request};
use casebridge_app::accounts::{NewAccount, change_account, make_account};
use casebridge_app::admission::Admissions;
use casebridge_app::close_case::{CloseCase, close_case};
use casebridge_app::connection::{RegisterToken, register};
use casebridge_app::open_case::{OpenCase, Opened, Request as Wished, open_case};
use casebridge_app::ports::{Clock, Ids};
use casebridge_app::{Desk, World};
use casebridge_domain::account::{CaseLifetime, WhoIsTold};
use casebridge_domain::journal::Principal;
use casebridge_domain::{
    Account, AccountId, EmailAddress, InstallationId, Instant, Language, PublicUrl, Requester, ServiceCase,
    SessionType, Technician, TechnicianId, Text, Ticket, TicketId, TimeZone, VendorId,
};
use casebridge_http::Api;
use casebridge_mail::Words;
use casebridge_store::memory::MemoryEngine;
use casebridge_store::{Engine, EngineError, Item, ItemStore, Key, Query, Rows, Write, Written};
use casebridge_vault::{KeyFileVault, KeyRing, MasterKey};
use chrono::{DateTime, TimeDelta};
use http_body_util::BodyExt as _;
use secrecy::SecretString;
use tower::ServiceExt as _;
use uuid::{Builder, Uuid};

mod authorization;
mod teamviewer;

use teamviewer::GivingTeamViewer;

/// Where the pages say that they are.
pub(crate) const URL: &str = "https://help.acme.example";

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
    pub(crate) bytes: usize,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }
}

/// Pages to look at.
pub(crate) struct Pages {
    router: axum::Router,
    pub(crate) world: World,
    clock: Arc<SetClock>,
    engine: CountedEngine,
}

impl Pages {
    /// `acme` is connected, and reached at [`URL`].
    pub(crate) async fn new() -> Self {
        let (ids, clock, engine) =
            (Arc::new(CountedIds::default()), Arc::new(SetClock::default()), CountedEngine::default());
        let world = World {
            store: Arc::new(ItemStore::new(engine.clone(), ids.clone())),
            teamviewer: Arc::new(GivingTeamViewer::default()),
            vault: Arc::new(KeyFileVault::new(KeyRing::new(MasterKey::new([7; 32])), ids.clone())),
            renderer: Arc::new(Words),
            clock: clock.clone(),
            ids,
            installation: InstallationId::new(Uuid::from_u128(7)),
            public_url: Some(PublicUrl::parse(URL).unwrap()),
        };
        let told = WhoIsTold { others: vec![address("lead@acme.example")], ..WhoIsTold::default() };
        let wish = NewAccount {
            id: acme(),
            name: Text::parse("Acme & Sons").unwrap(),
            time_zone: TimeZone::parse("Europe/Paris").unwrap(),
            language: Language::English,
            case_lifetime: CaseLifetime::default(),
            told,
        };
        make_account(&world, &VendorId::parse("boss").unwrap(), wish, Principal::Operator, None).await.unwrap();
        let router = crate::router(Api::new(Arc::new(Admissions::new(world.clone()))));
        let pages = Self { router, world, clock, engine };
        let token = SecretString::from("token");
        register(&pages.desk().await, RegisterToken { token, group_name: None }).await.unwrap();
        pages
    }

    pub(crate) async fn desk(&self) -> Desk {
        Desk::open(&self.world, &acme(), Principal::Operator).await.unwrap().unwrap()
    }

    pub(crate) async fn set(&self, change: impl Fn(&mut Account)) {
        change_account(&self.desk().await, change).await.unwrap();
    }

    /// Play.
    pub(crate) async fn play(&self, wish: OpenCase) -> ServiceCase {
        match Box::pin(open_case(&self.desk().await, Wished { wish, memory: None })).await.unwrap() {
            Opened::New(case) => case,
            Opened::Already(case) => panic!("the ticket has a case: {case:?}"),
        }
    }

    pub(crate) async fn stop(&self, case: &ServiceCase) {
        let wish = CloseCase { note: None, here_only: false };
        close_case(&self.desk().await, case.id(), Wished { wish, memory: None }).await.unwrap();
    }

    /// The case as it is kept.
    pub(crate) async fn kept(&self, case: &ServiceCase) -> ServiceCase {
        self.world.store.case(&acme(), case.id()).await.unwrap().unwrap().value
    }

    /// The path that the requester is mailed.
    pub(crate) async fn path(&self, case: &ServiceCase) -> String {
        let link = self.desk().await.customer_link(case).await.unwrap().unwrap();
        link.as_str().strip_prefix(URL).unwrap().to_owned()
    }

    pub(crate) fn advance(&self, by: TimeDelta) {
        *self.clock.0.lock().unwrap() += by;
    }

    /// Writes that changed something so far.
    pub(crate) fn writes(&self) -> usize {
        self.engine.0.1.load(Ordering::Relaxed)
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.call("GET", path, &[]).await
    }

    pub(crate) async fn post(&self, path: &str) -> Answer {
        self.call("POST", path, &[]).await
    }

    pub(crate) async fn call(&self, method: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in fields {
            request = request.header(*name, *value);
        }
        let response = self.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status: parts.status.as_u16(), headers: parts.headers, text, bytes: bytes.len() }
    }
}

pub(crate) fn acme() -> AccountId {
    AccountId::parse("acme").unwrap()
}

pub(crate) fn address(raw: &str) -> EmailAddress {
    EmailAddress::parse(raw).unwrap()
}

/// Jane's ticket `T1`, which Ana has.
pub(crate) fn wish() -> OpenCase {
    OpenCase {
        subject: Ticket {
            id: TicketId::parse("T1").unwrap(),
            number: Text::parse("INC-1").unwrap(),
            title: Text::parse("<img src=x onerror=alert(1)>").unwrap(),
            category: None,
            kind: None,
            priority: None,
            source: None,
        }
        .into(),
        requester: Requester {
            name: Text::parse("Jane Doe").unwrap(),
            email: Some(address("jane@example.com")),
            language: None,
        },
        technician: Some(Technician {
            id: TechnicianId::parse("ana").unwrap(),
            name: Text::parse("Ana \"A\" Souza").unwrap(),
            email: Some(address("ana@acme.example")),
        }),
        session_type: SessionType::Default,
        invite: true,
    }
}

struct SetClock(Mutex<Instant>);

impl Default for SetClock {
    fn default() -> Self {
        Self(Mutex::new(DateTime::from_timestamp(4_107_585_600, 0).unwrap()))
    }
}

impl Clock for SetClock {
    fn now(&self) -> Instant {
        *self.0.lock().unwrap()
    }
}

#[derive(Default)]
struct CountedIds(AtomicUsize);

impl CountedIds {
    fn next(&self) -> [u8; 8] {
        (self.0.fetch_add(1, Ordering::Relaxed) as u64 + 1).to_be_bytes()
    }
}

impl Ids for CountedIds {
    fn time_ordered(&self, now: Instant) -> Uuid {
        let mut tail = [0; 10];
        tail[2..].copy_from_slice(&self.next());
        Builder::from_unix_timestamp_millis(u64::try_from(now.timestamp_millis()).unwrap(), &tail).into_uuid()
    }

    fn secret(&self) -> [u8; 32] {
        let mut secret = [0; 32];
        secret[1..9].copy_from_slice(&self.next());
        secret
    }

    fn fraction(&self) -> f64 {
        0.5
    }
}

/// A store in memory that counts its writes. Clones share everything.
#[derive(Clone, Default)]
struct CountedEngine(Arc<(MemoryEngine, AtomicUsize)>);

#[async_trait]
impl Engine for CountedEngine {
    async fn read(&self, keys: &[Key]) -> Result<Vec<Option<Item>>, EngineError> {
        self.0.0.read(keys).await
    }

    async fn query(&self, query: &Query) -> Result<Rows, EngineError> {
        self.0.0.query(query).await
    }

    async fn write(&self, writes: Vec<Write>) -> Result<Written, EngineError> {
        let written = self.0.0.write(writes).await?;
        if written == Written::Done {
            self.0.1.fetch_add(1, Ordering::Relaxed);
        }
        Ok(written)
    }
}

/// The forms of a page: where each is sent.
pub(crate) fn forms(page: &Answer, at: &str) -> HashMap<String, String> {
    let actions = page.text.split("action=\"").skip(1).map(|rest| rest.split('"').next().unwrap());
    let folder = at.rsplit_once('/').unwrap().0;
    actions.map(|action| (action.rsplit('/').next().unwrap().to_owned(), format!("{folder}/{action}"))).collect()
}
