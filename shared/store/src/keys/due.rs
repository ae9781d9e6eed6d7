//! What is due, by time.
//!
//! Work (letters, turns of the watch) and what waits for its numbers are in partitions of their own: a journal that
//! nobody numbered for a while must not stand before anybody's letters.

use casebridge_domain::key::Owner;
use casebridge_domain::{AccountId, CaseId, EndpointId, Instant, LetterId};

use super::millis;
use crate::engine::{Index, IndexEntry, Key};
use crate::stretch::{Stretch, after_all};

/// How many partitions share each of the two.
pub(crate) const SHARDS: u64 = 4;

pub(crate) fn letter(account: &AccountId, id: LetterId, at: Instant) -> IndexEntry {
    entry(work_partition(shard(account.as_str())), format!("{}#L#{account}#{id}", millis(at)))
}

pub(crate) fn tick(account: &AccountId, at: Instant) -> IndexEntry {
    entry(work_partition(shard(account.as_str())), format!("{}#T#{account}", millis(at)))
}

/// Something that waits for its numbers there.
pub(crate) fn unnumbered(owner: &Owner, at: Instant, place: &str) -> IndexEntry {
    let (kind, id) = match owner {
        Owner::Account(account) => ('A', account.as_str()),
        Owner::Vendor(vendor) => ('V', vendor.as_str()),
    };
    entry(unnumbered_partition(shard(id)), format!("{}#{kind}#{id}#{place}", millis(at)))
}

/// The work of one shard that is due by `now`, `now` included.
pub(crate) fn work(shard: u64, now: Instant) -> Stretch {
    by(work_partition(shard), now)
}

/// What waits for its numbers in one shard, since `now` or longer.
pub(crate) fn waiting(shard: u64, now: Instant) -> Stretch {
    by(unnumbered_partition(shard), now)
}

/// The first place that is not due by `now`.
pub(crate) fn end(now: Instant) -> String {
    after_all(&millis(now))
}

/// What somebody has to do once an item was written.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Chore {
    /// Deliver this letter of the account.
    Letter(AccountId, LetterId),
    /// Take the account's turn of the watch.
    Turn(AccountId),
    /// Push what waits for this endpoint of the owner.
    Lane(Owner, EndpointId),
}

/// What a new item at this key makes due. Whoever hears of a write by its key alone, from a stream, knows by it what there
/// may be to do: a case is new at play, a letter is new at play, when it is asked for again and when somebody is told.
pub fn chores(key: &Key) -> Vec<Chore> {
    let account = |end| AccountId::parse(key.partition.strip_prefix("A#")?.strip_suffix(end)?).ok();
    if let (Some(account), Ok(letter)) = (account("#L"), LetterId::parse(&key.sort)) {
        return vec![Chore::Letter(account.clone(), letter), Chore::Turn(account)];
    }
    match (account("#C"), CaseId::parse(&key.sort)) {
        (Some(account), Ok(_)) => vec![Chore::Turn(account)],
        _ => Vec::new(),
    }
}

fn by(partition: String, now: Instant) -> Stretch {
    Stretch { partition, from: None, to: Some(end(now)) }
}

fn entry(partition: String, sort: String) -> IndexEntry {
    IndexEntry { index: Index::Due, partition, sort }
}

fn work_partition(shard: u64) -> String {
    format!("due#{shard}")
}

fn unnumbered_partition(shard: u64) -> String {
    format!("due#J{shard}")
}

/// FNV-1a: the same in every build, unlike the standard library's hash.
pub(super) fn shard(id: &str) -> u64 {
    let step = |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    id.bytes().fold(0xcbf2_9ce4_8422_2325_u64, step) % SHARDS
}

#[cfg(test)]
mod tests {
    use casebridge_domain::TicketId;
    use chrono::{DateTime, TimeDelta};
    use uuid::Uuid;

    use super::*;
    use crate::keys;

    fn acme() -> AccountId {
        AccountId::parse("acme").unwrap()
    }

    #[test]
    fn what_is_due_now_is_within_the_stretch_and_the_next_millisecond_is_not() {
        let now = DateTime::from_timestamp_millis(1_700_000_000_000).unwrap();
        let next = now + TimeDelta::milliseconds(1);
        let (of_account, work, waiting) =
            (Owner::Account(acme()), work(0, now).to.unwrap(), waiting(0, now).to.unwrap());
        assert!(tick(&acme(), now).sort < work && tick(&acme(), next).sort > work);
        let unnumbered = |at| unnumbered(&of_account, at, "P#1").sort;
        assert!(unnumbered(now) < waiting && unnumbered(next) > waiting);
    }

    #[test]
    fn letters_and_cases_are_chores_and_nothing_else_is() {
        let (letter, case) = (LetterId::new(Uuid::from_u128(1)), CaseId::new(Uuid::from_u128(2)));
        let due = chores(&keys::letter(&acme(), letter));
        assert_eq!(due, [Chore::Letter(acme(), letter), Chore::Turn(acme())]);
        assert_eq!(chores(&keys::case(&acme(), case)), [Chore::Turn(acme())]);
        let ticket = TicketId::parse("L").unwrap();
        for other in [keys::account(&acme()), keys::tick(&acme()), keys::hold(&acme(), &ticket)] {
            assert_eq!(chores(&other), [], "{other:?}");
        }
        let odd = |partition: &str, sort: &str| Key { partition: partition.into(), sort: sort.into() };
        for other in [odd("A#acme#L", "nobody"), odd("A##L", &letter.to_string()), odd("V#acme#L", &letter.to_string())]
        {
            assert_eq!(chores(&other), [], "{other:?}");
        }
    }

    #[test]
    fn an_accounts_shard_stays_the_same() {
        let shards = ["acme", "globex", "initech", "umbrella"].map(shard);
        assert!(shards.iter().all(|shard| *shard < SHARDS));
        assert_eq!(work_partition(shard("acme")), tick(&acme(), DateTime::UNIX_EPOCH).partition);
    }
}
