//! What builds write that are out in the world is read by this one, fields that the next one adds are passed over, and a shape
//! that this one changes is noticed. A new state is read by one build before the next one writes it: that is for whoever adds it
//! to make sure of.
//!
//! `kept/1.json` is a store as the first build leaves it after its story, `kept/2.json` one with links to pages of the account's own
//! and what customers press there, policies, widget tokens, and people who signed in; `kept/3.json` one whose technicians sign in to
//! TeamViewer, `kept/4.json` one with devices, their activation and sessions of both modes. A build that writes other shapes on purpose
//! gets a file of its own beside it (run with `CASEBRIDGE_REWRITE_KEPT` set to its path); the old one stays as long as
//! stores may hold such items. What is added to a shape has to be left out by readers of the old ones, and may be absent.

use std::collections::{BTreeMap, BTreeSet};
use std::{env, fs};

use casebridge_app::accounts::{change_account, make_key, renew_inbound_secret};
use casebridge_app::admission::Admissions;
use casebridge_app::branding::change_account_and_logo;
use casebridge_app::close_case::close_case;
use casebridge_app::close_guard::{Closable, closable, reserve_closing, ticket_closed};
use casebridge_app::connection::{ModuleWish, set_module, share_with};
use casebridge_app::customer_page::let_in;
use casebridge_app::devices::recount;
use casebridge_app::feed::{events, vendor_events};
use casebridge_app::open_case::{OpenCase, Opened, open_case};
use casebridge_app::records::{RecordWish, change_record};
use casebridge_app::rollups::verify;
use casebridge_app::sign_in::{SignInWish, make_link, sign_in};
use casebridge_app::start_session::start_session;
use casebridge_app::templates::{save_template, send_test, template};
use casebridge_app::widget::{TokenWish, make_token};
use casebridge_app::{Desk, audit};
use casebridge_domain::branding::{Colour, Logo, LogoKind, LogoMark};
use casebridge_domain::device::{DeviceConfiguration, Extent, Mode, Platform, Reported, TeamViewerId};
use casebridge_domain::key::{Owner, Scope};
use casebridge_domain::service_case::{InvitationState, Note, State};
use casebridge_domain::sign_in::LinkLifetime;
use casebridge_domain::{DeviceId, KeyId, Language, Text, TicketId};
use casebridge_store::engine::IndexEntry;
use casebridge_store::{Engine as _, Guard, Index, Item, Key, Write, Written};
use chrono::TimeDelta;
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use uuid::Uuid;

use super::activation::start;
use super::asked;
use super::device_sessions::attended;
use crate::world::{
    ALEX, CHRIS, Mood, TestWorld, acme, address, boss, by, keyed, memory, play_of, stop, technician, unkeyed, user,
};

const FIRST: &str = include_str!("../kept/1.json");
/// Accounts have policies, and a secret for widget tokens.
const SECOND: &str = include_str!("../kept/2.json");

/// Technicians sign in to TeamViewer.
const THIRD: &str = include_str!("../kept/3.json");

/// Devices are helped.
const FOURTH: &str = include_str!("../kept/4.json");

/// The shapes of the newest file: whatever is written now has one of them.
const NEWEST: &str = FOURTH;

