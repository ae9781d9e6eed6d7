//! What a widget shows.

use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, ETAG};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use casebridge_app::widget::{AtWidget, Look, Standing, TicketStanding};
use casebridge_domain::Technician;
use casebridge_domain::time::rfc3339;
use serde::Serialize;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use crate::cases::{CaseView, TechnicianView};
use crate::{Api, Problem};

/// What a widget shows. Nothing in it changes by itself but a case that reaches its time and a reservation that ends.
#[derive(Debug, Serialize, ToSchema)]
pub struct WidgetView {
    /// Whose help desk it is.
    account: WidgetAccountView,
    /// Who looks at the page.
    technician: TechnicianView,
    /// To whom the case may be handed over.
    colleagues: Vec<ColleagueView>,
    /// The ticket that it is about.
    ticket: WidgetTicketView,
    /// `active`; `draining` (access is being revoked), `none` (no token is registered), or `refused` (TeamViewer refuses the
    /// token: a case can be stopped with `here_only`).
    #[schema(value_type = String, example = "active")]
    connection: &'static str,
    /// Whether stop asks for a note: `optional` or `required`.
    #[schema(value_type = String, example = "optional")]
    note: &'static str,
    /// Whether `GET /v1/widget/events` tells of changes at once; else ask now and then.
    stream: bool,
    /// The token is refused from then on.
    #[schema(example = "2026-11-22T09:00:00Z")]
    token_expires_at: String,
    /// The ticket's newest case, if it ever had one.
    #[serde(skip_serializing_if = "Option::is_none")]
    case: Option<CaseView>,
}

/// The account, as far as a widget needs it.
#[derive(Debug, Serialize, ToSchema)]
pub struct WidgetAccountView {
    /// As the customer reads it.
    #[schema(example = "Acme Ltd")]
    name: String,
    /// In which comments are written.
    #[schema(example = "en")]
    language: String,
    /// IANA name.
    #[schema(example = "Europe/Lisbon")]
    time_zone: String,
}

/// A colleague.
#[derive(Debug, Serialize, ToSchema)]
pub struct ColleagueView {
    /// The vendor's id.
    #[schema(example = "u-7")]
    id: String,
    /// As the customer sees it.
    #[schema(example = "Kim Technician")]
    name: String,
}

/// The ticket.
#[derive(Debug, Serialize, ToSchema)]
pub struct WidgetTicketView {
    /// The vendor's id.
    #[schema(example = "4711")]
    id: String,
    /// As people call it.
    #[schema(example = "INC-4711")]
    number: String,
    /// One line.
    #[schema(example = "Printer on the third floor")]
    title: String,
    /// `open`; `closing` (about to be closed: play is refused for a minute at most) or `closed`.
    #[schema(value_type = String, example = "open")]
    state: &'static str,
}

impl From<&Technician> for ColleagueView {
    fn from(technician: &Technician) -> Self {
        Self { id: technician.id.to_string(), name: technician.name.to_string() }
    }
}

impl WidgetView {
    pub(super) async fn new(at: &AtWidget, look: &Look, stream: bool) -> Self {
        let (account, claims) = (at.desk.account(), &at.claims);
        let case = match &look.case {
            Some(case) => Some(CaseView::for_technician(case, &at.desk).await),
            None => None,
        };
        Self {
            account: WidgetAccountView {
                name: account.name.to_string(),
                language: account.language.to_string(),
                time_zone: account.time_zone.to_string(),
            },
            technician: TechnicianView::from(&claims.technician),
            colleagues: claims.colleagues.iter().map(ColleagueView::from).collect(),
            ticket: WidgetTicketView {
                id: claims.ticket.id.to_string(),
                number: claims.ticket.number.to_string(),
                title: claims.ticket.title.to_string(),
                state: match look.ticket {
                    TicketStanding::Open => "open",
                    TicketStanding::Closing { .. } => "closing",
                    TicketStanding::Closed => "closed",
                },
            },
            connection: match look.connection {
                Standing::Active => "active",
                Standing::Draining => "draining",
                Standing::None => "none",
                Standing::Refused => "refused",
            },
            note: account.note.name(),
            stream,
            token_expires_at: rfc3339(claims.expires_at),
            case,
        }
    }
}

/// A view as it is sent: always the same text for the same view.
pub(super) struct Written {
    pub(super) text: String,
}

impl Written {
    pub(super) fn of(view: &WidgetView) -> Result<Self, Problem> {
        let text = serde_json::to_string(view)
            .map_err(|error| Problem::new(crate::problem::Kind::Internal).caused_by(error))?;
        Ok(Self { text })
    }

    /// Strong: it is over every byte.
    pub(super) fn tag(&self) -> String {
        format!("\"{}\"", URL_SAFE_NO_PAD.encode(&Sha256::digest(&self.text)[..18]))
    }
}

impl IntoResponse for Written {
    fn into_response(self) -> Response {
        let mut response = ([(CONTENT_TYPE, "application/json")], HeaderMap::new(), String::new()).into_response();
        tag(&mut response, &self.tag());
        *response.body_mut() = self.text.into();
        response
    }
}

/// The answer to whoever has this view already.
pub(super) fn not_modified(tag_of_it: &str) -> Response {
    let mut response = StatusCode::NOT_MODIFIED.into_response();
    tag(&mut response, tag_of_it);
    response
}

fn tag(response: &mut Response, tag: &str) {
    if let Ok(tag) = HeaderValue::from_str(tag) {
        response.headers_mut().insert(ETAG, tag);
    }
}

/// What there is to see now.
pub(super) async fn view(api: &Api, at: &AtWidget) -> Result<Written, Problem> {
    let look = at.look().await?;
    Written::of(&WidgetView::new(at, &look, api.changes().is_some()).await)
}
