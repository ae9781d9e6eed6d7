//! An item as a row.

use casebridge_store::{Guard, Index, IndexEntry, Item, Key};
use rusqlite::{Connection, OptionalExtension, Result, Row, ToSql, params};

/// What [`read`] wants, in this order.
pub(crate) const COLUMNS: &str = "pk, sk, kind, version, revision, holder, held_until, expires, body, \
     due_pk, due_sk, unsettled_pk, unsettled_sk, code_pk, code_sk";

const GET: &str = "SELECT pk, sk, kind, version, revision, holder, held_until, expires, body, \
     due_pk, due_sk, unsettled_pk, unsettled_sk, code_pk, code_sk FROM item WHERE pk = ?1 AND sk = ?2";

const PUT: &str = "INSERT INTO item (pk, sk, kind, version, revision, holder, held_until, expires, body, \
     due_pk, due_sk, unsettled_pk, unsettled_sk, code_pk, code_sk) \
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15) \
     ON CONFLICT (pk, sk) DO UPDATE SET kind = excluded.kind, version = excluded.version, \
     revision = excluded.revision, holder = excluded.holder, held_until = excluded.held_until, \
     expires = excluded.expires, body = excluded.body, due_pk = excluded.due_pk, due_sk = excluded.due_sk, \
     unsettled_pk = excluded.unsettled_pk, unsettled_sk = excluded.unsettled_sk, \
     code_pk = excluded.code_pk, code_sk = excluded.code_sk";

/// The item at this key.
pub(crate) fn get(connection: &Connection, key: &Key) -> Result<Option<Item>> {
    connection.prepare_cached(GET)?.query_row([&key.partition, &key.sort], read).optional()
}

/// Whether a guard lets a write happen over what is at this key: [`Guard::is_met_by`] without its body, which may lie on
/// pages of its own.
pub(crate) fn is_met(connection: &Connection, key: &Key, guard: &Guard) -> Result<bool> {
    let Key { partition, sort } = key;
    let is_there = |question: &str, values: &[&dyn ToSql]| connection.prepare_cached(question)?.exists(values);
    match guard {
        Guard::Any => Ok(true),
        Guard::Absent => {
            let there = is_there("SELECT 1 FROM item WHERE pk = ?1 AND sk = ?2", &[partition, sort])?;
            Ok(!there)
        }
        Guard::Revision(revision) => is_there(
            "SELECT 1 FROM item WHERE pk = ?1 AND sk = ?2 AND revision = ?3",
            &[partition, sort, &revision.cast_signed()],
        ),
        Guard::HeldBy(holder) => {
            is_there("SELECT 1 FROM item WHERE pk = ?1 AND sk = ?2 AND holder = ?3", &[partition, sort, holder])
        }
        Guard::Free { now } => {
            let held =
                is_there("SELECT 1 FROM item WHERE pk = ?1 AND sk = ?2 AND held_until > ?3", &[partition, sort, now])?;
            Ok(!held)
        }
    }
}

/// Replaces the item.
pub(crate) fn put(connection: &Connection, item: &Item) -> Result<()> {
    let (due_partition, due_sort) = place(item, Index::Due);
    let (unsettled_partition, unsettled_sort) = place(item, Index::Unsettled);
    let (code_partition, code_sort) = place(item, Index::Code);
    connection.prepare_cached(PUT)?.execute(params![
        item.key.partition,
        item.key.sort,
        item.kind,
        item.version,
        item.revision.cast_signed(),
        item.holder,
        item.held_until,
        item.expires,
        item.body,
        due_partition,
        due_sort,
        unsettled_partition,
        unsettled_sort,
        code_partition,
        code_sort,
    ])?;
    Ok(())
}

/// Removes the item if it is there.
pub(crate) fn delete(connection: &Connection, key: &Key) -> Result<()> {
    connection.prepare_cached("DELETE FROM item WHERE pk = ?1 AND sk = ?2")?.execute([&key.partition, &key.sort])?;
    Ok(())
}

/// Removes some items that may be forgotten, those first that might have been for longest. Says how many.
pub(crate) fn delete_expired(connection: &Connection, now: i64, batch: u32) -> Result<usize> {
    connection
        .prepare_cached(
            "DELETE FROM item WHERE rowid IN \
             (SELECT rowid FROM item WHERE expires <= ?1 ORDER BY expires LIMIT ?2)",
        )?
        .execute(params![now, batch])
}

/// The item in a row of [`COLUMNS`].
pub(crate) fn read(row: &Row<'_>) -> Result<Item> {
    let mut indexed = Vec::new();
    for (index, column) in [(Index::Due, 9), (Index::Unsettled, 11), (Index::Code, 13)] {
        if let (Some(partition), Some(sort)) = (row.get(column)?, row.get(column + 1)?) {
            indexed.push(IndexEntry { index, partition, sort });
        }
    }
    Ok(Item {
        key: Key { partition: row.get(0)?, sort: row.get(1)? },
        kind: row.get(2)?,
        version: row.get(3)?,
        revision: row.get::<_, i64>(4)?.cast_unsigned(),
        holder: row.get(5)?,
        held_until: row.get(6)?,
        expires: row.get(7)?,
        indexed,
        body: row.get(8)?,
    })
}

fn place(item: &Item, index: Index) -> (Option<&str>, Option<&str>) {
    item.indexed
        .iter()
        .find(|entry| entry.index == index)
        .map(|entry| (entry.partition.as_str(), entry.sort.as_str()))
        .unzip()
}
