//! The product in this process: its router and worker on SQLite, put together as `casebridge serve` does it, with a
//! TeamViewer and a mail server that answer at once.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use casebridge::wakes::{Wakes, WakingEngine};
use casebridge::{numbering, worker};
use casebridge_app::World;
use casebridge_app::accounts::make_key;
use casebridge_app::admission::Admissions;
use casebridge_app::ports::{Clock as _, Ids as _};
use casebridge_domain::journal::Principal;
use casebridge_domain::key::{Owner, Scope};
use casebridge_domain::{InstallationId, VendorId};
use casebridge_host::{SystemClock, SystemIds};
use casebridge_http::Api;
use casebridge_mail::Words;
use casebridge_store::{Engine, ItemStore};
use casebridge_store_sqlite::{Options, SqliteEngine};
use casebridge_vault::{KeyFileVault, KeyRing, MasterKey};
use rusqlite::{Connection, OpenFlags};
use secrecy::ExposeSecret as _;
use tokio::net::TcpListener;
use tokio::sync::watch;

mod counted_engine;
mod desk;
mod instant_authorization;
mod instant_teamviewer;
mod post_room;

use counted_engine::CountedEngine;
pub(crate) use counted_engine::{Count, Counts};
pub(crate) use desk::{HelpDesk, play};
use instant_teamviewer::InstantTeamViewer;
pub(crate) use post_room::{Gone, PostRoom};

/// Longer than `casebridge serve` has it: its clients' connections are idle while the baseline has its turn.
const HEAD_TIME: Duration = Duration::from_mins(5);

/// An installation that serves in this process.
pub(crate) struct Product {
    pub(crate) address: SocketAddr,
    pub(crate) world: World,
    pub(crate) counts: Arc<Counts>,
    wakes: Arc<Wakes>,
    vendor_key: String,
}

impl Product {
    /// Serves a new store. Nothing that is due is done until [`Self::work`].
    pub(crate) async fn start(file: &Path) -> anyhow::Result<Self> {
        let engine = CountedEngine::new(SqliteEngine::open(file, Options::default())?);
        let counts = engine.counts();
        let wakes = Arc::new(Wakes::default());
        let world = world_on(WakingEngine::new(engine, wakes.clone()));
        let address = serve(&world).await?;
        let vendor = Owner::Vendor(VendorId::parse("bench")?);
        let key = make_key(&world, &vendor, Scope::Admin, None, Principal::Operator, None).await?;
        let vendor_key = key.text.context("a new key has a text")?.expose_secret().to_owned();
        Ok(Self { address, world, counts, wakes, vendor_key })
    }

    /// Lets the product's workers number and take what is due, until the sender is told.
    pub(crate) fn work(&self, mail: PostRoom) -> watch::Sender<bool> {
        let (stop, stopped) = watch::channel(false);
        let (world, wakes) = (&self.world, &self.wakes);
        tokio::spawn(numbering::number(world.clone(), wakes.clone(), stopped.clone()));
        tokio::spawn(worker::work(world.clone(), wakes.clone(), Some(Arc::new(mail)), stopped));
        stop
    }

    /// Accounts with a connection each.
    pub(crate) async fn sign_up(&self, count: usize) -> anyhow::Result<Vec<HelpDesk>> {
        let mut desks = Vec::with_capacity(count);
        for number in 0..count {
            desks.push(HelpDesk::open(self.address, &self.vendor_key, &format!("desk{number}")).await?);
        }
        Ok(desks)
    }
}

/// The mean size of a case's item in the store, key and indexes included.
pub(crate) fn case_size(file: &Path) -> anyhow::Result<usize> {
    let connection = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let texts = ["pk", "sk", "kind", "due_pk", "due_sk", "unsettled_pk", "unsettled_sk", "code_pk", "code_sk", "body"]
        .map(|column| format!("coalesce(octet_length({column}), 0)"));
    let mean = format!("SELECT CAST(avg({}) AS INTEGER) FROM item WHERE kind = 'case'", texts.join(" + "));
    let mean: u32 = connection.query_row(&mean, [], |row| row.get(0))?;
    Ok(usize::try_from(mean)?)
}

/// Serves a store that is there, to be read.
pub(crate) async fn serve_store(file: &Path) -> anyhow::Result<SocketAddr> {
    let engine = SqliteEngine::open(file, Options::default())?;
    serve(&world_on(WakingEngine::new(engine, Arc::default()))).await
}

/// The product's world on this engine.
pub(crate) fn world_on(engine: impl Engine) -> World {
    let ids = Arc::new(SystemIds);
    World {
        store: Arc::new(ItemStore::new(engine, ids.clone())),
        teamviewer: Arc::new(InstantTeamViewer::default()),
        vault: Arc::new(KeyFileVault::new(KeyRing::new(MasterKey::new([7; 32])), ids.clone())),
        renderer: Arc::new(Words),
        clock: Arc::new(SystemClock),
        installation: InstallationId::new(ids.time_ordered(SystemClock.now())),
        public_url: None,
        ids,
    }
}

/// Serves as `casebridge serve` does without TLS.
async fn serve(world: &World) -> anyhow::Result<SocketAddr> {
    let app = casebridge_http::router(Api::new(Arc::new(Admissions::new(world.clone())))).into_make_service();
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let mut server = axum_server::from_tcp(listener.into_std()?)?;
    let timer = hyper_util::rt::TokioTimer::new();
    server.http_builder().http1().timer(timer).header_read_timeout(HEAD_TIME);
    tokio::spawn(server.serve(app));
    Ok(address)
}
