//! `POST /v1/accounts/{account}/tickets/{ticket}/request-link`: a page on which the requester asks for help.

use axum::Json;
use axum::http::StatusCode;
use casebridge_app::request_page::{NoLink, RequestLink, RequestLinkWish, make_request_link};
use casebridge_domain::time::rfc3339;
use casebridge_domain::{Malformed, TicketId};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::wire::{RequesterRequest, TicketRequest};
use crate::extract::{Faults, JsonBody, Object, Repeatable, Technician, TicketPath};
use crate::problem::{Kind, Problem};

/// Minutes that a link is good for, unless the request says how many: a day.
const USUAL_MINUTES: i64 = 1440;

/// Whom the link is given to, and what for.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestLinkRequest {
    /// The ticket's facts.
    #[schema(value_type = TicketRequest)]
    ticket: Object<TicketRequest>,
    /// Who asks.
    #[schema(value_type = RequesterRequest)]
    requester: Object<RequesterRequest>,
    /// How long the link is good for, 1 to 43200 (30 days); 1440 if left out.
    #[schema(example = 1440)]
    minutes: Option<i64>,
}

impl RequestLinkRequest {
    fn parse(&self, ticket: TicketId) -> Result<RequestLinkWish, Problem> {
        let mut faults = Faults::default();
        let ticket = self.ticket.parse(ticket, &mut faults);
        let requester = self.requester.parse(&mut faults);
        let span = faults.take("minutes", span(self.minutes.unwrap_or(USUAL_MINUTES)));
        match (ticket, requester, span) {
            (Some(ticket), Some(requester), Some(span)) if faults.is_empty() => {
                Ok(RequestLinkWish { ticket, requester, span })
            }
            _ => Err(faults.problem()),
        }
    }
}

fn span(minutes: i64) -> Result<TimeDelta, Malformed> {
    if (1..=43_200).contains(&minutes) {
        Ok(TimeDelta::minutes(minutes))
    } else {
        Err(Malformed::new("must be 1 to 43200 minutes"))
    }
}

/// A link. It is kept nowhere.
#[derive(Debug, Serialize, ToSchema)]
pub struct RequestLinkView {
    /// Where the requester asks for help. Whoever has it is taken for the requester: show it to nobody else.
    #[schema(example = "https://help.example.com/c/acme/ask/eyJlIjoxNzY0MDAwMDAwfQ.MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    url: String,
    /// It is refused from then on.
    #[schema(example = "2026-11-23T08:00:00Z")]
    expires_at: String,
}

impl From<RequestLink> for RequestLinkView {
    fn from(link: RequestLink) -> Self {
        Self { url: link.url.to_string(), expires_at: rfc3339(link.expires_at) }
    }
}

impl From<NoLink> for Problem {
    fn from(error: NoLink) -> Self {
        match error {
            NoLink::NoPublicAddress => Self::new(Kind::NoPublicAddress),
            NoLink::TooLong => Self::field("ticket", &Malformed::new("must be shorter: the link gets too long")),
            NoLink::Outside(error) => error.into(),
        }
    }
}

/// Makes a link to a page of the account's on which the requester asks for help, sees that he waits and who takes it, joins, and withdraws
/// his request. Make one whenever your portal shows the ticket: looking at the page changes nothing, and asking twice is one request.
#[utoipa::path(
    post, path = "/v1/accounts/{account}/tickets/{ticket}/request-link", tag = "queue", operation_id = "makeRequestLink",
    request_body = RequestLinkRequest,
    responses(
        (status = 201, description = "A link", body = RequestLinkView),
        (status = 409, description = "`no-public-address`"),
        (status = 422, description = "`invalid-fields`")
    )
)]
pub async fn make(
    Technician(admitted): Technician,
    TicketPath(ticket): TicketPath,
    // A link is kept nowhere: a repeated request makes another, which is as good.
    _repeatable: Repeatable,
    JsonBody(body): JsonBody<RequestLinkRequest>,
) -> Result<(StatusCode, Json<RequestLinkView>), Problem> {
    let link = make_request_link(&admitted.desk, body.parse(ticket)?).await?;
    Ok((StatusCode::CREATED, Json(link.into())))
}
