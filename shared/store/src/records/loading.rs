//! The records of many sessions at once: for measuring on a large store, and for a demo that has some months behind it.
//!
//! Each is written as the end of its session would have written it, but what many of them add to the same figures is
//! summed up first.

use std::collections::{BTreeMap, HashMap};

use casebridge_app::ports::store::{Revision, Stored};
use casebridge_domain::SessionRecord;

use super::put_record;
use crate::engine::{Addition, Key, MOST_ADDED, Write};

/// What records add to the figures.
#[derive(Debug, Default)]
pub struct Sums(HashMap<Key, Sum>);

#[derive(Debug)]
struct Sum {
    kind: String,
    version: u32,
    counters: BTreeMap<String, i64>,
    labels: BTreeMap<String, String>,
}

impl Sums {
    /// Adds what these add, in the order of their ends. What is left to write of them is returned: two writes for each,
    /// one after the other.
    pub fn add(&mut self, records: &[SessionRecord]) -> Stored<Vec<Write>> {
        let mut left = Vec::with_capacity(2 * records.len());
        for record in records {
            for write in put_record(record, Revision(1))? {
                match write {
                    Write::Add(addition) => self.take(*addition),
                    write => left.push(write),
                }
            }
        }
        Ok(left)
    }

    fn take(&mut self, addition: Addition) {
        let Addition { key, kind, version, counters, labels, .. } = addition;
        let new = || Sum { kind, version, counters: BTreeMap::new(), labels: BTreeMap::new() };
        let sum = self.0.entry(key).or_insert_with(new);
        for (name, number) in counters {
            *sum.counters.entry(name).or_default() += number;
        }
        sum.labels.extend(labels);
    }

    /// The sums as writes, of which some are about the same item.
    pub fn writes(self) -> impl Iterator<Item = Write> {
        self.0.into_iter().flat_map(|(key, sum)| sum.additions(&key)).map(|addition| Write::Add(Box::new(addition)))
    }
}

impl Sum {
    /// As many as it takes.
    fn additions(self, key: &Key) -> Vec<Addition> {
        let (kind, version) = (self.kind, self.version);
        let of = |counters, labels| Addition {
            key: key.clone(),
            kind: kind.clone(),
            version,
            revision: 1,
            counters,
            labels,
        };
        let labels: Vec<_> = self.labels.into_iter().collect();
        let counters: Vec<_> = self.counters.into_iter().collect();
        let labels = labels.chunks(MOST_ADDED).map(|labels| of(Vec::new(), labels.to_vec()));
        labels.chain(counters.chunks(MOST_ADDED).map(|counters| of(counters.to_vec(), Vec::new()))).collect()
    }
}