/// A bit of everything that is kept: cases in each state, letters that left, wait and failed, records that were changed,
/// what waits for its numbers and what has them.
async fn story() -> TestWorld {
    let world = TestWorld::connected().await;
    let desk = world.desk(&acme()).await;
    renew_inbound_secret(&desk).await.unwrap();
    let admissions = Admissions::new(world.app.clone());
    make_token(&admissions, &desk, KeyId::new(Uuid::from_u128(7)), token_of("T-online")).await.unwrap();
    make_key(&world.app, &Owner::Account(acme()), Scope::Technician, None, by(), None).await.unwrap();
    share_with(&desk, &[user(CHRIS)]).await.unwrap();
    let module = ModuleWish { id: None, bound_to_group: true, assignee_unassigned: true };
    set_module(&desk, module).await.unwrap();
    let (words, _) = template(&desk, Language::French).await.unwrap();
    save_template(&desk, &words).await.unwrap();
    send_test(&desk, Language::French, address("alex@northwind.example"), None).await.unwrap();

    let logo = LogoMark { kind: LogoKind::Png, digest: "00".repeat(32) };
    let logo = Logo { mark: logo, data: "iVBORw0KGgo=".to_owned() };
    let branded = change_account_and_logo(&desk, Some(&logo), |account| {
        account.branding.name = Text::parse("Acme Help").ok();
        account.branding.colour = Colour::parse("#ffcc00").ok();
    });
    branded.await.unwrap();

    let noted = world.helped(play_of("T-noted"), 600).await;
    world.work_through(TimeDelta::minutes(2), TimeDelta::seconds(20)).await;
    let out = RecordWish { note: Some(Note::parse("a training").ok()), excluded: Some(true), reason: None };
    change_record(&world.desk(&acme()).await, noted.id(), &out).await.unwrap();
    world.played(play_of("T-expired")).await;
    world.advance(TimeDelta::hours(25));
    world.work_through(TimeDelta::minutes(2), TimeDelta::seconds(20)).await;
    let desk = world.desk(&acme()).await;
    let request = memory(&acme(), "POST /v1/accounts/acme/tickets/T-online/case", "once");
    open_case(&desk, keyed(play_of("T-online"), &request)).await.unwrap();
    let online = world.newest(&acme(), &ticket("T-online")).await.unwrap();
    let link = desk.customer_link(&online).await.unwrap().unwrap().to_string();
    let visitor = let_in(&world.app, &acme(), online.id(), link.rsplit('/').next().unwrap()).await.unwrap().unwrap();
    assert!(visitor.join().await.is_some());
    visitor.disown().await.unwrap();
    world.teamviewer.customer_online(&online.session().unwrap().code.to_string(), true).unwrap();
    world.work_through(TimeDelta::minutes(1), TimeDelta::seconds(10)).await;
    world.mailbox.be(Mood::Refuses);
    world.played(play_of("T-refused")).await;
    world.work_through(TimeDelta::minutes(1), TimeDelta::seconds(10)).await;
    reserve_closing(&desk, &ticket("T-reserved"), None).await.unwrap();
    ticket_closed(&desk, &ticket("T-closed"), None).await.unwrap();
    // One link was used, the other was not yet.
    let wish = || SignInWish {
        scope: Scope::Admin,
        name: Text::parse("Tess").unwrap(),
        technician: None,
        lifetime: LinkLifetime::default(),
    };
    let used = make_link(&desk, wish()).await.unwrap();
    sign_in(&world.app, used.text.expose_secret()).await.unwrap();
    make_link(&desk, wish()).await.unwrap();
    world.make_app(&acme()).await;
    world.signed_in("tom", CHRIS).await;
    world.sent(&acme(), "nora").await;
    let signed = OpenCase { technician: Some(technician("tom")), ..play_of("T-signed") };
    world.played(signed).await;
    with_devices(&world).await;
    world.work_through(TimeDelta::minutes(1), TimeDelta::seconds(10)).await;
    // Nobody does anything any more: a letter waits, and what happened last has no numbers yet.
    world.played(play_of("T-waiting")).await;
    world
}

/// One till where nobody is, one phone with its user: both are being helped, and somebody else's session is over.
async fn with_devices(world: &TestWorld) {
    let desk = world.desk(&acme()).await;
    let settings = change_account(&desk, |account| {
        account.unattended_licences = Some(2);
        account.device_configuration = Some(DeviceConfiguration::default());
    });
    settings.await.unwrap();
    let mut till = Reported::nothing_but(Platform::Android);
    till.name = Text::parse("Till 4").ok();
    till.host.app.distributed = Some(true);
    till.host.app.installed = Some(true);
    till.host.teamviewer_id = TeamViewerId::parse("1234567890").ok();
    world.with_a_device(Extent::AttendedAndUnattended, till).await;
    let desk = world.desk(&acme()).await;
    start_session(&desk, unkeyed(start(Mode::Unattended))).await.unwrap();
    world.played(attended("phone", Platform::Android)).await;
    world.helped(attended("tablet", Platform::Ios), 300).await;
}

/// For the page of whoever presses play there.
fn token_of(ticket: &str) -> TokenWish {
    let play = play_of(ticket);
    let span = TimeDelta::hours(1);
    let technician = play.technician.unwrap();
    TokenWish {
        ticket: play.subject.ticket().unwrap().clone(),
        requester: play.requester,
        technician,
        colleagues: Vec::new(),
        span,
    }
}

fn ticket(id: &str) -> TicketId {
    TicketId::parse(id).unwrap()
}

async fn items(world: &TestWorld) -> Vec<Item> {
    let mut items = Vec::new();
    for keys in world.engine.keys().chunks(100) {
        items.extend(world.table().read(keys).await.unwrap().into_iter().flatten());
    }
    items
}

const INDEXES: [(Index, &str); 3] = [(Index::Due, "due"), (Index::Unsettled, "unsettled"), (Index::Code, "code")];

