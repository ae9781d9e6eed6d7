//! What a session adds to the figures: six items, everyone's and its technician's, of its day, its month and its year.

use std::collections::BTreeMap;

use casebridge_app::ports::store::Revision;
use casebridge_domain::SessionRecord;
use casebridge_domain::report::{Cell, Period, Scope, Tally};

use super::code::Coded;
use crate::codec::{self, Kind};
use crate::engine::{Key, Write};
use crate::keys;

/// What one item gets.
struct Share<'a> {
    period: Period,
    cells: BTreeMap<Cell, Tally>,
    /// Whose technician it has to know.
    named: Option<&'a SessionRecord>,
}

/// What a new record adds.
pub(crate) fn additions(record: &SessionRecord, revision: Revision) -> Vec<Write> {
    written(shares(record), revision)
}

/// What a changed record adds, less what it added before: nothing where both are the same.
pub(crate) fn additions_of_change(was: &SessionRecord, record: &SessionRecord, revision: Revision) -> Vec<Write> {
    let mut shares = shares(record);
    for (key, old) in self::shares(was) {
        let share = shares.entry(key).or_insert_with(|| Share { cells: BTreeMap::new(), ..old });
        // The item knows the technician, perhaps by a newer name.
        share.named = None;
        for (cell, tally) in old.cells {
            *share.cells.entry(cell).or_default() -= tally;
        }
    }
    written(shares, revision)
}

fn shares(record: &SessionRecord) -> BTreeMap<Key, Share<'_>> {
    let (tally, shard) = (Tally::of(record), keys::figures::shard(record));
    let mut shares = BTreeMap::new();
    for scope in Scope::all_of(record) {
        for period in Period::all_of(record.day) {
            let key = keys::figures::figures(&record.account, period, &scope.key(), shard);
            let of_a_month = matches!(period, Period::Month(_));
            let cells = Cell::all_of(record, &scope, of_a_month).map(|cell| (cell, tally)).collect();
            shares.insert(key, Share { period, cells, named: Some(record) });
        }
    }
    shares
}

fn written(shares: BTreeMap<Key, Share<'_>>, revision: Revision) -> Vec<Write> {
    let mut writes = Vec::with_capacity(shares.len());
    for (key, share) in shares {
        let mut coded = Coded::of(&share.cells, share.period);
        if coded.counters.is_empty() {
            continue;
        }
        if let Some(record) = share.named {
            coded.name_technician(record);
        }
        writes.push(addition(key, coded, revision));
    }
    writes
}

pub(super) fn addition(key: Key, coded: Coded, revision: Revision) -> Write {
    let labels = coded.labels.into_iter().collect();
    Write::Add(Box::new(codec::addition(Kind::Figures, key, revision, coded.counters, labels)))
}
