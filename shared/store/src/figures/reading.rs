//! Figures for reports.

use std::iter;

use casebridge_app::ports::store::{Figures, Stored};
use casebridge_domain::AccountId;
use casebridge_domain::report::{Cover, Dimension, Month, Period, Scope, Year};
use futures::future::try_join_all;
use futures::try_join;

use super::sum::{Sign, Sum, place};
use crate::engine::{Engine, Item, Key, Order};
use crate::item_store::ItemStore;
use crate::keys;
use crate::stretch::Stretch;

impl<E: Engine> ItemStore<E> {
    /// Side by side: a query of years, two of months and, as a cover has at most 30 days, one read; what the cover doesn't
    /// have is not asked for.
    pub(crate) async fn figures(
        &self,
        account: &AccountId,
        scope: &Scope,
        cover: &Cover,
        by: Option<Dimension>,
    ) -> Stored<Figures> {
        let days = cover.plus.iter().chain(&cover.minus).map(|day| Period::Day(*day));
        let keys: Vec<Key> = days.flat_map(|day| keys::figures::all_of(account, day, &scope.key())).collect();
        let months = cover.months.iter().map(|months| self.months(account, scope, *months));
        let (years, months, days) =
            try_join!(self.years(account, scope, cover.years), try_join_all(months), self.read_many(&keys))?;
        let mut sum = Sum::by(by);
        for item in years.iter().chain(months.iter().flatten()).chain(days.iter().flatten()) {
            let (period, _) = place(item)?;
            let is_off = matches!(period, Period::Day(day) if cover.minus.contains(&day));
            sum.take(item, period, if is_off { Sign::Minus } else { Sign::Plus })?;
        }
        sum.figures()
    }

    async fn years(&self, account: &AccountId, scope: &Scope, years: Option<(Year, Year)>) -> Stored<Vec<Item>> {
        let Some((first, last)) = years else { return Ok(Vec::new()) };
        let count = iter::successors(Some(first), |year| Some(year.next())).take_while(|year| *year <= last).count();
        self.all_of(&keys::figures::years(account, scope, first, last), count).await
    }

    async fn months(&self, account: &AccountId, scope: &Scope, (first, last): (Month, Month)) -> Stored<Vec<Item>> {
        let count =
            iter::successors(Some(first), |month| Some(month.next())).take_while(|month| *month <= last).count();
        self.all_of(&keys::figures::months(account, scope, first, last), count).await
    }

    /// All items of so many periods. There are never more than is asked for.
    async fn all_of(&self, stretch: &Stretch, periods: usize) -> Stored<Vec<Item>> {
        Ok(self.rows(None, stretch, Order::Ascending, keys::figures::SHARDS.len() * periods).await?.items)
    }
}
