//! What SQLite's errors mean to callers of an engine.

use std::error::Error;
use std::sync::Arc;

use casebridge_store::EngineError;
use casebridge_store::engine::NotAdded;
use rusqlite::ErrorCode;

use crate::OpenError;

/// Why something was not carried out. Can be told to each member of a group.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    kind: Kind,
    cause: Arc<dyn Error + Send + Sync>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Unavailable,
    BrokenFile,
    Full,
    TooLarge,
    Unreadable,
}

impl Failure {
    /// Whether the file could not be written or read, which an exceeded quota looks like, too.
    pub(crate) fn is_of_the_file(&self) -> bool {
        self.kind == Kind::BrokenFile
    }

    /// The same, known to be for want of room.
    pub(crate) fn for_want_of_room(self) -> Self {
        Self { kind: Kind::Full, ..self }
    }
}

impl From<rusqlite::Error> for Failure {
    fn from(cause: rusqlite::Error) -> Self {
        use rusqlite::Error::{FromSqlConversionFailure, IntegralValueOutOfRange, InvalidColumnType, Utf8Error};

        let kind = match &cause {
            FromSqlConversionFailure(..) | IntegralValueOutOfRange(..) | InvalidColumnType(..) | Utf8Error(..) => {
                Kind::Unreadable
            }
            other => match other.sqlite_error_code() {
                Some(ErrorCode::DiskFull) => Kind::Full,
                Some(ErrorCode::SystemIoFailure) => Kind::BrokenFile,
                Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Kind::Unreadable,
                _ => Kind::Unavailable,
            },
        };
        Self { kind, cause: Arc::new(cause) }
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Sqlite(error) => error.into(),
            other => Self { kind: Kind::Unavailable, cause: Arc::new(other) },
        }
    }
}

impl From<NotAdded> for Failure {
    fn from(why: NotAdded) -> Self {
        let kind = match why {
            NotAdded::TooLarge => Kind::TooLarge,
            NotAdded::NoCounts => Kind::Unreadable,
        };
        Self { kind, cause: Arc::new(why) }
    }
}

impl From<Failure> for EngineError {
    fn from(failure: Failure) -> Self {
        match failure.kind {
            Kind::Unavailable | Kind::BrokenFile => Self::Unavailable(Box::new(failure.cause)),
            Kind::Full => Self::Full(Box::new(failure.cause)),
            Kind::TooLarge => Self::TooLarge,
            Kind::Unreadable => Self::Unreadable(failure.cause.to_string()),
        }
    }
}

/// Nobody carries it out any more.
#[derive(Debug, Clone, Copy, thiserror::Error)]
pub(crate) enum Gone {
    #[error("the store is closed")]
    Closed,
    #[error("the store's thread failed before it could answer")]
    Failed,
}

impl From<Gone> for EngineError {
    fn from(gone: Gone) -> Self {
        Self::Unavailable(Box::new(gone))
    }
}
