//! Killed in the middle of writing.

use std::io::{BufRead, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::{env, io};

use casebridge_store::{Engine, Guard, Written};
use casebridge_store_sqlite::{Options, SqliteEngine};
use futures::future::join_all;

use crate::support::{all, item, key, put};

const CHILD: &str = "CASEBRIDGE_TEST_CRASH_CHILD";
const WRITERS: usize = 16;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_and_nothing_is_half_there() {
    if let Some(path) = env::var_os(CHILD) {
        return write_until_killed(path.as_ref()).await;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let mut acknowledged = Vec::new();
    for round in 1..=6 {
        acknowledged.extend(run_and_kill(&path, round * 70));

        let engine = SqliteEngine::open(&path, Options::default()).unwrap();
        for names in acknowledged.chunks(50) {
            let keys: Vec<_> = names.iter().flat_map(|name| halves(name)).map(|half| key(&half)).collect();
            assert!(engine.read(&keys).await.unwrap().iter().all(Option::is_some), "an acknowledged write is lost");
        }
        let there = engine.query(&all()).await.unwrap().items;
        let (left, right): (Vec<_>, Vec<_>) = there.iter().partition(|item| item.key.sort.ends_with("left"));
        assert_eq!(left.len(), right.len(), "half a write is there");
        // The next round begins after a clean end or after the crash of this one's reader.
        if round % 2 == 0 {
            engine.close().await.unwrap();
        }
    }
    let connection = rusqlite::Connection::open(&path).unwrap();
    let verdict: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(verdict, "ok");
}

fn halves(name: &str) -> [String; 2] {
    [format!("{name}#left"), format!("{name}#right")]
}

/// Lets a child write, kills it after so many acknowledgements, returns all that it gave.
fn run_and_kill(path: &Path, after: usize) -> Vec<String> {
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["--exact", "crash::nothing_acknowledged_is_lost_and_nothing_is_half_there"])
        .env(CHILD, path)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut acknowledged = Vec::new();
    for line in BufReader::new(child.stdout.take().unwrap()).split(b'\n') {
        let line = String::from_utf8(line.unwrap()).unwrap();
        // The last line may be cut off.
        if let Some(name) = line.strip_prefix("kept ").and_then(|rest| rest.strip_suffix(" for good")) {
            acknowledged.push(name.to_owned());
        }
        if acknowledged.len() == after {
            child.kill().unwrap();
        }
    }
    child.wait().unwrap();
    assert!(acknowledged.len() >= after, "the child ended by itself");
    acknowledged
}

async fn write_until_killed(path: &Path) {
    let engine = SqliteEngine::open(path, Options::default()).unwrap();
    let process = std::process::id();
    let writers = (0..WRITERS).map(|writer| {
        let engine = &engine;
        async move {
            for number in 0.. {
                let name = format!("{process}#{writer}#{number}");
                let pair = halves(&name).map(|half| put(item(&half), Guard::Absent));
                assert_eq!(engine.write(pair.to_vec()).await.unwrap(), Written::Done);
                if io::stdout().write_all(format!("kept {name} for good\n").as_bytes()).is_err() {
                    return;
                }
            }
        }
    });
    join_all(writers).await;
}
