//! A help desk with everything around it.

mod crashing_engine;
mod dawdling_engine;
mod facts;
mod ground;
mod ids;
mod lagging_engine;
pub(crate) mod local_time;
mod mailbox;
mod receivers;
mod stand_in;
mod teamviewer;
mod technicians;
mod wishes;
mod working;

use std::sync::{Arc, mpsc};

use casebridge_app::ports::{Clock, Store};
use casebridge_app::{Desk, World, accounts};
use casebridge_domain::account::{CaseLifetime, WhoIsTold};
use casebridge_domain::journal::Principal;
use casebridge_domain::{
    AccountId, CaseId, Connection, InstallationId, Instant, KeyId, Language, PublicUrl, ServiceCase, SessionRecord,
    Text, TicketId, TimeZone, VendorId,
};
use casebridge_mail::Words;
use casebridge_sandbox::clock::Clock as SandboxClock;
use casebridge_sandbox::teamviewer::{Licence, Sandbox, Seed, Unknowns, serve};
use casebridge_store::ItemStore;
use casebridge_teamviewer::{Options, WebApi};
use casebridge_vault::{KeyFileVault, KeyRing, MasterKey};
use chrono::{DateTime, TimeDelta};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use uuid::Uuid;

pub(crate) use crashing_engine::{Calls, CrashingEngine, Mishap};
pub(crate) use dawdling_engine::DawdlingEngine;
pub(crate) use facts::{Facts, Helper};
pub(crate) use ground::{Ground, Table};
pub(crate) use ids::SeededIds;
pub(crate) use mailbox::{Mailbox, Mood};
pub(crate) use receivers::{Manner, Receivers};
pub(crate) use technicians::technician_id;
pub(crate) use wishes::{address, keyed, memory, play_of, stop, stop_here, technician, ticket, unkeyed, user};
pub(crate) use working::time_out;

/// The administrator whose token acme registers first.
pub(crate) const ALEX: &str = "u1001";
/// Another administrator of the same TeamViewer company.
pub(crate) const BEA: &str = "u1002";
/// A support user of that company.
pub(crate) const CHRIS: &str = "u1003";
/// A user of another company.
pub(crate) const OUTSIDER: &str = "u2001";

/// How a world begins.
#[derive(Clone)]
pub(crate) struct Beginning {
    pub(crate) ground: Ground,
    pub(crate) seed: u64,
    pub(crate) unknowns: Unknowns,
    pub(crate) case_minutes: u16,
    pub(crate) at: Instant,
    pub(crate) time_zone: TimeZone,
}

impl Default for Beginning {
    fn default() -> Self {
        Self {
            ground: Ground::default(),
            seed: 1,
            unknowns: Unknowns::default(),
            case_minutes: 1440,
            at: DateTime::from_timestamp_millis(1_795_348_800_250).unwrap(),
            time_zone: TimeZone::parse("America/Sao_Paulo").unwrap(),
        }
    }
}

/// The clock of the sandbox is everybody's clock.
struct OneClock(SandboxClock);

impl Clock for OneClock {
    fn now(&self) -> Instant {
        self.0.now()
    }
}

/// The world. Needs a current-thread runtime whose time is paused.
pub(crate) struct TestWorld {
    pub(crate) app: World,
    pub(crate) engine: Arc<CrashingEngine<DawdlingEngine<Table>>>,
    pub(crate) teamviewer: Sandbox,
    pub(crate) mailbox: Mailbox,
    pub(crate) clock: SandboxClock,
    case_lifetime: CaseLifetime,
    time_zone: TimeZone,
    server: JoinHandle<std::io::Result<()>>,
    _time_stands_still: mpsc::Sender<()>,
}

impl Drop for TestWorld {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl TestWorld {
    /// A world with an account that has the token of [`ALEX`].
    pub(crate) async fn connected() -> Self {
        Self::connected_at(Beginning::default()).await
    }

    pub(crate) async fn connected_at(beginning: Beginning) -> Self {
        let world = Self::new(beginning).await;
        world.sign_up(&acme()).await;
        world.connect(&acme(), ALEX).await;
        world
    }

