//! A guard as a condition of the service.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::ReturnValuesOnConditionCheckFailure;
use casebridge_store::Guard;

use crate::{
    item::{Attributes, number, text},
    schema,
};

/// What a part of a transaction says about its condition; nothing at all under [`Guard::Any`].
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Condition {
    pub(crate) expression: Option<String>,
    pub(crate) names: Option<HashMap<String, String>>,
    pub(crate) values: Option<Attributes>,
    /// Has a refusal bring the item that is there, so that nobody has to read it afterwards.
    pub(crate) on_failure: Option<ReturnValuesOnConditionCheckFailure>,
}

impl Condition {
    pub(crate) fn of(guard: &Guard) -> Self {
        // A missing attribute compares as false, so that an item that is not there is at no revision and has no holder.
        let (expression, name, value) = match guard {
            Guard::Any => return Self::default(),
            Guard::Absent => ("attribute_not_exists(#it)", schema::PK, None),
            Guard::Revision(revision) => ("#it = :wanted", schema::REVISION, Some(number(revision))),
            Guard::Free { now } => {
                ("attribute_not_exists(#it) OR #it <= :wanted", schema::HELD_UNTIL, Some(number(now)))
            }
            Guard::HeldBy(holder) => ("#it = :wanted", schema::HOLDER, Some(text(holder))),
        };
        Self {
            expression: Some(expression.to_owned()),
            names: Some(HashMap::from([("#it".to_owned(), name.to_owned())])),
            values: value.map(|value| HashMap::from([(":wanted".to_owned(), value)])),
            on_failure: Some(ReturnValuesOnConditionCheckFailure::AllOld),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_says_nothing() {
        assert_eq!(Condition::of(&Guard::Any), Condition::default());
    }

    #[test]
    fn each_other_guard_names_one_attribute_and_asks_for_the_item_that_is_there() {
        let cases = [
            (Guard::Absent, "pk", None),
            (Guard::Revision(u64::MAX), "rev", Some(number(&u64::MAX))),
            (Guard::Free { now: -5 }, "held_until", Some(number(&-5))),
            (Guard::HeldBy("me".into()), "holder", Some(text("me"))),
        ];
        for (guard, name, value) in cases {
            let condition = Condition::of(&guard);
            assert_eq!(condition.names.unwrap()["#it"], name, "{guard:?}");
            assert_eq!(condition.values.map(|values| values[":wanted"].clone()), value, "{guard:?}");
            assert_eq!(condition.on_failure, Some(ReturnValuesOnConditionCheckFailure::AllOld), "{guard:?}");
        }
    }
}
