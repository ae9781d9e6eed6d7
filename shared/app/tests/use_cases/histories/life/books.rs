//! What people do with records, figures, settings and the journal.

use casebridge_app::records::{self, RecordWish};
use casebridge_app::{Desk, accounts, journal, rollups};
use casebridge_domain::account::CaseLifetime;
use casebridge_domain::key::{Owner, Scope};
use casebridge_domain::service_case::Note;
use chrono::{DateTime, TimeDelta};

use super::super::deed::{Change, Setting};
use super::Told;
use crate::oracle::Broken;
use crate::world::{TestWorld, boss, by};

pub(super) async fn change_record(world: &TestWorld, desk: &Desk, place: usize, change: Change, told: &mut Told) {
    let until = world.now() + TimeDelta::days(400);
    let Ok(page) = world.store().records(desk.id(), DateTime::UNIX_EPOCH, until, None, 1000).await else { return };
    let Some(record) = page.items.iter().rev().nth(place) else { return };
    told.record_changed = true;
    drop(records::change_record(desk, record.value.case, &wish(change)).await);
}

fn wish(change: Change) -> RecordWish {
    let note = |text: &str| Note::parse(text).unwrap();
    match change {
        Change::TakeOut { why } => {
            let reason = why.then(|| note("a test call"));
            RecordWish { excluded: Some(true), reason, ..RecordWish::default() }
        }
        Change::PutBack => RecordWish { excluded: Some(false), ..RecordWish::default() },
        Change::Note(number) => {
            RecordWish { note: Some(Some(note(&format!("note {number}")))), ..RecordWish::default() }
        }
        Change::NoNote => RecordWish { note: Some(None), ..RecordWish::default() },
    }
}

pub(super) async fn change_settings(world: &TestWorld, desk: &Desk, setting: Setting) {
    match setting {
        Setting::TimeZone(turn) => {
            drop(accounts::change_account(desk, |account| account.time_zone = turn.zone()).await);
        }
        Setting::CaseMinutes(minutes) => {
            let lifetime = CaseLifetime::of_minutes(minutes).unwrap();
            drop(accounts::change_account(desk, |account| account.case_lifetime = lifetime).await);
        }
        Setting::NewKey => {
            let owner = Owner::Account(desk.id().clone());
            drop(accounts::make_key(&world.app, &owner, Scope::Read, None, by(), None).await);
        }
        Setting::NoKey => {
            let Ok(keys) = accounts::keys(desk).await else { return };
            if let Some(oldest) = keys.iter().map(|key| key.id).min() {
                drop(accounts::delete_key(desk, oldest).await);
            }
        }
    }
}

pub(super) async fn rebuild(desk: &Desk, told: &mut Told) {
    told.rebuilt = true;
    if let Ok(rebuilt) = rollups::rebuild(desk).await {
        told.broken = off(&rebuilt.verified);
    }
}

pub(super) async fn verify(desk: &Desk, told: &mut Told) {
    if let Ok(verified) = rollups::verify(desk).await {
        told.broken = off(&verified);
    }
}

fn off(verified: &rollups::Verified) -> Option<Broken> {
    let differences = &verified.differences;
    (!differences.is_empty()).then(|| Broken::new(format!("figures were found to be off by {differences:?}")))
}

pub(super) async fn number(world: &TestWorld, desk: &Desk) {
    drop(journal::number_account(&world.app, desk.id()).await);
    drop(journal::number_vendor(&world.app, &boss()).await);
}
