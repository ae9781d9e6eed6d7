//! The thread: groups, their commits, and what is tidied between them.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::time::{Duration, Instant};
use std::{io, thread};

use casebridge_store::EngineError;
use rusqlite::{Connection, ErrorCode};
use tokio::sync::{mpsc, oneshot};

use super::{Harm, Job, Request};
use crate::failure::Failure;
use crate::file::is_room_exhausted;
use crate::lease::Lease;
use crate::{Options, connection, schema};

/// So many pages (16 MB) in the log are moved to the main file. What is written again and again, as an account's figures
/// are, is moved once for all of them.
const MOVE_FROM: i64 = 4000;

/// How often a writer looks whether another process has let go. SQLite's own waiting becomes slower and slower, up to a
/// tenth of a second, and would hardly ever meet the moment between two commits of a busy writer.
const LOOK_AGAIN: Duration = Duration::from_millis(1);

/// How long a writer beside the server stays away after each commit: long enough for the server to see it.
const GIVE_WAY: Duration = Duration::from_millis(3);

pub(super) struct Thread {
    path: PathBuf,
    options: Options,
    /// `None` after something went wrong with it.
    connection: Option<Connection>,
    waiting: mpsc::Receiver<Request>,
    closing: Vec<oneshot::Sender<Result<(), EngineError>>>,
    /// `None` beside the server.
    lease: Option<Lease>,
}

impl Thread {
    /// Starts it. It ends when nobody can reach it any more, or after a wish to close.
    pub(super) fn start(
        path: PathBuf,
        options: Options,
        connection: Connection,
        lease: Option<Lease>,
        waiting: mpsc::Receiver<Request>,
    ) -> io::Result<()> {
        let closing = Vec::new();
        let thread = Self { path, options, connection: Some(connection), waiting, closing, lease };
        thread::Builder::new().name("store-writer".into()).spawn(|| thread.run())?;
        Ok(())
    }

    fn run(mut self) {
        while let Some(request) = self.waiting.blocking_recv() {
            let Some(first) = self.job(request) else { continue };
            // A panic drops the connection, which rolls back, and the callers' channels, which tells them.
            if catch_unwind(AssertUnwindSafe(|| self.serve(first, self.options.group))).is_err() {
                tracing::error!("the store's writer panicked; it goes on with a new connection");
            }
        }
        self.finish();
    }

    /// A job, unless it is the wish to close: then nothing new is let in, but what waits is still carried out.
    fn job(&mut self, request: Request) -> Option<Box<dyn Job>> {
        match request {
            Request::Job(job) => Some(job),
            Request::Close(caller) => {
                self.waiting.close();
                self.closing.push(caller);
                None
            }
        }
    }

    fn next_waiting(&mut self) -> Option<Box<dyn Job>> {
        while let Ok(request) = self.waiting.try_recv() {
            if let Some(job) = self.job(request) {
                return Some(job);
            }
        }
        None
    }

    /// Carries out this job and those that wait, at most so many, as one commit.
    ///
    /// None of them has a savepoint of its own, which would cost each one as much as some of its writes: a job looks before
    /// it writes, and hardly ever fails afterwards. If one does, all of them are undone, and done again each by itself.
    fn serve(&mut self, first: Box<dyn Job>, most: usize) {
        let connection = match self.begin() {
            Ok(connection) => connection,
            Err(failure) => return self.turn_away(first, &failure),
        };
        let mut group = Vec::new();
        let mut next = Some(first);
        while let Some(mut job) = next {
            let harm = job.carry_out(&connection);
            group.push(job);
            if let Some(harm) = harm {
                // It rolls back.
                drop(connection);
                return match harm {
                    Harm::Half(_) if group.len() > 1 => group.into_iter().for_each(|job| self.serve(job, 1)),
                    Harm::Half(failure) | Harm::File(failure) => self.undo(group, failure),
                };
            }
            next = if group.len() < most { self.next_waiting() } else { None };
        }
        match commit(&connection) {
            Ok(()) => {
                for job in group {
                    job.answer(None);
                }
                tidy(&connection);
                self.connection = Some(connection);
                if self.lease.is_none() {
                    thread::sleep(GIVE_WAY);
                }
            }
            Err(failure) => {
                drop(connection);
                self.undo(group, failure);
            }
        }
    }

    /// Takes the connection, or a new one, and begins a transaction: nobody else writes from here on.
    fn begin(&mut self) -> Result<Connection, Failure> {
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => connection::to_write(&self.path, &self.options)?,
        };
        begin(&connection, self.options.busy_timeout)?;
        if self.lease.is_none() {
            // A newer server may have come meanwhile.
            schema::refuse_unless_known(&connection, &self.path)?;
        }
        Ok(connection)
    }

    /// Tells these callers and all that wait that it can't be done.
    fn turn_away(&mut self, first: Box<dyn Job>, failure: &Failure) {
        let mut next = Some(first);
        let mut left = self.options.group;
        while let Some(job) = next {
            job.answer(Some(failure));
            left = left.saturating_sub(1);
            next = if left > 0 { self.next_waiting() } else { None };
        }
    }

    /// Tells all of them that nothing was kept.
    fn undo(&self, group: Vec<Box<dyn Job>>, failure: Failure) {
        let exhausted = failure.is_of_the_file() && is_room_exhausted(&self.path);
        let failure = if exhausted { failure.for_want_of_room() } else { failure };
        for job in group {
            job.answer(Some(&failure));
        }
    }

    /// Moves everything into the main file, which is for the server to do, lets go of it, and tells those who wait for
    /// that.
    fn finish(self) {
        let connection = self.connection.filter(|_| self.lease.is_some());
        let moved = connection
            .map_or(Ok(()), |connection| connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())));
        drop(self.lease);
        let moved = moved.map_err(Failure::from);
        for caller in self.closing {
            let _ = caller.send(moved.clone().map_err(EngineError::from));
        }
    }
}

/// Begins to write as soon as nobody else does.
fn begin(connection: &Connection, busy_timeout: Duration) -> rusqlite::Result<()> {
    let deadline = Instant::now() + busy_timeout;
    connection.busy_timeout(Duration::ZERO)?;
    loop {
        match connection.prepare_cached("BEGIN IMMEDIATE").and_then(|mut begin| begin.execute([])) {
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) && Instant::now() < deadline => {
                thread::sleep(LOOK_AGAIN);
            }
            begun => return begun.and_then(|_| connection.busy_timeout(busy_timeout)),
        }
    }
}

fn commit(connection: &Connection) -> Result<(), Failure> {
    connection.prepare_cached("COMMIT")?.execute([])?;
    Ok(())
}

/// Moves what is in the log to the main file if it has become much. SQLite would do it within a commit, and its callers
/// would wait for it; and again with every commit while a reader keeps the log from starting over.
fn tidy(connection: &Connection) {
    let look = || {
        let mut look = connection.prepare_cached("PRAGMA wal_checkpoint(NOOP)")?;
        look.query_row([], |row| Ok(row.get::<_, i64>(1)? - row.get::<_, i64>(2)?))
    };
    let to_move = || connection.prepare_cached("PRAGMA wal_checkpoint(PASSIVE)")?.query_row([], |_| Ok(()));
    // It all stays in the log, which is as durable; what is wrong with the file the next commit will say.
    if let Err(error) = look().and_then(|there| if there >= MOVE_FROM { to_move() } else { Ok(()) }) {
        tracing::warn!(error = &error as &dyn std::error::Error, "the store's log can't be moved to its main file");
    }
}
