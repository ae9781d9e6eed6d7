//! A help desk with everything around it.

mod crashing_engine;
mod ids;
mod lagging_engine;
mod mailbox;
mod teamviewer;
mod wishes;

use std::sync::{Arc, mpsc};
use std::time::Duration;

use casebridge_app::ports::store::Due;
use casebridge_app::ports::{Clock, Store};
use casebridge_app::{Desk, World, accounts, courier, watch};
use casebridge_domain::account::{CaseLifetime, WhoIsTold};
use casebridge_domain::{
    AccountId, CaseId, Connection, InstallationId, Instant, Language, ServiceCase, SessionRecord, Text, TicketId,
    TimeZone, VendorId,
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

pub(crate) use crashing_engine::{CrashingEngine, Mishap};
pub(crate) use ids::SeededIds;
pub(crate) use lagging_engine::LaggingEngine;
pub(crate) use mailbox::{Mailbox, Mood};
pub(crate) use wishes::{address, keyed, memory, play_of, stop, stop_here, technician, ticket, unkeyed, user};

/// The administrator whose token acme registers first.
pub(crate) const ALEX: &str = "u1001";
/// Another administrator of the same TeamViewer company.
pub(crate) const BEA: &str = "u1002";
/// A support user of that company.
pub(crate) const CHRIS: &str = "u1003";
/// A user of another company.
pub(crate) const OUTSIDER: &str = "u2001";

/// Longer than any call to TeamViewer waits.
const BEYOND_EVERY_CALL: Duration = Duration::from_secs(13);

/// How a world begins.
#[derive(Debug, Clone)]
pub(crate) struct Beginning {
    pub(crate) seed: u64,
    pub(crate) unknowns: Unknowns,
    pub(crate) case_minutes: u16,
}

impl Default for Beginning {
    fn default() -> Self {
        Self { seed: 1, unknowns: Unknowns::default(), case_minutes: 1440 }
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
    pub(crate) engine: Arc<CrashingEngine<LaggingEngine>>,
    pub(crate) teamviewer: Sandbox,
    pub(crate) mailbox: Mailbox,
    pub(crate) clock: SandboxClock,
    case_lifetime: CaseLifetime,
    server: JoinHandle<std::io::Result<()>>,
    _time_stands_still: mpsc::Sender<()>,
}

impl Drop for TestWorld {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl TestWorld {
    /// A world with two accounts, of which the first has the token of [`ALEX`].
    pub(crate) async fn connected() -> Self {
        let world = Self::new(Beginning::default()).await;
        world.sign_up(&acme()).await;
        world.connect(&acme(), ALEX).await;
        world
    }

    pub(crate) async fn new(beginning: Beginning) -> Self {
        let time_stands_still = stop_time();
        let clock = SandboxClock::frozen_at(DateTime::from_timestamp_millis(1_795_348_800_250).unwrap());
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
        let engine = Arc::new(CrashingEngine::new(LaggingEngine::default()));
        let options = Options { base_url, ..Options::default() };
        let app = World {
            store: Arc::new(ItemStore::new(engine.clone(), ids.clone())),
            teamviewer: Arc::new(WebApi::new(&options, Arc::new(SeededIds::hasty(beginning.seed))).unwrap()),
            vault: Arc::new(KeyFileVault::new(KeyRing::new(MasterKey::new([7; 32])), ids.clone())),
            renderer: Arc::new(Words),
            clock: Arc::new(OneClock(clock.clone())),
            ids,
            installation: InstallationId::new(Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_0001)),
        };
        Self {
            app,
            engine,
            teamviewer,
            mailbox: Mailbox::default(),
            clock,
            case_lifetime: CaseLifetime::of_minutes(beginning.case_minutes).unwrap(),
            server,
            _time_stands_still: time_stands_still,
        }
    }

    pub(crate) fn store(&self) -> &dyn Store {
        &*self.app.store
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
            time_zone: TimeZone::parse("America/Sao_Paulo").unwrap(),
            language: Language::English,
            case_lifetime: self.case_lifetime,
            told,
        };
        accounts::make_account(&self.app, &VendorId::parse("boss").unwrap(), account, None).await.unwrap();
    }

    /// The account as it is now.
    pub(crate) async fn desk(&self, account: &AccountId) -> Desk {
        Desk::open(&self.app, account).await.unwrap().unwrap()
    }

    pub(crate) async fn case(&self, account: &AccountId, id: CaseId) -> ServiceCase {
        self.store().case(account, id).await.unwrap().unwrap().value
    }

    pub(crate) async fn newest(&self, account: &AccountId, ticket: &TicketId) -> Option<ServiceCase> {
        Some(self.store().newest_case(account, ticket).await.unwrap()?.value)
    }

    pub(crate) async fn records(&self, account: &AccountId) -> Vec<SessionRecord> {
        let (from, to) = (DateTime::UNIX_EPOCH, self.now() + TimeDelta::days(400));
        self.store().records(account, from, to, None, 1000).await.unwrap().items
    }

    pub(crate) async fn connection(&self, account: &AccountId) -> Option<Connection> {
        Some(self.store().connection(account).await.unwrap()?.value)
    }

    /// One worker takes everything that is due now. What fails has to wait, as in every host.
    pub(crate) async fn work(&self) {
        let Ok(due) = self.store().due(self.now(), 100).await else { return };
        for due in due {
            let done = match &due {
                Due::Letter(letter) => Box::pin(courier::deliver(&self.app, &self.mailbox, letter)).await,
                Due::Tick(tick) => Box::pin(watch::take_turn(&self.app, tick)).await,
            };
            drop(done);
        }
    }

    /// Lets time pass in strides, with a worker's turn after each.
    pub(crate) async fn work_through(&self, span: TimeDelta, stride: TimeDelta) {
        let until = self.now() + span;
        while self.now() < until {
            self.advance(stride.min(until - self.now()));
            self.patiently(self.work()).await;
        }
    }

    /// Carries something out; calls that TeamViewer does not answer time out at once.
    pub(crate) fn patiently<T>(&self, work: impl Future<Output = T>) -> impl Future<Output = T> {
        let mut work = Box::pin(work);
        async move {
            let unanswered = self.unanswered();
            let mut seen = unanswered(&self.teamviewer.calls());
            loop {
                tokio::select! {
                    biased;
                    done = &mut work => return done,
                    calls = self.teamviewer.until_calls(|calls| unanswered(calls) > seen) => {
                        seen = unanswered(&calls);
                        time_out().await;
                    }
                }
            }
        }
    }

    /// Carries something out until a call to TeamViewer hangs, or to its end.
    pub(crate) fn until_it_hangs<T>(&self, work: impl Future<Output = T>) -> impl Future<Output = Option<T>> {
        let work = Box::pin(work);
        async move {
            let unanswered = self.unanswered();
            let seen = unanswered(&self.teamviewer.calls());
            tokio::select! {
                biased;
                done = work => Some(done),
                _ = self.teamviewer.until_calls(|calls| unanswered(calls) > seen) => None,
            }
        }
    }
}

/// Whoever waits for TeamViewer has waited long enough.
pub(crate) async fn time_out() {
    tokio::time::advance(BEYOND_EVERY_CALL).await;
}

/// Keeps the runtime's paused time from running ahead whenever everybody waits for the network: it does so only while
/// no blocking task is under way.
fn stop_time() -> mpsc::Sender<()> {
    let (alive, gone) = mpsc::channel::<()>();
    tokio::task::spawn_blocking(move || {
        let _gone = gone.recv();
    });
    alive
}

pub(crate) fn acme() -> AccountId {
    AccountId::parse("acme").unwrap()
}

pub(crate) fn globex() -> AccountId {
    AccountId::parse("globex").unwrap()
}
