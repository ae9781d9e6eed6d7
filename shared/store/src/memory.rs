//! A stand-in engine: a map in memory, lost with the process. It shows what an engine has to do and lets the suite run
//! without a database; no host uses it.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::Poll;

use async_trait::async_trait;

use crate::engine::{
    Engine, EngineError, Item, Key, MOST_BYTES, MOST_READS, MOST_WRITES, Order, Query, Rows, Write, Written,
};

/// Items in a map.
#[derive(Debug, Default)]
pub struct MemoryEngine {
    items: Mutex<BTreeMap<Key, Item>>,
}

impl MemoryEngine {
    /// Forgets what has expired by now (seconds since 1970), as an engine may do at any time.
    pub fn forget_expired(&self, now: i64) {
        self.items().retain(|_, item| item.expires.is_none_or(|expires| expires > now));
    }

    fn items(&self) -> MutexGuard<'_, BTreeMap<Key, Item>> {
        self.items.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Engine for MemoryEngine {
    async fn read(&self, keys: &[Key]) -> Result<Vec<Option<Item>>, EngineError> {
        refuse_unless_each_once(keys.iter(), MOST_READS)?;
        others_first().await;
        let items = self.items();
        Ok(keys.iter().map(|key| items.get(key).cloned()).collect())
    }

    async fn query(&self, query: &Query) -> Result<Rows, EngineError> {
        others_first().await;
        let items = self.items();
        let mut rows: Vec<(&str, &Item)> = items
            .values()
            .filter_map(|item| Some((place(item, query)?, item)))
            .filter(|(sort, _)| query.from.as_deref().is_none_or(|from| *sort >= from))
            .filter(|(sort, _)| query.to.as_deref().is_none_or(|to| *sort < to))
            .collect();
        rows.sort_by_key(|(sort, _)| *sort);
        if query.order == Order::Descending {
            rows.reverse();
        }
        let more = rows.len() > query.limit;
        Ok(Rows { items: rows.into_iter().take(query.limit).map(|(_, item)| item.clone()).collect(), more })
    }

    async fn write(&self, writes: Vec<Write>) -> Result<Written, EngineError> {
        refuse_unless_each_once(writes.iter().map(Write::key), MOST_WRITES)?;
        refuse_unless_possible(&writes)?;
        others_first().await;
        let mut items = self.items();
        let refused = refusals(&items, &writes);
        if !refused.is_empty() {
            return Ok(Written::Refused(refused));
        }
        // Made before anything is changed: one that can't be added refuses all.
        let counting = writes.iter().filter_map(|write| match write {
            Write::Add(addition) => Some(addition.onto(items.get(&addition.key).cloned())),
            _ => None,
        });
        let counting = counting.collect::<Result<Vec<Item>, _>>()?;
        for write in writes {
            match write {
                Write::Put(item, _) => {
                    items.insert(item.key.clone(), *item);
                }
                Write::Delete(key, _) => {
                    items.remove(&key);
                }
                Write::Check(..) | Write::Add(_) => {}
            }
        }
        items.extend(counting.into_iter().map(|item| (item.key.clone(), item)));
        Ok(Written::Done)
    }
}

/// The guards that are not met, with what is there.
fn refusals(items: &BTreeMap<Key, Item>, writes: &[Write]) -> Vec<(usize, Option<Item>)> {
    let mut refused = Vec::new();
    for (position, write) in writes.iter().enumerate() {
        let there = items.get(write.key());
        if write.guard().is_some_and(|guard| !guard.is_met_by(there)) {
            refused.push((position, there.cloned()));
        }
    }
    refused
}

/// What no engine has to put up with: too many keys, one of them twice, or an empty one.
fn refuse_unless_each_once<'a>(keys: impl Iterator<Item = &'a Key>, most: usize) -> Result<(), EngineError> {
    let mut seen = HashSet::new();
    for key in keys {
        if key.partition.is_empty() || key.sort.is_empty() || !seen.insert(key) || seen.len() > most {
            return Err(EngineError::Unavailable(format!("a step that can't be: {key:?}").into()));
        }
    }
    Ok(())
}

/// The same of what is written: an item that is too large, or an addition that no engine has to know.
fn refuse_unless_possible(writes: &[Write]) -> Result<(), EngineError> {
    for write in writes {
        match write {
            Write::Put(item, _) if item.bytes() > MOST_BYTES => return Err(EngineError::TooLarge),
            Write::Add(addition) if !addition.is_possible() => {
                return Err(EngineError::Unavailable(format!("an addition that can't be: {:?}", addition.key).into()));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Where the item is in the partition that the query asks for, if it is there.
fn place<'a>(item: &'a Item, query: &Query) -> Option<&'a str> {
    let (partition, sort) = match query.index {
        None => (&item.key.partition, &item.key.sort),
        Some(index) => {
            let entry = item.indexed.iter().find(|entry| entry.index == index)?;
            (&entry.partition, &entry.sort)
        }
    };
    (*partition == query.partition).then_some(sort)
}

/// Lets whoever runs beside us go first, as a wire would.
async fn others_first() {
    let mut went = false;
    std::future::poll_fn(|context| {
        if std::mem::replace(&mut went, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::conformance::Harness;

    struct InMemory(Arc<MemoryEngine>);

    impl Harness for InMemory {
        fn engine(&self) -> Arc<dyn Engine> {
            self.0.clone()
        }
    }

    crate::conformance_tests!(InMemory(Arc::default()));
}
