//! Who holds a ticket, or a device.

use casebridge_app::ports::store::{Revision, Stored};
use casebridge_domain::journal::JournalEntry;
use casebridge_domain::{AccountId, Instant, ServiceCase, SubjectId, TicketHold, TicketId};
use chrono::TimeDelta;

use crate::codec::{self, Kind};
use crate::engine::{Engine, Guard, Item, Write, Written};
use crate::item_store::ItemStore;
use crate::keys;

/// A hold is kept for so long after it lost its effect, or after its case's time: if nobody settled the case by then,
/// the ticket comes free by itself.
const KEPT_AFTER: TimeDelta = TimeDelta::days(7);

/// How often a hold that changes hands under our eyes is looked at again.
const TRIES: usize = 4;

/// The hold of a case that is not settled.
pub(crate) fn hold_of(case: &ServiceCase) -> TicketHold {
    TicketHold::Case {
        case: case.id(),
        code: case.session().map(|session| session.code.clone()),
        valid_until: case.valid_until(),
    }
}

pub(crate) fn hold_item(
    account: &AccountId,
    subject: &SubjectId,
    hold: &TicketHold,
    revision: Revision,
) -> Stored<Item> {
    let ends = match hold {
        TicketHold::Case { valid_until, .. } => Some(*valid_until),
        TicketHold::Closing { until } => Some(*until),
        TicketHold::Closed { .. } => None,
    };
    Ok(Item {
        holder: Some(hold.holder()),
        held_until: Some(hold.held_until().map_or(i64::MAX, |until| until.timestamp_millis())),
        expires: ends.map(|ends| (ends + KEPT_AFTER).timestamp()),
        ..codec::item(Kind::Hold, keys::hold_of(account, subject), revision, hold)?
    })
}

impl<E: Engine> ItemStore<E> {
    pub(crate) async fn hold(&self, account: &AccountId, ticket: &TicketId) -> Stored<Option<TicketHold>> {
        let item = self.read_one(keys::hold(account, ticket)).await?;
        item.map(|item| codec::value(Kind::Hold, &item)).transpose()
    }

    /// A guard knows one condition: "`replacing` holds it" is asked first, then "nobody holds it".
    pub(crate) async fn take_hold(
        &self,
        account: &AccountId,
        ticket: &TicketId,
        hold: &TicketHold,
        replacing: Option<&TicketHold>,
        now: Instant,
        entry: Option<&JournalEntry>,
    ) -> Stored<Result<(), TicketHold>> {
        let revision = self.fresh_revision();
        let item = hold_item(account, &ticket.clone().into(), hold, revision)?;
        let entry = self.leaving(account, entry, revision)?;
        let free = Guard::Free { now: now.timestamp_millis() };
        let replaced = replacing.map(|replacing| Guard::HeldBy(replacing.holder()));
        let mut guard = replaced.clone().unwrap_or_else(|| free.clone());
        let mut tries = 1;
        loop {
            let mut writes = vec![Write::Put(Box::new(item.clone()), guard)];
            writes.extend(entry.clone());
            let there = match self.write(writes).await? {
                Written::Done => return Ok(Ok(())),
                Written::Refused(refused) => refused.into_iter().find_map(|(_, there)| there),
            };
            let next = [Some(&free), replaced.as_ref()].into_iter().flatten().find(|it| it.is_met_by(there.as_ref()));
            guard = match (next, there) {
                (Some(next), _) if tries < TRIES => next.clone(),
                (_, Some(there)) => return Ok(Err(codec::value(Kind::Hold, &there)?)),
                (_, None) => free.clone(),
            };
            tries += 1;
        }
    }

    pub(crate) async fn release_hold(
        &self,
        account: &AccountId,
        ticket: &TicketId,
        hold: &TicketHold,
        entry: Option<&JournalEntry>,
    ) -> Stored<()> {
        let mut writes = vec![Write::Delete(keys::hold(account, ticket), Guard::HeldBy(hold.holder()))];
        writes.extend(self.leaving(account, entry, self.fresh_revision())?);
        self.settle_all(writes).await
    }
}
