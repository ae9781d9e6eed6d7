//! One atomic write: first every guard, then every change.

use casebridge_store::engine::{Addition, EngineError, MOST_BYTES};
use casebridge_store::{Item, Write, Written};
use rusqlite::Connection;

use crate::failure::Failure;
use crate::item_row;

/// Refuses what would be too large whatever is there.
pub(crate) fn refuse_too_large(writes: &[Write]) -> Result<(), EngineError> {
    let is_too_large = |write: &Write| matches!(write, Write::Put(item, _) if item.bytes() > MOST_BYTES);
    if writes.iter().any(is_too_large) { Err(EngineError::TooLarge) } else { Ok(()) }
}

/// Carries out the writes if all their guards are met. Nothing is written before all of it is known to be possible; only
/// where SQLite itself fails is a part of it left.
pub(crate) fn write(connection: &Connection, writes: &[Write]) -> Result<Written, Failure> {
    let refused = refusals(connection, writes)?;
    if !refused.is_empty() {
        return Ok(Written::Refused(refused));
    }
    let sums = writes.iter().filter_map(|write| match write {
        Write::Add(addition) => Some(sum(connection, addition)),
        Write::Put(..) | Write::Delete(..) | Write::Check(..) => None,
    });
    let sums: Vec<Item> = sums.collect::<Result<_, _>>()?;
    for write in writes {
        match write {
            Write::Put(item, _) => item_row::put(connection, item)?,
            Write::Delete(key, _) => item_row::delete(connection, key)?,
            Write::Add(_) | Write::Check(..) => {}
        }
    }
    for item in sums {
        item_row::put(connection, &item)?;
    }
    Ok(Written::Done)
}

/// The guards that are not met, with what is there.
fn refusals(connection: &Connection, writes: &[Write]) -> rusqlite::Result<Vec<(usize, Option<Item>)>> {
    let mut refused = Vec::new();
    for (position, write) in writes.iter().enumerate() {
        let Some(guard) = write.guard() else { continue };
        if !item_row::is_met(connection, write.key(), guard)? {
            refused.push((position, item_row::get(connection, write.key())?));
        }
    }
    Ok(refused)
}

/// What the item comes to. Nobody else writes meanwhile, so that reading first loses nothing.
fn sum(connection: &Connection, addition: &Addition) -> Result<Item, Failure> {
    Ok(addition.onto(item_row::get(connection, &addition.key)?)?)
}
