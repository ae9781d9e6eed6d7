//! Feeds and audit trails, kept as they were numbered: each step's in one item, under its last number.

use casebridge_app::ports::store::Stored;

use crate::engine::{Engine, Item, Order};
use crate::item_store::ItemStore;
use crate::stretch::{Stretch, next_from};

/// Steps read at once. A quiet account has one thing in each, a busy one a hundred kilobytes.
const AT_ONCE: usize = 16;

impl<E: Engine> ItemStore<E> {
    /// The first things of a stretch of steps; `open` gives a step's that are wanted.
    pub(super) async fn opened<T>(
        &self,
        mut stretch: Stretch,
        limit: usize,
        open: impl Fn(&Item) -> Stored<Vec<T>>,
    ) -> Stored<Vec<T>> {
        let mut found = Vec::new();
        while found.len() < limit {
            let rows = self.rows(None, &stretch, Order::Ascending, AT_ONCE.min(limit - found.len())).await?;
            stretch.from = next_from(None, &rows);
            for item in &rows.items {
                found.extend(open(item)?);
            }
            if stretch.from.is_none() {
                break;
            }
        }
        found.truncate(limit);
        Ok(found)
    }
}
