//! Single devices as the guide has them, and what holds for every device.

use proptest::option;
use proptest::prelude::*;

use super::*;
use crate::Text;
use crate::device::{AppFacts, HostFacts, Kiosk, Management, Platform, Reported, TeamViewerId};

fn circumstances() -> Circumstances {
    Circumstances {
        activated: Some(Extent::AttendedAndUnattended),
        licences: Licences { used: 1, limit: Some(1) },
        client: Version::parse("15.60").ok(),
    }
}

fn app() -> AppFacts {
    let there = Some(true);
    AppFacts {
        installed: there,
        distributed: there,
        allow_listed: there,
        managed: there,
        version: Version::parse("15.50.112").ok(),
    }
}

/// An Android device that lacks nothing.
fn android() -> Reported {
    Reported {
        os_version: Version::parse("14").ok(),
        maker: Text::parse("Samsung").ok(),
        model: Text::parse("SM-X200").ok(),
        management: Some(Management::DeviceOwner),
        kiosk: Some(Kiosk::None),
        quicksupport: app(),
        host: HostFacts {
            app: app(),
            permission_granted: Some(true),
            teamviewer_id: TeamViewerId::parse("1 234 567 890").ok(),
        },
        add_on: app(),
        eula_accepted: Some(true),
        ..Reported::nothing_but(Platform::Android)
    }
}

/// An iOS device that lacks nothing.
fn ios() -> Reported {
    Reported {
        os_version: Version::parse("17.4").ok(),
        management: Some(Management::Enrolled),
        quicksupport: app(),
        eula_accepted: Some(true),
        ..Reported::nothing_but(Platform::Ios)
    }
}

fn look(reported: Reported, circumstances: &Circumstances) -> Readiness {
    Readiness::of(&DeviceFacts::accept(reported).unwrap(), circumstances)
}

fn codes(readiness: &ModeReadiness) -> Vec<&'static str> {
    readiness.findings.iter().map(|finding| finding.hindrance.code()).collect()
}

/// What changes when one thing about a device does.
fn with(mut reported: Reported, change: impl FnOnce(&mut Reported)) -> [Vec<&'static str>; 2] {
    change(&mut reported);
    let readiness = look(reported, &circumstances());
    [codes(&readiness.attended), codes(&readiness.unattended)]
}

const RUNNING: &str = "keep-quicksupport-running";

#[test]
fn an_android_device_that_lacks_nothing_is_controlled_in_both_modes() {
    let readiness = look(android(), &circumstances());
    for mode in Mode::ALL {
        assert!(readiness.in_mode(mode).is_possible() && !readiness.in_mode(mode).is_view_only());
    }
    assert_eq!([codes(&readiness.attended), codes(&readiness.unattended)], [vec![RUNNING], vec![]]);
}

#[test]
fn an_ios_device_that_lacks_nothing_is_viewed_with_its_user() {
    let readiness = look(ios(), &circumstances());
    assert!(readiness.attended.is_possible() && readiness.attended.is_view_only());
    assert_eq!(codes(&readiness.unattended), ["unattended-android-only"]);
}

#[test]
fn quicksupport_is_asked_for_on_android_and_has_to_be_pushed_on_ios() {
    assert_eq!(
        with(android(), |it| it.quicksupport.installed = Some(false))[0],
        ["quicksupport-will-be-installed", RUNNING]
    );
    let [attended, _] = with(ios(), |it| it.quicksupport.installed = Some(false));
    assert_eq!(attended, ["quicksupport-not-installed", "ios-view-only", RUNNING]);
    let [attended, _] = with(ios(), |it| it.quicksupport.managed = Some(false));
    assert_eq!(attended, ["quicksupport-not-managed", "ios-view-only", RUNNING]);
}

#[test]
fn apps_have_to_be_distributed_and_allowed() {
    assert_eq!(with(android(), |it| it.quicksupport.distributed = Some(false))[0][0], "quicksupport-not-distributed");
    assert_eq!(with(ios(), |it| it.quicksupport.distributed = Some(false))[0][0], "ios-view-only");
    assert_eq!(with(android(), |it| it.quicksupport.allow_listed = Some(false))[0][0], "quicksupport-not-allowed");
    assert_eq!(with(android(), |it| it.host.app.distributed = Some(false))[1], ["host-not-distributed"]);
    assert_eq!(with(android(), |it| it.host.app.installed = Some(false))[1], ["host-not-installed"]);
    assert_eq!(with(android(), |it| it.host.app.allow_listed = Some(false))[1], ["host-not-allowed"]);
}

