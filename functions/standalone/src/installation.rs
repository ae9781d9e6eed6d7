//! The adapters of the one process, put together.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use casebridge_app::World;
use casebridge_app::ports::{Clock as _, Ids as _, Store, Vault};
use casebridge_domain::{InstallationId, PublicUrl, SessionRecord};
use casebridge_host::{SystemClock, SystemIds};
use casebridge_mail::Words;
use casebridge_store::loading::Sums;
use casebridge_store::{Engine as _, ItemStore, Write, Written};
use casebridge_store_sqlite::{Options, SqliteEngine};
use casebridge_teamviewer::WebApi;
use casebridge_vault::{KeyFileVault, KeyRing};
use futures::{StreamExt as _, TryStreamExt as _, stream};

use crate::wakes::{Wakes, WakingEngine};

/// How often items that ended are removed.
const SWEEP_EVERY: Duration = Duration::from_mins(10);

/// Items removed in one transaction.
const SWEEP_BATCH: u32 = 500;

/// Writes in one transaction, and transactions that wait for the writer.
const AT_ONCE: usize = 100;
const WAITING: usize = 64;

/// The store in one file.
pub(crate) type FileStore = ItemStore<WakingEngine<SqliteEngine>>;

/// An installation that is open for work.
pub(crate) struct Installation {
    pub(crate) world: World,
    pub(crate) wakes: Arc<Wakes>,
    store: Arc<FileStore>,
}

impl Installation {
    /// Opens the store, the key and the way to TeamViewer. The key's file is made with a new store only: a store whose
    /// key is lost must not get another one unnoticed.
    pub(crate) async fn open(store: &Path, key_file: &Path, teamviewer: &str) -> anyhow::Result<Self> {
        let vault = open_vault(store, key_file)?;
        Self::on(open_engine(store)?, vault, teamviewer).await
    }

    /// Opens what is there beside the server, which may be running.
    pub(crate) async fn beside(store: &Path, key_file: &Path, teamviewer: &str) -> anyhow::Result<Self> {
        let engine = SqliteEngine::open_beside(store, Options::default())
            .with_context(|| format!("the store {} can't be opened", store.display()))?;
        Self::on(engine, open_vault(store, key_file)?, teamviewer).await
    }

    async fn on(engine: SqliteEngine, vault: KeyFileVault, teamviewer: &str) -> anyhow::Result<Self> {
        let ids = Arc::new(SystemIds);
        let wakes = Arc::new(Wakes::default());
        let store = Arc::new(ItemStore::new(WakingEngine::new(engine, wakes.clone()), ids.clone()));
        let options = casebridge_teamviewer::Options {
            base_url: teamviewer.to_owned(),
            ..casebridge_teamviewer::Options::default()
        };
        let fresh = InstallationId::new(ids.time_ordered(SystemClock.now()));
        let world = World {
            installation: store.installation(fresh).await?,
            store: store.clone(),
            teamviewer: Arc::new(WebApi::new(&options, ids.clone())?),
            vault: Arc::new(vault) as Arc<dyn Vault>,
            renderer: Arc::new(Words),
            clock: Arc::new(SystemClock),
            ids,
            public_url: None,
        };
        Ok(Self { world, wakes, store })
    }

    /// The same, reached by the world outside at this address.
    pub(crate) fn reached_at(mut self, public_url: Option<PublicUrl>) -> Self {
        self.world.public_url = public_url;
        self
    }

    /// Removes what ended, now and then, for as long as it is polled.
    pub(crate) async fn sweep(&self) {
        loop {
            let now = SystemClock.now().timestamp();
            if let Err(error) = self.store.engine().engine().sweep(now, SWEEP_BATCH).await {
                tracing::warn!(error = %error, "what ended could not be removed");
            }
            tokio::time::sleep(SWEEP_EVERY).await;
        }
    }

    /// Writes records of sessions that did not end here, and what they add to the figures.
    pub(crate) async fn take_over(&self, records: &[SessionRecord]) -> anyhow::Result<()> {
        let mut sums = Sums::default();
        let mut writes = sums.add(records)?.into_iter().peekable();
        let records = std::iter::from_fn(|| writes.peek().is_some().then(|| writes.by_ref().take(AT_ONCE).collect()));
        // Some of the sums are about the same item, which a transaction has once.
        let writes: Vec<Vec<Write>> = records.chain(sums.writes().map(|write| vec![write])).collect();
        let written = stream::iter(writes).map(|writes| self.store.engine().write(writes)).buffer_unordered(WAITING);
        written
            .map_err(anyhow::Error::from)
            .try_for_each(async |written| {
                ensure!(written == Written::Done, "something was there before");
                Ok(())
            })
            .await
    }

    /// Lets go of the store once everything is on the disk.
    pub(crate) async fn close(self) -> anyhow::Result<()> {
        self.store.engine().engine().close().await.context("the store could not be closed")
    }
}

/// Opens the store alone.
pub(crate) fn open_store(path: &Path) -> anyhow::Result<ItemStore<SqliteEngine>> {
    Ok(ItemStore::new(open_engine(path)?, Arc::new(SystemIds)))
}

fn open_engine(path: &Path) -> anyhow::Result<SqliteEngine> {
    SqliteEngine::open(path, Options::default())
        .with_context(|| format!("the store {} can't be opened", path.display()))
}

fn open_vault(store: &Path, key_file: &Path) -> anyhow::Result<KeyFileVault> {
    let ids = Arc::new(SystemIds);
    let ring =
        if key_file.exists() || store.exists() { KeyRing::load(key_file)? } else { KeyRing::create(key_file, &*ids)? };
    Ok(KeyFileVault::new(ring, ids))
}
