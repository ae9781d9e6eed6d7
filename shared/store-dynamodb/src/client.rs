//! The client of the SDK: hard time limits, no retries of its own.

use std::time::Duration;

use aws_sdk_dynamodb::Client;
use casebridge_aws::{Service, SharedHttpClient};

use crate::Access;

const ANSWER_WITHIN: Duration = Duration::from_secs(5);

/// A client for [`DynamoEngine`](crate::DynamoEngine).
///
/// It never retries: a retried transaction needs the token of its first try, and a retried write has to know that an
/// answer got lost, so the engine does that itself, within [`Patience`](crate::Patience).
pub fn client(access: &Access, http: SharedHttpClient) -> Client {
    let Access { region, endpoint, credentials } = access.clone();
    let service =
        Service { region, credentials, endpoint, try_within: ANSWER_WITHIN, answer_within: ANSWER_WITHIN, tries: 1 };
    Client::new(&service.config(http))
}
