//! Which files are opened, how, and by whom.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use casebridge_store::{Engine, EngineError, Guard, Written};
use casebridge_store_sqlite::{OpenError, Options, SqliteEngine};
use rusqlite::Connection;

use crate::support::{Store, item, key};

fn at_once() -> Options {
    Options { lease_wait: Duration::ZERO, ..Options::default() }
}

#[tokio::test]
async fn a_second_server_is_refused_until_the_first_is_closed() {
    let store = Store::new();
    let path = store.path("store.db");
    let link = store.path("link.db");
    std::os::unix::fs::symlink(&path, &link).unwrap();
    for name in [&path, &link] {
        let second = SqliteEngine::open(name, at_once()).err();
        let Some(OpenError::InUse { process, .. }) = second else { panic!("{second:?}") };
        assert_eq!(process, std::process::id().to_string());
    }
    store.engine.close().await.unwrap();
    SqliteEngine::open(&path, at_once()).unwrap();
}

#[tokio::test]
async fn a_dropped_engine_lets_go_of_the_file_by_itself() {
    let Store { engine, .. } = &Store::new();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    for _ in 0..3 {
        drop(SqliteEngine::open(&path, Options::default()).unwrap());
    }
    assert_eq!(engine.read(&[key("a")]).await.unwrap(), [None]);
}

#[tokio::test]
async fn closing_leaves_one_file_and_refuses_what_comes_after() {
    let store = Store::new();
    assert_eq!(store.put(item("a"), Guard::Any).await, Written::Done);
    store.engine.close().await.unwrap();
    store.engine.close().await.unwrap();
    assert!(!store.path("store.db-wal").exists());
    assert!(matches!(store.engine.read(&[key("a")]).await, Err(EngineError::Unavailable(_))));
    assert!(matches!(store.engine.write(Vec::new()).await, Err(EngineError::Unavailable(_))));
    assert!(store.reopened().await.there("a").await.is_some());
}

#[tokio::test]
async fn the_files_are_their_owners_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    fs::write(&path, "").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let _engine = SqliteEngine::open(&path, Options::default()).unwrap();
    for entry in fs::read_dir(folder.path()).unwrap() {
        let entry = entry.unwrap();
        assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", entry.file_name());
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 4, "the file, its log, its index, its lock");
}

#[tokio::test]
async fn a_file_of_a_newer_program_is_refused_and_left_as_it_is() {
    let store = Store::new();
    store.engine.close().await.unwrap();
    let path = store.path("store.db");
    let newer = store.stranger();
    newer.execute_batch("PRAGMA journal_mode = DELETE; PRAGMA user_version = 99").unwrap();
    drop(newer);
    let before = fs::read(&path).unwrap();
    let refused = SqliteEngine::open(&path, Options::default()).err();
    assert!(matches!(refused, Some(OpenError::Newer { found: 99, known: 1 })), "{refused:?}");
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn what_is_not_ours_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("notes.txt");
    fs::write(&text, "Not a database at all. ".repeat(100)).unwrap();
    let other = folder.path().join("other.db");
    Connection::open(&other).unwrap().execute_batch("CREATE TABLE item (pk, sk)").unwrap();
    for path in [text, other] {
        let before = fs::read(&path).unwrap();
        let refused = SqliteEngine::open(&path, Options::default()).err();
        assert!(matches!(refused, Some(OpenError::Foreign(_))), "{refused:?}");
        assert_eq!(fs::read(&path).unwrap(), before);
    }
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let refused = SqliteEngine::open(folder.path().join("none/store.db"), Options::default()).err();
    assert!(matches!(refused, Some(OpenError::File { .. })), "{refused:?}");
}
