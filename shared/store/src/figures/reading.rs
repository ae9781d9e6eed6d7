//! Figures for reports.

use casebridge_app::ports::store::{Figures, Period, Stored};
use casebridge_domain::AccountId;
use casebridge_domain::report::{Cover, Dimension, Month, Scope};
use futures::try_join;

use super::sum::{Sign, Sum, place};
use crate::engine::{Engine, Item, Key, Order};
use crate::item_store::ItemStore;
use crate::keys;

impl<E: Engine> ItemStore<E> {
    /// Months and days side by side: one query and, as a cover has at most 30 days, one read.
    pub(crate) async fn figures(
        &self,
        account: &AccountId,
        scope: &Scope,
        cover: &Cover,
        by: Option<Dimension>,
    ) -> Stored<Figures> {
        let days = cover.plus.iter().chain(&cover.minus).map(|day| Period::Day(*day));
        let keys: Vec<Key> = days.flat_map(|day| keys::figures::all_of(account, day, &scope.key())).collect();
        let (months, days) = try_join!(self.months(account, scope, cover.months), self.read_many(&keys))?;
        let mut sum = Sum::by(by);
        for item in months.iter().chain(days.iter().flatten()) {
            let (period, _) = place(item)?;
            let is_off = matches!(period, Period::Day(day) if cover.minus.contains(&day));
            sum.take(item, period, if is_off { Sign::Minus } else { Sign::Plus })?;
        }
        sum.figures()
    }

    /// All items of these months. There are never more than is asked for.
    async fn months(&self, account: &AccountId, scope: &Scope, months: Option<(Month, Month)>) -> Stored<Vec<Item>> {
        let Some((first, last)) = months else { return Ok(Vec::new()) };
        let stretch = keys::figures::months(account, scope, first, last);
        let most = keys::figures::SHARDS.len() * count(first, last);
        Ok(self.rows(None, &stretch, Order::Ascending, most).await?.items)
    }
}

fn count(first: Month, last: Month) -> usize {
    std::iter::successors(Some(first), |month| Some(month.next())).take_while(|month| *month <= last).count()
}
