//! A history is lived through.

use std::collections::HashMap;

use casebridge_app::close_case::{CloseCaseError, close_case};
use casebridge_app::connection::{recheck, register, revoke};
use casebridge_app::invitation::invite_again;
use casebridge_app::open_case::{OpenCase, Opened, RequestMemory, open_case};
use casebridge_app::{Desk, close_guard, customer_online, ticket_facts};
use casebridge_domain::{Instant, ServiceCase};
use casebridge_sandbox::teamviewer::{EndSession, Permission, Unknowns};
use chrono::TimeDelta;

use super::deed::{Act, Deed, Fate, History, Incident, Step, Ticket, Who};
use super::ending::come_to_rest;
use super::promises::{Broken, Promises};
use crate::world::{Beginning, TestWorld, keyed, memory, play_of, stop, stop_here, technician, unkeyed};

/// Seconds that a process may go on with what it knows of an account.
const KEPT_SECONDS: i64 = 60;

/// A process's memory of the accounts.
type Kept = HashMap<Who, (Instant, Desk)>;

/// What an act told whoever asked for it.
#[derive(Debug, Default)]
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
}

/// Lives through a history and on until everything has come to rest.
pub(crate) async fn live_through(history: &History, unknowns: &Unknowns) -> Result<(), Broken> {
    let beginning = Beginning { seed: history.seed, unknowns: unknowns.clone(), case_minutes: history.case_minutes };
    let world = TestWorld::new(beginning).await;
    for who in Who::ALL {
        world.sign_up(&who.id()).await;
        if history.is_about(who) {
            world.connect(&who.id(), who.administrator()).await;
        }
    }
    let mut promises = Promises::default();
    let mut kept = Kept::new();
    for (number, step) in history.steps.iter().enumerate() {
        world.teamviewer.clear_calls();
        let before = promises.before(&world).await;
        let told = match step {
            Step::Acts { first, beside, fate } => Box::pin(act(&world, &mut kept, *first, *beside, *fate)).await,
            Step::Incident(incident) => {
                befall(&world, incident).await;
                Vec::new()
            }
        };
        promises.after(&world, &before, &told).await.map_err(|broken| broken.at(number))?;
    }
    Box::pin(come_to_rest(&world, history, &mut promises)).await
}

/// One or two acts in a process, which may die of it.
async fn act(world: &TestWorld, kept: &mut Kept, first: Act, beside: Option<Act>, fate: Fate) -> Vec<Told> {
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
                Box::pin(do_it(world, &desk, beside, &mut told_beside)).await;
            }
        };
        let both = async { tokio::join!(Box::pin(do_it(world, &desk, first, &mut told)), second) };
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

async fn do_it(world: &TestWorld, desk: &Desk, act: Act, told: &mut Told) {
    let Act { who, ticket, deed, .. } = act;
    let id = ticket.id();
    match deed {
        Deed::Play { key, address } => Box::pin(play(desk, who, ticket, key, address, told)).await,
        Deed::Stop { key, here_only } => {
            if let Some(case) = world.newest_seen(who, ticket).await {
                Box::pin(press_stop(desk, who, case, key, here_only, told)).await;
            }
        }
        Deed::Resend { key } => {
            if let Some(case) = world.newest_seen(who, ticket).await {
                told.resend_pressed = Some((case.clone(), key));
                let memory = key.map(|key| memory(&who.id(), &format!("invite {}", case.id()), &key.to_string()));
                let request = remembering((), memory.as_ref());
                told.resend_acknowledged = invite_again(desk, case.id(), request).await.is_ok();
            }
        }
        Deed::Notice { seconds_ago, astray } => {
            let case = world.newest_seen(if astray { who.other() } else { who }, ticket).await;
            if let Some(session) = case.as_ref().and_then(ServiceCase::session) {
                let at = world.now() - TimeDelta::seconds(seconds_ago);
                drop(customer_online::notice(desk, &session.code, at).await);
            }
        }
        Deed::Reserve => drop(close_guard::reserve_closing(desk, &id).await),
        Deed::Confirm => drop(close_guard::ticket_closed(desk, &id).await),
        Deed::LetGo => drop(close_guard::let_go(desk, &id).await),
        Deed::Reopen => drop(close_guard::ticket_reopened(desk, &id).await),
        Deed::Facts { handed_over } => {
            let newest = technician(if handed_over { "theo" } else { "tess" });
            drop(ticket_facts::update_facts(desk, crate::world::ticket(ticket.name()), Some(newest)).await);
        }
        Deed::Revoke => drop(revoke(desk).await),
        Deed::Register { by_the_other } => {
            let administrator = if by_the_other { who.other().administrator() } else { who.administrator() };
            drop(Box::pin(register(desk, world.token_of(administrator, &Permission::GUIDE))).await);
        }
        Deed::Recheck => drop(Box::pin(recheck(desk)).await),
        Deed::Work => Box::pin(world.work()).await,
        Deed::TimePasses { seconds } => {
            tokio::task::yield_now().await;
            world.advance(TimeDelta::seconds(seconds));
        }
    }
}

