//! Records counted one by one, and what figures say of the same days.

use std::collections::BTreeMap;

use casebridge_app::ports::store::Store;
use casebridge_domain::report::{Cell, Cover, Days, Dimension, Month, Scope, Tally};
use casebridge_domain::{AccountId, SessionRecord, TechnicianId};
use chrono::NaiveDate;

pub(crate) type Cells = BTreeMap<Cell, Tally>;

pub(crate) fn day(raw: &str) -> NaiveDate {
    raw.parse().unwrap()
}

/// From one day (included) to another (excluded).
pub(crate) fn days(from: &str, to: &str) -> Days {
    Days::new(day(from), day(to)).unwrap()
}

pub(crate) fn month(raw: &str) -> Month {
    Month::parse(raw).unwrap()
}

pub(crate) fn of(dimension: Dimension, value: &str) -> Cell {
    Cell::Of(dimension, Some(value.to_owned()))
}

pub(crate) fn only(technician: &str) -> Scope {
    Scope::Technician(Some(TechnicianId::parse(technician).unwrap()))
}

/// What the records of these days come to.
pub(crate) fn recount<'a>(records: impl IntoIterator<Item = &'a SessionRecord>, scope: &Scope, days: Days) -> Cells {
    let mut cells = Cells::new();
    for record in records {
        if !(days.contains(record.day) && is_in(record, scope)) {
            continue;
        }
        let by_value = Dimension::ALL.into_iter().filter(|dimension| is_counted(record, scope, *dimension));
        let by_value = by_value.map(|dimension| Cell::Of(dimension, dimension.value(record)));
        for cell in std::iter::once(Cell::All).chain(by_value) {
            *cells.entry(cell).or_default() += Tally::of(record);
        }
    }
    said(cells)
}

fn is_in(record: &SessionRecord, scope: &Scope) -> bool {
    match scope {
        Scope::Everyone => true,
        Scope::Technician(id) => record.technician.as_ref().map(|technician| &technician.id) == id.as_ref(),
    }
}

fn is_counted(record: &SessionRecord, scope: &Scope, dimension: Dimension) -> bool {
    match dimension {
        Dimension::Day => false,
        Dimension::Technician => *scope == Scope::Everyone,
        Dimension::Category | Dimension::Type | Dimension::Priority | Dimension::Source => !record.coarse,
        Dimension::Platform | Dimension::Mode => record.subject.device().is_some(),
    }
}

/// The same from figures; days are told apart elsewhere.
pub(crate) async fn reported(store: &dyn Store, account: &AccountId, scope: &Scope, days: Days) -> Cells {
    let mut cells = store.figures(account, scope, &Cover::of(&days), None).await.unwrap().cells;
    cells.retain(|cell, _| !matches!(cell, Cell::Of(Dimension::Day, _)));
    said(cells)
}

/// What the records come to day by day.
pub(crate) fn recount_by_day<'a>(
    records: impl IntoIterator<Item = &'a SessionRecord>,
    scope: &Scope,
) -> BTreeMap<String, Tally> {
    let mut days: BTreeMap<String, Tally> = BTreeMap::new();
    for record in records.into_iter().filter(|record| is_in(record, scope)) {
        *days.entry(record.day.to_string()).or_default() += Tally::of(record);
    }
    days
}

/// The same from the figures of months.
pub(crate) async fn reported_by_day(
    store: &dyn Store,
    account: &AccountId,
    scope: &Scope,
    months: (Month, Month),
) -> BTreeMap<String, Tally> {
    let cover = Cover { months: vec![months], ..Cover::default() };
    let figures = store.figures(account, scope, &cover, Some(Dimension::Day)).await.unwrap();
    let days = figures.cells.into_iter().filter_map(|(cell, tally)| match cell {
        Cell::Of(Dimension::Day, Some(day)) => Some((day, tally)),
        _ => None,
    });
    days.collect()
}

fn said(mut cells: Cells) -> Cells {
    cells.retain(|_, tally| !tally.is_nothing());
    cells
}
