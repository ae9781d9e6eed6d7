//! Session records: what reports are made of.

use std::iter;

use casebridge_app::ports::store::{Page, RecordChange, Revision, Saved, Stored, Versioned};
use casebridge_domain::{AccountId, CaseId, Instant, SessionCode, SessionRecord};
use serde::{Deserialize, Serialize};

use crate::codec::{self, Kind};
use crate::engine::{Engine, Guard, Index, Item, Order, Write, Written};
use crate::figures::{additions, additions_of_change};
use crate::item_store::ItemStore;
use crate::stretch::{just_after, last_place};
use crate::{cursor, keys};

#[cfg(feature = "loading")]
pub mod loading;

/// Where a case's record is.
#[derive(Debug, Serialize, Deserialize)]
struct RecordPlace {
    ended_at: Instant,
}

/// Writes the record, unless the case has one, whenever that one ended, and adds to the figures what it counts for.
fn put_record(record: &SessionRecord, revision: Revision) -> Stored<Vec<Write>> {
    let SessionRecord { account, case, ended_at, .. } = record;
    let place = RecordPlace { ended_at: *ended_at };
    let place = codec::item(Kind::RecordPlace, keys::record_place(account, *case), revision, &place)?;
    let once = [place, record_item(record, revision)?].map(|item| Write::Put(Box::new(item), Guard::Absent));
    Ok(once.into_iter().chain(additions(record, revision)).collect())
}

fn record_item(record: &SessionRecord, revision: Revision) -> Stored<Item> {
    let SessionRecord { account, case, ended_at, code, .. } = record;
    Ok(Item {
        indexed: code.iter().map(|code| keys::record_of_code(account, code, *case)).collect(),
        ..codec::item(Kind::Record, keys::record(account, *ended_at, *case), revision, record)?
    })
}

/// The record without its ticket's facts among what is counted.
fn coarse(record: &SessionRecord) -> SessionRecord {
    SessionRecord { coarse: true, ..record.clone() }
}

impl<E: Engine> ItemStore<E> {
    /// Writes a step with the record of the session that it ends, if it ends one. A vendor may name any number of
    /// categories: when there is no room for one more, the session counts without its ticket's facts, but it ends.
    pub(crate) async fn write_with_record(
        &self,
        step: Vec<Write>,
        record: Option<&SessionRecord>,
        revision: Revision,
    ) -> Stored<Written> {
        let Some(record) = record else { return self.write(step).await };
        let with = |record| Ok(step.iter().cloned().chain(put_record(record, revision)?).collect());
        match self.write_if_it_fits(with(record)?).await? {
            Some(written) => Ok(written),
            None => self.write(with(&coarse(record))?).await,
        }
    }

    /// What it counted for is taken off and what it counts for is added, where it was and where it is. One that has to
    /// count in new ways (as excluded) turns coarse where there is no room for them.
    pub(crate) async fn change_record(&self, change: &RecordChange<'_>) -> Stored<Saved> {
        let revision = self.fresh_revision();
        let Versioned { value: was, revision: read_at } = change.was;
        let entry = self.leaving(&was.account, change.entry.as_ref(), revision)?;
        let with = |record| {
            let put = Write::Put(Box::new(record_item(record, revision)?), Guard::Revision(read_at.0));
            let additions = additions_of_change(was, record, revision);
            Ok(iter::once(put).chain(entry.clone()).chain(additions).collect())
        };
        let written = match self.write_if_it_fits(with(change.record)?).await? {
            Some(written) => written,
            None => self.write(with(&coarse(change.record))?).await?,
        };
        Ok(if written == Written::Done { Saved::Done(revision) } else { Saved::Lost })
    }

    pub(crate) async fn record(&self, account: &AccountId, case: CaseId) -> Stored<Option<Versioned<SessionRecord>>> {
        let Some(place) = self.read_one(keys::record_place(account, case)).await? else { return Ok(None) };
        let RecordPlace { ended_at } = codec::value(Kind::RecordPlace, &place)?;
        let item = self.read_one(keys::record(account, ended_at, case)).await?;
        item.map(|item| codec::versioned(Kind::Record, &item)).transpose()
    }

    /// A code that TeamViewer gave out twice means the newer session.
    pub(crate) async fn record_by_code(
        &self,
        account: &AccountId,
        code: &SessionCode,
    ) -> Stored<Option<Versioned<SessionRecord>>> {
        let stretch = keys::records_of_code(account, code);
        let rows = self.rows(Some(Index::Code), &stretch, Order::Descending, 1).await?;
        rows.items.first().map(|item| codec::versioned(Kind::Record, item)).transpose()
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
