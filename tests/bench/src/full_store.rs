//! A store that holds the sessions of a year. Made once, and kept in the folder.

use std::fs;
use std::mem;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context as _, ensure};
use casebridge_app::World;
use casebridge_app::accounts::{NewAccount, make_account, make_key};
use casebridge_domain::journal::Principal;
use casebridge_domain::key::{Owner, Scope};
use casebridge_domain::{AccountId, Language, Text, TimeZone, VendorId};
use casebridge_host::SystemIds;
use casebridge_store::loading::Sums;
use casebridge_store::{Engine, Write, Written};
use casebridge_store_sqlite::{Options, SqliteEngine};
use casebridge_vault::KeyRing;
use chrono::Datelike as _;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use secrecy::ExposeSecret as _;
use tokio::task::spawn_blocking;

use crate::baseline::remove_store;
use crate::product::world_on;
use crate::say;

mod session;

pub(crate) use session::technician;

/// Another one with every change of what is filled in, or of how it is kept.
const VERSION: u32 = 1;

pub(crate) const ACCOUNT: &str = "northwind";

/// Writes in one transaction, and transactions that wait for the writer.
const AT_ONCE: usize = 100;
const WAITING: usize = 64;

/// A store that nobody has open.
pub(crate) struct FullStore {
    pub(crate) file: PathBuf,
    /// The file of the vault's key.
    pub(crate) vault_key: PathBuf,
    /// A key of the account, to read.
    pub(crate) reader_key: String,
}

impl FullStore {
    /// So many sessions in the year 2025, and as many a day in January 2026. Takes the store that is there, if one is.
    pub(crate) async fn of(folder: &Path, sessions: u32) -> anyhow::Result<Self> {
        let path = |ending: &str| folder.join(format!("sessions-{sessions}-{VERSION}.{ending}"));
        let (file, vault_key, key_file) = (path("db"), path("vault-key"), path("reader-key"));
        // Written last: it is there if the store is whole.
        if let Ok(reader_key) = fs::read_to_string(&key_file) {
            return Ok(Self { file, vault_key, reader_key });
        }
        remove_store(&file)?;
        remove_store(&vault_key)?;
        KeyRing::create(&vault_key, &SystemIds)?;
        let begun = Instant::now();
        let reader_key = fill(&file, sessions).await?;
        fs::write(&key_file, &reader_key)?;
        say(&format!("filled {} in {:.0} s", file.display(), begun.elapsed().as_secs_f64()));
        Ok(Self { file, vault_key, reader_key })
    }
}

async fn fill(file: &Path, sessions: u32) -> anyhow::Result<String> {
    let engine = Arc::new(SqliteEngine::open(file, Options::default())?);
    let reader_key = sign_up(&world_on(engine.clone())).await?;
    let account = AccountId::parse(ACCOUNT)?;
    let mut sums = Sums::default();
    let mut waiting = Vec::new();
    for day in session::days(sessions) {
        let account = account.clone();
        let making = spawn_blocking(move || {
            let writes = sums.add(&day.records(&account)?)?;
            anyhow::Ok((sums, writes))
        });
        // One day is written while the next one is made.
        let (made, ()) = tokio::try_join!(async { making.await? }, write(&engine, mem::take(&mut waiting), AT_ONCE))?;
        (sums, waiting) = made;
        // After it nothing more is added to the figures of the month and its days.
        if day.date.succ_opt().is_none_or(|next| next.day() == 1) {
            write(&engine, mem::take(&mut sums).writes().collect(), 1).await?;
        }
    }
    write(&engine, waiting, AT_ONCE).await?;
    engine.close().await?;
    Ok(reader_key)
}

pub(crate) async fn sign_up(world: &World) -> anyhow::Result<String> {
    let account = NewAccount {
        id: AccountId::parse(ACCOUNT)?,
        name: Text::parse("Northwind Help Desk")?,
        time_zone: TimeZone::UTC,
        language: Language::English,
        case_lifetime: casebridge_domain::account::CaseLifetime::default(),
        told: casebridge_domain::account::WhoIsTold::default(),
    };
    let account = make_account(world, &VendorId::parse("bench")?, account, Principal::Operator, None).await?;
    let key = make_key(world, &Owner::Account(account.id), Scope::Read, None, Principal::Operator, None).await?;
    Ok(key.text.context("a new key has a text")?.expose_secret().to_owned())
}

async fn write(engine: &SqliteEngine, writes: Vec<Write>, at_once: usize) -> anyhow::Result<()> {
    let mut writes = writes.into_iter().peekable();
    let transactions = std::iter::from_fn(|| writes.peek().is_some().then(|| writes.by_ref().take(at_once).collect()));
    let written = stream::iter(transactions).map(|writes: Vec<Write>| engine.write(writes)).buffer_unordered(WAITING);
    written
        .map_err(anyhow::Error::from)
        .try_for_each(async |written| {
            ensure!(written == Written::Done, "something was there before");
            Ok(())
        })
        .await
}
