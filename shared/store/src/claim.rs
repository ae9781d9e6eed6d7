//! Claims: one winner per ticket or device, whatever races.

use casebridge_app::ports::store::{Claim, ClaimOutcome, Stored};

use crate::cases::{put_case, put_newest};
use crate::codec::{self, Kind};
use crate::connection::serving;
use crate::devices::activated;
use crate::engine::{Engine, Guard, Item, Write, Written};
use crate::holds::{hold_item, hold_of};
use crate::idempotency::{remembered_among, remembering, remembering_anew};
use crate::item_store::ItemStore;
use crate::technician_sign_ins::{put_maker, signed_in};
use crate::ticks::watch_at;

/// Positions in a claim's writes.
const HOLD: usize = 0;
const CONNECTION: usize = 1;
/// Only where the case is for a device.
const ACTIVATION: usize = 2;

impl<E: Engine> ItemStore<E> {
    pub(crate) async fn claim(&self, claim: &Claim<'_>) -> Stored<ClaimOutcome> {
        let revision = self.fresh_revision();
        let case = claim.case;
        let account = case.account();
        let hold = hold_item(account, &case.subject().id(), &hold_of(case), revision)?;
        let takes = match &claim.settling {
            None => Guard::Free { now: claim.now.timestamp_millis() },
            Some(ended) => Guard::HeldBy(hold_of(ended.case).holder()),
        };
        let mut writes = vec![
            Write::Put(Box::new(hold), takes),
            match case.made_by() {
                None => serving(account, case.registration()),
                Some(technician) => signed_in(account, technician, case.registration()),
            },
        ];
        writes.extend(claim.activation.map(|read_at| activated(account, read_at)));
        writes.extend([
            put_case(case, revision, Guard::Absent)?,
            put_newest(case, revision)?,
            watch_at(account, claim.now, revision)?,
        ]);
        writes.extend(case.made_by().map(|technician| put_maker(case, technician, revision)).transpose()?);
        let remember = if claim.forgetting { remembering_anew } else { remembering };
        writes.extend(claim.idempotency.map(|idempotency| remember(idempotency, revision)).transpose()?);
        if let Some(ended) = &claim.settling {
            writes.extend(self.case_writes(ended, revision)?);
        }
        let record = claim.settling.as_ref().and_then(|ended| ended.record.as_ref());
        match self.write_with_record(writes, record, revision).await? {
            Written::Done => Ok(ClaimOutcome::Ours(revision)),
            Written::Refused(refused) => why(claim, &refused),
        }
    }
}

/// The same request comes before everything else: it gets the answer it got. Then who holds the ticket, which stays true
/// whether or not the connection serves.
fn why(claim: &Claim<'_>, refused: &[(usize, Option<Item>)]) -> Stored<ClaimOutcome> {
    let at = |position| refused.iter().find(|(refused, _)| *refused == position);
    if let Some(remembered) = remembered_among(refused)? {
        return Ok(ClaimOutcome::Remembered(remembered));
    }
    if let Some((_, Some(held))) = at(HOLD)
        && claim.settling.is_none()
    {
        return Ok(ClaimOutcome::Held(codec::value(Kind::Hold, held)?));
    }
    if claim.activation.is_some() && at(ACTIVATION).is_some() {
        return Ok(ClaimOutcome::ActivationMoved);
    }
    Ok(if at(CONNECTION).is_some() { ClaimOutcome::NotServed } else { ClaimOutcome::Lost })
}
