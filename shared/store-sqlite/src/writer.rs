//! What writes: all that waits becomes one durable commit, and is answered after it.

mod thread;

use std::io;
use std::path::PathBuf;

use casebridge_store::EngineError;
use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use crate::Options;
use crate::failure::{Failure, Gone};
use crate::lease::Lease;
use crate::writer::thread::Thread;

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
    /// Starts the thread. It has the lease until it ends; without one it writes beside whoever has it.
    pub(crate) fn start(
        path: PathBuf,
        options: Options,
        connection: Connection,
        lease: Option<Lease>,
    ) -> io::Result<Self> {
        let (requests, waiting) = mpsc::channel(options.queue.max(1));
        Thread::start(path, options, connection, lease, waiting)?;
        Ok(Self { requests })
    }

    /// Carries out `work` alone or not at all, as one of a group; returns once it is kept for good.
    pub(crate) async fn carry_out<T: Send + 'static, E: Into<Failure>>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, E> + Send + 'static,
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

fn job<T: Send + 'static, E: Into<Failure>>(
    work: impl FnOnce(&Connection) -> Result<T, E> + Send + 'static,
    caller: oneshot::Sender<Result<T, EngineError>>,
) -> Job {
    Box::new(|connection| {
        let outcome = connection.and_then(|connection| in_savepoint(connection, work));
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
fn in_savepoint<T, E: Into<Failure>>(
    connection: &Connection,
    work: impl FnOnce(&Connection) -> Result<T, E>,
) -> Result<T, Failure> {
    let say = |statement| connection.prepare_cached(statement)?.execute([]);
    say("SAVEPOINT member")?;
    let outcome = work(connection).map_err(E::into).and_then(|done| {
        say("RELEASE member")?;
        Ok(done)
    });
    if outcome.is_err() && say("ROLLBACK TO member").and_then(|_| say("RELEASE member")).is_err() {
        let _ = say("ROLLBACK");
    }
    outcome
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::{connection, schema};

    fn start(folder: &tempfile::TempDir) -> Writer {
        let path = folder.path().join("store.db");
        crate::file::create(&path).unwrap();
        let lease = Lease::take(&path, Duration::ZERO).unwrap();
        let mut connection = connection::to_write(&path, &Options::default()).unwrap();
        schema::migrate(&mut connection, &path).unwrap();
        Writer::start(path, Options::default(), connection, Some(lease)).unwrap()
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
