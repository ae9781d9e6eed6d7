//! Connections to the file, and what has to be true of them.

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags};

use crate::{OpenError, Options, schema};

/// After a checkpoint the `-wal` is not left larger than this.
const WAL_LEFT_AT_MOST: i64 = 64 * 1024 * 1024;

/// Kilobytes of pages that are kept, of which a group of writes changes some 8,000. The rest of the memory that a large
/// store needs is the system's, which takes it back when others need it.
const KEPT_TO_WRITE: &str = "-8192";
const KEPT_TO_READ: &str = "-2048";

/// Kept prepared per connection: all the statements there are.
const STATEMENTS: usize = 64;

/// Opens the file, which has to be there, to write.
pub(crate) fn to_write(path: &Path, options: &Options) -> Result<Connection, OpenError> {
    let connection = open(path, OpenFlags::SQLITE_OPEN_READ_WRITE, options.busy_timeout)?;
    // Before anything in it is changed.
    schema::format(&connection, path)?;
    set(&connection, "cache_size", KEPT_TO_WRITE, KEPT_TO_WRITE)?;
    set(&connection, "journal_mode", "wal", "wal")?;
    set(&connection, "synchronous", "FULL", "2")?;
    set(&connection, "foreign_keys", "ON", "1")?;
    connection.pragma_update(None, "journal_size_limit", WAL_LEFT_AT_MOST)?;
    // The writer does it between commits.
    set(&connection, "wal_autocheckpoint", "0", "0")?;
    // What a statement has to remember, to be undone, stays out of /tmp.
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    if let Some(pages) = options.max_pages {
        connection.pragma_update(None, "max_page_count", pages)?;
    }
    Ok(connection)
}

/// Opens the file, which has to be there, to read.
pub(crate) fn to_read(path: &Path, busy_timeout: Duration) -> Result<Connection, OpenError> {
    let connection = open(path, OpenFlags::SQLITE_OPEN_READ_ONLY, busy_timeout)?;
    // Before SQLite looks into it for more than a setting.
    schema::format(&connection, path)?;
    set(&connection, "query_only", "ON", "1")?;
    set(&connection, "cache_size", KEPT_TO_READ, KEPT_TO_READ)?;
    Ok(connection)
}

fn open(path: &Path, access: OpenFlags, busy_timeout: Duration) -> Result<Connection, OpenError> {
    let connection = Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(busy_timeout)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // Else SQLite plans a query anew whenever its LIMIT is bound to another number.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    set(&connection, "trusted_schema", "OFF", "0")?;
    Ok(connection)
}

/// Sets a pragma and reads it back: SQLite says nothing if it does not take it.
fn set(connection: &Connection, setting: &'static str, value: &str, wanted: &'static str) -> Result<(), OpenError> {
    connection.pragma_update(None, setting, value)?;
    let found = match connection.pragma_query_value(None, setting, |row| row.get(0))? {
        Value::Integer(number) => number.to_string(),
        Value::Text(text) => text,
        other => format!("{other:?}"),
    };
    if found == wanted { Ok(()) } else { Err(OpenError::Setting { setting, wanted, found }) }
}