fn written_down(item: &Item) -> Value {
    let name = |index| INDEXES.into_iter().find(|(known, _)| *known == index).unwrap().1;
    let places = item.indexed.iter().map(|entry| json!([name(entry.index), entry.partition, entry.sort]));
    json!({
        "partition": item.key.partition, "sort": item.key.sort, "kind": item.kind, "version": item.version,
        "revision": item.revision, "holder": item.holder, "held_until": item.held_until, "expires": item.expires,
        "indexed": places.collect::<Vec<_>>(), "body": serde_json::from_str::<Value>(&item.body).unwrap(),
    })
}

fn as_it_was(kept: &Value) -> Item {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let entry = |place: &Value| IndexEntry {
        index: INDEXES.into_iter().find(|(_, name)| place[0] == *name).unwrap().0,
        partition: text(&place[1]),
        sort: text(&place[2]),
    };
    Item {
        key: Key { partition: text(&kept["partition"]), sort: text(&kept["sort"]) },
        kind: text(&kept["kind"]),
        version: serde_json::from_value(kept["version"].clone()).unwrap(),
        revision: kept["revision"].as_u64().unwrap(),
        holder: kept["holder"].as_str().map(str::to_owned),
        held_until: kept["held_until"].as_i64(),
        expires: kept["expires"].as_i64(),
        indexed: kept["indexed"].as_array().unwrap().iter().map(entry).collect(),
        body: kept["body"].to_string(),
    }
}

fn on_file(file: &str) -> Vec<Value> {
    serde_json::from_str(file).unwrap()
}

/// Where which kinds of values stand in the bodies of each kind of item.
fn shapes(items: &[Value]) -> BTreeMap<String, BTreeSet<String>> {
    let mut shapes: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for item in items {
        let kind = item["kind"].as_str().unwrap();
        let shape = shapes.entry(format!("{kind} of version {}", item["version"])).or_default();
        // Counters are named after what vendors call things.
        if kind != "figures" {
            describe("", &item["body"], shape);
        }
    }
    shapes
}

fn describe(place: &str, value: &Value, shape: &mut BTreeSet<String>) {
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "text",
        Value::Array(all) => {
            for one in all {
                describe(&format!("{place}[]"), one, shape);
            }
            "list"
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                describe(&format!("{place}.{name}"), field, shape);
            }
            "object"
        }
    };
    shape.insert(format!("{place} {kind}"));
}

#[tokio::test(start_paused = true)]
async fn what_is_written_has_the_shapes_that_are_on_file() {
    let mut items: Vec<Value> = items(&Box::pin(story()).await).await.iter().map(written_down).collect();
    items.sort_by_key(|item| (item["partition"].to_string(), item["sort"].to_string()));
    if let Some(file) = env::var_os("CASEBRIDGE_REWRITE_KEPT") {
        fs::write(file, format!("{}\n", serde_json::to_string_pretty(&items).unwrap())).unwrap();
    }
    let (now, before) = (shapes(&items), shapes(&on_file(NEWEST)));
    for (kind, shape) in &now {
        let known = before.get(kind).unwrap_or_else(|| panic!("{kind} is not on file"));
        assert_eq!(shape, known, "the shape of {kind} is another one: see the head of this file");
    }
    assert_eq!(now.len(), before.len(), "kinds on file that are not written any more: {:?}", before.keys());
}

/// A world over a store of an earlier build, as long after its last write as it takes to replace a build.
async fn world_over(items: &[Value]) -> TestWorld {
    // The same seed gives the same token in TeamViewer, and the same end of the story.
    let told = Box::pin(story()).await;
    let world = TestWorld::new(crate::world::Beginning { at: told.now(), ..Default::default() }).await;
    world.token_of(ALEX, &casebridge_sandbox::teamviewer::Permission::GUIDE);
    for item in items {
        let put = Write::Put(Box::new(as_it_was(item)), Guard::Any);
        assert_eq!(world.table().write(vec![put]).await.unwrap(), Written::Done);
    }
    world
}

#[tokio::test(start_paused = true)]
async fn what_an_earlier_build_wrote_is_read_and_carried_on() {
    for file in [FIRST, SECOND, THIRD, FOURTH] {
        Box::pin(carries_on(&on_file(file))).await;
    }
}

/// While builds take turns, or after rolling back, this build finds what the next one wrote. Fields are what a build may add
/// without more ado; a new state has to be read by one build before the next one writes it.
#[tokio::test(start_paused = true)]
async fn fields_that_the_next_build_adds_are_passed_over() {
    let mut items = on_file(NEWEST);
    // What counts has nothing but counters.
    let counts = |item: &Value| item["kind"] == "figures" || item["kind"] == "device_counts";
    let added: usize = items.iter_mut().filter(|item| !counts(item)).map(|item| extend(&mut item["body"])).sum();
    assert!(added > items.len(), "only {added} fields in {} items", items.len());
    Box::pin(carries_on(&items)).await;
}

