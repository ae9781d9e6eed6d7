//! What a session adds to the figures: at most four items, everyone's and its technician's, of its day and its month.

use std::collections::BTreeMap;

use casebridge_app::ports::store::{Period, Revision};
use casebridge_domain::SessionRecord;
use casebridge_domain::report::{Cell, Measure, Month, Scope, Tally};

use super::counter_name::{counter, label};
use crate::codec::{self, Kind};
use crate::engine::{Key, Write};
use crate::keys;

/// What one item gets.
struct Share {
    month: Month,
    cells: BTreeMap<Cell, Tally>,
    labels: Vec<(String, String)>,
}

/// What a new record adds.
pub(crate) fn additions(record: &SessionRecord, revision: Revision) -> impl Iterator<Item = Write> {
    shares(record).into_iter().filter_map(move |(key, share)| addition(key, share, revision))
}

/// What a changed record adds, less what it added before: nothing where both are the same.
pub(crate) fn additions_of_change(
    was: &SessionRecord,
    record: &SessionRecord,
    revision: Revision,
) -> impl Iterator<Item = Write> {
    let mut shares = shares(record);
    for (key, old) in self::shares(was) {
        let share = shares.entry(key).or_insert_with(|| Share { cells: BTreeMap::new(), labels: Vec::new(), ..old });
        // The item knows the technician, perhaps by a newer name.
        share.labels.clear();
        for (cell, tally) in old.cells {
            *share.cells.entry(cell).or_default() -= tally;
        }
    }
    shares.into_iter().filter_map(move |(key, share)| addition(key, share, revision))
}

fn shares(record: &SessionRecord) -> BTreeMap<Key, Share> {
    let (tally, month, shard) = (Tally::of(record), Month::of(record.day), keys::figures::shard(record));
    let mut shares = BTreeMap::new();
    for scope in Scope::all_of(record) {
        for period in [Period::Day(record.day), Period::Month(month)] {
            let key = keys::figures::figures(&record.account, period, &scope.key(), shard);
            let of_a_month = matches!(period, Period::Month(_));
            let cells = Cell::all_of(record, &scope, of_a_month).map(|cell| (cell, tally)).collect();
            shares.insert(key, Share { month, cells, labels: label(record).into_iter().collect() });
        }
    }
    shares
}

fn addition(key: Key, share: Share, revision: Revision) -> Option<Write> {
    let counters: Vec<_> = counters(&share.cells, share.month).collect();
    let addition = codec::addition(Kind::Figures, key, revision, counters, share.labels);
    (!addition.counters.is_empty()).then(|| Write::Add(Box::new(addition)))
}

/// What is added to which counter. One to which nothing is added is not made.
pub(super) fn counters(cells: &BTreeMap<Cell, Tally>, month: Month) -> impl Iterator<Item = (String, i64)> {
    cells.iter().flat_map(move |(cell, tally)| {
        let measures = Measure::ALL.into_iter().map(|measure| (measure, tally.get(measure)));
        measures
            .filter(|(_, figure)| *figure != 0)
            .map(move |(measure, figure)| (counter(measure, cell, month), figure))
    })
}
