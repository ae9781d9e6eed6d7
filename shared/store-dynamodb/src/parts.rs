//! A write as a transaction of the service, and what its cancellation says about it.

use aws_sdk_dynamodb::{
    error::BuildError,
    types::{CancellationReason, ConditionCheck, Delete, Put, TransactWriteItem},
};
use casebridge_store::{Guard, Write, Written};

use crate::{
    addition,
    failure::{Failure, Remedy},
    guard::Condition,
    item,
};

const REFUSED: &str = "ConditionalCheckFailed";

/// A write as the service wants it, and where each part was in the list.
pub(crate) struct Parts {
    pub(crate) items: Vec<TransactWriteItem>,
    places: Vec<usize>,
}

impl Parts {
    pub(crate) fn of(table: &str, writes: &[Write]) -> Result<Self, BuildError> {
        let mut parts = Self { items: Vec::new(), places: Vec::new() };
        for (place, write) in writes.iter().enumerate() {
            if let Some(item) = part(table, write)? {
                parts.items.push(item);
                parts.places.push(place);
            }
        }
        Ok(parts)
    }

    /// What a cancelled transaction came to. It is a refusal only if nothing but guards and additions stood in its way:
    /// next to a conflict or a throttle the service may not have looked at every guard, so the list would have gaps.
    pub(crate) fn outcome(&self, reasons: Vec<CancellationReason>) -> Result<Written, Failure> {
        let mut refused = Vec::new();
        let mut not_added = None;
        let mut other: Option<Failure> = None;
        for ((part, place), reason) in self.items.iter().zip(&self.places).zip(reasons) {
            match (reason.code().unwrap_or("None"), part.update()) {
                ("None", _) => {}
                (REFUSED, Some(_)) => not_added = Some(Failure::unreadable("it doesn't count")),
                (REFUSED, None) => {
                    let there = reason.item.filter(|attributes| !attributes.is_empty());
                    refused.push((*place, there.map(item::item).transpose()?));
                }
                (code, update) => {
                    let failure = Failure::said(code, reason.message().unwrap_or_default(), 400);
                    if update.is_some() && failure.remedy == Remedy::TooLarge {
                        not_added = Some(failure);
                    } else if other.as_ref().is_none_or(|other| other.remedy == Remedy::Again) {
                        // What lasts goes first: trying again won't help the rest either.
                        other = Some(failure);
                    }
                }
            }
        }
        match (other, not_added) {
            (Some(failure), _) => Err(failure),
            (None, Some(failure)) if refused.is_empty() => Err(failure),
            (None, None) if refused.is_empty() => {
                Err(Failure::passing("the transaction was cancelled without a reason"))
            }
            (None, _) => Ok(Written::Refused(refused)),
        }
    }
}

/// `None` for what can't refuse and writes nothing.
fn part(table: &str, write: &Write) -> Result<Option<TransactWriteItem>, BuildError> {
    let part = TransactWriteItem::builder();
    let part = match write {
        Write::Put(item, guard) => {
            let condition = Condition::of(guard);
            let put = Put::builder()
                .table_name(table)
                .set_item(Some(item::attributes(item)))
                .set_condition_expression(condition.expression)
                .set_expression_attribute_names(condition.names)
                .set_expression_attribute_values(condition.values)
                .set_return_values_on_condition_check_failure(condition.on_failure);
            part.put(put.build()?)
        }
        Write::Delete(key, guard) => {
            let condition = Condition::of(guard);
            let delete = Delete::builder()
                .table_name(table)
                .set_key(Some(item::key(key)))
                .set_condition_expression(condition.expression)
                .set_expression_attribute_names(condition.names)
                .set_expression_attribute_values(condition.values)
                .set_return_values_on_condition_check_failure(condition.on_failure);
            part.delete(delete.build()?)
        }
        Write::Check(_, Guard::Any) => return Ok(None),
        Write::Check(key, guard) => {
            let condition = Condition::of(guard);
            let check = ConditionCheck::builder()
                .table_name(table)
                .set_key(Some(item::key(key)))
                .set_condition_expression(condition.expression)
                .set_expression_attribute_names(condition.names)
                .set_expression_attribute_values(condition.values)
                .set_return_values_on_condition_check_failure(condition.on_failure);
            part.condition_check(check.build()?)
        }
        Write::Add(addition) => part.update(addition::update(table, addition)?),
    };
    Ok(Some(part.build()))
}

