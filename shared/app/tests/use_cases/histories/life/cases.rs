//! What people do with cases and tickets.

use casebridge_app::close_case::{CloseCaseError, close_case};
use casebridge_app::connection::{recheck, register, revoke};
use casebridge_app::invitation::invite_again;
use casebridge_app::open_case::{OpenCase, Opened, Request, RequestMemory, open_case};
use casebridge_app::{Desk, close_guard, customer_online, ticket_facts};
use casebridge_domain::ServiceCase;
use casebridge_sandbox::teamviewer::Permission;
use chrono::TimeDelta;

use super::super::deed::{Act, Deed, Ticket, Who};
use super::Told;
use crate::world::{Facts, Helper, TestWorld, keyed, memory, play_of, stop, stop_here, unkeyed};

pub(super) async fn do_it(world: &TestWorld, desk: &Desk, act: Act, told: &mut Told) {
    let Act { who, ticket, deed, .. } = act;
    let id = ticket.id();
    match deed {
        Deed::Play { key, address, facts, helper } => {
            let wish = wish(ticket, address, facts, helper);
            let memory = key.map(|key| memory(&who.id(), &format!("play {}", ticket.name()), &key.to_string()));
            Box::pin(play(desk, wish, memory.as_ref(), told)).await;
        }
        Deed::Help { facts, helper, seconds, joined } => {
            let visit = Visit { seconds, joined };
            Box::pin(help(world, desk, (who, ticket), wish(ticket, true, facts, helper), visit, told)).await;
        }
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
            notice(world, desk, case.as_ref(), seconds_ago).await;
        }
        Deed::Facts { facts, helper } => {
            let newest = facts.of(ticket.name());
            drop(ticket_facts::update_facts(desk, newest, helper.map(Helper::as_technician)).await);
        }
        Deed::Reserve => drop(close_guard::reserve_closing(desk, &id, None).await),
        Deed::Confirm => drop(close_guard::ticket_closed(desk, &id, None).await),
        Deed::LetGo => drop(close_guard::let_go(desk, &id).await),
        Deed::Reopen => drop(close_guard::ticket_reopened(desk, &id).await),
        Deed::Revoke => drop(revoke(desk).await),
        Deed::Register { by_the_other } => {
            let administrator = if by_the_other { who.other().administrator() } else { who.administrator() };
            drop(Box::pin(register(desk, world.token_of(administrator, &Permission::GUIDE))).await);
        }
        Deed::Recheck => drop(Box::pin(recheck(desk)).await),
        _ => {}
    }
}

fn wish(ticket: Ticket, address: bool, facts: Facts, helper: Option<Helper>) -> OpenCase {
    let mut wish = play_of(ticket.name());
    wish.subject = facts.of(ticket.name()).into();
    wish.technician = helper.map(Helper::as_technician);
    if !address {
        wish.requester.email = None;
    }
    wish
}

async fn play(desk: &Desk, wish: OpenCase, memory: Option<&RequestMemory>, told: &mut Told) {
    if let Ok(Opened::New(case)) = open_case(desk, remembering(wish, memory)).await {
        told.opened = Some(case);
    }
}

/// How long a session takes, and whether its customer comes.
#[derive(Clone, Copy)]
struct Visit {
    seconds: i64,
    joined: bool,
}

async fn help(
    world: &TestWorld,
    desk: &Desk,
    (who, ticket): (Who, Ticket),
    wish: OpenCase,
    visit: Visit,
    told: &mut Told,
) {
    Box::pin(play(desk, wish, None, told)).await;
    world.advance(TimeDelta::seconds(visit.seconds / 3));
    let Some(case) = world.newest_seen(who, ticket).await else { return };
    if visit.joined {
        notice(world, desk, Some(&case), 0).await;
    }
    world.advance(TimeDelta::seconds(visit.seconds - visit.seconds / 3));
    Box::pin(press_stop(desk, who, case, None, false, told)).await;
}

async fn notice(world: &TestWorld, desk: &Desk, case: Option<&ServiceCase>, seconds_ago: i64) {
    if let Some(session) = case.and_then(ServiceCase::session) {
        let at = world.now() - TimeDelta::seconds(seconds_ago);
        drop(customer_online::notice(desk, &session.code, at).await);
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

fn remembering<T>(wish: T, memory: Option<&RequestMemory>) -> Request<'_, T> {
    match memory {
        Some(memory) => keyed(wish, memory),
        None => unkeyed(wish),
    }
}
