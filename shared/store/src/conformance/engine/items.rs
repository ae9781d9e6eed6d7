//! Items without a meaning.

use crate::conformance::Stage;
use crate::engine::{Addition, Guard, Index, IndexEntry, Item, Key, Order, Query, Rows, Write, Written};

pub(crate) fn key(partition: &str, sort: &str) -> Key {
    Key { partition: partition.to_owned(), sort: sort.to_owned() }
}

pub(crate) fn item(partition: &str, sort: &str, revision: u64) -> Item {
    Item {
        key: key(partition, sort),
        kind: "thing".to_owned(),
        version: 1,
        revision,
        holder: None,
        held_until: None,
        expires: None,
        indexed: Vec::new(),
        body: format!("{{\"revision\":{revision}}}"),
    }
}

pub(crate) fn held(sort: &str, revision: u64, holder: &str, until: i64) -> Item {
    Item { holder: Some(holder.to_owned()), held_until: Some(until), ..item("P", sort, revision) }
}

pub(crate) fn indexed(sort: &str, index: Index, partition: &str, place: &str) -> Item {
    let entry = IndexEntry { index, partition: partition.to_owned(), sort: place.to_owned() };
    Item { indexed: vec![entry], ..item("P", sort, 1) }
}

pub(crate) fn put(item: &Item, guard: Guard) -> Write {
    Write::Put(Box::new(item.clone()), guard)
}

/// An item that counts, in the partition "P".
pub(crate) fn counting(sort: &str, revision: u64, body: &str) -> Item {
    Item { kind: "counts".to_owned(), body: body.to_owned(), ..item("P", sort, revision) }
}

pub(crate) fn add(sort: &str, revision: u64, counters: &[(&str, i64)], labels: &[(&str, &str)]) -> Write {
    Write::Add(Box::new(Addition {
        key: key("P", sort),
        kind: "counts".to_owned(),
        version: 1,
        revision,
        counters: counters.iter().map(|(name, number)| ((*name).to_owned(), *number)).collect(),
        labels: labels.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect(),
    }))
}

pub(crate) fn everything(partition: &str) -> Query {
    Query { index: None, partition: partition.to_owned(), from: None, to: None, order: Order::Ascending, limit: 1000 }
}

pub(crate) fn sorts(rows: &Rows) -> Vec<&str> {
    rows.items.iter().map(|item| item.key.sort.as_str()).collect()
}

impl Stage {
    pub(crate) async fn write(&self, writes: Vec<Write>) -> Written {
        self.engine().write(writes).await.unwrap()
    }

    /// Puts an item over whatever is there.
    pub(crate) async fn keep(&self, item: &Item) {
        assert_eq!(self.write(vec![put(item, Guard::Any)]).await, Written::Done);
    }

    /// What is there.
    pub(crate) async fn there(&self, key: &Key) -> Option<Item> {
        self.engine().read(std::slice::from_ref(key)).await.unwrap().pop().unwrap()
    }

    pub(crate) async fn rows(&self, query: &Query) -> Rows {
        self.engine().query(query).await.unwrap()
    }
}
