//! All that is kept of one period, and of which periods something is kept: for holding figures against records.

use std::collections::BTreeMap;

use casebridge_app::ports::store::{Period, Revision, Sheet, Stored};
use casebridge_domain::AccountId;
use casebridge_domain::report::Month;

use super::sum::{Sign, Sum, place};
use crate::engine::{Engine, Item, Key, Order};
use crate::item_store::ItemStore;
use crate::keys;
use crate::stretch::{Stretch, after_all};

impl<E: Engine> ItemStore<E> {
    pub(crate) async fn sheet(&self, account: &AccountId, period: Period) -> Stored<Sheet> {
        let items = match period {
            Period::Day(day) => self.all(None, keys::figures::day(account, day)).await?,
            Period::Month(month) => self.month_of_all(account, month).await?,
        };
        let mark = items.iter().map(|item| (item.key.sort.clone(), Revision(item.revision))).collect();
        let mut sums: BTreeMap<String, Sum<'_>> = BTreeMap::new();
        for item in &items {
            let (period, scope) = place(item)?;
            sums.entry(scope.to_owned()).or_insert_with(|| Sum::by(None)).take(item, period, Sign::Plus)?;
        }
        let scopes = sums.into_iter().map(|(scope, sum)| Ok((scope, sum.figures()?)));
        Ok(Sheet { scopes: scopes.collect::<Stored<_>>()?, mark })
    }

    /// A month's items, scope by scope: they don't lie together.
    async fn month_of_all(&self, account: &AccountId, month: Month) -> Stored<Vec<Item>> {
        let mut keys: Vec<Key> = Vec::new();
        for first in self.leap(keys::figures::every_month(account), 2).await? {
            if let Some((_, scope)) = keys::figures::place(&first) {
                keys.extend(keys::figures::all_of(account, Period::Month(month), scope));
            }
        }
        Ok(self.read_many(&keys).await?.into_iter().flatten().collect())
    }

    pub(crate) async fn periods(&self, account: &AccountId) -> Stored<Vec<Period>> {
        let mut places = self.leap(keys::figures::every_day(account), 2).await?;
        places.extend(self.leap(keys::figures::every_month(account), 3).await?);
        let mut periods: Vec<Period> = places.iter().filter_map(|place| Some(keys::figures::place(place)?.0)).collect();
        periods.sort_unstable();
        periods.dedup();
        Ok(periods)
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
