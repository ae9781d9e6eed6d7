//! An addition as an update of the service.

use std::collections::HashMap;

use aws_sdk_dynamodb::{
    error::BuildError,
    types::{AttributeValue, Update},
};
use casebridge_store::engine::Addition;

use crate::{
    counts,
    item::{self, Attributes, number, text},
    schema,
};

/// Makes the item if it is not there. An item that has a body doesn't count: its readers would not see what is added.
pub(crate) fn update(table: &str, addition: &Addition) -> Result<Update, BuildError> {
    let change = Change::of(addition);
    Update::builder()
        .table_name(table)
        .set_key(Some(item::key(&addition.key)))
        .update_expression(change.expression)
        .condition_expression("attribute_not_exists(#body)")
        .set_expression_attribute_names(Some(change.names))
        .expression_attribute_names("#body", schema::BODY)
        .set_expression_attribute_values(Some(change.values))
        .build()
}

/// An update's expression, which may have 4 kB: names and values are only numbered in it (developer guide, "Quotas").
#[derive(Default)]
struct Change {
    expression: String,
    names: HashMap<String, String>,
    values: Attributes,
}

impl Change {
    fn of(addition: &Addition) -> Self {
        let own = [
            (schema::KIND, text(&addition.kind)),
            (schema::VERSION, number(&addition.version)),
            (schema::REVISION, number(&addition.revision)),
        ];
        let own = own.into_iter().map(|(name, value)| (name.to_owned(), value));
        let labels = addition.labels.iter().map(|(name, says)| (counts::label(name), text(says)));
        let counters = addition.counters.iter().map(|(name, added)| (counts::counter(name), number(added)));
        let mut change = Self::default();
        change.clause("SET ", '=', own.chain(labels));
        change.clause(" ADD ", ' ', counters);
        change
    }

    fn clause(&mut self, verb: &str, between: char, parts: impl Iterator<Item = (String, AttributeValue)>) {
        let mut clause = Vec::new();
        for (name, value) in parts {
            let number = self.names.len();
            self.names.insert(format!("#{number}"), name);
            self.values.insert(format!(":{number}"), value);
            clause.push(format!("#{number}{between}:{number}"));
        }
        if !clause.is_empty() {
            self.expression.push_str(verb);
            self.expression.push_str(&clause.join(","));
        }
    }
}

#[cfg(test)]
mod tests {
    use casebridge_store::{Key, engine::MOST_ADDED};

    use super::*;

    fn addition(counters: usize, labels: usize) -> Addition {
        let names = |count| (0..count).map(|n| format!("{n}"));
        Addition {
            key: Key { partition: "p".into(), sort: "s".into() },
            kind: "counts".into(),
            version: 1,
            revision: 9,
            counters: names(counters).map(|name| (name, -1)).collect(),
            labels: names(labels).map(|name| (name, "says".into())).collect(),
        }
    }

    #[test]
    fn counters_are_added_and_everything_else_is_set() {
        let change = Change::of(&addition(2, 1));
        assert_eq!(change.expression, "SET #0=:0,#1=:1,#2=:2,#3=:3 ADD #4 :4,#5 :5");
        let names = ["#0", "#2", "#3", "#4", "#5"].map(|number| change.names[number].as_str());
        assert_eq!(names, ["kind", "rev", "=0", "+0", "+1"]);
        let values = [":2", ":3", ":5"].map(|number| change.values[number].clone());
        assert_eq!(values, [number(&9), text("says"), number(&-1)]);
    }

    #[test]
    fn the_most_that_one_may_name_fits_into_an_expression() {
        for addition in [addition(MOST_ADDED, 0), addition(0, MOST_ADDED), addition(0, 0)] {
            let change = Change::of(&addition);
            assert!(change.expression.len() <= 4096, "{} bytes", change.expression.len());
            assert_eq!(change.names.len(), 3 + addition.counters.len() + addition.labels.len());
        }
    }
}
