//! Devices, their counts and the activation.

use std::collections::BTreeSet;

use casebridge_app::ports::store::{DeviceCounts, DeviceFilter, Fleet, Saved};
use casebridge_domain::device::{
    Activation, Agreed, Agreement, Device, DeviceFacts, Extent, Mode, Platform, Reported, TERMS,
};
use casebridge_domain::journal::{AccountMatter, JournalEntry, Principal};
use casebridge_domain::{Account, AccountId, DeviceId, TechnicianId, Text};
use futures::future::join_all;

use crate::conformance::Stage;
use crate::conformance::fixtures::{account, acme, after_noon, globex, noon, said};

fn id(raw: &str) -> DeviceId {
    DeviceId::parse(raw).unwrap()
}

fn device(raw: &str, reported: Reported) -> Device {
    Device { id: id(raw), facts: DeviceFacts::accept(reported).unwrap(), reported_at: noon() }
}

fn android(raw: &str) -> Device {
    device(raw, Reported::nothing_but(Platform::Android))
}

fn ios(raw: &str) -> Device {
    device(raw, Reported::nothing_but(Platform::Ios))
}

/// An Android device that the Host app is distributed to.
pub(super) fn hosting(raw: &str) -> Device {
    let mut reported = Reported::nothing_but(Platform::Android);
    reported.host.app.distributed = Some(true);
    device(raw, reported)
}

/// An Android device that has the Host app though nobody distributes it any more.
fn left_over(raw: &str) -> Device {
    let mut reported = Reported::nothing_but(Platform::Android);
    reported.host.app.distributed = Some(false);
    reported.host.app.installed = Some(true);
    device(raw, reported)
}

fn counts(devices: u64, licences: u64, hosts: u64) -> DeviceCounts {
    DeviceCounts { devices, licences, hosts }
}

async fn counted(stage: &Stage, of: &AccountId) -> DeviceCounts {
    let kept = stage.store().fleet(of).await.unwrap().counts;
    assert_eq!(kept, stage.store().recount_devices(of).await.unwrap());
    kept
}

async fn listed(stage: &Stage, filter: DeviceFilter, limit: usize) -> Vec<String> {
    let (mut ids, mut after) = (Vec::new(), None);
    loop {
        let page = stage.store().devices(&acme(), &filter, after.as_deref(), limit).await.unwrap();
        assert!(page.items.len() <= limit);
        ids.extend(page.items.into_iter().map(|device| device.id.to_string()));
        after = page.next;
        if after.is_none() {
            return ids;
        }
    }
}

pub(super) fn activation(extent: Extent) -> Activation {
    let jane = Agreed { id: TechnicianId::parse("7").unwrap(), name: Text::parse("Jane").unwrap() };
    Activation {
        extent,
        agreement: Agreement::to(TERMS.version, jane, noon()).unwrap(),
        customer_id: Text::parse("northwind").ok(),
        activated_at: noon(),
        by: Principal::Operator,
    }
}

pub(super) fn removed() -> JournalEntry {
    said(after_noon(2), AccountMatter::ActivationRemoved)
}

/// The newest report replaces the one before as a whole; other accounts have devices of the same id.
pub async fn a_device_is_kept_as_it_was_reported_last(stage: &Stage) {
    let store = stage.store();
    assert_eq!(store.device(&acme(), &id("till 4")).await.unwrap(), None);
    store.save_devices(&acme(), &[hosting("till 4")]).await.unwrap();
    let newer = Device { reported_at: after_noon(1), ..ios("till 4") };
    store.save_devices(&acme(), std::slice::from_ref(&newer)).await.unwrap();
    store.save_devices(&globex(), &[android("till 4")]).await.unwrap();
    assert_eq!(store.device(&acme(), &id("till 4")).await.unwrap(), Some(newer));
    assert_eq!(counted(stage, &acme()).await, counts(1, 0, 0));
    assert!(store.delete_device(&acme(), &id("till 4")).await.unwrap());
    assert!(!store.delete_device(&acme(), &id("till 4")).await.unwrap());
    assert_eq!(store.device(&acme(), &id("till 4")).await.unwrap(), None);
    assert_eq!(counted(stage, &globex()).await, counts(1, 0, 0));
}

