//! `GET …/endpoints/{endpoint}/deliveries`: what was pushed there of late.

use axum::Json;
use axum::extract::State;
use casebridge_app::endpoints::Endpoints;
use casebridge_domain::EndpointId;
use casebridge_domain::endpoint::{Delivery, Outcome, Recent, Retry};
use casebridge_domain::time::rfc3339;
use serde::Serialize;
use utoipa::ToSchema;

use super::{endpoints_of_account, endpoints_of_vendor};
use crate::extract::{Admin, EndpointPath, VendorAdmin};
use crate::{Api, Problem};

/// How it goes at an endpoint.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeliveriesView {
    /// The last attempts, newest first.
    attempts: Vec<AttemptView>,
    /// What is to be tried again, the earliest first; the first hundred.
    retries: Vec<RetryView>,
    /// What was given up, by number; the first hundred. It can be replayed for 30 days.
    undelivered: Vec<RetryView>,
}

/// One attempt.
#[derive(Debug, Serialize, ToSchema)]
pub struct AttemptView {
    /// The event's number in the feed; a test has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<u64>,
    /// The event's type.
    #[serde(rename = "type")]
    #[schema(example = "case.closed")]
    kind: String,
    /// Which attempt it was.
    #[schema(example = 1)]
    attempt: u32,
    /// When.
    #[schema(example = "2026-11-22T08:00:01Z")]
    at: String,
    /// Milliseconds until the answer.
    #[schema(example = 48)]
    duration_ms: u64,
    /// Whether the endpoint took it.
    delivered: bool,
    /// The status it was answered with; absent without an answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 200)]
    status: Option<u16>,
    /// Why there is no answer; absent with one.
    #[serde(skip_serializing_if = "Option::is_none")]
    no_answer: Option<NoAnswer>,
    /// How the answer begins, at most 200 characters; without an answer, why there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<String>,
    /// When it is tried again.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_at: Option<String>,
}

/// Why an attempt got no answer.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NoAnswer {
    /// The address is one that nothing is sent to.
    AddressRefused,
    /// There was none in 15 seconds.
    TimedOut,
    /// The endpoint could not be reached, or broke off.
    Unreachable,
}

impl NoAnswer {
    const fn of(outcome: &Outcome) -> Option<Self> {
        match outcome {
            Outcome::Answered { .. } => None,
            Outcome::Refused { .. } => Some(Self::AddressRefused),
            Outcome::TimedOut => Some(Self::TimedOut),
            Outcome::Unreachable { .. } => Some(Self::Unreachable),
        }
    }
}

impl From<&Delivery> for AttemptView {
    fn from(delivery: &Delivery) -> Self {
        let (status, answer) = match &delivery.outcome {
            Outcome::Answered { status, beginning } => (Some(*status), beginning.as_str()),
            Outcome::Refused { why } | Outcome::Unreachable { why } => (None, why.as_str()),
            Outcome::TimedOut => (None, "There was no answer in time."),
        };
        Self {
            number: delivery.number,
            kind: delivery.kind.clone(),
            attempt: delivery.attempt,
            at: rfc3339(delivery.at),
            duration_ms: delivery.took_ms,
            delivered: delivery.outcome.is_taken(),
            status,
            no_answer: NoAnswer::of(&delivery.outcome),
            answer: (!answer.is_empty()).then(|| answer.to_owned()),
            next_at: delivery.next.map(rfc3339),
        }
    }
}

/// An event that the endpoint did not take.
#[derive(Debug, Serialize, ToSchema)]
pub struct RetryView {
    /// Its number in the feed.
    number: u64,
    /// Attempts so far.
    attempts: u32,
    /// When the next attempt is due; of what was given up, when the last one was.
    at: String,
}

impl From<&Retry> for RetryView {
    fn from(retry: &Retry) -> Self {
        Self { number: retry.number, attempts: retry.attempts, at: rfc3339(retry.due) }
    }
}

async fn deliveries(endpoints: &Endpoints, id: EndpointId) -> Result<Json<DeliveriesView>, Problem> {
    let found = endpoints.deliveries(id).await?;
    let recent = found.view.lane.as_ref().map(casebridge_domain::endpoint::Lane::recent);
    Ok(Json(DeliveriesView {
        attempts: recent.into_iter().flat_map(Recent::newest_first).map(AttemptView::from).collect(),
        retries: found.retries.iter().map(RetryView::from).collect(),
        undelivered: found.undelivered.iter().map(RetryView::from).collect(),
    }))
}

/// Lists the last twenty attempts at an endpoint of the account, newest first, what is to be tried again, and what was given up.
#[utoipa::path(
    get, path = "/v1/accounts/{account}/endpoints/{endpoint}/deliveries", tag = "endpoints", operation_id = "listDeliveries",
    responses((status = 200, body = DeliveriesView))
)]
pub async fn of_account(
    State(api): State<Api>,
    admin: Admin,
    EndpointPath(id): EndpointPath,
) -> Result<Json<DeliveriesView>, Problem> {
    deliveries(&endpoints_of_account(&api, &admin), id).await
}

/// The same for an endpoint of the vendor (`listDeliveries`).
#[utoipa::path(
    get, path = "/v1/endpoints/{endpoint}/deliveries", tag = "endpoints", operation_id = "listVendorDeliveries",
    responses((status = 200, body = DeliveriesView))
)]
pub async fn of_vendor(
    State(api): State<Api>,
    asks: VendorAdmin,
    EndpointPath(id): EndpointPath,
) -> Result<Json<DeliveriesView>, Problem> {
    deliveries(&endpoints_of_vendor(&api, &asks), id).await
}

#[cfg(test)]
mod tests {
    use casebridge_domain::endpoint::Beginning;
    use chrono::DateTime;
    use serde_json::{Value, json};

    use super::*;

    fn shown(outcome: Outcome) -> Value {
        let (kind, at) = ("case.closed".to_owned(), DateTime::UNIX_EPOCH);
        let delivery = Delivery { number: Some(7), kind, attempt: 2, at, took_ms: 48, outcome, next: None };
        serde_json::to_value(AttemptView::from(&delivery)).unwrap()
    }

    #[test]
    fn an_answer_is_shown_with_its_status_and_how_it_begins() {
        let attempt = shown(Outcome::Answered { status: 503, beginning: Beginning::of("later") });
        assert_eq!(
            attempt,
            json!({
                "number": 7, "type": "case.closed", "attempt": 2, "at": "1970-01-01T00:00:00Z", "duration_ms": 48,
                "delivered": false, "status": 503, "answer": "later",
            })
        );
    }

    #[test]
    fn why_there_is_none_is_said_for_programs_and_for_people() {
        let why = Beginning::of("connection refused");
        for (outcome, for_programs, for_people) in [
            (Outcome::Refused { why: why.clone() }, "address_refused", "connection refused"),
            (Outcome::Unreachable { why }, "unreachable", "connection refused"),
            (Outcome::TimedOut, "timed_out", "There was no answer in time."),
        ] {
            let attempt = shown(outcome);
            assert_eq!((&attempt["no_answer"], &attempt["answer"]), (&json!(for_programs), &json!(for_people)));
            assert_eq!((&attempt["delivered"], attempt.get("status")), (&json!(false), None));
        }
    }
}
