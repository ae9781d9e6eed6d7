//! What is added, and what comes of it.

use super::{Counts, EngineError, Item, Key, MOST_ADDED, MOST_BYTES};

/// What is added to an item that counts. The item is made if it is not there; its body is
/// `{"counters":{name:number},"labels":{name:text}}`, each in the order of the names, as [`Counts`] writes it. An item
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
    /// There is an item that was put with another body.
    #[error("it doesn't count")]
    NoCounts,
    /// A counter would leave the range of `i64`.
    #[error("a counter would be out of its range")]
    OutOfRange,
}

impl From<NotAdded> for EngineError {
    fn from(why: NotAdded) -> Self {
        match why {
            NotAdded::TooLarge => Self::TooLarge,
            NotAdded::NoCounts | NotAdded::OutOfRange => Self::Unreadable(why.to_string()),
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
        let counts = match &there {
            Some(item) => Counts::parse(&item.body).ok_or(NotAdded::NoCounts)?,
            None => Counts::default(),
        };
        let body = counts.and(self).ok_or(NotAdded::OutOfRange)?.body();
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
}
