//! The connections that read, each for one question at a time.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use casebridge_store::EngineError;
use rusqlite::Connection;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use crate::failure::{Failure, Gone};
use crate::{OpenError, connection};

/// The connections that read.
pub(crate) struct Readers {
    path: PathBuf,
    busy_timeout: Duration,
    idle: Mutex<Vec<Connection>>,
    all: u32,
    free: Arc<Semaphore>,
}

impl Readers {
    /// Opens so many, at least one.
    pub(crate) fn open(path: &Path, count: usize, busy_timeout: Duration) -> Result<Self, OpenError> {
        let all = u32::try_from(count).unwrap_or(u32::MAX).max(1);
        let idle = (0..all).map(|_| connection::to_read(path, busy_timeout)).collect::<Result<_, _>>()?;
        let free = Arc::new(Semaphore::new(all as usize));
        Ok(Self { path: path.to_owned(), busy_timeout, idle: Mutex::new(idle), all, free })
    }

    /// Asks a question off the async threads, as soon as a connection is free. The question goes on if the caller leaves.
    pub(crate) async fn ask<T: Send + 'static>(
        self: &Arc<Self>,
        question: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, EngineError> {
        let turn = Arc::clone(&self.free).acquire_owned().await.map_err(|_| Gone::Closed)?;
        let readers = Arc::clone(self);
        let asked = spawn_blocking(move || {
            let _turn = turn;
            readers.answer(question)
        });
        asked.await.map_err(|_| Gone::Failed)?
    }

    /// Asks a question whose answer takes less than handing it to another thread and back would: a few rows by their
    /// keys, which are a few microseconds each while the file is in the system's cache.
    pub(crate) async fn ask_briefly<T>(
        &self,
        question: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, EngineError> {
        let _turn = self.free.acquire().await.map_err(|_| Gone::Closed)?;
        self.answer(question)
    }

    fn answer<T>(&self, question: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, EngineError> {
        let connection = self.take().map_err(Failure::from)?;
        let answer = question(&connection).map_err(Failure::from)?;
        // One that failed is not kept: the next question gets a new one.
        self.idle().push(connection);
        Ok(answer)
    }

    /// Waits for the questions under way, then closes every connection and answers none any more.
    pub(crate) async fn close(&self) {
        if let Ok(all) = self.free.acquire_many(self.all).await {
            self.free.close();
            all.forget();
        }
        self.idle().clear();
    }

    fn take(&self) -> Result<Connection, OpenError> {
        let idle = self.idle().pop();
        idle.map_or_else(|| connection::to_read(&self.path, self.busy_timeout), Ok)
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
