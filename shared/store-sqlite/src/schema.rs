//! What is in the file, and how it came to be.

use std::path::Path;

use rusqlite::{Connection, ErrorCode, TransactionBehavior};

use crate::OpenError;

/// "CBrg": how `file` and we know a Casebridge store.
const APPLICATION_ID: i64 = 0x4342_7267;

/// The n-th makes format n of format n - 1.
const MIGRATIONS: &[&str] = &[include_str!("migrations/0001_items.sql")];

/// The format this program writes.
pub(crate) fn known() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

/// Which format the file has; 0 is a file in which nothing was ever written. Refuses what is not ours, or from the future.
pub(crate) fn format(connection: &Connection, path: &Path) -> Result<i64, OpenError> {
    let read = || {
        let application: i64 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
        let format: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
        let is_empty = connection.query_row("SELECT NOT EXISTS (SELECT 1 FROM sqlite_schema)", [], |row| row.get(0))?;
        Ok((application, format, is_empty))
    };
    match read() {
        Ok((APPLICATION_ID, found, _)) if found > known() => Err(OpenError::Newer { found, known: known() }),
        Ok((APPLICATION_ID, found, false)) if found > 0 => Ok(found),
        Ok((0, 0, true)) => Ok(0),
        Ok(_) => Err(OpenError::Foreign(path.to_owned())),
        Err(rusqlite::Error::SqliteFailure(error, _)) if error.code == ErrorCode::NotADatabase => {
            Err(OpenError::Foreign(path.to_owned()))
        }
        Err(error) => Err(error.into()),
    }
}

/// Refuses every other format, a file in which nothing was ever written included.
pub(crate) fn refuse_unless_known(connection: &Connection, path: &Path) -> Result<(), OpenError> {
    refuse_older(format(connection, path)?, known(), path)
}

fn refuse_older(found: i64, known: i64, path: &Path) -> Result<(), OpenError> {
    match found {
        0 => Err(OpenError::Foreign(path.to_owned())),
        _ if found < known => Err(OpenError::Older { found, known }),
        _ => Ok(()),
    }
}

/// Brings the file to the format this program writes, all or nothing.
pub(crate) fn migrate(connection: &mut Connection, path: &Path) -> Result<(), OpenError> {
    if format(connection, path)? == known() {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found = format(&transaction, path)?;
    for (migration, step) in MIGRATIONS.iter().zip(1..).filter(|(_, step)| *step > found) {
        transaction.execute_batch(migration)?;
        transaction.pragma_update(None, "user_version", step)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.commit()?;
    tracing::info!(from = found, to = known(), "the store's format is up to date");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_known_format_is_good_enough_without_a_change() {
        let refused = |found| refuse_older(found, 3, Path::new("store.db")).err();
        assert!(matches!(refused(0), Some(OpenError::Foreign(_))));
        for found in 1..3 {
            assert!(matches!(refused(found), Some(OpenError::Older { found: said, known: 3 }) if said == found));
        }
        assert!(refused(3).is_none());
    }
}
