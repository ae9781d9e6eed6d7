//! No room left.

use casebridge_store::{Engine, EngineError, Guard, Item, Write, Written};
use casebridge_store_sqlite::Options;

use crate::support::{Store, all, item, key, put};

fn large(sort: &str) -> Item {
    Item { body: "x".repeat(10_000), ..item(sort) }
}

#[tokio::test]
async fn a_full_store_says_so_and_works_again_when_there_is_room() {
    let store = Store::with(Options { max_pages: Some(40), ..Options::default() });
    let mut kept = 0;
    let error = loop {
        match store.engine.write(vec![put(large(&kept.to_string()), Guard::Absent)]).await {
            Ok(written) => assert_eq!(written, Written::Done),
            Err(error) => break error,
        }
        kept += 1;
    };
    assert!(matches!(error, EngineError::Full(_)), "{error:?}");
    assert!(kept > 0);
    assert_eq!(store.engine.query(&all()).await.unwrap().items.len(), kept, "the rest is kept and can be read");

    let fits = item("small");
    let (full, fine) = futures::join!(
        store.engine.write(vec![put(item("with it"), Guard::Any), put(large("large"), Guard::Any)]),
        store.engine.write(vec![put(fits, Guard::Any)]),
    );
    assert!(matches!(full, Err(EngineError::Full(_))), "{full:?}");
    assert_eq!(fine.unwrap(), Written::Done, "its neighbour fits");
    assert_eq!(store.there("with it").await, None);

    let delete = vec![Write::Delete(key("0"), Guard::Revision(1))];
    assert_eq!(store.engine.write(delete).await.unwrap(), Written::Done);
    assert_eq!(store.put(large("large"), Guard::Absent).await, Written::Done);
}