#[test]
fn old_mam_only_and_unmanaged_devices_are_not_helped() {
    assert_eq!(with(ios(), |it| it.os_version = Version::parse("10.3.3").ok())[0][0], "ios-too-old");
    assert_eq!(with(ios(), |it| it.management = Some(Management::MamOnly))[0][0], "mam-only");
    assert_eq!(with(android(), |it| it.management = Some(Management::None))[0][0], "unmanaged");
}

#[test]
fn a_kiosk_needs_its_device_owner_and_its_add_on_allowed() {
    let [attended, unattended] = with(android(), |it| it.kiosk = Some(Kiosk::SharedKiosk));
    assert_eq!((attended, unattended), (vec![RUNNING], vec![]));
    let profile = |it: &mut Reported| {
        it.kiosk = Some(Kiosk::Kiosk);
        it.management = Some(Management::WorkProfile);
    };
    assert_eq!(with(android(), profile)[1], ["kiosk-without-device-owner"]);
    let barred = |it: &mut Reported| {
        it.kiosk = Some(Kiosk::Kiosk);
        it.add_on.allow_listed = Some(false);
    };
    assert_eq!(with(android(), barred)[1], ["add-on-not-allowed"]);
}

#[test]
fn without_the_add_on_an_android_device_is_viewed() {
    for mode in Mode::ALL {
        let reported = Reported { add_on: AppFacts { installed: Some(false), ..app() }, ..android() };
        let readiness = look(reported, &circumstances());
        assert!(readiness.in_mode(mode).is_possible() && readiness.in_mode(mode).is_view_only());
    }
    let never_distributed = AppFacts { distributed: Some(false), ..AppFacts::default() };
    assert_eq!(with(android(), |it| it.add_on = never_distributed)[1], ["add-on-missing"]);
}

#[test]
fn a_pixel_asks_each_time_and_keeps_no_permission() {
    let pixel = |granted| {
        move |it: &mut Reported| {
            it.maker = Text::parse("google").ok();
            it.model = Text::parse("Pixel 8").ok();
            it.host.permission_granted = Some(granted);
        }
    };
    for granted in [true, false] {
        assert_eq!(with(android(), pixel(granted)), [vec!["pixel-consent", RUNNING], vec!["pixel-consent"]]);
    }
    assert_eq!(with(android(), |it| it.host.permission_granted = Some(false))[1], ["host-permission-missing"]);
}

#[test]
fn the_host_is_reached_by_its_id() {
    assert_eq!(with(android(), |it| it.host.teamviewer_id = None)[1], ["host-id-missing"]);
}

#[test]
fn an_account_that_is_not_activated_starts_nothing() {
    let readiness = look(android(), &Circumstances { activated: None, ..circumstances() });
    assert!(Mode::ALL.into_iter().all(|mode| codes(readiness.in_mode(mode))[0] == "not-activated"));
    let attended_only = look(android(), &Circumstances { activated: Some(Extent::Attended), ..circumstances() });
    assert!(attended_only.attended.is_possible());
    assert_eq!(codes(&attended_only.unattended), ["unattended-not-activated"]);
}

#[test]
fn more_devices_than_licences_block_unattended_sessions_only() {
    let licences = |limit| Licences { used: 2, limit };
    let readiness = look(android(), &Circumstances { licences: licences(Some(1)), ..circumstances() });
    assert_eq!(codes(&readiness.unattended), ["licences-used-up"]);
    assert!(readiness.attended.is_possible());
    let readiness = look(android(), &Circumstances { licences: licences(None), ..circumstances() });
    assert_eq!(readiness.unattended.findings[0].facts, ["unattended_licences"]);
}

#[test]
fn a_technicians_client_is_not_older_than_quicksupport() {
    let old = Circumstances { client: Version::parse("15.49.9").ok(), ..circumstances() };
    assert_eq!(codes(&look(android(), &old).attended)[0], "technician-client-too-old");
    let same = Circumstances { client: Version::parse("15.50").ok(), ..circumstances() };
    assert!(look(android(), &same).attended.is_possible());
}

#[test]
fn codes_are_their_own() {
    let codes: std::collections::HashSet<_> = Hindrance::ALL.iter().map(|it| it.code()).collect();
    assert_eq!(codes.len(), Hindrance::ALL.len());
}

