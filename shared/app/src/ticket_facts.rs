//! Newer facts of a ticket.

use casebridge_domain::{ServiceCase, Technician, Ticket};

use crate::{Desk, Outside};

/// Takes the ticket's newest facts into its case, if that has not ended. Gives the case as it then stands.
pub async fn update_facts(
    desk: &Desk,
    ticket: Ticket,
    technician: Option<Technician>,
) -> Result<Option<ServiceCase>, Outside> {
    let Some(newest) = desk.world.store.newest_case(desk.id(), &ticket.id).await? else { return Ok(None) };
    let now = desk.now();
    if !newest.value.is_live(now) {
        return Ok(Some(newest.value));
    }
    let amended = desk.amend(newest, |case| case.with_facts(ticket.clone(), technician.clone(), now)).await?;
    Ok(Some(amended.value))
}
