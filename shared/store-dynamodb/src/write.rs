//! The atomic write.
//!
//! Every write is one `TransactWriteItems` with a token, even a single put. A `PutItem` with a condition would cost half
//! the write units and a few milliseconds less, but it can't be repeated exactly: when its answer got lost and somebody
//! wrote on top before the second try, the condition fails on *their* revision, and nothing tells whether ours was kept
//! in between. A counter would count twice, a settled case would be taken for lost. An unguarded put is no better: its
//! second try would wipe out what others wrote on top of the first. With a token the service itself remembers, for ten
//! minutes, what became of the first try; ours are over in seconds. So a refusal is always somebody else's doing, even
//! where the item that is there looks just like ours. The price is about a millionth of a dollar a write.

use aws_sdk_dynamodb::{
    error::{BuildError, SdkError},
    operation::transact_write_items::TransactWriteItemsError,
    types::{CancellationReason, ConditionCheck, Delete, Put, TransactWriteItem},
};
use casebridge_store::{EngineError, Guard, Write, Written};

use crate::{
    engine::DynamoEngine,
    failure::{Failure, Remedy},
    guard::Condition,
    item,
};

const REFUSED: &str = "ConditionalCheckFailed";

impl DynamoEngine {
    pub(crate) async fn write_all(&self, writes: &[Write]) -> Result<Written, EngineError> {
        let parts = Parts::of(&self.table, writes)
            .map_err(|error| Failure::lasting(error.to_string()).into_error(&self.table))?;
        if parts.items.is_empty() {
            return Ok(Written::Done);
        }
        let token = self.token();
        let mut budget = self.budget("TransactWriteItems");
        loop {
            match budget.attempt(self.transact(&parts, &token)).await {
                Ok(written) => return Ok(written),
                Err(failure) => budget.another(failure).await?,
            }
        }
    }

    async fn transact(&self, parts: &Parts, token: &str) -> Result<Written, Failure> {
        let request = self.client.transact_write_items().client_request_token(token);
        match request.set_transact_items(Some(parts.items.clone())).send().await {
            Ok(_) => Ok(Written::Done),
            Err(SdkError::ServiceError(answer)) if answer.err().is_transaction_canceled_exception() => {
                parts.outcome(reasons(answer.into_err()))
            }
            Err(error) => Err(Failure::of(&error)),
        }
    }

    /// The same for all tries of one write, and never for two writes.
    fn token(&self) -> String {
        let random = self.ids.secret().first_chunk().copied().unwrap_or_default();
        format!("{:032x}", u128::from_be_bytes(random))
    }
}

/// A write as the service wants it, and where each part was in the list.
struct Parts {
    items: Vec<TransactWriteItem>,
    places: Vec<usize>,
}

impl Parts {
    fn of(table: &str, writes: &[Write]) -> Result<Self, BuildError> {
        let mut parts = Self { items: Vec::new(), places: Vec::new() };
        for (place, write) in writes.iter().enumerate() {
            if let Some(item) = part(table, write)? {
                parts.items.push(item);
                parts.places.push(place);
            }
        }
        Ok(parts)
    }

    /// What a cancelled transaction came to. It is a refusal only if nothing but guards stood in its way: next to a
    /// conflict or a throttle the service may not have looked at every guard, so the list would have gaps.
    fn outcome(&self, reasons: Vec<CancellationReason>) -> Result<Written, Failure> {
        let mut refused = Vec::new();
        let mut other: Option<Failure> = None;
        for (place, reason) in self.places.iter().zip(reasons) {
            match reason.code().unwrap_or("None") {
                "None" => {}
                REFUSED => {
                    let there = reason.item.filter(|attributes| !attributes.is_empty());
                    refused.push((*place, there.map(item::item).transpose()?));
                }
                code => {
                    let failure = Failure::said(code, reason.message().unwrap_or_default(), 400);
                    // What lasts goes first: trying again won't help the rest either.
                    if other.as_ref().is_none_or(|other| other.remedy == Remedy::Again) {
                        other = Some(failure);
                    }
                }
            }
        }
        match other {
            Some(failure) => Err(failure),
            None if refused.is_empty() => Err(Failure::passing("the transaction was cancelled without a reason")),
            None => Ok(Written::Refused(refused)),
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
    };
    Ok(Some(part.build()))
}

fn reasons(error: TransactWriteItemsError) -> Vec<CancellationReason> {
    match error {
        TransactWriteItemsError::TransactionCanceledException(cancelled) => {
            cancelled.cancellation_reasons.unwrap_or_default()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use casebridge_store::{Item, Key};

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
    fn a_cancellation_without_reasons_is_tried_again() {
        let failure = Parts::of("things", &writes()).unwrap().outcome(Vec::new()).unwrap_err();
        assert_eq!(failure.remedy, Remedy::Again);
    }
}
