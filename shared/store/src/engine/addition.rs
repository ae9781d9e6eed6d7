//! What is added, and what comes of it.

use super::body::{COUNTERS, END, LABELS, Left, NOTHING, push_number, push_text};
use super::merge::merge;
use super::{EngineError, Item, Key, MOST_ADDED, MOST_BYTES};

/// What is added to an item that counts. The item is made if it is not there; its body is
/// `{"counters":{name:number},"labels":{name:text}}`, each in the order of the names, as [`Counts`](super::Counts) writes it. An item
/// that was put with such a body counts on from there; one with another body is [unreadable](EngineError::Unreadable)
/// and stays as it is. What else the item has (a hold, an expiry, places in indexes) stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addition {
    /// Where.
    pub key: Key,
    /// What it is, for people who look into the table.
    pub kind: String,
    /// The version of the body's shape.
    pub version: u32,
    /// The item's revision afterwards.
    pub revision: u64,
    /// By name (non-empty, each once), what is added; may be negative. A counter that is not there was nought.
    pub counters: Vec<(String, i64)>,
    /// By name (non-empty, each once), a text that replaces the one before.
    pub labels: Vec<(String, String)>,
}

/// Why an addition can't be carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAdded {
    /// The item would grow beyond [`MOST_BYTES`].
    #[error("it would be too large")]
    TooLarge,
    /// There is an item with another body, or a counter would leave the range of `i64`.
    #[error("it doesn't count")]
    NoCounts,
}

impl From<NotAdded> for EngineError {
    fn from(why: NotAdded) -> Self {
        match why {
            NotAdded::TooLarge => Self::TooLarge,
            NotAdded::NoCounts => Self::Unreadable(why.to_string()),
        }
    }
}

impl Addition {
    /// Whether every name is there once and none is empty, and there are no more than [`MOST_ADDED`].
    pub fn is_possible(&self) -> bool {
        let is_each_once = |mut names: Vec<&str>| {
            names.sort_unstable();
            names.first().is_none_or(|name| !name.is_empty()) && names.is_sorted_by(|one, next| one < next)
        };
        self.counters.len() + self.labels.len() <= MOST_ADDED
            && is_each_once(self.counters.iter().map(|(name, _)| name.as_str()).collect())
            && is_each_once(self.labels.iter().map(|(name, _)| name.as_str()).collect())
    }

    /// The item that there is afterwards, for engines that read before they write.
    pub fn onto(&self, there: Option<Item>) -> Result<Item, NotAdded> {
        let body = self.body_onto(there.as_ref().map_or(NOTHING, |item| &item.body)).ok_or(NotAdded::NoCounts)?;
        let (kind, version, revision) = (self.kind.clone(), self.version, self.revision);
        let item = match there {
            Some(item) => Item { kind, version, revision, body, ..item },
            None => Item {
                key: self.key.clone(),
                kind,
                version,
                revision,
                holder: None,
                held_until: None,
                expires: None,
                indexed: Vec::new(),
                body,
            },
        };
        if item.bytes() > MOST_BYTES { Err(NotAdded::TooLarge) } else { Ok(item) }
    }

    fn body_onto(&self, there: &str) -> Option<String> {
        let counters = self.counters.iter().map(|(name, number)| (name.as_str(), *number));
        let labels = self.labels.iter().map(|(name, text)| (name.as_str(), text.as_str()));
        let mut body = String::with_capacity(there.len() + 1024);
        let mut left = Left(there);
        left.skip(COUNTERS)?;
        body.push_str(COUNTERS);
        merge(&mut left, counters, &mut body, Left::number, |body, there, added| {
            push_number(body, there.unwrap_or(0).checked_add(added)?);
            Some(())
        })?;
        left.skip(LABELS)?;
        body.push_str(LABELS);
        merge(&mut left, labels, &mut body, Left::text, |body, _, text| {
            push_text(body, text);
            Some(())
        })?;
        body.push_str(END);
        (left.0 == END).then_some(body)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::collection::btree_map;
    use proptest::prelude::*;

    use super::*;

    fn adding(counters: &BTreeMap<String, i64>, labels: &BTreeMap<String, String>) -> Addition {
        Addition {
            key: Key { partition: "p".into(), sort: "s".into() },
            kind: "counts".into(),
            version: 1,
            revision: 1,
            counters: counters.iter().rev().map(|(name, number)| (name.clone(), *number)).collect(),
            labels: labels.iter().rev().map(|(name, text)| (name.clone(), text.clone())).collect(),
        }
    }

    fn body(counters: &BTreeMap<String, i64>, labels: &BTreeMap<String, String>) -> String {
        let [counters, labels] = [serde_json::to_string(counters), serde_json::to_string(labels)].map(Result::unwrap);
        format!("{{\"counters\":{counters},\"labels\":{labels}}}")
    }

    /// So few that several meet.
    fn name() -> impl Strategy<Value = String> {
        "[a-d\"]{1,2}"
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn additions_one_after_the_other_are_what_maps_come_to(
            steps in prop::collection::vec(
                (btree_map(name(), -9_i64..9, 0..8), btree_map(name(), any::<String>(), 0..4)), 1..6)
        ) {
            let (mut numbers, mut texts) = (BTreeMap::new(), BTreeMap::new());
            let mut item = None;
            for (counters, labels) in steps {
                item = Some(adding(&counters, &labels).onto(item).unwrap());
                for (name, added) in counters {
                    *numbers.entry(name).or_default() += added;
                }
                texts.extend(labels);
            }
            prop_assert_eq!(item.unwrap().body, body(&numbers, &texts));
        }
    }

    #[test]
    fn a_counter_stays_in_its_range_or_as_it_is() {
        let one = |number| adding(&BTreeMap::from([("n".to_owned(), number)]), &BTreeMap::new());
        for (edge, step) in [(i64::MAX, 1), (i64::MIN, -1)] {
            let item = one(edge).onto(None).unwrap();
            assert_eq!(one(step).onto(Some(item.clone())), Err(NotAdded::NoCounts));
            assert!(one(-step).onto(Some(item)).unwrap().body.contains(&(edge - step).to_string()));
        }
    }

    #[test]
    fn names_are_there_once_and_not_empty_and_not_too_many() {
        let addition = |names: &[&str], labels: &[&str]| Addition {
            counters: names.iter().map(|name| ((*name).to_owned(), 1)).collect(),
            labels: labels.iter().map(|name| ((*name).to_owned(), String::new())).collect(),
            ..adding(&BTreeMap::new(), &BTreeMap::new())
        };
        let many: Vec<String> = (0..MOST_ADDED).map(|n| n.to_string()).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        for (names, labels, expected) in [
            (&["b", "a"][..], &["a", "b"][..], true),
            (&[], &[], true),
            (&many, &[], true),
            (&many, &["a"], false),
            (&["a", "b", "a"], &[], false),
            (&[], &["a", "a"], false),
            (&[""], &[], false),
            (&[], &[""], false),
        ] {
            assert_eq!(addition(names, labels).is_possible(), expected, "{names:?} {labels:?}");
        }
    }
}