fn any_app() -> impl Strategy<Value = AppFacts> {
    let versions = option::of(prop::sample::select(vec!["15.40", "15.50.112", "16"]));
    (any::<[Option<bool>; 4]>(), versions).prop_map(|([installed, distributed, allow_listed, managed], version)| {
        let version = version.and_then(|version| Version::parse(version).ok());
        AppFacts { installed, distributed, allow_listed, managed, version }
    })
}

fn any_host() -> impl Strategy<Value = HostFacts> {
    (any_app(), any::<Option<bool>>(), any::<bool>()).prop_map(|(app, permission_granted, has_id)| {
        let teamviewer_id = has_id.then(|| TeamViewerId::parse("123456789").unwrap());
        HostFacts { app, permission_granted, teamviewer_id }
    })
}

/// Every report, also those that contradict themselves.
fn any_report() -> impl Strategy<Value = Reported> {
    let system = (
        prop::sample::select(Platform::ALL.to_vec()),
        option::of(prop::sample::select(vec!["9", "10.3", "11", "17.4"])),
        option::of(prop::sample::select(vec!["Google", "Samsung"])),
        option::of(prop::sample::select(vec!["Pixel 8", "SM-X200"])),
        option::of(prop::sample::select(Management::ALL.to_vec())),
        option::of(prop::sample::select(Kiosk::ALL.to_vec())),
    );
    let apps = (any_app(), any_host(), any_app(), any::<Option<bool>>());
    (system, apps).prop_map(|(system, apps)| {
        let (platform, os_version, maker, model, management, kiosk) = system;
        let (quicksupport, host, add_on, eula_accepted) = apps;
        Reported {
            os_version: os_version.and_then(|version| Version::parse(version).ok()),
            maker: maker.and_then(|maker| Text::parse(maker).ok()),
            model: model.and_then(|model| Text::parse(model).ok()),
            management,
            kiosk,
            quicksupport,
            host,
            add_on,
            eula_accepted,
            ..Reported::nothing_but(platform)
        }
    })
}

/// Devices as they can be.
fn any_device() -> impl Strategy<Value = DeviceFacts> {
    any_report().prop_map(|mut reported| {
        if reported.platform == Platform::Ios {
            reported.host = HostFacts::default();
            reported.add_on = AppFacts::default();
            reported.management = reported
                .management
                .filter(|management| !matches!(management, Management::DeviceOwner | Management::WorkProfile));
        }
        DeviceFacts::accept(reported).unwrap()
    })
}

fn any_circumstances() -> impl Strategy<Value = Circumstances> {
    let extents = option::of(prop::sample::select(vec![Extent::Attended, Extent::AttendedAndUnattended]));
    let clients = option::of(prop::sample::select(vec!["14", "15.50", "17.1"]));
    (extents, 0..4_u64, option::of(0..4_u32), clients).prop_map(|(activated, used, limit, client)| Circumstances {
        activated,
        licences: Licences { used, limit },
        client: client.and_then(|client| Version::parse(client).ok()),
    })
}

/// Forgets one fact, by its name in the API.
fn forget(facts: &DeviceFacts, circumstances: &mut Circumstances, fact: &str) -> DeviceFacts {
    let mut reported = Reported::from(facts.clone());
    match fact {
        "os_version" => reported.os_version = None,
        "management" => reported.management = None,
        "kiosk" => reported.kiosk = None,
        "model" => (reported.maker, reported.model) = (None, None),
        "eula_accepted" => reported.eula_accepted = None,
        "quicksupport.installed" => reported.quicksupport.installed = None,
        "quicksupport.distributed" => reported.quicksupport.distributed = None,
        "quicksupport.managed" => reported.quicksupport.managed = None,
        "quicksupport.allow_listed" => reported.quicksupport.allow_listed = None,
        "quicksupport.version" => reported.quicksupport.version = None,
        "technician_client" => circumstances.client = None,
        "host.installed" => reported.host.app.installed = None,
        "host.distributed" => reported.host.app.distributed = None,
        "host.allow_listed" => reported.host.app.allow_listed = None,
        "host.permission_granted" => reported.host.permission_granted = None,
        "unattended_licences" => circumstances.licences.limit = None,
        "add_on.installed" => (reported.add_on.installed, reported.add_on.distributed) = (None, None),
        "add_on.allow_listed" => reported.add_on.allow_listed = None,
        other => panic!("{other} is no fact"),
    }
    DeviceFacts::accept(reported).unwrap()
}

