//! What the client of one service is made of.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_runtime_api::client::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::SdkConfig;
use aws_types::region::Region;

/// A service: where it is, who we are there, and how patiently it is asked. Shows no secret when it is printed.
#[derive(Debug, Clone)]
pub struct Service {
    /// In which it is.
    pub region: String,
    /// Who we are there.
    pub credentials: Credentials,
    /// Where it is, if not at AWS.
    pub endpoint: Option<String>,
    /// For one try, its connection included, where there may be several.
    pub try_within: Duration,
    /// For all of them.
    pub answer_within: Duration,
    /// The most that there are of them. More than one only where a call does no harm when it is repeated.
    pub tries: u32,
}

/// A client that is made when it is first asked for.
pub type WhenNeeded<C> = Arc<LazyLock<C, Box<dyn FnOnce() -> C + Send + Sync>>>;

impl Service {
    /// Its client, over the connections that all services of the process share; made when it is first asked for. Making one costs half a
    /// millisecond of a start, and many a function never needs it.
    pub fn client<C: 'static>(self, http: SharedHttpClient, make: fn(&SdkConfig) -> C) -> WhenNeeded<C> {
        Arc::new(LazyLock::new(Box::new(move || make(&self.config(http)))))
    }

    /// What the SDK makes the service's client of.
    pub fn config(self, http: SharedHttpClient) -> SdkConfig {
        let Self { region, credentials, endpoint, try_within, answer_within, tries } = self;
        // Each limit is a timer, and each timer a call of the kernel in every request: a single try needs no limit of its own.
        let limits = TimeoutConfig::builder().operation_timeout(answer_within);
        let limits = if tries > 1 { limits.operation_attempt_timeout(try_within) } else { limits };
        let mut config = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(region))
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .http_client(http)
            .timeout_config(limits.build())
            // Bodies are small, and within the limits as well.
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .retry_config(RetryConfig::standard().with_max_attempts(tries));
        config.set_endpoint_url(endpoint);
        config.build()
    }
}
