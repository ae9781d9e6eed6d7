//! One atomic write: first every guard, then every change.

use casebridge_store::engine::{Addition, EngineError, MOST_BYTES};
use casebridge_store::{Guard, Item, Write, Written};
use rusqlite::Connection;

use crate::failure::Failure;
use crate::item_row;

/// Refuses what would be too large whatever is there.
pub(crate) fn refuse_too_large(writes: &[Write]) -> Result<(), EngineError> {
    let is_too_large = |write: &Write| matches!(write, Write::Put(item, _) if item.bytes() > MOST_BYTES);
    if writes.iter().any(is_too_large) { Err(EngineError::TooLarge) } else { Ok(()) }
}

/// Carries out the writes if all their guards are met. An error leaves part of it done: the caller rolls back.
pub(crate) fn write(connection: &Connection, writes: &[Write]) -> Result<Written, Failure> {
    let refused = refusals(connection, writes)?;
    if !refused.is_empty() {
        return Ok(Written::Refused(refused));
    }
    for write in writes {
        match write {
            Write::Put(item, _) => item_row::put(connection, item)?,
            Write::Delete(key, _) => item_row::delete(connection, key)?,
            Write::Add(addition) => add(connection, addition)?,
            Write::Check(..) => {}
        }
    }
    Ok(Written::Done)
}

/// The guards that are not met, with what is there.
fn refusals(connection: &Connection, writes: &[Write]) -> rusqlite::Result<Vec<(usize, Option<Item>)>> {
    let mut refused = Vec::new();
    for (position, write) in writes.iter().enumerate() {
        let Some(guard) = write.guard().filter(|guard| **guard != Guard::Any) else { continue };
        let there = item_row::get(connection, write.key())?;
        if !guard.is_met_by(there.as_ref()) {
            refused.push((position, there));
        }
    }
    Ok(refused)
}

/// Nobody else writes meanwhile, so that reading first loses nothing.
fn add(connection: &Connection, addition: &Addition) -> Result<(), Failure> {
    let there = item_row::get(connection, &addition.key)?;
    item_row::put(connection, &addition.onto(there)?)?;
    Ok(())
}
