//! Where endpoints, their lanes and what they wait for are.

use casebridge_domain::key::Owner;
use casebridge_domain::{AccountId, EndpointId, Instant, VendorId};

use super::due::{self, SHARDS};
use super::{millis, owner_partition};
use crate::engine::{Index, IndexEntry, Key};
use crate::stretch::Stretch;

const ENDPOINT_PREFIX: &str = "ENDPOINT#";
const LANE_PREFIX: &str = "L#";
const OUTBOX_PREFIX: &str = "O#";

/// With the owner's settings, so that an account's go with it.
pub(crate) fn endpoint(owner: &Owner, id: EndpointId) -> Key {
    Key { partition: owner_partition(owner), sort: format!("{ENDPOINT_PREFIX}{id}") }
}

pub(crate) fn endpoints(owner: &Owner) -> Stretch {
    Stretch::prefixed(owner_partition(owner), ENDPOINT_PREFIX)
}

pub(crate) fn lane(owner: &Owner, id: EndpointId) -> Key {
    at_work(owner, format!("{LANE_PREFIX}{id}"))
}

pub(crate) fn lanes(owner: &Owner) -> Stretch {
    Stretch::prefixed(partition(owner), LANE_PREFIX)
}

/// Everything that an account's endpoints left behind. Lanes come first: without its lane, nobody writes anything else.
pub(crate) fn all(account: &AccountId) -> Stretch {
    Stretch::whole(partition(&Owner::Account(account.clone())))
}

/// Retries stand in the order in which they are due.
pub(crate) fn retry(owner: &Owner, id: EndpointId, due: Instant, number: u64) -> Key {
    at_work(owner, format!("{}{}#{number:020}", retries_prefix(id), millis(due)))
}

pub(crate) fn retries(owner: &Owner, id: EndpointId) -> Stretch {
    Stretch::prefixed(partition(owner), &retries_prefix(id))
}

/// What was given up stands in the order of its numbers.
pub(crate) fn undelivered(owner: &Owner, id: EndpointId, number: u64) -> Key {
    at_work(owner, format!("{}{number:020}", undelivered_prefix(id)))
}

pub(crate) fn undelivered_after(owner: &Owner, id: EndpointId, after: u64) -> Stretch {
    let from = undelivered(owner, id, after.saturating_add(1)).sort;
    Stretch { from: Some(from), ..Stretch::prefixed(partition(owner), &undelivered_prefix(id)) }
}

/// The numbers up to this one, of which the owner's endpoints have not been told.
pub(crate) fn untold(owner: &Owner, last: u64) -> Key {
    at_work(owner, format!("{OUTBOX_PREFIX}{last:020}"))
}

/// All that they have not been told of.
pub(crate) fn outbox(owner: &Owner) -> Stretch {
    Stretch::prefixed(partition(owner), OUTBOX_PREFIX)
}

/// Where that is by its place.
pub(crate) fn untold_at(owner: &Owner, place: &str) -> Key {
    at_work(owner, place.to_owned())
}

/// Whose endpoints have to be told of events, if that is what the item of this key says. Whoever hears of a write by its key
/// alone, from a stream or from an engine, knows by it whom to tell.
pub fn tells(key: &Key) -> Option<Owner> {
    let _untold = key.sort.strip_prefix(OUTBOX_PREFIX)?;
    if let Some(vendor) = key.partition.strip_prefix("V#") {
        return VendorId::parse(vendor.strip_suffix("#E")?).ok().map(Owner::Vendor);
    }
    AccountId::parse(key.partition.strip_prefix("A#")?.strip_suffix("#E")?).ok().map(Owner::Account)
}

pub(crate) fn due_lane(owner: &Owner, id: EndpointId, at: Instant) -> IndexEntry {
    let shard = due::shard(&id.to_string());
    IndexEntry { index: Index::Due, partition: lanes_partition(shard), sort: due_place(owner, &id.to_string(), at) }
}

