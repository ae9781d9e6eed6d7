//! Backup and restore.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use casebridge_store::{Engine, Guard, Item, Written};
use casebridge_store_sqlite::{CopyError, IfThere, OpenError, Options, SqliteEngine, backup, restore};
use futures::future::join_all;

use crate::support::{Store, all, item, key, put};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_while_others_write_is_one_moment() {
    let store = Store::new();
    for number in 0..100 {
        let bulk = Item { body: "x".repeat(30_000), ..item(&format!("bulk#{number}")) };
        assert_eq!(store.put(bulk, Guard::Any).await, Written::Done);
    }
    let is_done = AtomicBool::new(false);
    let acknowledged = AtomicU64::new(0);
    let write_pairs = async {
        let mut revision = 0;
        while !is_done.load(Ordering::SeqCst) {
            revision += 1;
            let pair = ["left", "right"].map(|side| put(Item { revision, ..item(side) }, Guard::Any));
            assert_eq!(store.engine.write(pair.to_vec()).await.unwrap(), Written::Done);
            acknowledged.store(revision, Ordering::SeqCst);
        }
    };
    let copy = store.path("copy.db");
    let back_up = async {
        while acknowledged.load(Ordering::SeqCst) == 0 {
            tokio::task::yield_now().await;
        }
        let before = acknowledged.load(Ordering::SeqCst);
        store.engine.backup(&copy).await.unwrap();
        is_done.store(true, Ordering::SeqCst);
        (before, acknowledged.load(Ordering::SeqCst))
    };
    let ((), (before, after)) = futures::join!(write_pairs, back_up);
    assert!(after > before, "writes went on meanwhile");

    assert_eq!(fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o600);
    let copied = SqliteEngine::open(&copy, Options::default()).unwrap();
    let pair = copied.read(&[key("left"), key("right")]).await.unwrap();
    let revisions: Vec<_> = pair.into_iter().map(|side| side.unwrap().revision).collect();
    assert_eq!(revisions[0], revisions[1], "both of a pair");
    assert!(revisions[0] >= before, "all that was acknowledged before");
    assert_eq!(copied.query(&all()).await.unwrap().items.len(), 102);
}

#[tokio::test]
async fn a_restored_backup_is_what_it_was() {
    let store = Store::new();
    assert_eq!(store.put(item("a"), Guard::Any).await, Written::Done);
    let (copy, target) = (store.path("copy.db"), store.path("target.db"));
    backup(&store.path("store.db"), &copy).unwrap();
    backup(&store.path("store.db"), &copy).unwrap();
    restore(&copy, &target, IfThere::Refuse).unwrap();
    let restored = SqliteEngine::open(&target, Options::default()).unwrap();
    assert_eq!(restored.query(&all()).await.unwrap().items, [item("a")]);
}

#[tokio::test]
async fn a_file_is_replaced_only_if_told_so_and_never_under_a_server() {
    let store = Store::new();
    assert_eq!(store.put(item("old"), Guard::Any).await, Written::Done);
    let (copy, live) = (store.path("copy.db"), store.path("store.db"));
    store.engine.backup(&copy).await.unwrap();
    assert_eq!(store.put(item("new"), Guard::Any).await, Written::Done);

    let refused = restore(&copy, &live, IfThere::Refuse);
    assert!(matches!(refused, Err(CopyError::IsThere(_))), "{refused:?}");
    let refused = restore(&copy, &live, IfThere::Replace);
    assert!(matches!(refused, Err(CopyError::Open(OpenError::InUse { .. }))), "{refused:?}");
    assert!(store.there("new").await.is_some());

    store.engine.close().await.unwrap();
    // As if the server had been killed: a log that belongs to the file that goes.
    fs::write(store.path("store.db-wal"), "left behind").unwrap();
    restore(&copy, &live, IfThere::Replace).unwrap();
    assert!(!store.path("store.db-wal").exists());
    let store = store.reopened().await;
    assert_eq!(store.engine.query(&all()).await.unwrap().items, [item("old")]);
}

#[tokio::test]
async fn what_is_damaged_or_foreign_is_not_restored() {
    let store = Store::new();
    for number in 0..200 {
        assert_eq!(store.put(item(&number.to_string()), Guard::Any).await, Written::Done);
    }
    let (copy, target) = (store.path("copy.db"), store.path("target.db"));
    store.engine.backup(&copy).await.unwrap();
    let mut bytes = fs::read(&copy).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 2048].fill(0xA5);
    fs::write(&copy, bytes).unwrap();
    let refused = restore(&copy, &target, IfThere::Refuse);
    assert!(matches!(refused, Err(CopyError::Damaged { .. } | CopyError::Sqlite(_))), "{refused:?}");

    for foreign in ["", "Not a database at all. "] {
        fs::write(&copy, foreign.repeat(100)).unwrap();
        let refused = restore(&copy, &target, IfThere::Refuse);
        assert!(matches!(refused, Err(CopyError::Open(OpenError::Foreign(_)))), "{refused:?}");
    }
    let refused = restore(&store.path("none.db"), &target, IfThere::Refuse);
    assert!(matches!(refused, Err(CopyError::File { .. })), "{refused:?}");

    assert!(!target.exists());
    assert!(!store.path("target.db-partial").exists());
}

#[tokio::test]
async fn many_backups_at_once_do_not_stop_the_writer() {
    let store = Store::new();
    let copies: Vec<_> = (0..4).map(|number| store.path(&format!("copy{number}.db"))).collect();
    let (answers, written) =
        futures::join!(join_all(copies.iter().map(|copy| store.engine.backup(copy))), store.put(item("a"), Guard::Any));
    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
    assert_eq!(written, Written::Done);
}
