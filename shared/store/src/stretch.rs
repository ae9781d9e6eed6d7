//! Stretches of a partition.

use crate::engine::{Index, Rows};

/// A stretch of a partition that holds one kind of thing.
#[derive(Debug, Clone)]
pub(crate) struct Stretch {
    pub(crate) partition: String,
    pub(crate) from: Option<String>,
    pub(crate) to: Option<String>,
}

impl Stretch {
    pub(crate) fn whole(partition: String) -> Self {
        Self { partition, from: None, to: None }
    }

    pub(crate) fn prefixed(partition: String, prefix: &str) -> Self {
        Self { partition, from: Some(prefix.to_owned()), to: Some(after_all(prefix)) }
    }
}

/// The smallest place after this one: ids and times hold no character that sorts before `!`.
pub(crate) fn just_after(sort: &str) -> String {
    format!("{sort}!")
}

/// The smallest place after everything that begins like this: no id or time begins with a tilde or sorts after it.
pub(crate) fn after_all(prefix: &str) -> String {
    format!("{prefix}~")
}

/// Where to go on after these ascending rows; `None` at the end.
pub(crate) fn next_from(index: Option<Index>, rows: &Rows) -> Option<String> {
    last_place(index, rows).map(just_after)
}

/// The place of the last row, if more may follow.
pub(crate) fn last_place(index: Option<Index>, rows: &Rows) -> Option<&str> {
    let last = rows.items.last().filter(|_| rows.more)?;
    match index {
        None => Some(&last.key.sort),
        Some(index) => last.indexed.iter().find(|entry| entry.index == index).map(|entry| entry.sort.as_str()),
    }
}