/// Adds a field to everything that has some, and counts them. A single one may name a variant, which has no others; a permission
/// is one of those that this build knows.
fn extend(value: &mut Value) -> usize {
    match value {
        Value::Array(all) => all.iter_mut().map(extend).sum(),
        Value::Object(fields) => {
            let known = fields.iter_mut().filter(|(name, _)| *name != "permissions");
            let within: usize = known.map(|(_, field)| extend(field)).sum();
            if fields.len() < 2 {
                return within;
            }
            fields.insert("added_by_the_next_build".to_owned(), json!({ "to": ["be", "passed", 1, "over"] }));
            within + 1
        }
        _ => 0,
    }
}

async fn carries_on(items: &[Value]) {
    let world = Box::pin(world_over(items)).await;
    let desk = world.desk(&acme()).await;
    assert!(desk.connection().is_some() && desk.account().inbound_secret.is_some());
    assert!(template(&desk, Language::French).await.unwrap().1, "its own words");
    let devices = items.iter().any(|item| item["kind"] == "device");
    assert_eq!(world.records(&acme()).await.len(), if devices { 3 } else { 2 });
    world.reported(&asked("2026-01-01", "2028-01-01")).await;
    assert!(verify(&desk).await.unwrap().differences.is_empty());
    assert!(matches!(closable(&desk, &ticket("T-online")).await.unwrap(), Closable::Live(_)));
    assert!(open_case(&desk, unkeyed(play_of("T-closed"))).await.is_err(), "a closed ticket refuses play");

    let request = memory(&acme(), "POST /v1/accounts/acme/tickets/T-online/case", "once");
    let again = open_case(&desk, keyed(play_of("T-online"), &request)).await.unwrap();
    let online = world.newest(&acme(), &ticket("T-online")).await.unwrap();
    assert!(format!("{again:?}").contains(&online.id().to_string()), "the request is remembered: {again:?}");
    let signs_in = items.iter().any(|item| item["kind"] == "technician_sign_in");
    assert_eq!(world.sign_in_of("tom").await.is_some_and(|sign_in| sign_in.serves()), signs_in);

    if devices {
        Box::pin(helps_on(&world)).await;
    }
    world.work_through(TimeDelta::minutes(3), TimeDelta::seconds(10)).await;
    let waiting = world.newest(&acme(), &ticket("T-waiting")).await.unwrap();
    assert_eq!(waiting.invitation().unwrap().state, InvitationState::Accepted, "the letter left");
    for case in [online, waiting] {
        close_case(&world.desk(&acme()).await, case.id(), unkeyed(stop())).await.unwrap();
        assert!(matches!(world.case(&acme(), case.id()).await.state(), State::Closed(_)));
    }
    world.work_through(TimeDelta::minutes(1), TimeDelta::seconds(10)).await;
    whole(&world, &desk).await;
}

/// Devices are counted and looked at as they were, and the sessions that began go on to their end.
async fn helps_on(world: &TestWorld) {
    let desk = world.desk(&acme()).await;
    assert!(recount(&desk).await.unwrap().agrees());
    let fleet = world.store().fleet(&acme()).await.unwrap();
    assert_eq!((fleet.counts.licences, fleet.licence_limit), (1, Some(2)));
    assert_eq!(fleet.activation.unwrap().value.extent, Extent::AttendedAndUnattended);
    let again = start_session(&desk, unkeyed(start(Mode::Unattended))).await.unwrap();
    let Opened::Already(till) = again else { panic!("it began before: {again:?}") };
    assert_eq!(till.host().unwrap().host.as_str(), "1234567890");
    let phone = world.store().newest_device_case(&acme(), &DeviceId::parse("phone").unwrap()).await.unwrap().unwrap();
    assert!(phone.value.hand_over().is_some());
    for case in [till, phone.value] {
        let ended = close_case(&desk, case.id(), unkeyed(stop())).await.unwrap();
        assert!(matches!(ended.state(), State::Closed(_)));
    }
}

/// Numbers go on where the earlier build left off.
async fn whole(world: &TestWorld, desk: &Desk) {
    let page = events(desk, None, 1000).await.unwrap();
    assert!(page.events.iter().map(|event| event.number).eq(1..=page.last));
    let of_vendor = vendor_events(&world.app, &boss(), None, 1000).await.unwrap();
    assert_eq!(of_vendor.events.len(), page.events.len());
    audit::verify(&world.app, &acme()).await.unwrap();
    assert!(world.store().backlog(&acme(), 100).await.unwrap().pending.is_empty());
    world.reported(&asked("2026-01-01", "2028-01-01")).await;
    assert!(verify(desk).await.unwrap().differences.is_empty());
}