    pub(crate) async fn new(beginning: Beginning) -> Self {
        let time_stands_still = working::stop_time();
        let clock = SandboxClock::frozen_at(beginning.at);
        let seed = Seed::empty()
            .random(beginning.seed)
            .clock(clock.clone())
            .unknowns(beginning.unknowns)
            .company("northwind", "Northwind Support")
            .company("contoso", "Contoso")
            .user("northwind", ALEX, "Alex Admin", "alex@northwind.example", Licence::Premium)
            .user("northwind", BEA, "Bea Admin", "bea@northwind.example", Licence::Premium)
            .user("northwind", CHRIS, "Chris Helper", "chris@northwind.example", Licence::Premium)
            .user("contoso", OUTSIDER, "Oda Outsider", "oda@contoso.example", Licence::Premium);
        let teamviewer = Sandbox::new(seed);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}/api/v1", listener.local_addr().unwrap());
        let server = tokio::spawn(serve(listener, teamviewer.clone()));
        let ids = Arc::new(SeededIds::new(beginning.seed));
        let table = DawdlingEngine::new(Table::on(&beginning.ground, beginning.seed).await, beginning.seed);
        let engine = Arc::new(CrashingEngine::new(table));
        let options = Options { base_url, ..Options::default() };
        let app = World {
            store: Arc::new(ItemStore::new(engine.clone(), ids.clone())),
            teamviewer: Arc::new(WebApi::new(&options, Arc::new(SeededIds::hasty(beginning.seed))).unwrap()),
            vault: Arc::new(KeyFileVault::new(KeyRing::new(MasterKey::new([7; 32])), ids.clone())),
            renderer: Arc::new(Words),
            clock: Arc::new(OneClock(clock.clone())),
            ids,
            installation: InstallationId::new(Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_0001)),
            public_url: PublicUrl::parse("https://help.acme.example").ok(),
        };
        Self {
            app,
            engine,
            teamviewer,
            mailbox: Mailbox::default(),
            clock,
            case_lifetime: CaseLifetime::of_minutes(beginning.case_minutes).unwrap(),
            time_zone: beginning.time_zone,
            server,
            _time_stands_still: time_stands_still,
        }
    }

    pub(crate) fn store(&self) -> &dyn Store {
        &*self.app.store
    }

    /// What the store stands on.
    pub(crate) fn table(&self) -> &Table {
        self.engine.engine().engine()
    }

    pub(crate) fn now(&self) -> Instant {
        self.clock.now()
    }

    pub(crate) fn advance(&self, by: TimeDelta) {
        self.clock.advance(by);
    }

    /// Makes an account. The technician and a list are told that a customer is online.
    pub(crate) async fn sign_up(&self, id: &AccountId) {
        let told = WhoIsTold { others: vec![address("lead@acme.example")], ..WhoIsTold::default() };
        let account = accounts::NewAccount {
            id: id.clone(),
            name: Text::parse("Acme Ltd").unwrap(),
            time_zone: self.time_zone,
            language: Language::English,
            case_lifetime: self.case_lifetime,
            told,
        };
        accounts::make_account(&self.app, &boss(), account, by(), None).await.unwrap();
    }

    /// The account as it is now.
    pub(crate) async fn desk(&self, account: &AccountId) -> Desk {
        Desk::open(&self.app, account, by()).await.unwrap().unwrap()
    }

    pub(crate) async fn case(&self, account: &AccountId, id: CaseId) -> ServiceCase {
        self.store().case(account, id).await.unwrap().unwrap().value
    }

    pub(crate) async fn newest(&self, account: &AccountId, ticket: &TicketId) -> Option<ServiceCase> {
        Some(self.store().newest_case(account, ticket).await.unwrap()?.value)
    }

    pub(crate) async fn records(&self, account: &AccountId) -> Vec<SessionRecord> {
        let (from, to) = (DateTime::UNIX_EPOCH, self.now() + TimeDelta::days(400));
        let records = self.store().records(account, from, to, None, 1000).await.unwrap().items;
        records.into_iter().map(|record| record.value).collect()
    }

    pub(crate) async fn connection(&self, account: &AccountId) -> Option<Connection> {
        Some(self.store().connection(account).await.unwrap()?.value)
    }
}

pub(crate) fn acme() -> AccountId {
    AccountId::parse("acme").unwrap()
}

pub(crate) fn globex() -> AccountId {
    AccountId::parse("globex").unwrap()
}

/// The vendor of both.
pub(crate) fn boss() -> VendorId {
    VendorId::parse("boss").unwrap()
}

/// On whose behalf people do what they do.
pub(crate) fn by() -> Principal {
    Principal::Key { id: KeyId::new(Uuid::from_u128(7)) }
}
