//! Cases, many at a time.

use casebridge_app::ports::store::{CaseFilter, Page, Stored, Versioned};
use casebridge_domain::{AccountId, CaseId, ServiceCase};
use chrono::TimeDelta;

use crate::cases::case_of;
use crate::engine::{Engine, Index, MOST_READS, Order};
use crate::item_store::ItemStore;
use crate::stretch::last_place;
use crate::{cursor, keys};

/// Cases that began so long before the newest one are in the index by now: the longest life of a case, and 8 days.
const INDEXED_AFTER: TimeDelta = TimeDelta::days(9);

/// Rows of the certain listing asked for at once.
const PAGE: usize = 100;

impl<E: Engine> ItemStore<E> {
    pub(crate) async fn unsettled_cases(&self, account: &AccountId) -> Stored<Vec<Versioned<ServiceCase>>> {
        let items = self.all(Some(Index::Unsettled), keys::unsettled_cases(account)).await?;
        let mut cases = items.iter().map(case_of).collect::<Stored<Vec<_>>>()?;
        cases.retain(|case| !case.value.is_settled());
        Ok(cases)
    }

    /// The table itself tells of recent cases, the newest first. An older one is found by the index, which can't lag by
    /// days, and then read from the table.
    pub(crate) async fn unsettled_cases_for_certain(&self, account: &AccountId) -> Stored<Vec<Versioned<ServiceCase>>> {
        let indexed = self.unsettled_cases(account).await?;
        let (mut cases, seen_down_to) = self.recent_unsettled_cases(account).await?;
        let older: Vec<_> = indexed
            .iter()
            .map(|case| case.value.id())
            .filter(|id| seen_down_to.is_some_and(|seen| *id < seen))
            .map(|id| keys::case(account, id))
            .collect();
        for keys in older.chunks(MOST_READS) {
            for item in self.read(keys).await?.iter().flatten() {
                cases.push(case_of(item)?);
            }
        }
        cases.retain(|case| !case.value.is_settled());
        cases.sort_by_key(|case| case.value.id());
        Ok(cases)
    }

    /// The recent cases, and the oldest that was looked at if there are older ones.
    async fn recent_unsettled_cases(
        &self,
        account: &AccountId,
    ) -> Stored<(Vec<Versioned<ServiceCase>>, Option<CaseId>)> {
        let mut stretch = keys::cases(account);
        let mut cases = Vec::new();
        let mut since = None;
        loop {
            let rows = self.rows(None, &stretch, Order::Descending, PAGE).await?;
            for item in &rows.items {
                let case = case_of(item)?;
                let since = *since.get_or_insert_with(|| case.value.started_at() - INDEXED_AFTER);
                if case.value.started_at() < since {
                    return Ok((cases, Some(case.value.id())));
                }
                if !case.value.is_settled() {
                    cases.push(case);
                }
            }
            let Some(last) = last_place(None, &rows) else { return Ok((cases, None)) };
            stretch.to = Some(last.to_owned());
        }
    }

    pub(crate) async fn cases(
        &self,
        account: &AccountId,
        filter: &CaseFilter,
        after: Option<&str>,
        limit: usize,
    ) -> Stored<Page<ServiceCase>> {
        let (index, mut stretch) = if filter.unsettled == Some(true) {
            (Some(Index::Unsettled), keys::unsettled_cases(account))
        } else {
            (None, keys::cases(account))
        };
        stretch.to = after.map(|after| cursor::place(after, keys::is_case)).transpose()?;
        let rows = self.rows(index, &stretch, Order::Descending, limit).await?;
        let mut items = Vec::with_capacity(rows.items.len());
        for item in &rows.items {
            items.push(case_of(item)?.value);
        }
        items.retain(|case| wanted(case, filter));
        Ok(Page { items, next: last_place(index, &rows).map(cursor::after) })
    }
}

fn wanted(case: &ServiceCase, filter: &CaseFilter) -> bool {
    let technician = case.technician().map(|technician| &technician.id);
    filter.unsettled.is_none_or(|unsettled| unsettled != case.is_settled())
        && (!filter.unassigned || technician.is_none())
        && filter.technician.as_ref().is_none_or(|wanted| technician == Some(wanted))
}