async fn play(desk: &Desk, who: Who, ticket: Ticket, key: Option<u8>, address: bool, told: &mut Told) {
    let mut wish: OpenCase = play_of(ticket.name());
    if !address {
        wish.requester.email = None;
    }
    let memory = key.map(|key| memory(&who.id(), &format!("play {}", ticket.name()), &key.to_string()));
    if let Ok(Opened::New(case)) = open_case(desk, remembering(wish, memory.as_ref())).await {
        told.opened = Some(case);
    }
}

async fn press_stop(desk: &Desk, who: Who, case: ServiceCase, key: Option<u8>, here_only: bool, told: &mut Told) {
    let memory = key.map(|key| memory(&who.id(), &format!("close {}", case.id()), &key.to_string()));
    let wish = if here_only { stop_here() } else { stop() };
    let id = case.id();
    told.stop_pressed = Some(case);
    match close_case(desk, id, remembering(wish, memory.as_ref())).await {
        Ok(case) => {
            told.stop_acknowledged = true;
            told.stopped = Some(case);
        }
        Err(CloseCaseError::NotTold(_)) => told.stop_acknowledged = true,
        Err(_) => {}
    }
}

fn remembering<T>(wish: T, memory: Option<&RequestMemory>) -> casebridge_app::open_case::Request<'_, T> {
    match memory {
        Some(memory) => keyed(wish, memory),
        None => unkeyed(wish),
    }
}

impl TestWorld {
    /// The ticket's newest case as the page shows it; nothing while the store is silent.
    async fn newest_seen(&self, who: Who, ticket: Ticket) -> Option<ServiceCase> {
        Some(self.store().newest_case(&who.id(), &ticket.id()).await.ok()??.value)
    }
}

async fn befall(world: &TestWorld, incident: &Incident) {
    let sandbox = &world.teamviewer;
    match incident {
        Incident::CustomerComes(who, ticket) | Incident::CustomerLeaves(who, ticket) => {
            if let Some(code) = code_of(world, *who, *ticket).await {
                let comes = matches!(incident, Incident::CustomerComes(..));
                drop(sandbox.customer_online(&code, comes));
            }
        }
        Incident::EndedInTeamViewer(who, ticket) => {
            if let Some(code) = code_of(world, *who, *ticket).await {
                drop(sandbox.end_session(&code, &EndSession::default()));
            }
        }
        Incident::TokensRevoked(who) => world.revoke_tokens_of(who.administrator()),
        Incident::GroupDeleted(who) => world.delete_groups_of(who.administrator()).await,
        Incident::Fault(fault) => sandbox.add_fault(fault.clone()),
        Incident::FaultsEnd => sandbox.clear_faults(),
        Incident::Mail(mood) => world.mailbox.be(*mood),
        Incident::IndexesLag(writes) => world.engine.engine().lag_by(*writes),
        Incident::TimePasses(seconds) => world.advance(TimeDelta::seconds(*seconds)),
    }
}

async fn code_of(world: &TestWorld, who: Who, ticket: Ticket) -> Option<String> {
    Some(world.newest(&who.id(), &ticket.id()).await?.session()?.code.to_string())
}
