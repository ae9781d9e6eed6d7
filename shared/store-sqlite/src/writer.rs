//! The thread that writes: all that waits becomes one durable commit, and is answered after it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::{io, thread};

use casebridge_store::EngineError;
use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use crate::failure::{Failure, Gone};
use crate::file::is_room_exhausted;
use crate::lease::Lease;
use crate::{Options, connection};

/// Something to carry out in a group's transaction; or, if that can't even begin, to be told so.
type Job = Box<dyn FnOnce(Result<&Connection, Failure>) -> Member + Send>;

/// Tells a caller, given why the whole group was not kept if it was not.
type Answer = Box<dyn FnOnce(Option<&Failure>)>;

/// A job that was carried out, or was not, and whose caller still waits.
struct Member {
    failure: Option<Failure>,
    answer: Answer,
}

enum Request {
    Job(Job),
    Close(oneshot::Sender<Result<(), EngineError>>),
}

/// Where the thread can be reached. It ends, after what it was asked for is done, when this is dropped or closed.
pub(crate) struct Writer {
    requests: mpsc::Sender<Request>,
}

impl Writer {
    /// Starts the thread. It has the lease until it ends.
    pub(crate) fn start(path: PathBuf, options: Options, connection: Connection, lease: Lease) -> io::Result<Self> {
        let (requests, waiting) = mpsc::channel(options.queue.max(1));
        let closing = Vec::new();
        let state = Thread { path, options, connection: Some(connection), waiting, closing, lease };
        thread::Builder::new().name("store-writer".into()).spawn(|| state.run())?;
        Ok(Self { requests })
    }

    /// Carries out `work` alone or not at all, as one of a group; returns once it is kept for good.
    pub(crate) async fn carry_out<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, EngineError> {
        let (answer, answered) = oneshot::channel();
        self.requests.send(Request::Job(job(work, answer))).await.map_err(|_| Gone::Closed)?;
        answered.await.map_err(|_| Gone::Failed)?
    }

    /// Carries out what was asked for before, moves everything into the main file and ends the thread.
    pub(crate) async fn close(&self) -> Result<(), EngineError> {
        let (answer, answered) = oneshot::channel();
        if self.requests.send(Request::Close(answer)).await.is_err() {
            return Ok(());
        }
        answered.await.map_err(|_| Gone::Failed)?
    }
}

fn job<T: Send + 'static>(
    work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    caller: oneshot::Sender<Result<T, EngineError>>,
) -> Job {
    Box::new(|connection| {
        let outcome = connection.and_then(|connection| Ok(in_savepoint(connection, work)?));
        Member {
            failure: outcome.as_ref().err().cloned(),
            answer: Box::new(|group| {
                let told = group.map_or(outcome, |failure| Err(failure.clone()));
                // A caller that left is not interested.
                let _ = caller.send(told.map_err(EngineError::from));
            }),
        }
    })
}

/// Carries it out, or undoes it alone. If even that fails, the whole transaction is undone.
fn in_savepoint<T>(
    connection: &Connection,
    work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    let say = |statement| connection.prepare_cached(statement)?.execute([]);
    say("SAVEPOINT member")?;
    let outcome = work(connection).and_then(|done| say("RELEASE member").map(|_| done));
    if outcome.is_err() && say("ROLLBACK TO member").and_then(|_| say("RELEASE member")).is_err() {
        let _ = say("ROLLBACK");
    }
    outcome
}

struct Thread {
    path: PathBuf,
    options: Options,
    /// `None` after something went wrong with it.
    connection: Option<Connection>,
    waiting: mpsc::Receiver<Request>,
    closing: Vec<oneshot::Sender<Result<(), EngineError>>>,
    lease: Lease,
}

impl Thread {
    fn run(mut self) {
        while let Some(request) = self.waiting.blocking_recv() {
            let Some(first) = self.job(request) else { continue };
            // A panic drops the connection, which rolls back, and the callers' channels, which tells them.
            if catch_unwind(AssertUnwindSafe(|| self.serve(first))).is_err() {
                tracing::error!("the store's writer panicked; it goes on with a new connection");
            }
        }
        self.finish();
    }

    /// A job, unless it is the wish to close: then nothing new is let in, but what waits is still carried out.
    fn job(&mut self, request: Request) -> Option<Job> {
        match request {
            Request::Job(job) => Some(job),
            Request::Close(caller) => {
                self.waiting.close();
                self.closing.push(caller);
                None
            }
        }
    }

    fn next_waiting(&mut self) -> Option<Job> {
        while let Ok(request) = self.waiting.try_recv() {
            if let Some(job) = self.job(request) {
                return Some(job);
            }
        }
        None
    }

