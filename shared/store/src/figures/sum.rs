//! What some items hold together.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use casebridge_app::ports::store::{Figures, StoreError, Stored};
use casebridge_domain::TechnicianId;
use casebridge_domain::people::PersonName;
use casebridge_domain::report::{Dimension, Month, Period, Tally};
use foldhash::fast::RandomState;

use super::code::{Named, Place, Spelling, counter, letters, month_of};
use crate::codec::{self, Kind};
use crate::engine::{Counts, Item};
use crate::keys;

/// The figures of items that were added or taken off.
///
/// A year has many thousand counters of few hundred cells: they are added up under the names that the items know them by,
/// and what those mean is found out once, at the end.
pub(super) struct Sum<'a> {
    /// All together and by this dimension, or by every one.
    by: Option<Dimension>,
    /// Days are known within a month only.
    cells: HashMap<(Place<'a>, Option<Month>), Share<'a>, RandomState>,
    spelling: Spelling<'a>,
    names: Vec<(&'a Item, Cow<'a, str>, Cow<'a, str>)>,
}

struct Share<'a> {
    tally: Tally,
    /// Where it was seen first.
    seen: &'a Item,
    month: Option<Month>,
}

/// Whether what an item holds is added or taken off.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    Plus,
    Minus,
}

impl<'a> Sum<'a> {
    pub(super) fn by(by: Option<Dimension>) -> Self {
        Self { by, cells: HashMap::default(), spelling: Spelling::default(), names: Vec::new() }
    }

    /// Adds what an item of this period holds, or takes it off.
    pub(super) fn take(&mut self, item: &'a Item, period: Period, sign: Sign) -> Stored<()> {
        let month = month_of(period);
        codec::check(Kind::Figures, item)?;
        let Self { by, cells, spelling, names } = self;
        let count = |name: Cow<'a, str>, figure: i64| {
            let (place, measure) = counter(&name)?;
            let month_of_day = month.filter(|_| place.is_day());
            let new = Share { tally: Tally::default(), seen: item, month };
            let share = cells.entry((place, month_of_day)).or_insert(new);
            share.tally += Tally::default().with(measure, if sign == Sign::Plus { figure } else { -figure });
            Some(())
        };
        let learn = |label, text| {
            names.extend(spelling.learn(label, text).map(|(label, text)| (item, label, text)));
            Some(())
        };
        let letters = by.map(letters);
        let letters = letters.as_ref().map_or(&[][..], |letters| letters.as_slice());
        Counts::look_through(&item.body, letters, count, learn).ok_or_else(|| unknown(item))
    }

    /// A cell whose figures were all taken off again is as if it had never been there.
    pub(super) fn figures(self) -> Stored<Figures> {
        let mut figures = Figures::default();
        for ((place, _), share) in self.cells.into_iter().filter(|(_, share)| !share.tally.is_nothing()) {
            let cell = self.spelling.cell(&place, share.month).ok_or_else(|| unknown(share.seen))?;
            figures.add(cell, share.tally);
        }
        // The one that was given last.
        let mut called: BTreeMap<TechnicianId, (i64, PersonName)> = BTreeMap::new();
        for (item, label, text) in &self.names {
            let Named { technician, at, name } = self.spelling.name(label, text).ok_or_else(|| unknown(item))?;
            let newest = called.entry(technician).or_insert_with(|| (at, name.clone()));
            if newest.0 < at {
                *newest = (at, name);
            }
        }
        figures.names = called.into_iter().map(|(technician, (_, name))| (technician, name)).collect();
        Ok(figures)
    }
}

/// Of which period and of which scope (by its key) an item is.
pub(super) fn place(item: &Item) -> Stored<(Period, &str)> {
    let place = keys::figures::place(&item.key.sort);
    place.ok_or_else(|| codec::unreadable(Kind::Figures, item, format_args!("no figures are kept there")))
}

fn unknown(item: &Item) -> StoreError {
    codec::unreadable(Kind::Figures, item, format_args!("it counts or names something unknown"))
}
