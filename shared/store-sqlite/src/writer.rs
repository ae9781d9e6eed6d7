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

/// Something to carry out, perhaps twice, and whom to tell what came of it.
trait Job: Send {
    /// Carries it out, as part of the transaction that has begun.
    fn carry_out(&mut self, connection: &Connection) -> Option<Harm>;

    /// Tells the caller what came of it, or why nothing of its transaction was kept.
    fn answer(self: Box<Self>, not_kept: Option<&Failure>);
}

/// What a job that failed did to the transaction that it shares.
enum Harm {
    /// It left a part of itself there, or SQLite has given the transaction up.
    Half(Failure),
    /// The file is in doubt.
    File(Failure),
}

enum Request {
    Job(Box<dyn Job>),
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
        work: impl Fn(&Connection) -> Result<T, E> + Send + 'static,
    ) -> Result<T, EngineError> {
        let (caller, answered) = oneshot::channel();
        let job = Box::new(Asked { work, outcome: None, caller });
        self.requests.send(Request::Job(job)).await.map_err(|_| Gone::Closed)?;
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

/// Some work, and who asked for it.
struct Asked<T, W> {
    work: W,
    outcome: Option<Result<T, Failure>>,
    caller: oneshot::Sender<Result<T, EngineError>>,
}

impl<T: Send, E: Into<Failure>, W: Fn(&Connection) -> Result<T, E> + Send> Job for Asked<T, W> {
    fn carry_out(&mut self, connection: &Connection) -> Option<Harm> {
        let before = connection.total_changes();
        let outcome = self.outcome.insert((self.work)(connection).map_err(E::into));
        let failure = outcome.as_ref().err()?;
        if failure.is_of_the_file() {
            Some(Harm::File(failure.clone()))
        } else if connection.is_autocommit() || connection.total_changes() != before {
            Some(Harm::Half(failure.clone()))
        } else {
            None
        }
    }

    fn answer(self: Box<Self>, not_kept: Option<&Failure>) {
        let told = match (not_kept, self.outcome) {
            (Some(failure), _) => Err(failure.clone().into()),
            (None, Some(outcome)) => outcome.map_err(EngineError::from),
            (None, None) => Err(Gone::Failed.into()),
        };
        // A caller that left is not interested.
        let _ = self.caller.send(told);
    }
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
