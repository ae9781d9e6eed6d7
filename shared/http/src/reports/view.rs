//! A report as it is shown.

use axum::body::Body;
use casebridge_app::reports::{Group, Report, ReportWish};
use casebridge_domain::AccountId;
use casebridge_domain::report::{DEFINITIONS, Days, Dimension, Scope};
use chrono::{Months, NaiveDate};
use serde::Serialize;
use utoipa::ToSchema;

use super::figures::FiguresView;
use super::group_by::GroupBy;
use crate::Problem;
use crate::download::{Download, NoPiece};
use crate::records::RecordSearch;
use crate::spreadsheet::{CSV_WITH_HEAD, Cell, head, lines};

/// The sessions of some days, added up.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionsReport {
    /// The first day.
    #[schema(example = "2026-11-01")]
    from: String,
    /// The day after the last.
    #[schema(example = "2026-12-01")]
    to: String,
    /// In which days are meant, as it is set now.
    #[schema(example = "Europe/Lisbon")]
    time_zone: String,
    /// Whose sessions only; absent: everyone's.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "u-42")]
    technician: Option<String>,
    /// `technician`, where only sessions without one were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    without: Option<&'static str>,
    /// What the groups are by; absent: there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "category")]
    group_by: Option<&'static str>,
    /// All together.
    total: FiguresView,
    /// Those that have any figure: days in order, everything else by sessions, most first.
    groups: Vec<ReportGroupView>,
    /// Sessions that count in `total` but in no group: their month had more values of the ticket's facts than figures
    /// are kept of. Absent if there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    elsewhere: Option<FiguresView>,
    /// Cases that have not ended, now, whatever the days; in none of the figures.
    live: usize,
    /// What the figures mean.
    definitions: Vec<DefinitionView>,
}

/// The figures of one group.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReportGroupView {
    /// What the sessions have in common; null: that the vendor said nothing there.
    #[schema(example = "Hardware")]
    value: Option<String>,
    /// A technician's name, as it was last.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// Its figures.
    #[serde(flatten)]
    figures: FiguresView,
}

/// What a figure means.
#[derive(Debug, Serialize, ToSchema)]
pub struct DefinitionView {
    /// As it is called in the answer.
    #[schema(value_type = String, example = "expired")]
    term: &'static str,
    /// In plain words.
    #[schema(value_type = String)]
    meaning: &'static str,
}

impl SessionsReport {
    pub(super) fn new(account: &AccountId, wish: &ReportWish, group_by: Option<GroupBy>, report: &Report) -> Self {
        let behind = Behind { account, wish, some_elsewhere: !report.elsewhere.is_nothing() };
        let technician = match &wish.scope {
            Scope::Technician(Some(id)) => Some(id.to_string()),
            Scope::Technician(None) | Scope::Everyone => None,
        };
        let groups = group_by.into_iter().flat_map(|by| report.groups.iter().map(move |group| (by, group)));
        let elsewhere = behind.some_elsewhere.then(|| FiguresView::new(&report.elsewhere, behind.elsewhere()));
        Self {
            from: wish.days.from().to_string(),
            to: wish.days.to().to_string(),
            time_zone: report.time_zone.to_string(),
            technician,
            without: (wish.scope == Scope::Technician(None)).then(|| Dimension::Technician.name()),
            group_by: group_by.map(GroupBy::name),
            total: FiguresView::new(&report.total, behind.total()),
            groups: groups.map(|(by, group)| ReportGroupView::new(group, behind.group(by, group))).collect(),
            elsewhere,
            live: report.live,
            definitions: DEFINITIONS
                .iter()
                .map(|said| DefinitionView { term: said.term, meaning: said.meaning })
                .collect(),
        }
    }

    /// The figures as a table.
    pub(super) fn table(&self) -> Result<Download, Problem> {
        let group =
            |group: &ReportGroupView| self.line("group", group.value.clone(), group.name.clone(), &group.figures);
        let elsewhere = self.elsewhere.iter().map(|figures| self.line("elsewhere", None, None, figures));
        let rows = self.groups.iter().map(group).chain(elsewhere).chain([self.line("total", None, None, &self.total)]);
        let (head, lines) = (head(columns()).map_err(NoPiece::from)?, lines(rows).map_err(NoPiece::from)?);
        let name = format!("report-{}-{}.csv", self.from, self.to);
        Ok(Download { kind: CSV_WITH_HEAD, name, body: Body::from([head, lines].concat()) })
    }

    fn line(&self, row: &str, value: Option<String>, name: Option<String>, figures: &FiguresView) -> [Cell; COLUMNS] {
        let first = [Cell::text(Some(row)), Cell::text(self.group_by), Cell::text(value), Cell::text(name)];
        let mut all = first.into_iter().chain(figures.cells());
        std::array::from_fn(|_| all.next().unwrap_or(Cell::Empty))
    }
}

/// What stands before the figures in a table.
const FIRST_COLUMNS: [&str; 4] = ["row", "group_by", "value", "name"];

const COLUMNS: usize = FIRST_COLUMNS.len() + FiguresView::COLUMNS.len();

fn columns() -> [&'static str; COLUMNS] {
    let mut all = FIRST_COLUMNS.into_iter().chain(FiguresView::COLUMNS);
    std::array::from_fn(|_| all.next().unwrap_or_default())
}

impl ReportGroupView {
    fn new(group: &Group, records: String) -> Self {
        Self {
            value: group.value.clone(),
            name: group.name.as_ref().map(ToString::to_string),
            figures: FiguresView::new(&group.tally, records),
        }
    }
}

/// Where the sessions behind the figures are.
struct Behind<'a> {
    account: &'a AccountId,
    wish: &'a ReportWish,
    /// Sessions that count elsewhere have facts too: in a group's list they would be too many.
    some_elsewhere: bool,
}

impl Behind<'_> {
    fn total(&self) -> String {
        self.search(self.wish.days).address(self.account)
    }

    fn elsewhere(&self) -> String {
        self.search(self.wish.days).without_facts(true).address(self.account)
    }

    fn group(&self, by: GroupBy, group: &Group) -> String {
        let search = match by {
            GroupBy::Value(by) => self.search(self.wish.days).with(by, group.value.clone()),
            GroupBy::Month => self.search(group.value.as_deref().map_or(self.wish.days, |month| self.days_of(month))),
        };
        let search = if self.some_elsewhere { search.without_facts(false) } else { search };
        search.address(self.account)
    }

    /// The days of a month that were asked for.
    fn days_of(&self, month: &str) -> Days {
        let asked = self.wish.days;
        let first = format!("{month}-01").parse::<NaiveDate>().ok();
        let days = first.and_then(|first| {
            let next = first.checked_add_months(Months::new(1))?;
            Days::new(first.max(asked.from()), next.min(asked.to())).ok()
        });
        days.unwrap_or(asked)
    }

    fn search(&self, days: Days) -> RecordSearch {
        let search = RecordSearch::of_sessions(days);
        match &self.wish.scope {
            Scope::Everyone => search,
            Scope::Technician(id) => search.with(Dimension::Technician, id.as_ref().map(ToString::to_string)),
        }
    }
}
