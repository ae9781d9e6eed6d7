//! What the items of one period and scope hold together.

use std::collections::BTreeMap;

use casebridge_app::ports::store::{Figures, Period, Stored};
use casebridge_domain::TechnicianId;
use casebridge_domain::people::PersonName;
use casebridge_domain::report::{Month, Tally};

use super::counter_name::{read_counter, read_label};
use crate::codec::{self, Kind};
use crate::engine::Item;
use crate::keys;

/// What some items hold together.
#[derive(Default)]
struct Sum {
    figures: Figures,
    /// Since when the names are known.
    called: BTreeMap<TechnicianId, (i64, PersonName)>,
}

/// What the items hold, by what `key` makes of their period and their scope's key.
pub(super) fn together<'a, K: Ord>(
    items: impl IntoIterator<Item = &'a Item>,
    key: impl Fn(Period, &str) -> K,
) -> Stored<BTreeMap<K, Figures>> {
    let mut sums: BTreeMap<K, Sum> = BTreeMap::new();
    for item in items {
        let (period, scope) = keys::figures::place(&item.key.sort)
            .ok_or_else(|| codec::unreadable(Kind::Figures, item, format_args!("no figures are kept there")))?;
        sums.entry(key(period, scope)).or_default().take(item, period)?;
    }
    Ok(sums.into_iter().map(|(key, sum)| (key, sum.figures())).collect())
}

impl Sum {
    fn take(&mut self, item: &Item, period: Period) -> Stored<()> {
        let month = match period {
            Period::Day(day) => Month::of(day),
            Period::Month(month) => month,
        };
        let counts = codec::counts(Kind::Figures, item)?;
        for (name, figure) in counts.counters() {
            let (measure, cell) = read_counter(name, month)
                .ok_or_else(|| codec::unreadable(Kind::Figures, item, format_args!("it counts something unknown")))?;
            self.figures.add(cell, Tally::default().with(measure, figure));
        }
        for (name, called) in counts.labels() {
            let (technician, called) = read_label(name, called)
                .ok_or_else(|| codec::unreadable(Kind::Figures, item, format_args!("it names something unknown")))?;
            let newest = self.called.entry(technician).or_insert_with(|| called.clone());
            if newest.0 < called.0 {
                *newest = called;
            }
        }
        Ok(())
    }

    /// A cell whose figures were all taken off again is as if it had never been there.
    fn figures(self) -> Figures {
        let mut figures = self.figures;
        figures.cells.retain(|_, tally| !tally.is_nothing());
        figures.names = self.called.into_iter().map(|(technician, (_, name))| (technician, name)).collect();
        figures
    }
}
