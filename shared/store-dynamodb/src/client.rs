//! The client of the SDK: one TLS stack, hard time limits, no retries of its own.

use std::time::Duration;

use aws_sdk_dynamodb::{
    Client,
    config::{BehaviorVersion, Config, Region, SharedHttpClient, retry::RetryConfig, timeout::TimeoutConfig},
};
use aws_smithy_http_client::{
    Builder,
    tls::{Provider, rustls_provider::CryptoMode},
};

use crate::Access;

const CONNECT_WITHIN: Duration = Duration::from_secs(1);
const ANSWER_WITHIN: Duration = Duration::from_secs(5);

/// What carries requests to AWS. Make one for a process and give it to the clients of all services: they share its TLS
/// set-up.
pub fn http_client() -> SharedHttpClient {
    Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https()
}

/// A client for [`DynamoEngine`](crate::DynamoEngine).
///
/// It never retries: a retried transaction needs the token of its first try, and a retried write has to know that an
/// answer got lost, so the engine does that itself, within [`Patience`](crate::Patience).
pub fn client(access: &Access, http: SharedHttpClient) -> Client {
    let limits = TimeoutConfig::builder()
        .connect_timeout(CONNECT_WITHIN)
        .operation_attempt_timeout(ANSWER_WITHIN)
        .operation_timeout(ANSWER_WITHIN)
        .build();
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(access.region.clone()))
        .credentials_provider(access.credentials.clone())
        .http_client(http)
        .timeout_config(limits)
        .retry_config(RetryConfig::disabled());
    let config = match &access.endpoint {
        Some(endpoint) => config.endpoint_url(endpoint),
        None => config,
    };
    Client::from_conf(config.build())
}
