//! A history is lived through.

mod books;
mod cases;
mod incidents;

use std::collections::HashMap;

use casebridge_app::Desk;
use casebridge_domain::{Instant, ServiceCase};
use casebridge_sandbox::teamviewer::Unknowns;
use chrono::TimeDelta;

use super::deed::{Act, Deed, Fate, History, Step, Ticket, Who};
use super::ending::come_to_rest;
use super::promises::Promises;
use crate::oracle::{Broken, Readers};
use crate::world::{Beginning, Ground, TestWorld};

/// Seconds that a process may go on with what it knows of an account.
const KEPT_SECONDS: i64 = 60;

/// A process's memory of the accounts.
type Kept = HashMap<Who, (Instant, Desk)>;

/// Whoever acts, and what he acts on.
pub(super) struct Life {
    pub(super) world: TestWorld,
    pub(super) readers: Readers,
}

/// What an act told whoever asked for it.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is something that was said or not")]
pub(crate) struct Told {
    /// Play said that there is a new case.
    pub(crate) opened: Option<ServiceCase>,
    /// Stop was pressed on this case.
    pub(crate) stop_pressed: Option<ServiceCase>,
    /// Stop said that the case is closed, or that its end is on record.
    pub(crate) stop_acknowledged: bool,
    /// Stop gave the case back.
    pub(crate) stopped: Option<ServiceCase>,
    /// Resend was pressed on this case, with this key.
    pub(crate) resend_pressed: Option<(ServiceCase, Option<u8>)>,
    /// Resend said that a letter is owed.
    pub(crate) resend_acknowledged: bool,
    /// A record was to be changed.
    pub(crate) record_changed: bool,
    /// Figures were to be rebuilt.
    pub(crate) rebuilt: bool,
    /// Somebody was told what must not be.
    pub(crate) broken: Option<Broken>,
}

/// Lives through a history and on until everything has come to rest.
pub(crate) async fn live_through(history: &History, unknowns: &Unknowns, ground: &Ground) -> Result<(), Broken> {
    let life = begin(history, unknowns, ground).await;
    let world = &life.world;
    let mut promises = Promises::default();
    let mut kept = Kept::new();
    for (number, step) in history.steps.iter().enumerate() {
        world.teamviewer.clear_calls();
        let before = promises.before(world).await;
        let told = match step {
            Step::Acts { first, beside, fate } => Box::pin(act(&life, &mut kept, *first, *beside, *fate)).await,
            Step::Incident(incident) => {
                incidents::befall(world, incident).await;
                Vec::new()
            }
        };
        promises.after(world, &before, told).await.map_err(|broken| broken.at(number))?;
        life.readers.read_on(world, 1 + number % 5).await.map_err(|broken| broken.at(number))?;
    }
    Box::pin(come_to_rest(&life, history, &mut promises)).await
}

async fn begin(history: &History, unknowns: &Unknowns, ground: &Ground) -> Life {
    let beginning = Beginning {
        ground: ground.clone(),
        seed: history.seed,
        unknowns: unknowns.clone(),
        case_minutes: history.case_minutes,
        at: history.turn.at() - history.before,
        time_zone: history.turn.zone(),
    };
    let world = TestWorld::new(beginning).await;
    for who in Who::ALL {
        world.sign_up(&who.id()).await;
        if history.is_about(who) {
            world.connect(&who.id(), who.administrator()).await;
        }
    }
    Life { world, readers: Readers::of(Who::ALL.map(Who::id)) }
}

/// One or two acts in a process, which may die of it.
async fn act(life: &Life, kept: &mut Kept, first: Act, beside: Option<Act>, fate: Fate) -> Vec<Told> {
    let world = &life.world;
    let desk = desk_for(world, kept, first).await;
    let other_desk = match beside {
        Some(beside) => Some((beside, desk_for(world, kept, beside).await)),
        None => None,
    };
    if let Fate::AtStoreCall(calls, mishap) = fate {
        world.engine.light(Some((calls, mishap)));
    }
    let mut told = Told::default();
    let mut told_beside = Told::default();
    {
        let second = async {
            if let Some((beside, desk)) = other_desk {
                Box::pin(do_it(life, &desk, beside, &mut told_beside)).await;
            }
        };
        let both = async { tokio::join!(Box::pin(do_it(life, &desk, first, &mut told)), second) };
        if matches!(fate, Fate::AtHangingCall) {
            world.until_it_hangs(both).await;
        } else {
            tokio::select! {
                biased;
                () = world.engine.crash() => kept.clear(),
                _ = world.patiently(both) => {}
            }
        }
    }
    world.engine.light(None);
    world.engine.outlive_the_dead().await;
    vec![told, told_beside]
}

async fn desk_for(world: &TestWorld, kept: &mut Kept, act: Act) -> Desk {
    let until = world.now() - TimeDelta::seconds(KEPT_SECONDS);
    if let Some((_, desk)) = kept.get(&act.who).filter(|(since, _)| act.stale && *since > until) {
        return desk.clone();
    }
    let desk = world.desk(&act.who.id()).await;
    kept.insert(act.who, (world.now(), desk.clone()));
    desk
}

async fn do_it(life: &Life, desk: &Desk, act: Act, told: &mut Told) {
    let world = &life.world;
    match act.deed {
        Deed::Record { place, change } => books::change_record(world, desk, place, change, told).await,
        Deed::Change(setting) => books::change_settings(world, desk, setting).await,
        Deed::Rebuild => Box::pin(books::rebuild(desk, told)).await,
        Deed::Verify => Box::pin(books::verify(desk, told)).await,
        Deed::Number => books::number(world, desk).await,
        Deed::Read { limit } => told.broken = life.readers.read_on(world, limit).await.err(),
        Deed::Work => Box::pin(world.work()).await,
        Deed::TimePasses { seconds } => {
            tokio::task::yield_now().await;
            world.advance(TimeDelta::seconds(seconds));
        }
        _ => Box::pin(cases::do_it(world, desk, act, told)).await,
    }
}

impl TestWorld {
    /// The ticket's newest case as the page shows it; nothing while the store is silent.
    async fn newest_seen(&self, who: Who, ticket: Ticket) -> Option<ServiceCase> {
        Some(self.store().newest_case(&who.id(), &ticket.id()).await.ok()??.value)
    }
}