#[cfg(test)]
mod tests {
    use casebridge_store::{Item, Key, engine::Addition};

    use super::*;

    fn key(sort: &str) -> Key {
        Key { partition: "p".into(), sort: sort.into() }
    }

    fn thing(sort: &str, revision: u64) -> Item {
        Item {
            key: key(sort),
            kind: "thing".into(),
            version: 1,
            revision,
            holder: None,
            held_until: None,
            expires: None,
            indexed: Vec::new(),
            body: "{}".into(),
        }
    }

    fn writes() -> Vec<Write> {
        vec![
            Write::Check(key("a"), Guard::Any),
            Write::Put(Box::new(thing("b", 2)), Guard::Revision(1)),
            Write::Delete(key("c"), Guard::Any),
            Write::Check(key("d"), Guard::Absent),
        ]
    }

    fn addition(sort: &str) -> Write {
        let (counters, labels) = (vec![("x".into(), 1)], Vec::new());
        Write::Add(Box::new(Addition {
            key: key(sort),
            kind: "counts".into(),
            version: 1,
            revision: 1,
            counters,
            labels,
        }))
    }

    fn reason(code: &str) -> CancellationReason {
        CancellationReason::builder().code(code).message("it says").build()
    }

    fn outcome(reasons: [CancellationReason; 3]) -> Result<Written, Failure> {
        Parts::of("things", &writes()).unwrap().outcome(reasons.into())
    }

    #[test]
    fn a_refusal_names_places_in_the_callers_list() {
        let found =
            CancellationReason::builder().code(REFUSED).set_item(Some(item::attributes(&thing("d", 9)))).build();
        let written = outcome([reason(REFUSED), reason("None"), found]).unwrap();
        assert_eq!(written, Written::Refused(vec![(1, None), (3, Some(thing("d", 9)))]));
    }

    #[test]
    fn next_to_a_conflict_a_failed_guard_is_no_answer_yet() {
        for code in ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"] {
            let failure = outcome([reason(REFUSED), reason(code), reason("None")]).unwrap_err();
            assert_eq!(failure.remedy, Remedy::Again, "{code}");
        }
    }

    #[test]
    fn what_lasts_goes_before_what_passes() {
        let failure =
            outcome([reason("TransactionConflict"), reason("ValidationError"), reason("TransactionConflict")]);
        assert_eq!(failure.unwrap_err().remedy, Remedy::Lasting);
    }

    #[test]
    fn what_is_wrong_with_an_addition_comes_after_guards_and_conflicts() {
        let parts =
            Parts::of("things", &[addition("a"), Write::Check(key("b"), Guard::Absent), addition("c")]).unwrap();
        let too_large = || {
            let said = "Item size to update has exceeded the maximum allowed size";
            CancellationReason::builder().code("ValidationError").message(said).build()
        };
        let none = || reason("None");
        let conflict = || reason("TransactionConflict");
        let remedy = |reasons: [CancellationReason; 3]| parts.outcome(reasons.into()).unwrap_err().remedy;
        assert_eq!(remedy([too_large(), none(), none()]), Remedy::TooLarge);
        assert_eq!(remedy([none(), none(), reason(REFUSED)]), Remedy::Unreadable);
        assert_eq!(remedy([too_large(), none(), conflict()]), Remedy::Again);
        assert_eq!(remedy([reason("ValidationError"), none(), too_large()]), Remedy::Lasting);
        for wrong in [too_large(), reason(REFUSED)] {
            let written = parts.outcome(vec![none(), reason(REFUSED), wrong]).unwrap();
            assert_eq!(written, Written::Refused(vec![(1, None)]));
        }
    }

    #[test]
    fn a_cancellation_without_reasons_is_tried_again() {
        let failure = Parts::of("things", &writes()).unwrap().outcome(Vec::new()).unwrap_err();
        assert_eq!(failure.remedy, Remedy::Again);
    }
}
