//! Steps of a case.

use casebridge_app::ports::store::{CaseChange, Commit, Revision, Stored};
use casebridge_domain::TicketHold;
use casebridge_domain::service_case::EventKind;

use crate::cases::put_case;
use crate::claim::makes_with;
use crate::devices::activated;
use crate::engine::{Engine, Guard, Item, Write, Written};
use crate::holds::{hold_item, hold_of};
use crate::idempotency::{remembered_among, remembering};
use crate::item_store::ItemStore;
use crate::keys;
use crate::letters::change_letter;
use crate::technician_sign_ins::put_maker;
use crate::ticks::watch_at;

/// What a step does to the ticket's hold: it learns the session's code once there is one, and goes with the case. Only
/// the holder changes it. A ticket that was closed beside its case stays closed when the case ends.
fn hold_write(change: &CaseChange<'_>, revision: Revision) -> Stored<Option<Write>> {
    let case = change.case;
    let (account, subject, hold) = (case.account(), case.subject().id(), hold_of(case));
    let by_holder = Guard::HeldBy(hold.holder());
    Ok(if case.is_settled() {
        Some(match case.ticket_closed_at() {
            None => Write::Delete(keys::hold_of(account, &subject), by_holder),
            Some(since) => {
                let closed = hold_item(account, &subject, &TicketHold::Closed { since }, revision)?;
                Write::Put(Box::new(closed), by_holder)
            }
        })
    } else if change.events().any(|event| event.kind == EventKind::Opened) {
        Some(Write::Put(Box::new(hold_item(account, &subject, &hold, revision)?), by_holder))
    } else {
        None
    })
}

impl<E: Engine> ItemStore<E> {
    /// What a step writes of the case itself: the case at the version it was read at, its letters, and what the journal
    /// says of it.
    pub(crate) fn case_writes(&self, change: &CaseChange<'_>, revision: Revision) -> Stored<Vec<Write>> {
        let mut writes = vec![put_case(change.case, revision, Guard::Revision(change.read_at.0))?];
        for letter in &change.letters {
            writes.push(change_letter(letter, revision)?);
        }
        for entry in [change.entry(), change.beside.clone()] {
            writes.extend(self.leaving(change.case.account(), entry.as_ref(), revision)?);
        }
        Ok(writes)
    }

    /// The case's revision is what holds a step against others. The hold only follows it: an unsettled case holds its
    /// ticket, so a step onwards that finds it does not is [`Commit::Lost`]. A case that ends has nothing to let go of
    /// then, and ends all the same: else it could never be settled.
    pub(crate) async fn commit(&self, change: &CaseChange<'_>) -> Stored<Commit> {
        let revision = self.fresh_revision();
        let mut writes = self.case_writes(change, revision)?;
        if change.makes_session {
            writes.push(makes_with(change.case)?);
            writes.extend(change.activation.map(|read_at| activated(change.case.account(), read_at)));
            let maker = change.case.made_by().map(|technician| put_maker(change.case, technician, revision));
            writes.extend(maker.transpose()?);
        }
        if let Some(at) = change.watch_at {
            writes.push(watch_at(change.case.account(), at, revision)?);
        }
        writes.extend(change.idempotency.map(|idempotency| remembering(idempotency, revision)).transpose()?);
        let record = change.record.as_ref();
        let Some(hold) = hold_write(change, revision)? else {
            return outcome(self.write_with_record(writes, record, revision).await?, revision);
        };
        let hold_at = writes.len();
        let without_the_hold = change.case.is_settled().then(|| writes.clone());
        writes.push(hold);
        match self.write_with_record(writes, record, revision).await? {
            Written::Refused(refused) if refused.iter().all(|(position, _)| *position == hold_at) => {
                match without_the_hold {
                    None => why(&refused),
                    Some(writes) => outcome(self.write_with_record(writes, record, revision).await?, revision),
                }
            }
            written => outcome(written, revision),
        }
    }
}

fn outcome(written: Written, revision: Revision) -> Stored<Commit> {
    match written {
        Written::Done => Ok(Commit::Done(revision)),
        Written::Refused(refused) => why(&refused),
    }
}

fn why(refused: &[(usize, Option<Item>)]) -> Stored<Commit> {
    Ok(remembered_among(refused)?.map_or(Commit::Lost, Commit::Remembered))
}