pub(crate) fn due_outbox(owner: &Owner, last: u64, at: Instant) -> IndexEntry {
    let shard = due::shard(owner_id(owner).1);
    IndexEntry {
        index: Index::Due,
        partition: outboxes_partition(shard),
        sort: due_place(owner, &last.to_string(), at),
    }
}

/// The lanes of each shard that are due by `now`.
pub(crate) fn due_lanes(now: Instant) -> impl Iterator<Item = Stretch> {
    (0..SHARDS).map(move |shard| by(lanes_partition(shard), now))
}

/// What endpoints have not been told of since `now` or longer, by shard.
pub(crate) fn due_outboxes(now: Instant) -> impl Iterator<Item = Stretch> {
    (0..SHARDS).map(move |shard| by(outboxes_partition(shard), now))
}

/// Whose it is that is due at this place of the index, and what of his.
pub(crate) fn due_at(place: &str) -> Option<(Owner, &str)> {
    let mut parts = place.split('#');
    let (_at, kind, id, what) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let owner = match kind {
        "A" => Owner::Account(AccountId::parse(id).ok()?),
        "V" => Owner::Vendor(VendorId::parse(id).ok()?),
        _ => return None,
    };
    Some((owner, what))
}

fn due_place(owner: &Owner, what: &str, at: Instant) -> String {
    let (kind, id) = owner_id(owner);
    format!("{}#{kind}#{id}#{what}", millis(at))
}

fn owner_id(owner: &Owner) -> (char, &str) {
    match owner {
        Owner::Account(account) => ('A', account.as_str()),
        Owner::Vendor(vendor) => ('V', vendor.as_str()),
    }
}

fn by(partition: String, now: Instant) -> Stretch {
    Stretch { partition, from: None, to: Some(due::end(now)) }
}

fn lanes_partition(shard: u64) -> String {
    format!("due#E{shard}")
}

fn outboxes_partition(shard: u64) -> String {
    format!("due#O{shard}")
}

fn retries_prefix(id: EndpointId) -> String {
    format!("R#{id}#")
}

fn undelivered_prefix(id: EndpointId) -> String {
    format!("U#{id}#")
}

fn partition(owner: &Owner) -> String {
    format!("{}#E", owner_partition(owner))
}

fn at_work(owner: &Owner, sort: String) -> Key {
    Key { partition: partition(owner), sort }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};
    use uuid::Uuid;

    use super::*;
    use crate::keys;

    fn owners() -> [Owner; 2] {
        [Owner::Account(AccountId::parse("acme").unwrap()), Owner::Vendor(VendorId::parse("boss").unwrap())]
    }

    fn id() -> EndpointId {
        EndpointId::new(Uuid::from_u128(7))
    }

    #[test]
    fn only_what_endpoints_were_not_told_of_has_them_told() {
        for owner in owners() {
            assert_eq!(tells(&untold(&owner, 7)), Some(owner.clone()));
            for other in [lane(&owner, id()), endpoint(&owner, id()), keys::journal::head(&owner)] {
                assert_eq!(tells(&other), None, "{other:?}");
            }
        }
    }

    #[test]
    fn what_is_due_is_known_by_its_place() {
        let at = DateTime::from_timestamp_millis(1_700_000_000_000).unwrap();
        for owner in owners() {
            assert_eq!(due_at(&due_lane(&owner, id(), at).sort), Some((owner.clone(), id().to_string().as_str())));
            assert_eq!(due_at(&due_outbox(&owner, 9, at).sort), Some((owner, "9")));
        }
    }

    #[test]
    fn retries_stand_by_time_and_what_was_given_up_by_number() {
        let [owner, _] = owners();
        let at = |seconds| DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds);
        assert!(retry(&owner, id(), at(9), 100) < retry(&owner, id(), at(10), 2));
        assert!(undelivered(&owner, id(), 9) < undelivered(&owner, id(), 10));
        assert!(Some(undelivered(&owner, id(), 9).sort) < undelivered_after(&owner, id(), 9).from);
    }
}
