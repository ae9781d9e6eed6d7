//! Why a call failed, and whether it is worth another try.

use std::{error::Error, iter::successors};

use aws_sdk_dynamodb::{
    error::{ProvideErrorMetadata, SdkError},
    operation::RequestId,
};
use casebridge_store::EngineError;

/// What follows from a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Remedy {
    /// Another try: the service asks for it, or nobody knows what became of this one.
    Again,
    /// Another try would end the same.
    Lasting,
    /// So would this one, for an item would be too large.
    TooLarge,
    /// So would this one, for something else would be.
    Full,
    /// And so would this one, for what is kept is no item.
    Unreadable,
}

/// A failed call. Keeps only texts: the SDK's own errors carry answers, and answers carry what customers wrote.
#[derive(Debug, thiserror::Error)]
#[error("{says}")]
pub(crate) struct Failure {
    pub(crate) remedy: Remedy,
    code: String,
    says: String,
}

/// What somebody has to do about a failure.
#[derive(Debug, thiserror::Error)]
#[error("table {table}: {advice}")]
struct Trouble {
    table: String,
    advice: String,
    source: Failure,
}

impl Failure {
    pub(crate) fn passing(says: impl Into<String>) -> Self {
        Self { remedy: Remedy::Again, code: String::new(), says: says.into() }
    }

    pub(crate) fn lasting(says: impl Into<String>) -> Self {
        Self { remedy: Remedy::Lasting, ..Self::passing(says) }
    }

    pub(crate) fn unreadable(says: impl Into<String>) -> Self {
        Self { remedy: Remedy::Unreadable, ..Self::passing(says) }
    }

    /// What the service said, in its own words.
    pub(crate) fn said(code: &str, message: &str, status: u16) -> Self {
        Self { remedy: remedy(code, message, status), code: code.to_owned(), says: format!("{code}: {message}") }
    }

    pub(crate) fn of<E: Error + ProvideErrorMetadata + 'static>(error: &SdkError<E>) -> Self {
        match error {
            SdkError::ServiceError(answer) => {
                let (code, message) = (answer.err().code(), answer.err().message());
                let code = code.unwrap_or("an error without a code");
                let failure = Self::said(code, message.unwrap_or_default(), answer.raw().status().as_u16());
                match error.request_id() {
                    Some(request) => Self { says: format!("{} (request {request})", failure.says), ..failure },
                    None => failure,
                }
            }
            SdkError::ConstructionFailure(_) => Self::lasting(chain(error)),
            SdkError::DispatchFailure(failure) if failure.is_user() => Self::lasting(chain(error)),
            _ => Self::passing(chain(error)),
        }
    }

    /// Whether it is another transaction that is in the way: the service is there, and others come through meanwhile.
    pub(crate) fn is_conflict(&self) -> bool {
        self.code.strip_suffix("Exception").unwrap_or(&self.code) == "TransactionConflict"
    }

    /// As the engine's caller gets it, with what has to be mended.
    pub(crate) fn into_error(self, table: &str) -> EngineError {
        let advice = advice(&self.code, self.remedy).to_owned();
        self.advised(table, advice)
    }

    /// As [`into_error`](Self::into_error), when trying again did not help either.
    pub(crate) fn after_tries(self, table: &str, operation: &str, tries: u32) -> EngineError {
        self.advised(table, format!("{operation} did not get through in {tries} tries"))
    }

    fn advised(self, table: &str, advice: String) -> EngineError {
        let trouble = |source| Box::new(Trouble { table: table.to_owned(), advice, source });
        match self.remedy {
            Remedy::Unreadable => EngineError::Unreadable(self.says),
            Remedy::TooLarge => EngineError::TooLarge,
            Remedy::Full => EngineError::Full(trouble(self)),
            Remedy::Again | Remedy::Lasting => EngineError::Unavailable(trouble(self)),
        }
    }
}

/// By code, so that the reasons of a cancelled transaction, which drop the `Exception`, are judged alike.
fn remedy(code: &str, message: &str, status: u16) -> Remedy {
    match code.strip_suffix("Exception").unwrap_or(code) {
        "TransactionConflict"
        | "Throttling"
        | "ThrottlingError"
        | "ProvisionedThroughputExceeded"
        | "RequestLimitExceeded"
        | "TransactionInProgress"
        | "InternalServerError" => Remedy::Again,
        "ItemCollectionSizeLimitExceeded" => Remedy::Full,
        "Validation" | "ValidationError" if is_about_an_items_size(message) => Remedy::TooLarge,
        "Validation" | "ValidationError" if is_about_size(message) => Remedy::Full,
        _ if status >= 500 => Remedy::Again,
        _ => Remedy::Lasting,
    }
}

/// The service says it of a put, of one of an update's values and of what an update would make of an item (API reference,
/// `TransactionCanceledException`).
fn is_about_an_items_size(message: &str) -> bool {
    ["Item size has exceeded the maximum allowed size", "Item size to update has exceeded the maximum allowed size"]
        .iter()
        .any(|said| message.contains(said))
}

