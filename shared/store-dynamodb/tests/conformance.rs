//! The suite that every engine has to pass, on good days.

mod table;

use std::sync::Arc;

use casebridge_store::{Engine, conformance::Harness, conformance_tests};
use table::Table;

/// A fresh table. Its indexes never lag: the stand-in has none that do.
struct GoodDays(Table);

impl Harness for GoodDays {
    fn engine(&self) -> Arc<dyn Engine> {
        Arc::new(self.0.engine.clone())
    }
}

conformance_tests!(GoodDays(Table::new().await));
