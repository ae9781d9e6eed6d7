//! Reports: figures of a range of days, together and by group.

use std::collections::BTreeMap;

use casebridge_domain::people::PersonName;
use casebridge_domain::report::{Cell, Cover, Days, Dimension, Scope, Tally};
use casebridge_domain::{TechnicianId, TimeZone};
use chrono::NaiveDate;
use futures::try_join;

use crate::ports::store::Figures;
use crate::{Desk, Outside};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct ReportWish {
    /// Of which days.
    pub days: Days,
    /// Whose sessions.
    pub scope: Scope,
    /// By what, besides all together.
    pub group_by: Option<Dimension>,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// All together.
    pub total: Tally,
    /// By group: days in order, everything else by sessions, most first. Only groups that have any figure.
    pub groups: Vec<Group>,
    /// Sessions that count in `total` but in no group: their month had more values of the ticket's facts than are kept.
    pub elsewhere: Tally,
    /// Cases of the scope that are live now, whatever the days.
    pub live: usize,
    /// In which days are meant, as it is set now.
    pub time_zone: TimeZone,
}

/// One group's figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The value; `None` are the sessions without one.
    pub value: Option<String>,
    /// A technician's name, as it was last.
    pub name: Option<PersonName>,
    /// The figures.
    pub tally: Tally,
}

/// Puts a report together. It costs the same however many sessions there are: the stretches of years and
/// months and the handful of days of a [`Cover`] are read, and the live cases.
pub async fn report(desk: &Desk, wish: &ReportWish) -> Result<Report, Outside> {
    let (summed, live) = try_join!(sum(desk, wish), live(desk, &wish.scope))?;
    let grouping = wish.group_by.map(|by| summed.grouping(by, &wish.scope));
    let (groups, elsewhere) = grouping.map(|grouping| (grouping.groups, grouping.elsewhere)).unwrap_or_default();
    Ok(Report { total: summed.total, groups, elsewhere, live, time_zone: desk.account().time_zone })
}

/// A report by everything at once, as it is printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// All together.
    pub total: Tally,
    /// By each dimension, in their order.
    pub groupings: Vec<Grouping>,
    /// Cases of the scope that are live now, whatever the days.
    pub live: usize,
}

/// The sessions of a range by one dimension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grouping {
    /// Which.
    pub by: Dimension,
    /// Days in order, everything else by sessions, most first. Only groups that have any figure.
    pub groups: Vec<Group>,
    /// See [`Report::elsewhere`].
    pub elsewhere: Tally,
}

/// Puts a summary together.
pub async fn summary(desk: &Desk, days: Days, scope: Scope) -> Result<Summary, Outside> {
    let wish = ReportWish { days, scope, group_by: None };
    let (by_value, by_day, live) =
        try_join!(by_value(desk, &wish, None), by_day(desk, &wish), live(desk, &wish.scope))?;
    let grouping =
        |by| if by == Dimension::Day { by_day.grouping(by, &wish.scope) } else { by_value.grouping(by, &wish.scope) };
    Ok(Summary { total: by_value.total, groupings: Dimension::ALL.into_iter().map(grouping).collect(), live })
}

/// The figures of a range.
#[derive(Default)]
struct Summed {
    total: Tally,
    cells: BTreeMap<Cell, Tally>,
    names: BTreeMap<TechnicianId, PersonName>,
}

async fn sum(desk: &Desk, wish: &ReportWish) -> Result<Summed, Outside> {
    match wish.group_by {
        // Nothing is wanted of years by day, and reading them whole is less.
        None if has_years(wish.days) => by_value(desk, wish, Some(Dimension::Day)).await,
        None | Some(Dimension::Day) => by_day(desk, wish).await,
        by @ Some(_) => by_value(desk, wish, by).await,
    }
}

/// Whether there is more than one whole year in it: up to then, months say it in one piece.
fn has_years(days: Days) -> bool {
    Cover::of(&days).years.is_some_and(|(first, last)| first < last)
}

/// Months know their days' figures: no day has to be read by itself.
async fn by_day(desk: &Desk, wish: &ReportWish) -> Result<Summed, Outside> {
    let months = Cover::of_months(&wish.days);
    let figures = desk.world.store.figures(desk.id(), &wish.scope, &months, Some(Dimension::Day)).await?;
    let mut summed = Summed::default();
    for (cell, tally) in figures.cells {
        if matches!(&cell, Cell::Of(Dimension::Day, Some(day)) if is_within(day, wish.days)) {
            summed.total += tally;
            summed.cells.insert(cell, tally);
        }
    }
    Ok(summed)
}

fn is_within(day: &str, days: Days) -> bool {
    day.parse::<NaiveDate>().is_ok_and(|day| days.contains(day))
}

async fn by_value(desk: &Desk, wish: &ReportWish, by: Option<Dimension>) -> Result<Summed, Outside> {
    let cover = Cover::of(&wish.days);
    let Figures { cells, names } = desk.world.store.figures(desk.id(), &wish.scope, &cover, by).await?;
    Ok(Summed { total: cells.get(&Cell::All).copied().unwrap_or_default(), cells, names })
}

impl Summed {
    fn grouping(&self, by: Dimension, scope: &Scope) -> Grouping {
        let mut groups = if by == Dimension::Technician { self.technicians(scope) } else { self.groups(by) };
        let mut elsewhere = self.total;
        for group in &groups {
            elsewhere -= group.tally;
        }
        if by.is_of_devices() && !elsewhere.is_nothing() {
            // The sessions of tickets, which are kept in no group of a device's.
            groups.push(Group { value: None, name: None, tally: elsewhere });
            elsewhere = Tally::default();
        }
        if by != Dimension::Day {
            groups.sort_by(|a, b| b.tally.sessions().cmp(&a.tally.sessions()).then_with(|| a.value.cmp(&b.value)));
        }
        Grouping { by, groups, elsewhere }
    }

    fn groups(&self, by: Dimension) -> Vec<Group> {
        let cells = self.cells.iter().filter(|(_, tally)| !tally.is_nothing());
        cells
            .filter_map(|(cell, tally)| match cell {
                Cell::Of(dimension, value) if *dimension == by => Some(Group {
                    value: value.clone(),
                    name: value.as_ref().filter(|_| by == Dimension::Technician).and_then(|id| self.name(id)),
                    tally: *tally,
                }),
                _ => None,
            })
            .collect()
    }

    /// One technician's own figures have no groups of technicians.
    fn technicians(&self, scope: &Scope) -> Vec<Group> {
        match scope {
            Scope::Everyone => self.groups(Dimension::Technician),
            Scope::Technician(_) if self.total.is_nothing() => Vec::new(),
            Scope::Technician(id) => vec![Group {
                value: id.as_ref().map(ToString::to_string),
                name: id.as_ref().and_then(|id| self.names.get(id).cloned()),
                tally: self.total,
            }],
        }
    }

    fn name(&self, id: &str) -> Option<PersonName> {
        TechnicianId::parse(id).ok().and_then(|id| self.names.get(&id).cloned())
    }
}

/// Cases past their time have ended, whether or not that was settled yet.
async fn live(desk: &Desk, scope: &Scope) -> Result<usize, Outside> {
    let now = desk.now();
    let cases = desk.world.store.unsettled_cases(desk.id()).await?;
    let is_meant = |technician: Option<&TechnicianId>| match scope {
        Scope::Everyone => true,
        Scope::Technician(wanted) => technician == wanted.as_ref(),
    };
    let live = cases.iter().filter(|case| case.value.is_live(now));
    Ok(live.filter(|case| is_meant(case.value.technician().map(|technician| &technician.id))).count())
}