/// More than one transaction takes.
pub async fn many_devices_are_kept_at_once(stage: &Stage) {
    let devices: Vec<Device> =
        (0..500).map(|n| if n % 2 == 0 { hosting(&n.to_string()) } else { ios(&n.to_string()) }).collect();
    stage.store().save_devices(&acme(), &devices).await.unwrap();
    stage.store().save_devices(&acme(), &devices).await.unwrap();
    stage.store().save_devices(&acme(), &[]).await.unwrap();
    assert_eq!(counted(stage, &acme()).await, counts(500, 250, 250));
    for n in [0, 499] {
        let kept = stage.store().device(&acme(), &id(&n.to_string())).await.unwrap();
        assert_eq!(kept.as_ref(), devices.get(n));
    }
}

/// By what each is when it was last heard of.
pub async fn devices_are_counted_as_they_come_change_and_go(stage: &Stage) {
    let store = stage.store();
    assert_eq!(store.fleet(&acme()).await.unwrap().counts, DeviceCounts::default());
    store.save_devices(&acme(), &[hosting("a"), left_over("b"), android("c"), ios("d")]).await.unwrap();
    assert_eq!(counted(stage, &acme()).await, counts(4, 1, 2));
    store.save_devices(&acme(), &[left_over("a"), hosting("b"), hosting("c")]).await.unwrap();
    assert_eq!(counted(stage, &acme()).await, counts(4, 2, 3));
    store.delete_device(&acme(), &id("b")).await.unwrap();
    store.save_devices(&acme(), &[android("c"), android("a")]).await.unwrap();
    assert_eq!(counted(stage, &acme()).await, counts(3, 0, 0));
    assert!(listed(stage, DeviceFilter { platform: None, mode: Some(Mode::Unattended) }, 10).await.is_empty());
}

/// Whoever wins, the counts are those of what is kept.
pub async fn the_same_devices_reported_at_once_are_counted_once(stage: &Stage) {
    let reports = (0..8).map(async |n| {
        let report = |name: &str| if n % 2 == 0 { hosting(name) } else { android(name) };
        let devices = ["a", "b", "c", "d", "e"].map(report);
        stage.store().save_devices(&acme(), &devices).await.unwrap();
    });
    join_all(reports).await;
    let kept = counted(stage, &acme()).await;
    assert_eq!(kept.devices, 5);
    assert_eq!(kept.licences, kept.hosts);
}

/// However large the pages are; ids may hold spaces and letters of any language.
pub async fn devices_are_listed_each_once_page_by_page(stage: &Stage) {
    let names: BTreeSet<String> =
        (0..60).map(|n| format!("till {n}")).chain(["a", "a b", "a!", "a-b", "收银台 1"].map(str::to_owned)).collect();
    let devices: Vec<Device> = names.iter().map(|name| android(name)).collect();
    stage.store().save_devices(&acme(), &devices).await.unwrap();
    stage.store().save_devices(&globex(), &[android("another account's")]).await.unwrap();
    let all = listed(stage, DeviceFilter::default(), 100).await;
    assert_eq!(all.iter().cloned().collect::<BTreeSet<_>>(), names);
    assert_eq!(all.len(), names.len());
    for limit in [1, 7, 65] {
        assert_eq!(listed(stage, DeviceFilter::default(), limit).await, all, "{limit} a page");
    }
    for cursor in ["", "x", "MCNh!", "OCM"] {
        let page = stage.store().devices(&acme(), &DeviceFilter::default(), Some(cursor), 10).await;
        assert!(page.is_err(), "{cursor}");
    }
}

/// Few among many, too.
pub async fn devices_are_filtered_by_platform_and_mode(stage: &Stage) {
    let mut attended = Reported::nothing_but(Platform::Ios);
    attended.quicksupport.distributed = Some(true);
    let mut devices: Vec<Device> = (0..100).map(|n| android(&format!("plain {n}"))).collect();
    devices.extend([hosting("h1"), left_over("h2"), ios("i1"), device("q1", attended)]);
    stage.store().save_devices(&acme(), &devices).await.unwrap();
    let listed = async |platform, mode| {
        let mut ids = listed(stage, DeviceFilter { platform, mode }, 3).await;
        ids.sort();
        ids
    };
    assert_eq!(listed(Some(Platform::Ios), None).await, ["i1", "q1"]);
    assert_eq!(listed(None, Some(Mode::Unattended)).await, ["h1", "h2"]);
    assert_eq!(listed(None, Some(Mode::Attended)).await, ["q1"]);
    assert_eq!(listed(Some(Platform::Android), Some(Mode::Unattended)).await, ["h1", "h2"]);
    assert!(listed(Some(Platform::Ios), Some(Mode::Unattended)).await.is_empty());
    assert_eq!(listed(Some(Platform::Android), None).await.len(), 102);
}

