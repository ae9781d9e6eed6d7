//! A stretch of a partition, from the table or an index.

use casebridge_store::{Index, Order, Query, Rows};
use rusqlite::{Connection, Result, ToSql};

use crate::item_row;

/// The stretch. Items at the same place of an index come in the order they were first put.
pub(crate) fn run(connection: &Connection, query: &Query) -> Result<Rows> {
    let one_more = i64::try_from(query.limit).unwrap_or(i64::MAX).saturating_add(1);
    let bounds = [Some(&query.partition), query.from.as_ref(), query.to.as_ref()];
    let mut parameters: Vec<&dyn ToSql> = bounds.iter().flatten().map(|bound| bound as &dyn ToSql).collect();
    parameters.push(&one_more);

    let mut statement = connection.prepare_cached(&statement(query))?;
    let mut found = statement.query_map(&*parameters, item_row::read)?;
    let items = found.by_ref().take(query.limit).collect::<Result<_>>()?;
    let more = found.next().transpose()?.is_some();
    Ok(Rows { items, more })
}

fn statement(query: &Query) -> String {
    let (partition, sort) = match query.index {
        None => ("pk", "sk"),
        Some(Index::Due) => ("due_pk", "due_sk"),
        Some(Index::Unsettled) => ("unsettled_pk", "unsettled_sk"),
        Some(Index::Code) => ("code_pk", "code_sk"),
    };
    let way = match query.order {
        Order::Ascending => "ASC",
        Order::Descending => "DESC",
    };
    let from = if query.from.is_some() { format!("AND {sort} >= ?") } else { String::new() };
    let to = if query.to.is_some() { format!("AND {sort} < ?") } else { String::new() };
    let columns = item_row::COLUMNS;
    format!("SELECT {columns} FROM item WHERE {partition} = ? {from} {to} ORDER BY {sort} {way}, rowid {way} LIMIT ?")
}

#[cfg(test)]
mod tests {
    use rusqlite::StatementStatus;

    use super::*;

    #[test]
    fn a_query_with_another_limit_is_not_planned_anew() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.db");
        crate::file::create(&path).unwrap();
        let mut connection = crate::connection::to_write(&path, &crate::Options::default()).unwrap();
        crate::schema::migrate(&mut connection, &path).unwrap();
        for limit in [1, 2, 100] {
            let query =
                Query { index: None, partition: "p".into(), from: None, to: None, order: Order::Ascending, limit };
            run(&connection, &query).unwrap();
            let kept = connection.prepare_cached(&statement(&query)).unwrap();
            assert_eq!(kept.get_status(StatementStatus::RePrepare), 0, "for {limit}");
        }
    }

    #[test]
    fn every_query_walks_an_index_in_its_order() {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(include_str!("migrations/0001_items.sql")).unwrap();
        let some = Some("m".to_owned());
        for index in [None, Some(Index::Due), Some(Index::Unsettled), Some(Index::Code)] {
            for (from, to) in [(None, None), (some.clone(), None), (None, some.clone()), (some.clone(), some.clone())] {
                for order in [Order::Ascending, Order::Descending] {
                    let query =
                        Query { index, partition: "p".into(), from: from.clone(), to: to.clone(), order, limit: 1 };
                    let text = format!("EXPLAIN QUERY PLAN {}", statement(&query));
                    let mut explain = connection.prepare(&text).unwrap();
                    for parameter in 1..=explain.parameter_count() {
                        explain.raw_bind_parameter(parameter, "1").unwrap();
                    }
                    let mut rows = explain.raw_query();
                    let step: String = rows.next().unwrap().unwrap().get("detail").unwrap();
                    assert!(step.starts_with("SEARCH item USING INDEX"), "{step}");
                    assert!(rows.next().unwrap().is_none(), "{text} takes another step");
                }
            }
        }
    }
}
