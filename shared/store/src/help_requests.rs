//! Requests for help: a case that holds its ticket or device before there is anything else.

use async_trait::async_trait;
use casebridge_app::ports::store::{Asking, ClaimOutcome, HelpRequests, Stored};

use crate::cases::{put_case, put_newest};
use crate::codec::{self, Kind};
use crate::engine::{Engine, Guard, Item, Write, Written};
use crate::holds::{hold_item, hold_of};
use crate::idempotency::{remembered_among, remembering};
use crate::item_store::ItemStore;
use crate::letters::change_letter;
use crate::ticks::watch_at;

/// The hold's position in the writes.
const HOLD: usize = 0;

#[async_trait]
impl<E: Engine> HelpRequests for ItemStore<E> {
    async fn ask(&self, asking: &Asking<'_>) -> Stored<ClaimOutcome> {
        let revision = self.fresh_revision();
        let case = asking.case;
        let account = case.account();
        let hold = hold_item(account, &case.subject().id(), &hold_of(case), revision)?;
        let takes = match &asking.settling {
            None => Guard::Free { now: asking.now.timestamp_millis() },
            Some(ended) => Guard::HeldBy(hold_of(ended.case).holder()),
        };
        let mut writes = vec![
            Write::Put(Box::new(hold), takes),
            put_case(case, revision, Guard::Absent)?,
            put_newest(case, revision)?,
            watch_at(account, asking.now, revision)?,
        ];
        for letter in &asking.letters {
            writes.push(change_letter(letter, revision)?);
        }
        writes.extend(self.leaving(account, Some(&asking.entry()), revision)?);
        writes.extend(asking.idempotency.map(|idempotency| remembering(idempotency, revision)).transpose()?);
        if let Some(ended) = &asking.settling {
            writes.extend(self.case_writes(ended, revision)?);
        }
        let record = asking.settling.as_ref().and_then(|ended| ended.record.as_ref());
        match self.write_with_record(writes, record, revision).await? {
            Written::Done => Ok(ClaimOutcome::Ours(revision)),
            Written::Refused(refused) => why(asking, &refused),
        }
    }
}

/// The same request comes before whoever holds the ticket.
fn why(asking: &Asking<'_>, refused: &[(usize, Option<Item>)]) -> Stored<ClaimOutcome> {
    if let Some(remembered) = remembered_among(refused)? {
        return Ok(ClaimOutcome::Remembered(remembered));
    }
    match refused.iter().find(|(position, _)| *position == HOLD) {
        Some((_, Some(held))) if asking.settling.is_none() => Ok(ClaimOutcome::Held(codec::value(Kind::Hold, held)?)),
        _ => Ok(ClaimOutcome::Lost),
    }
}
