//! What people do in TeamViewer, and what befalls networks and servers.

use casebridge_sandbox::teamviewer::EndSession;
use chrono::TimeDelta;

use super::super::deed::{Incident, Mark, Ticket, Who};
use crate::world::TestWorld;
use crate::world::local_time::{next_clock_change, next_midnight};

pub(super) async fn befall(world: &TestWorld, incident: &Incident) {
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
        Incident::IndexesLag(writes) => world.table().lag_by(*writes),
        Incident::TimePasses(seconds) => world.advance(TimeDelta::seconds(*seconds)),
        Incident::Until(mark, milliseconds) => pass_until(world, *mark, TimeDelta::milliseconds(*milliseconds)).await,
    }
}

/// Time passes until a moment after the mark or before it, unless that is over.
async fn pass_until(world: &TestWorld, mark: Mark, after: TimeDelta) {
    let now = world.now();
    let (Mark::Midnight(who) | Mark::ClockChange(who)) = mark;
    let zone = world.desk(&who.id()).await.account().time_zone;
    let at = match mark {
        Mark::Midnight(_) => Some(next_midnight(zone, now)),
        Mark::ClockChange(_) => next_clock_change(zone, now),
    };
    if let Some(at) = at {
        world.advance((at + after - now).max(TimeDelta::zero()));
    }
}

async fn code_of(world: &TestWorld, who: Who, ticket: Ticket) -> Option<String> {
    Some(world.newest(&who.id(), &ticket.id()).await?.session()?.code.to_string())
}