/// Device, settings, activation and counts, as they are now.
pub async fn a_readiness_answer_is_one_reading(stage: &Stage) {
    let store = stage.store();
    let nothing = store.inspection(&acme(), &id("a")).await.unwrap();
    assert_eq!((&nothing.device, &nothing.fleet.activation), (&None, &None));
    store.save_devices(&acme(), &[hosting("a"), android("b")]).await.unwrap();
    let entry = said(noon(), AccountMatter::FiguresRebuilt);
    let _ = store.save_activation(&acme(), &activation(Extent::Attended), None, &entry).await.unwrap();
    assert_eq!(nothing.fleet.licence_limit, None);
    let licensed = Account { unattended_licences: Some(7), ..account(&acme()) };
    let _ = store.make_account(&licensed, &entry, None).await.unwrap();
    let found = store.inspection(&acme(), &id("a")).await.unwrap();
    assert_eq!(found.fleet.licence_limit, Some(7));
    assert_eq!(found.device, Some(hosting("a")));
    assert_eq!(found.fleet.counts, counts(2, 1, 1));
    assert_eq!(found.fleet.activation.map(|kept| kept.value), Some(activation(Extent::Attended)));
}

/// By one at a time, and with its entry in the journal.
pub async fn an_activation_is_made_changed_and_removed(stage: &Stage) {
    let store = stage.store();
    let made = |extent| {
        let version = activation(extent).agreement.terms_version().clone();
        let by = activation(extent).agreement.agreed_by().id.clone();
        said(noon(), AccountMatter::ActivationMade { mode: extent, terms_version: version, agreed_by: by })
    };
    let save = async |extent, read_at| {
        store.save_activation(&acme(), &activation(extent), read_at, &made(extent)).await.unwrap()
    };
    let Saved::Done(first) = save(Extent::Attended, None).await else { panic!("there was none") };
    assert_eq!(save(Extent::Attended, None).await, Saved::Lost);
    let Saved::Done(second) = save(Extent::AttendedAndUnattended, Some(first)).await else { panic!("as it was read") };
    assert_eq!(save(Extent::Attended, Some(first)).await, Saved::Lost);
    let fleet = store.fleet(&acme()).await.unwrap();
    let kept = fleet.activation.clone().unwrap();
    assert_eq!((kept.value.extent, kept.revision), (Extent::AttendedAndUnattended, second));
    assert!(matches!(store.delete_activation(&acme(), &fleet, &removed()).await.unwrap(), Saved::Done(_)));
    assert_eq!(store.delete_activation(&acme(), &fleet, &removed()).await.unwrap(), Saved::Lost);
    assert_eq!(store.fleet(&acme()).await.unwrap().activation, None);
    let waiting = store.backlog(&acme(), 10).await.unwrap().pending;
    assert_eq!(waiting.len(), 3, "one for each change that was made");
}

/// What was counted when it was decided has to stand.
pub async fn an_activation_stays_when_a_device_gets_the_host_meanwhile(stage: &Stage) {
    let store = stage.store();
    let entry = said(noon(), AccountMatter::FiguresRebuilt);
    let _ = store.save_activation(&acme(), &activation(Extent::Attended), None, &entry).await.unwrap();
    let before: Fleet = store.fleet(&acme()).await.unwrap();
    store.save_devices(&acme(), &[hosting("a")]).await.unwrap();
    assert_eq!(store.delete_activation(&acme(), &before, &removed()).await.unwrap(), Saved::Lost);
    assert!(store.fleet(&acme()).await.unwrap().activation.is_some());
    let now = store.fleet(&acme()).await.unwrap();
    store.save_devices(&acme(), &[hosting("a")]).await.unwrap();
    assert!(matches!(store.delete_activation(&acme(), &now, &removed()).await.unwrap(), Saved::Done(_)));
}
