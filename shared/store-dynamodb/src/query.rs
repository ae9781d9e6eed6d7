//! A stretch of one partition.

use aws_sdk_dynamodb::{operation::query::builders::QueryFluentBuilder, types::AttributeValue};
use casebridge_store::{EngineError, Index, Item, Order, Query, Rows};

use crate::{
    engine::DynamoEngine,
    failure::Failure,
    item::{self, Attributes, text},
    schema,
};

impl DynamoEngine {
    pub(crate) async fn query_stretch(&self, query: &Query) -> Result<Rows, EngineError> {
        if is_empty(query) {
            return Ok(Rows { items: Vec::new(), more: false });
        }
        let mut gathered = Gathered::new(query);
        let mut start = None;
        loop {
            let request = self.request(query).limit(gathered.wanted()).set_exclusive_start_key(start);
            let (items, next) = self.budget("Query").answer(|| page(&request)).await?;
            for item in items {
                gathered.take(item);
            }
            start = next;
            if let Some(more) = gathered.settled(start.is_some()) {
                gathered.items.truncate(query.limit);
                return Ok(Rows { items: gathered.items, more });
            }
        }
    }

    fn request(&self, query: &Query) -> QueryFluentBuilder {
        let (pk, sk) = keys(query.index);
        let request = self
            .client
            .query()
            .table_name(&self.table)
            .set_index_name(query.index.map(|index| schema::names(index).index.to_owned()))
            // An index can't be asked consistently.
            .consistent_read(query.index.is_none())
            .scan_index_forward(query.order == Order::Ascending)
            .key_condition_expression(condition(query))
            .expression_attribute_names("#pk", pk)
            .expression_attribute_values(":pk", text(&query.partition));
        let bounds = [(":from", from(query)), (":to", query.to.as_deref())];
        let bounds: Vec<(&str, AttributeValue)> =
            bounds.into_iter().filter_map(|(name, bound)| Some((name, text(bound?)))).collect();
        if bounds.is_empty() {
            return request;
        }
        let request = request.expression_attribute_names("#sk", sk);
        bounds.into_iter().fold(request, |request, (name, bound)| request.expression_attribute_values(name, bound))
    }
}

/// The page's items, and where the next page starts if there is one.
async fn page(request: &QueryFluentBuilder) -> Result<(Vec<Item>, Option<Attributes>), Failure> {
    let answer = request.clone().send().await.map_err(|error| Failure::of(&error))?;
    let items = answer.items.unwrap_or_default().into_iter().map(item::item).collect::<Result<_, _>>()?;
    Ok((items, answer.last_evaluated_key.filter(|key| !key.is_empty())))
}

fn keys(index: Option<Index>) -> (&'static str, &'static str) {
    index.map_or((schema::PK, schema::SK), |index| (schema::names(index).pk, schema::names(index).sk))
}

/// The service knows one condition on the sort key, and the only one with two ends includes both.
fn condition(query: &Query) -> &'static str {
    match (from(query), &query.to) {
        (None, None) => "#pk = :pk",
        (Some(_), None) => "#pk = :pk AND #sk >= :from",
        (None, Some(_)) => "#pk = :pk AND #sk < :to",
        (Some(_), Some(_)) => "#pk = :pk AND #sk BETWEEN :from AND :to",
    }
}

/// Every place is after the empty one, which the service doesn't know.
fn from(query: &Query) -> Option<&str> {
    query.from.as_deref().filter(|from| !from.is_empty())
}

/// Nothing can be in it; the service would refuse some of these.
fn is_empty(query: &Query) -> bool {
    let from = query.from.as_deref().unwrap_or_default();
    query.to.as_deref().is_some_and(|to| to <= from)
}

/// What pages have brought so far.
struct Gathered<'a> {
    query: &'a Query,
    items: Vec<Item>,
    /// The end came in sight: the items at `to`, which come last going up.
    ended: bool,
    /// The places in the next page that go to items at `to`, which come first going down.
    spare: usize,
}

impl<'a> Gathered<'a> {
    fn new(query: &'a Query) -> Self {
        let at_the_end = query.to.is_some() && from(query).is_some() && query.order == Order::Descending;
        Self { query, items: Vec::new(), ended: false, spare: usize::from(at_the_end) }
    }

    /// One more than is missing: whether it comes says whether there is more.
    fn wanted(&self) -> i32 {
        let missing = self.query.limit.saturating_sub(self.items.len());
        i32::try_from(missing.saturating_add(1).saturating_add(self.spare)).unwrap_or(i32::MAX)
    }

    fn take(&mut self, item: Item) {
        self.spare = 0;
        let at_to = self.query.to.is_some() && place(&item, self.query.index) == self.query.to.as_deref();
        if at_to {
            self.ended |= self.query.order == Order::Ascending;
        } else {
            self.items.push(item);
        }
    }

    /// Whether there is more, as soon as that is known or the limit is reached.
    fn settled(&self, another_page: bool) -> Option<bool> {
        let found = self.items.len();
        if found > self.query.limit {
            Some(true)
        } else if self.ended || !another_page {
            Some(false)
        } else {
            // The service ended the page by its size: asking for one more item just to know would be a round trip.
            (found == self.query.limit).then_some(true)
        }
    }
}

fn place(item: &Item, index: Option<Index>) -> Option<&str> {
    match index {
        None => Some(&item.key.sort),
        Some(index) => item.indexed.iter().find(|entry| entry.index == index).map(|entry| entry.sort.as_str()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(from: Option<&str>, to: Option<&str>, order: Order) -> Query {
        let (from, to) = (from.map(str::to_owned), to.map(str::to_owned));
        Query { index: None, partition: "p".into(), from, to, order, limit: 2 }
    }

    #[test]
    fn a_stretch_without_room_is_never_asked_for() {
        for (from, to, expected) in [
            (None, Some(""), true),
            (Some("b"), Some("b"), true),
            (Some("b"), Some("a"), true),
            (Some("b"), Some("ba"), false),
            (Some(""), None, false),
        ] {
            assert_eq!(is_empty(&query(from, to, Order::Ascending)), expected, "{from:?} {to:?}");
        }
    }

    #[test]
    fn only_two_ends_need_a_condition_that_includes_too_much() {
        let condition = |from, to| condition(&query(from, to, Order::Ascending));
        assert_eq!(condition(None, Some("b")), "#pk = :pk AND #sk < :to");
        assert_eq!(condition(Some(""), Some("b")), "#pk = :pk AND #sk < :to");
        assert_eq!(condition(Some("a"), Some("b")), "#pk = :pk AND #sk BETWEEN :from AND :to");
    }

    #[test]
    fn a_page_is_asked_for_with_room_to_see_what_follows() {
        assert_eq!(Gathered::new(&query(Some("a"), Some("b"), Order::Ascending)).wanted(), 3);
        assert_eq!(Gathered::new(&query(Some("a"), Some("b"), Order::Descending)).wanted(), 4);
        let all = Query { limit: usize::MAX, ..query(None, None, Order::Ascending) };
        assert_eq!(Gathered::new(&all).wanted(), i32::MAX);
    }
}
