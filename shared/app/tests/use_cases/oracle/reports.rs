//! Reports equal a plain count.

use std::collections::{BTreeMap, BTreeSet};

use casebridge_app::Desk;
use casebridge_app::reports::{Group, Grouping, Report, ReportWish, report, summary};
use casebridge_domain::report::{Days, Dimension, Scope};
use casebridge_domain::service_case::State;
use casebridge_domain::{AccountId, Instant, ServiceCase, SessionRecord};
use chrono::{Datelike, NaiveDate, TimeDelta};

use super::plain_count::{Count, day_of, is_of, value_of};
use super::{Broken, promise};
use crate::world::{Helper, TestWorld};

/// Single days that are asked for by themselves.
const SINGLE_DAYS: usize = 3;

/// Without grouping and by everything, of everyone and each technician and nobody, over all kinds of ranges.
pub(crate) fn every_wish(records: &[SessionRecord], now: Instant) -> Vec<ReportWish> {
    let technicians = Helper::ALL.map(|helper| Scope::Technician(Some(helper.id())));
    let scopes = [Scope::Everyone, Scope::Technician(None)].into_iter().chain(technicians);
    let groupings = || std::iter::once(None).chain(Dimension::ALL.map(Some));
    let ranges = ranges(records, now);
    let of_scope = |scope: Scope| {
        let of_range = move |days: Days| {
            let scope = scope.clone();
            groupings().map(move |group_by| ReportWish { days, scope: scope.clone(), group_by })
        };
        ranges.clone().into_iter().flat_map(of_range)
    };
    scopes.flat_map(of_scope).collect()
}

fn ranges(records: &[SessionRecord], now: Instant) -> Vec<Days> {
    let days: BTreeSet<NaiveDate> = records.iter().map(day_of).collect();
    let first = days.first().copied().unwrap_or(now.date_naive());
    let last = days.last().copied().unwrap_or(first);
    let new_year = |day: NaiveDate, after: i32| NaiveDate::from_ymd_opt(day.year() + after, 1, 1).unwrap_or(day);
    let day = TimeDelta::days(1);
    let spans = [
        (first, last + day),
        (first - day * 17, last + day * 3),
        (first - day * 2, last),
        (first + day, last + day * 40),
        (new_year(first, 0), new_year(last, 1)),
        (first - day * 2000, last + day * 2000),
    ];
    let single = days.iter().rev().take(SINGLE_DAYS).map(|one| (*one, *one + day));
    spans.into_iter().chain(single).filter_map(|(from, to)| Days::new(from, to).ok()).collect()
}

/// Holds some reports against the account's records and cases.
pub(crate) async fn reports_are_exact(
    world: &TestWorld,
    account: &AccountId,
    cases: &[ServiceCase],
    records: &[SessionRecord],
    wishes: impl IntoIterator<Item = ReportWish>,
) -> Result<(), Broken> {
    let desk = world.desk(account).await;
    for wish in wishes {
        let told =
            report(&desk, &wish).await.map_err(|error| Broken::new(format!("{error} in a report of {wish:?}")))?;
        promise!(told.time_zone == desk.account().time_zone, "days of {} in a report", told.time_zone);
        report_is_exact(&told, &wish, records)?;
        if wish.group_by.is_none() {
            summary_is_exact(&desk, &wish, told.live, records).await?;
        }
        if world.table().shows_everything() {
            let live = cases.iter().filter(|case| is_live(case, world.now()) && is_of_scope(case, &wish.scope)).count();
            promise!(told.live == live, "{} cases are live, not {live}: {wish:?}", told.live);
        }
    }
    Ok(())
}

/// A summary says by each dimension what a report by it says.
async fn summary_is_exact(
    desk: &Desk,
    wish: &ReportWish,
    live: usize,
    records: &[SessionRecord],
) -> Result<(), Broken> {
    let told = summary(desk, wish.days, wish.scope.clone()).await.unwrap();
    let dimensions = told.groupings.iter().map(|grouping| grouping.by);
    promise!(dimensions.eq(Dimension::ALL) && told.live == live, "a summary by other things: {told:?}");
    for Grouping { by, groups, elsewhere } in told.groupings {
        let (total, time_zone) = (told.total, desk.account().time_zone);
        let report = Report { total, groups, elsewhere, live, time_zone };
        report_is_exact(&report, &ReportWish { group_by: Some(by), ..wish.clone() }, records)?;
    }
    Ok(())
}

