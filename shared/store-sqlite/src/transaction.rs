//! One atomic write: first every guard, then every change.

use casebridge_store::{Guard, Write, Written};
use rusqlite::{Connection, Result};

use crate::item_row;

/// Carries out the writes if all their guards are met. An error leaves part of it done: the caller rolls back.
pub(crate) fn write(connection: &Connection, writes: &[Write]) -> Result<Written> {
    let mut refused = Vec::new();
    for (position, write) in writes.iter().enumerate() {
        let (Write::Put(_, guard) | Write::Delete(_, guard) | Write::Check(_, guard)) = write;
        if *guard == Guard::Any {
            continue;
        }
        let there = item_row::get(connection, write.key())?;
        if !guard.is_met_by(there.as_ref()) {
            refused.push((position, there));
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
