//! Where devices are.
//!
//! A device lies in one of a few partitions, by its id: ten thousand that are reported at once are more than one partition of
//! DynamoDB's takes in the time that a request has (1,000 units a second; a device in a transaction is two or three).

use casebridge_domain::{AccountId, DeviceId};
use sha2::{Digest, Sha256};

use crate::engine::Key;
use crate::stretch::Stretch;

/// The partitions that an account's devices are spread over, and the items that count them.
pub(crate) const SHARDS: usize = 8;

/// Between the shard and the place within it.
const OF: char = '#';

/// In which shard a device is.
pub(crate) fn shard(device: &DeviceId) -> usize {
    let digest = Sha256::digest(device.as_str().as_bytes());
    digest.first().map_or(0, |byte| usize::from(*byte) % SHARDS)
}

pub(crate) fn device(account: &AccountId, device: &DeviceId) -> Key {
    Key { partition: devices_partition(account, shard(device)), sort: device.to_string() }
}

/// That a device has the Host app, or is given it.
pub(crate) fn host(account: &AccountId, device: &DeviceId) -> Key {
    Key { partition: hosts_partition(account, shard(device)), sort: device.to_string() }
}

/// How many devices of a shard there are.
pub(crate) fn count(account: &AccountId, shard: usize) -> Key {
    Key { partition: fleet_partition(account), sort: format!("COUNT#{shard}") }
}

pub(crate) fn counts(account: &AccountId) -> [Key; SHARDS] {
    std::array::from_fn(|shard| count(account, shard))
}

pub(crate) fn activation(account: &AccountId) -> Key {
    Key { partition: fleet_partition(account), sort: "ACTIVATION".to_owned() }
}

/// Everything of an account's devices: wherever some are, and what is kept of all of them.
pub(crate) fn all(account: &AccountId) -> Vec<Stretch> {
    let spread = (0..SHARDS).flat_map(|shard| [devices_partition(account, shard), hosts_partition(account, shard)]);
    spread.chain([fleet_partition(account)]).map(Stretch::whole).collect()
}

/// The devices of a shard after a place.
pub(crate) fn devices_after(account: &AccountId, place: &Place) -> Stretch {
    place.stretch(devices_partition(account, place.shard))
}

/// The devices with the Host app of a shard after a place.
pub(crate) fn hosts_after(account: &AccountId, place: &Place) -> Stretch {
    place.stretch(hosts_partition(account, place.shard))
}

/// How far a list of devices was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) shard: usize,
    /// The last device that was looked at; none at the beginning of the shard.
    pub(crate) last: Option<DeviceId>,
}

impl Place {
    pub(crate) const START: Self = Self { shard: 0, last: None };

    pub(crate) fn parse(raw: &str) -> Option<Self> {
        let (shard, last) = raw.split_once(OF)?;
        let shard = shard.parse().ok().filter(|shard| *shard < SHARDS)?;
        let last = (!last.is_empty()).then(|| DeviceId::parse(last).ok()).map_or(Some(None), |last| last.map(Some))?;
        Some(Self { shard, last })
    }

    pub(crate) fn text(&self) -> String {
        format!("{}{OF}{}", self.shard, self.last.as_ref().map_or("", DeviceId::as_str))
    }

    /// The beginning of the next shard, if there is one.
    pub(crate) fn next_shard(&self) -> Option<Self> {
        (self.shard + 1 < SHARDS).then_some(Self { shard: self.shard + 1, last: None })
    }

    /// An id may hold spaces, and no character before them: this one comes right after the last.
    fn stretch(&self, partition: String) -> Stretch {
        Stretch { partition, from: self.last.as_ref().map(|last| format!("{last}\u{1}")), to: None }
    }
}

fn devices_partition(account: &AccountId, shard: usize) -> String {
    format!("A#{account}#D#{shard}")
}

fn hosts_partition(account: &AccountId, shard: usize) -> String {
    format!("A#{account}#DH#{shard}")
}

fn fleet_partition(account: &AccountId) -> String {
    format!("A#{account}#D")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn device(id: &str) -> DeviceId {
        DeviceId::parse(id).unwrap()
    }

    #[test]
    fn devices_are_spread_and_stay_where_they_are() {
        let shards: Vec<usize> = (0..1000).map(|n| shard(&device(&format!("device-{n}")))).collect();
        for wanted in 0..SHARDS {
            let there = shards.iter().filter(|shard| **shard == wanted).count();
            assert!((80..180).contains(&there), "{there} in {wanted}");
        }
        assert_eq!(shard(&device("till 4")), 4, "another place would lose every device that is kept");
    }

    #[test]
    fn a_place_comes_back_as_it_was() {
        for place in [Place::START, Place { shard: 7, last: Some(device("a b")) }] {
            assert_eq!(Place::parse(&place.text()), Some(place));
        }
        for bad in ["", "8#", "x#a", "1", "1# a", "-1#"] {
            assert_eq!(Place::parse(bad), None, "{bad}");
        }
        assert_eq!(Place { shard: 7, last: None }.next_shard(), None);
    }

    #[test]
    fn what_follows_a_device_is_none_of_those_before_it() {
        let stretch = Place { shard: 0, last: Some(device("a")) }.stretch("D".to_owned());
        let from = stretch.from.unwrap();
        assert!("a" < from.as_str() && from.as_str() < "a b" && from.as_str() < "a!");
    }
}
