//! The suite that every engine has to pass.

#![expect(clippy::unwrap_used, reason = "a harness that can't be made is a test that failed")]

use std::sync::Arc;

use casebridge_store::Engine;
use casebridge_store::conformance::Harness;
use casebridge_store_sqlite::{Options, SqliteEngine};
use tempfile::TempDir;

struct InAFolder {
    engine: Arc<SqliteEngine>,
    _folder: TempDir,
}

impl InAFolder {
    fn fresh() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let engine = SqliteEngine::open(folder.path().join("store.db"), Options::default()).unwrap();
        Self { engine: Arc::new(engine), _folder: folder }
    }
}

impl Harness for InAFolder {
    fn engine(&self) -> Arc<dyn Engine> {
        self.engine.clone()
    }
}

casebridge_store::conformance_tests!(InAFolder::fresh());
