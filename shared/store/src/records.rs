//! Session records: what reports are made of.

use casebridge_app::ports::store::{Page, Revision, Stored, Versioned};
use casebridge_domain::{AccountId, CaseId, Instant, SessionRecord};
use serde::{Deserialize, Serialize};

use crate::codec::{self, Kind};
use crate::engine::{Engine, Guard, Item, Order, Write};
use crate::item_store::ItemStore;
use crate::stretch::{just_after, last_place};
use crate::{cursor, keys};

/// Where a case's record is.
#[derive(Debug, Serialize, Deserialize)]
struct RecordPlace {
    ended_at: Instant,
}

/// Writes the record, unless the case has one, whenever that one ended.
pub(crate) fn put_record(record: &SessionRecord, revision: Revision) -> Stored<[Write; 2]> {
    let SessionRecord { account, case, ended_at, .. } = record;
    let place = RecordPlace { ended_at: *ended_at };
    let place = codec::item(Kind::RecordPlace, keys::record_place(account, *case), revision, &place)?;
    let record = codec::item(Kind::Record, keys::record(account, *ended_at, *case), revision, record)?;
    Ok([place, record].map(|item| Write::Put(Box::new(item), Guard::Absent)))
}

impl<E: Engine> ItemStore<E> {
    pub(crate) async fn record(&self, account: &AccountId, case: CaseId) -> Stored<Option<Versioned<SessionRecord>>> {
        let Some(place) = self.read_one(keys::record_place(account, case)).await? else { return Ok(None) };
        let RecordPlace { ended_at } = codec::value(Kind::RecordPlace, &place)?;
        let item = self.read_one(keys::record(account, ended_at, case)).await?;
        item.map(|item| codec::versioned(Kind::Record, &item)).transpose()
    }

    pub(crate) async fn records(
        &self,
        account: &AccountId,
        from: Instant,
        to: Instant,
        after: Option<&str>,
        limit: usize,
    ) -> Stored<Page<Versioned<SessionRecord>>> {
        let mut stretch = keys::records(account, from, to);
        if let Some(after) = after {
            let next = just_after(&cursor::place(after, keys::is_record)?);
            stretch.from = stretch.from.max(Some(next));
        }
        let rows = self.rows(None, &stretch, Order::Ascending, limit).await?;
        let next = last_place(None, &rows).map(cursor::after);
        let record = |item: &Item| codec::versioned(Kind::Record, item);
        Ok(Page { items: rows.items.iter().map(record).collect::<Stored<_>>()?, next })
    }
}