fn is_about_size(message: &str) -> bool {
    let message = message.to_ascii_lowercase();
    let is_about_an_expression = message.contains("expression size");
    message.contains("size") && (message.contains("exceed") || message.contains("maximum")) && !is_about_an_expression
}

fn advice(code: &str, remedy: Remedy) -> &'static str {
    match code.strip_suffix("Exception").unwrap_or(code) {
        _ if remedy == Remedy::Full => "DynamoDB takes no transaction over 4 MB",
        "ResourceNotFound" => "it is not there, or not in this region: make it, or mend its name",
        "AccessDenied" => {
            "the role needs dynamodb:GetItem, BatchGetItem, Query, PutItem, UpdateItem, DeleteItem and \
             ConditionCheckItem on the table, and Query on its index/*"
        }
        "UnrecognizedClient"
        | "InvalidClientTokenId"
        | "MissingAuthenticationToken"
        | "IncompleteSignature"
        | "InvalidSignature"
        | "ExpiredToken" => {
            "the credentials are not accepted: look at AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN and \
             the machine's clock"
        }
        "Validation" | "ValidationError" => {
            "the call is refused as it is: look whether the table's keys and indexes are those that this version makes"
        }
        _ => "the call failed, and another try would fail too",
    }
}

fn chain(error: &(dyn Error + 'static)) -> String {
    let links: Vec<String> = successors(Some(error), |&error| error.source()).map(ToString::to_string).collect();
    links.join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_services_words_say_whether_to_try_again() {
        let cases = [
            ("TransactionConflictException", 400, Remedy::Again),
            ("TransactionConflict", 400, Remedy::Again),
            ("ThrottlingException", 400, Remedy::Again),
            ("ThrottlingError", 400, Remedy::Again),
            ("ProvisionedThroughputExceededException", 400, Remedy::Again),
            ("ProvisionedThroughputExceeded", 400, Remedy::Again),
            ("RequestLimitExceeded", 400, Remedy::Again),
            ("TransactionInProgressException", 400, Remedy::Again),
            ("InternalServerError", 500, Remedy::Again),
            ("ServiceUnavailable", 503, Remedy::Again),
            ("ResourceNotFoundException", 400, Remedy::Lasting),
            ("AccessDeniedException", 400, Remedy::Lasting),
            ("ValidationException", 400, Remedy::Lasting),
            ("IdempotentParameterMismatchException", 400, Remedy::Lasting),
        ];
        for (code, status, expected) in cases {
            assert_eq!(Failure::said(code, "", status).remedy, expected, "{code}");
        }
    }

    #[test]
    fn an_item_that_is_too_large_is_told_from_all_else() {
        let cases = [
            ("Item size has exceeded the maximum allowed size", Remedy::TooLarge),
            ("Item size to update has exceeded the maximum allowed size", Remedy::TooLarge),
            ("Item size to update has exceeded the maximum allowed size.", Remedy::TooLarge),
            (
                "ExpressionAttributeValues contains invalid value: Item size has exceeded the maximum allowed size for \
                 key :3",
                Remedy::TooLarge,
            ),
            ("Invalid UpdateExpression: Expression size has exceeded the maximum allowed size;", Remedy::Lasting),
            ("An operand in the update expression has an incorrect data type", Remedy::Lasting),
            ("The table does not have the specified index: due", Remedy::Lasting),
            ("One or more parameter values were invalid", Remedy::Lasting),
        ];
        for (code, (message, expected)) in
            ["ValidationException", "ValidationError"].into_iter().flat_map(|code| cases.map(|case| (code, case)))
        {
            assert_eq!(Failure::said(code, message, 400).remedy, expected, "{message}");
        }
        assert_eq!(Failure::said("ThrottlingException", cases[0].0, 400).remedy, Remedy::Again);
        let error = Failure::said("ValidationException", cases[0].0, 400).into_error("things");
        assert!(matches!(error, EngineError::TooLarge), "{error:?}");
    }

    #[test]
    fn a_transaction_that_is_too_large_is_full() {
        let message = "Collection size of items exceeded, which can also be caused by the aggregate size of the items in \
                       the transaction exceeding the 4MB limit";
        let error = Failure::said("ValidationException", message, 400).into_error("things");
        assert!(matches!(error, EngineError::Full(_)), "{error:?}");
    }

    #[test]
    fn the_chain_says_what_to_mend_and_what_the_service_said() {
        let failure = Failure::said("ResourceNotFoundException", "Requested resource not found", 400);
        let said = chain(&failure.into_error("things"));
        assert_eq!(
            said,
            "the engine does not answer: table things: it is not there, or not in this region: make it, or mend its \
             name: ResourceNotFoundException: Requested resource not found"
        );
    }
}
