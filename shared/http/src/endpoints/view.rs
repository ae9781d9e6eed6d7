//! An endpoint as it is shown.

use casebridge_app::endpoints::EndpointView as Found;
use casebridge_domain::endpoint::{Endpoint, EndpointState, Health, Lane, SigningSecret};
use casebridge_domain::time::rfc3339;
use secrecy::ExposeSecret as _;
use serde::Serialize;
use utoipa::ToSchema;

/// An endpoint. Its secret is not shown.
#[derive(Debug, Serialize, ToSchema)]
pub struct EndpointView {
    /// Its id.
    #[schema(example = "01998c6e-5f3a-7000-8000-000000000001")]
    id: String,
    /// Where events are pushed to.
    #[schema(example = "https://desk.example.com/casebridge")]
    url: String,
    /// Which events: types (`case.closed`), or all of a kind (`case.*`). Empty: all of them.
    #[schema(example = json!(["case.*", "customer.online"]))]
    events: Vec<String>,
    /// What it is for.
    description: Option<String>,
    /// Whether events are pushed there: `on`, `off` (somebody switched it off), `gone` (it answered 410) or `failing` (it took
    /// nothing for 120 hours).
    #[schema(example = "on")]
    state: &'static str,
    /// Since when it is not `on`.
    #[serde(skip_serializing_if = "Option::is_none")]
    off_since: Option<String>,
    /// Since when it takes nothing; absent where it took the last thing that was pushed.
    #[serde(skip_serializing_if = "Option::is_none")]
    failing_since: Option<String>,
    /// How much of what disables it is reached, in percent.
    #[schema(example = 0)]
    failing_percent: u32,
    /// Up to which number of the feed everything was pushed, is tried again, or was not wanted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pushed_up_to: Option<u64>,
    /// How messages are signed: `hmac` (`v1`) or `ed25519` (`v1a`).
    #[schema(example = "hmac")]
    signing: &'static str,
    /// Of `ed25519`: the key that receivers verify with.
    #[serde(skip_serializing_if = "Option::is_none")]
    public_key: Option<String>,
    /// Until when the secret before the last rotation signs as well.
    #[serde(skip_serializing_if = "Option::is_none")]
    former_secret_until: Option<String>,
    /// When it was made.
    #[schema(example = "2026-11-22T08:00:01Z")]
    made_at: String,
}

impl From<&Found> for EndpointView {
    fn from(found: &Found) -> Self {
        let health = found.lane.as_ref().map(Lane::health);
        Self {
            failing_since: health.and_then(Health::failing_since).map(rfc3339),
            failing_percent: health.map_or(0, Health::percent),
            pushed_up_to: found.lane.as_ref().map(casebridge_domain::endpoint::Lane::cursor),
            ..Self::from(&found.endpoint)
        }
    }
}

impl From<&Endpoint> for EndpointView {
    fn from(endpoint: &Endpoint) -> Self {
        let (state, off_since) = match endpoint.state {
            EndpointState::On => ("on", None),
            EndpointState::Off { since } => ("off", Some(since)),
            EndpointState::Disabled { why, since } => (why.name(), Some(since)),
        };
        Self {
            id: endpoint.id.to_string(),
            url: endpoint.url.to_string(),
            events: endpoint.filter.patterns().iter().map(ToString::to_string).collect(),
            description: endpoint.description.as_ref().map(ToString::to_string),
            state,
            off_since: off_since.map(rfc3339),
            failing_since: None,
            failing_percent: 0,
            pushed_up_to: None,
            signing: endpoint.signing.name(),
            public_key: endpoint.secret.public.clone(),
            former_secret_until: endpoint.former.as_ref().map(|former| rfc3339(former.until)),
            made_at: rfc3339(endpoint.made_at),
        }
    }
}

/// An endpoint with its secret.
#[derive(Serialize, ToSchema)]
pub struct EndpointSecretView {
    /// The endpoint.
    #[serde(flatten)]
    endpoint: EndpointView,
    /// What receivers verify with: `whsec_` or, of `ed25519`, `whpk_` and base64. A secret is shown this once, and left out when a
    /// request is repeated with its `Idempotency-Key`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    secret: Option<String>,
}

impl EndpointSecretView {
    pub(super) fn of(endpoint: &Endpoint, secret: Option<&SigningSecret>) -> Self {
        let secret = secret.map(|secret| secret.for_receiver().expose_secret().to_owned());
        Self { endpoint: EndpointView::from(endpoint), secret }
    }
}
