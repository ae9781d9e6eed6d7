//! One atomic write: first every guard, then every change.

use casebridge_store::{Guard, Key, Write, Written};
use rusqlite::{Connection, OptionalExtension, Result};

use crate::item_row;

/// What guards ask of an item.
struct Held {
    revision: u64,
    holder: Option<String>,
    until: Option<i64>,
}

/// Carries out the writes if all their guards are met. An error leaves part of it done: the caller rolls back.
pub(crate) fn write(connection: &Connection, writes: &[Write]) -> Result<Written> {
    let mut refused = Vec::new();
    for (position, write) in writes.iter().enumerate() {
        let (Write::Put(_, guard) | Write::Delete(_, guard) | Write::Check(_, guard)) = write;
        if !is_met(connection, write.key(), guard)? {
            refused.push((position, item_row::get(connection, write.key())?));
        }
    }
    if !refused.is_empty() {
        return Ok(Written::Refused(refused));
    }
    for write in writes {
        match write {
            Write::Put(item, _) => item_row::put(connection, item)?,
            Write::Delete(key, _) => item_row::delete(connection, key)?,
            Write::Check(..) => {}
        }
    }
    Ok(Written::Done)
}

fn is_met(connection: &Connection, key: &Key, guard: &Guard) -> Result<bool> {
    if *guard == Guard::Any {
        return Ok(true);
    }
    let there = connection
        .prepare_cached("SELECT revision, holder, held_until FROM item WHERE pk = ?1 AND sk = ?2")?
        .query_row([&key.partition, &key.sort], |row| {
            let revision = row.get::<_, i64>(0)?.cast_unsigned();
            Ok(Held { revision, holder: row.get(1)?, until: row.get(2)? })
        })
        .optional()?;
    Ok(match guard {
        Guard::Any => true,
        Guard::Absent => there.is_none(),
        Guard::Revision(revision) => there.is_some_and(|held| held.revision == *revision),
        Guard::Free { now } => there.and_then(|held| held.until).is_none_or(|until| until <= *now),
        Guard::HeldBy(holder) => there.is_some_and(|held| held.holder.as_ref() == Some(holder)),
    })
}