    /// Carries out this job and those that wait, as one commit.
    fn serve(&mut self, first: Job) {
        let connection = match self.begin() {
            Ok(connection) => connection,
            Err(failure) => return self.turn_away(first, &failure),
        };
        let mut group = Vec::new();
        let mut next = Some(first);
        while let Some(job) = next {
            let mut member = job(Ok(&connection));
            if let Some(failure) = member.failure.take_if(|why| why.is_of_the_file() || connection.is_autocommit()) {
                // The file is in doubt, or SQLite has given up the whole transaction.
                drop(connection);
                group.push(member);
                return self.undo(group, failure);
            }
            group.push(member);
            next = if group.len() < self.options.group { self.next_waiting() } else { None };
        }
        match commit(&connection) {
            Ok(()) => {
                self.connection = Some(connection);
                for member in group {
                    (member.answer)(None);
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
        connection.prepare_cached("BEGIN IMMEDIATE").and_then(|mut begin| begin.execute([]))?;
        Ok(connection)
    }

    /// Tells these callers and all that wait that it can't be done.
    fn turn_away(&mut self, first: Job, failure: &Failure) {
        let mut next = Some(first);
        let mut left = self.options.group;
        while let Some(job) = next {
            (job(Err(failure.clone())).answer)(None);
            left = left.saturating_sub(1);
            next = if left > 0 { self.next_waiting() } else { None };
        }
    }

    /// Tells all members that nothing was kept.
    fn undo(&self, group: Vec<Member>, failure: Failure) {
        let exhausted = failure.is_of_the_file() && is_room_exhausted(&self.path);
        let failure = if exhausted { failure.for_want_of_room() } else { failure };
        for member in group {
            (member.answer)(Some(&failure));
        }
    }

    /// Moves everything into the main file, lets go of it, and tells those who wait for that.
    fn finish(self) {
        let moved = self
            .connection
            .map_or(Ok(()), |connection| connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())));
        drop(self.lease);
        let moved = moved.map_err(Failure::from);
        for caller in self.closing {
            let _ = caller.send(moved.clone().map_err(EngineError::from));
        }
    }
}

fn commit(connection: &Connection) -> Result<(), Failure> {
    connection.prepare_cached("COMMIT")?.execute([])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::schema;

    fn start(folder: &tempfile::TempDir) -> Writer {
        let path = folder.path().join("store.db");
        crate::file::create(&path).unwrap();
        let lease = Lease::take(&path, Duration::ZERO).unwrap();
        let mut connection = connection::to_write(&path, &Options::default()).unwrap();
        schema::migrate(&mut connection, &path).unwrap();
        Writer::start(path, Options::default(), connection, lease).unwrap()
    }

    fn insert(connection: &Connection) -> rusqlite::Result<usize> {
        connection.execute("INSERT INTO item (pk, sk, kind, version, revision, body) VALUES (1, 1, 1, 1, 1, 1)", [])
    }

    #[tokio::test]
    async fn a_panic_reaches_its_caller_and_keeps_nothing_and_the_next_write_works() {
        let folder = tempfile::tempdir().unwrap();
        let writer = start(&folder);
        let answer = writer
            .carry_out(|connection| -> rusqlite::Result<()> {
                insert(connection)?;
                panic!("a test wants to know what happens then")
            })
            .await;
        assert!(matches!(answer, Err(EngineError::Unavailable(_))), "{answer:?}");
        assert_eq!(writer.carry_out(insert).await.unwrap(), 1, "the first one is not there");
        writer.close().await.unwrap();
    }

    #[tokio::test]
    async fn what_was_asked_for_before_closing_is_done_and_what_comes_after_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let writer = start(&folder);
        let (before, closed) = futures::join!(writer.carry_out(insert), writer.close());
        assert_eq!(before.unwrap(), 1);
        closed.unwrap();
        assert!(matches!(writer.carry_out(insert).await, Err(EngineError::Unavailable(_))));
        writer.close().await.unwrap();
    }

    #[tokio::test]
    async fn a_transaction_that_its_member_ends_is_not_taken_for_kept() {
        let folder = tempfile::tempdir().unwrap();
        let writer = start(&folder);
        let neighbour = writer.carry_out(insert);
        let culprit = writer
            .carry_out(|connection| -> rusqlite::Result<()> { connection.execute_batch("ROLLBACK; not even SQL") });
        let (neighbour, culprit) = futures::join!(neighbour, culprit);
        assert!(culprit.is_err());
        let there =
            writer.carry_out(|connection| connection.query_row("SELECT count(*) FROM item", [], |row| row.get(0)));
        let there: u32 = there.await.unwrap();
        assert_eq!(u32::try_from(neighbour.unwrap_or(0)).unwrap(), there, "what its caller was told is what is there");
    }
}
