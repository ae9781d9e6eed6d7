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
    error::SdkError, operation::transact_write_items::TransactWriteItemsError, types::CancellationReason,
};
use casebridge_store::{EngineError, Write, Written};

use crate::{engine::DynamoEngine, failure::Failure, parts::Parts};

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

fn reasons(error: TransactWriteItemsError) -> Vec<CancellationReason> {
    match error {
        TransactWriteItemsError::TransactionCanceledException(cancelled) => {
            cancelled.cancellation_reasons.unwrap_or_default()
        }
        _ => Vec::new(),
    }
}
