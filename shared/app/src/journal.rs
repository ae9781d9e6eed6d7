//! Numbering: what steps left in the journal gets its numbers, its place in the feed and its link in the audit trail.
//!
//! No lease is needed: whoever numbers writes the head at the version it read, so of two at once one loses.

use casebridge_domain::audit::{AuditEntry, AuditHash};
use casebridge_domain::journal::Numbered;
use casebridge_domain::{AccountId, VendorId};

use crate::ports::store::{
    AccountStretch, Backlog, JournalHead, Numbering, Pending, Saved, VendorNumbering, Versioned,
};
use crate::settle::TRIES;
use crate::step::step;
use crate::{Outside, World};

mod order;

/// Entries looked at in one go; every one of them is deleted by the step that numbers it.
const LOOKED_AT: usize = 256;

/// Entries numbered in one step: with what else belongs to it, a step may have a hundred writes.
const NUMBERED_AT_ONCE: usize = 90;

/// Bytes of entries numbered in one step: they become one item, which may have 400 kB.
const BYTES_AT_ONCE: usize = 200_000;

/// Numbers everything that waits in an account's journal.
pub async fn number_account(world: &World, account: &AccountId) -> Result<(), Outside> {
    let mut lost = 0;
    while lost < TRIES {
        let backlog = world.store.backlog(account, LOOKED_AT).await?;
        let Some(vendor) = backlog.vendor.clone() else { return Ok(()) };
        let Backlog { mut head, pending, more, .. } = backlog;
        let mut waiting = order::in_order(pending).into_iter();
        let overtaken = loop {
            let chunk = chunk(&mut waiting);
            if chunk.is_empty() {
                break false;
            }
            match number(world, account, &vendor, head.as_ref(), chunk).await? {
                Some(numbered) => head = Some(numbered),
                None => break true,
            }
        };
        if !overtaken && !more {
            return Ok(());
        }
        lost += usize::from(overtaken);
    }
    Err(Outside::Contention)
}

fn chunk(waiting: &mut impl Iterator<Item = Pending>) -> Vec<Pending> {
    let mut bytes = 0;
    let mut chunk = Vec::new();
    for pending in waiting {
        bytes += pending.bytes;
        chunk.push(pending);
        if bytes >= BYTES_AT_ONCE || chunk.len() >= NUMBERED_AT_ONCE {
            break;
        }
    }
    chunk
}

/// One step; `None` if somebody else was faster.
async fn number(
    world: &World,
    account: &AccountId,
    vendor: &VendorId,
    head: Option<&Versioned<JournalHead>>,
    chunk: Vec<Pending>,
) -> Result<Option<Versioned<JournalHead>>, Outside> {
    let mut next = head.map_or_else(
        || JournalHead { vendor: vendor.clone(), last: 0, hash: AuditHash::beginning(), followed: false },
        |head| head.value.clone(),
    );
    let mut numbered = Vec::with_capacity(chunk.len());
    let mut audit = Vec::with_capacity(chunk.len());
    let mut places = Vec::with_capacity(chunk.len());
    for pending in chunk {
        let first = next.last + 1;
        for event in pending.entry.events(account, first) {
            let text = event.details().to_string();
            let link = AuditEntry::linked(&next.hash, event.number, event.at, event.kind(), text, &world.ids.secret());
            next = JournalHead { last: event.number, hash: link.hash.clone(), ..next };
            audit.push(link);
        }
        numbered.push(Numbered { first, entry: pending.entry });
        places.push(pending.place);
    }
    let read_at = head.map(|head| head.revision);
    let now = world.now();
    let numbering =
        Numbering { account, head: &next, read_at, numbered: &numbered, audit: &audit, places: &places, now };
    Ok(match world.store.number(&numbering).await? {
        Saved::Done(revision) => {
            step!("journal.numbered");
            Some(Versioned { value: next, revision })
        }
        Saved::Lost => None,
    })
}

/// Numbers everything that waits for a vendor's feed.
pub async fn number_vendor(world: &World, vendor: &VendorId) -> Result<(), Outside> {
    for _ in 0..TRIES {
        loop {
            let backlog = world.store.vendor_backlog(vendor, NUMBERED_AT_ONCE).await?;
            if backlog.pending.is_empty() {
                return Ok(());
            }
            let (places, stretches): (Vec<_>, Vec<AccountStretch>) =
                backlog.pending.into_iter().map(|pending| (pending.place, pending.stretch)).unzip();
            let before = backlog.head.as_ref().map_or(0, |head| head.value);
            let last = before + stretches.iter().map(AccountStretch::count).sum::<u64>();
            let (read_at, followed) = (backlog.head.map(|head| head.revision), backlog.followed);
            let now = world.now();
            let (stretches, places) = (&stretches[..], &places[..]);
            let numbering = VendorNumbering { vendor, last, followed, read_at, stretches, places, now };
            if world.store.number_for_vendor(&numbering).await? == Saved::Lost {
                break;
            }
            if !backlog.more {
                return Ok(());
            }
        }
    }
    Err(Outside::Contention)
}
