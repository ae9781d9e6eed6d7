//! What the items of one period and scope hold together.

use std::collections::BTreeMap;

use casebridge_app::ports::store::{Figures, Period, StoreError, Stored};
use casebridge_domain::TechnicianId;
use casebridge_domain::people::PersonName;
use casebridge_domain::report::{Month, Tally};

use super::code::{Label, Reader};
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
        let reader = Reader::of(&counts, month);
        for (name, figure) in counts.counters() {
            let (measure, cell) = reader.counter(name).ok_or_else(|| unknown(item))?;
            self.figures.add(cell, Tally::default().with(measure, figure));
        }
        for (label, text) in counts.labels() {
            if let Label::Names { technician, at, name } = reader.label(label, text).ok_or_else(|| unknown(item))? {
                let newest = self.called.entry(technician).or_insert_with(|| (at, name.clone()));
                if newest.0 < at {
                    *newest = (at, name);
                }
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

fn unknown(item: &Item) -> StoreError {
    codec::unreadable(Kind::Figures, item, format_args!("it counts or names something unknown"))
}