const FACTS: [&str; 18] = [
    "os_version",
    "management",
    "kiosk",
    "model",
    "eula_accepted",
    "quicksupport.installed",
    "quicksupport.distributed",
    "quicksupport.managed",
    "quicksupport.allow_listed",
    "quicksupport.version",
    "technician_client",
    "host.installed",
    "host.distributed",
    "host.allow_listed",
    "host.permission_granted",
    "unattended_licences",
    "add_on.installed",
    "add_on.allow_listed",
];

proptest! {
    #[test]
    fn ios_is_never_controlled_and_never_unattended(facts in any_device(), circumstances in any_circumstances()) {
        let readiness = Readiness::of(&facts, &circumstances);
        if facts.platform == Platform::Ios {
            prop_assert!(readiness.attended.is_view_only());
            prop_assert!(!readiness.unattended.is_possible());
        }
    }

    #[test]
    fn unattended_needs_a_host_that_is_there_and_allowed(facts in any_device(), circumstances in any_circumstances()) {
        if Readiness::of(&facts, &circumstances).unattended.is_possible() {
            let host = &facts.host;
            prop_assert!(host.teamviewer_id.is_some());
            let missing = [host.app.installed, host.app.distributed, host.app.allow_listed].contains(&Some(false));
            prop_assert!(!missing);
            prop_assert!(circumstances.activated == Some(Extent::AttendedAndUnattended));
            prop_assert!(circumstances.licences.are_used_up() != Some(true));
        }
    }

    #[test]
    fn nothing_is_said_twice_and_blocks_come_first(facts in any_device(), circumstances in any_circumstances()) {
        for mode in Mode::ALL {
            let readiness = ModeReadiness::of(mode, &facts, &circumstances);
            let mut said = codes(&readiness);
            let effects: Vec<Effect> = readiness.findings.iter().map(Finding::effect).collect();
            prop_assert!(effects.is_sorted());
            said.sort_unstable();
            said.dedup();
            prop_assert_eq!(said.len(), readiness.findings.len());
        }
    }

    #[test]
    fn only_what_is_known_of_an_app_is_said_of_it(facts in any_device(), circumstances in any_circumstances()) {
        let said = codes(&ModeReadiness::of(Mode::Attended, &facts, &circumstances));
        let holds = |code: &str| said.contains(&code);
        let quicksupport = &facts.quicksupport;
        prop_assert!(!(holds("quicksupport-will-be-installed") && quicksupport.installed != Some(false)));
        prop_assert!(!(holds("quicksupport-not-managed") && quicksupport.installed != Some(true)));
        prop_assert!(!(holds("quicksupport-not-installed") && holds("quicksupport-not-managed")));
        prop_assert!(!(holds("eula-not-accepted") && facts.eula_accepted != Some(false)));
        prop_assert!(!(holds("pixel-consent") && facts.is_pixel() != Some(true)));
    }

    /// To forget a fact never brings a hindrance that was not there, and says that the fact is missing where it mattered.
    #[test]
    fn an_unknown_fact_never_blocks(facts in any_device(), before in any_circumstances(), which in 0..FACTS.len()) {
        let mut after = before.clone();
        let forgotten = forget(&facts, &mut after, FACTS[which]);
        let (before, after) = (Readiness::of(&facts, &before), Readiness::of(&forgotten, &after));
        for mode in Mode::ALL {
            let (before, after) = (before.in_mode(mode), after.in_mode(mode));
            // Where it is not known whether the Host app is there, its id is what is missing.
            let blocks = |readiness: &ModeReadiness| {
                let codes = readiness.blocking().map(|finding| finding.hindrance);
                codes.filter(|it| *it != Hindrance::HostIdMissing).collect::<Vec<_>>()
            };
            prop_assert!(blocks(after).iter().all(|it| blocks(before).contains(it)));
            if blocks(after) != blocks(before) {
                prop_assert!(after.findings.iter().any(|finding| finding.hindrance == Hindrance::NotReported));
            }
        }
    }

    #[test]
    fn a_device_is_kept_as_it_was_reported(facts in any_device()) {
        let kept = serde_json::to_string(&facts).unwrap();
        prop_assert_eq!(serde_json::from_str::<DeviceFacts>(&kept).unwrap(), facts);
    }
}
