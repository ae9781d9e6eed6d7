//! All that is kept of some periods, and of which periods something is kept: for holding figures against records.

use std::collections::BTreeMap;

use casebridge_app::ports::store::{Kept, Revision, Sheet, Stored};
use casebridge_domain::AccountId;
use casebridge_domain::report::Period;
use chrono::NaiveDate;

use super::sum::{Sign, Sum, place};
use crate::engine::{Engine, Item, Key, Order};
use crate::item_store::ItemStore;
use crate::keys;
use crate::stretch::{Stretch, after_all};

impl<E: Engine> ItemStore<E> {
    pub(crate) async fn sheet(&self, account: &AccountId, day: NaiveDate) -> Stored<Sheet> {
        let items = self.all(None, keys::figures::day(account, day)).await?;
        let mut scopes: BTreeMap<&str, Vec<&Item>> = BTreeMap::new();
        for item in &items {
            scopes.entry(place(item)?.1).or_default().push(item);
        }
        scopes.into_iter().map(|(scope, items)| Ok((scope.to_owned(), kept(&items)?))).collect()
    }

    /// One read, for as many periods as a year or a month has parts.
    pub(crate) async fn kept(&self, account: &AccountId, scope: &str, periods: &[Period]) -> Stored<Vec<Kept>> {
        let keys: Vec<Key> = periods.iter().flat_map(|period| keys::figures::all_of(account, *period, scope)).collect();
        let items = self.read_many(&keys).await?;
        let of_periods = items.chunks(keys::figures::SHARDS.len());
        of_periods.map(|items| kept(&items.iter().flatten().collect::<Vec<_>>())).collect()
    }

    pub(crate) async fn counted_days(&self, account: &AccountId) -> Stored<Vec<NaiveDate>> {
        let places = self.leap(keys::figures::every_day(account), 2).await?;
        let days = places.iter().filter_map(|place| match keys::figures::place(place)?.0 {
            Period::Day(day) => Some(day),
            Period::Month(_) | Period::Year(_) => None,
        });
        Ok(days.collect())
    }

    pub(crate) async fn counted_wholes(&self, account: &AccountId) -> Stored<Vec<(Period, String)>> {
        let mut places = self.leap(keys::figures::every_month(account), 3).await?;
        places.extend(self.leap(keys::figures::every_year(account), 3).await?);
        let wholes = places.iter().filter_map(|place| keys::figures::place(place));
        Ok(wholes.map(|(period, scope)| (period, scope.to_owned())).collect())
    }

    /// The first of the places whose first parts are alike, for all such parts: one small query each, however much lies
    /// between them.
    async fn leap(&self, mut stretch: Stretch, parts: usize) -> Stored<Vec<String>> {
        let mut firsts = Vec::new();
        loop {
            let rows = self.rows(None, &stretch, Order::Ascending, 1).await?;
            let Some(first) = rows.items.into_iter().next() else { return Ok(firsts) };
            let place = first.key.sort;
            let alike: String = place.split_inclusive('#').take(parts).collect();
            stretch.from = Some(after_all(&alike));
            firsts.push(place);
        }
    }
}

/// What the items of one period and one scope hold.
fn kept(items: &[&Item]) -> Stored<Kept> {
    let mut sum = Sum::by(None);
    for item in items {
        sum.take(item, place(item)?.0, Sign::Plus)?;
    }
    let mark = items.iter().map(|item| (item.key.sort.clone(), Revision(item.revision))).collect();
    Ok(Kept { figures: sum.figures()?, mark })
}
