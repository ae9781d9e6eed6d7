//! Beside the server.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

use casebridge_store::{Engine, EngineError, Guard, Written};
use casebridge_store_sqlite::{OpenError, Options, SqliteEngine};
use futures::future::join_all;
use rusqlite::Connection;

use crate::support::{Store, add, all, item, key, put};

const CHILD: &str = "CASEBRIDGE_TEST_BESIDE_CHILD";
const WRITERS: usize = 16;
const WRITES: usize = 25;

/// Many at once, each step an item of its own and one more for the counter of all.
async fn write_steps(engine: &SqliteEngine, who: &str) {
    let writers = (0..WRITERS).map(|writer| async move {
        for number in 0..WRITES {
            let own = put(item(&format!("{who}#{writer}#{number}")), Guard::Absent);
            let written = engine.write(vec![own, add("all")]).await;
            assert!(matches!(written, Ok(Written::Done)), "{who}: {written:?}");
        }
    });
    join_all(writers).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_that_write_lose_nothing_and_neither_is_turned_away() {
    if let Some(path) = env::var_os(CHILD) {
        let engine = SqliteEngine::open_beside(path, Options::default()).unwrap();
        write_steps(&engine, "beside").await;
        return engine.close().await.unwrap();
    }
    let store = Store::new();
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["--exact", "beside::two_processes_that_write_lose_nothing_and_neither_is_turned_away"])
        .env(CHILD, store.path("store.db"))
        .spawn()
        .unwrap();
    while store.there("all").await.is_none() {
        tokio::task::yield_now().await;
    }
    write_steps(&store.engine, "server").await;
    assert!(child.wait().unwrap().success());
    let steps = 2 * WRITERS * WRITES;
    assert_eq!(store.there("all").await.unwrap().body, format!(r#"{{"counters":{{"n":{steps}}},"labels":{{}}}}"#));
    assert_eq!(store.engine.query(&all()).await.unwrap().items.len(), steps + 1);
}

#[tokio::test]
async fn each_sees_at_once_what_the_other_wrote() {
    let store = Store::new();
    let beside = store.beside();
    for (number, writer, reader) in
        [(1, &store.engine, &beside), (2, &beside, &store.engine), (3, &store.engine, &beside)]
    {
        let name = number.to_string();
        assert_eq!(writer.write(vec![put(item(&name), Guard::Absent)]).await.unwrap(), Written::Done);
        assert_eq!(reader.read(&[key(&name)]).await.unwrap(), [Some(item(&name))]);
        let again = reader.write(vec![put(item(&name), Guard::Absent)]).await.unwrap();
        assert_eq!(again, Written::Refused(vec![(0, Some(item(&name)))]));
    }
}

#[tokio::test]
async fn the_server_comes_and_goes_meanwhile() {
    let store = Store::new();
    let beside = store.beside();
    store.engine.close().await.unwrap();
    assert_eq!(beside.write(vec![put(item("alone"), Guard::Absent)]).await.unwrap(), Written::Done);
    let store = store.reopened().await;
    assert_eq!(store.there("alone").await, Some(item("alone")));
    beside.close().await.unwrap();
    assert!(matches!(beside.write(Vec::new()).await, Err(EngineError::Unavailable(_))));
    assert_eq!(store.put(item("after"), Guard::Absent).await, Written::Done);
}

#[tokio::test]
async fn a_newer_server_is_not_written_to() {
    let store = Store::new();
    let beside = store.beside();
    assert_eq!(beside.write(vec![put(item("before"), Guard::Absent)]).await.unwrap(), Written::Done);
    store.stranger().pragma_update(None, "user_version", 99).unwrap();
    for _ in 0..2 {
        let refused = beside.write(vec![put(item("after"), Guard::Absent)]).await;
        assert!(matches!(refused, Err(EngineError::Unavailable(_))), "{refused:?}");
    }
    assert_eq!(store.engine.query(&all()).await.unwrap().items, [item("before")]);
}

fn refusal(path: &Path) -> OpenError {
    SqliteEngine::open_beside(path, Options::default()).err().unwrap()
}

#[test]
fn nothing_is_made_where_no_store_is() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(refusal(&folder.path().join("none.db")), OpenError::File { .. }));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn what_is_no_store_or_not_of_our_format_is_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let [empty, text, newer] = ["empty.db", "text.db", "newer.db"].map(|name| folder.path().join(name));
    fs::write(&empty, "").unwrap();
    fs::write(&text, "Not a database at all. ".repeat(100)).unwrap();
    SqliteEngine::open(&newer, Options::default()).unwrap().close().await.unwrap();
    let change = "PRAGMA journal_mode = DELETE; PRAGMA user_version = 99";
    Connection::open(&newer).unwrap().execute_batch(change).unwrap();
    for path in [&empty, &text, &newer] {
        let before = fs::read(path).unwrap();
        match refusal(path) {
            OpenError::Foreign(said) => assert!(path != &newer && said == path.canonicalize().unwrap()),
            OpenError::Newer { found: 99, known: 1 } => assert_eq!(path, &newer),
            other => panic!("{other:?}"),
        }
        assert_eq!(fs::read(path).unwrap(), before);
    }
}