/// Holds a report against all records.
pub(crate) fn report_is_exact(told: &Report, wish: &ReportWish, records: &[SessionRecord]) -> Result<(), Broken> {
    let is_meant = |record: &&SessionRecord| {
        is_of(record, &wish.scope) && wish.days.from() <= day_of(record) && day_of(record) < wish.days.to()
    };
    let meant: Vec<&SessionRecord> = records.iter().filter(is_meant).collect();
    let total = Count::of(meant.iter().copied());
    let told_total = Count::told_by(&told.total);
    promise!(told_total == total, "{told_total:?} is told, {total:?} is counted: {wish:?}");

    let has_groups = |record: &&SessionRecord| !(record.coarse && is_fact(wish.group_by));
    let (apart, grouped): (Vec<_>, Vec<_>) = meant.into_iter().partition(|record| !has_groups(record));
    let elsewhere = if wish.group_by.is_some() { Count::of(apart) } else { Count::default() };
    let told_elsewhere = Count::told_by(&told.elsewhere);
    promise!(told_elsewhere == elsewhere, "elsewhere {told_elsewhere:?} is told, {elsewhere:?} is counted: {wish:?}");

    let groups = wish.group_by.map(|by| groups(&grouped, by)).unwrap_or_default();
    let told_groups: Vec<_> =
        told.groups.iter().map(|group| (group.value.clone(), Count::told_by(&group.tally))).collect();
    promise!(told_groups == groups, "groups {told_groups:?} are told, {groups:?} are counted: {wish:?}");
    told.groups.iter().try_for_each(|group| name_is_his(group, wish.group_by, records))
}

/// Days in order; everything else by sessions, most first.
fn groups(records: &[&SessionRecord], by: Dimension) -> Vec<(Option<String>, Count)> {
    let mut by_value: BTreeMap<Option<String>, Vec<&SessionRecord>> = BTreeMap::new();
    for record in records {
        by_value.entry(value_of(record, by)).or_default().push(record);
    }
    let mut groups: Vec<_> = by_value.into_iter().map(|(value, records)| (value, Count::of(records))).collect();
    if by != Dimension::Day {
        groups.sort_by_key(|(_, count)| -count.sessions);
    }
    groups
}

fn name_is_his(group: &Group, by: Option<Dimension>, records: &[SessionRecord]) -> Result<(), Broken> {
    let technicians = records.iter().filter_map(|record| record.technician.as_ref());
    let named =
        |name| technicians.clone().any(|one| Some(one.id.as_str()) == group.value.as_deref() && one.name == name);
    let has_name = by == Some(Dimension::Technician) && group.value.is_some();
    promise!(group.name.is_some() == has_name, "{:?} is the name of {:?}", group.name, group.value);
    promise!(group.name.clone().is_none_or(named), "{:?} was never the name of {:?}", group.name, group.value);
    Ok(())
}

fn is_fact(dimension: Option<Dimension>) -> bool {
    matches!(dimension, Some(Dimension::Category | Dimension::Type | Dimension::Priority | Dimension::Source))
}

fn is_live(case: &ServiceCase, now: Instant) -> bool {
    match case.state() {
        State::Asked | State::Opening(_) | State::Open(_) => now < case.valid_until(),
        State::Closing(_) => true,
        State::Closed(_) | State::Expired(_) | State::Failed(_) => false,
    }
}

fn is_of_scope(case: &ServiceCase, scope: &Scope) -> bool {
    let id = case.technician().map(|technician| &technician.id);
    match scope {
        Scope::Everyone => true,
        Scope::Technician(wanted) => id == wanted.as_ref(),
    }
}
