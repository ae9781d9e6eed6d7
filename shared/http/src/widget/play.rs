//! `POST /v1/widget/play`: play, with the token's facts.

use axum::extract::State;
use axum::response::IntoResponse as _;
use axum::response::Response;
use casebridge_app::open_case::{OpenCase, Request, open_case};
use casebridge_domain::SessionType;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::view::{WidgetView, view};
use super::{AtWidgetToken, memory};
use crate::cases::session_type;
use crate::extract::{Faults, OptionalBody, Repeatable};
use crate::{Api, Problem};

/// What the page may choose. Ticket, requester and technician are the token's.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WidgetPlayRequest {
    /// `default` (remote control) or `pilot` (camera); `default` if left out.
    #[schema(example = "default")]
    session_type: Option<String>,
}

impl WidgetPlayRequest {
    fn parse(&self) -> Result<SessionType, Problem> {
        let mut faults = Faults::default();
        let kind = faults.maybe("session_type", self.session_type.as_deref(), session_type);
        if faults.is_empty() { Ok(kind.unwrap_or(SessionType::Default)) } else { Err(faults.problem()) }
    }
}

/// Opens the ticket's service case and mails the requester; where a case is live, that one is shown.
#[utoipa::path(
    post, path = "/v1/widget/play", tag = "widget", operation_id = "playAtWidget", security(("widget token" = [])),
    request_body = Option<WidgetPlayRequest>,
    responses(
        (status = 200, body = WidgetView),
        (status = 409, description = "`not-connected`, `connection-draining`, `token-refused`, `permission-missing`, \
            `licence-limit`, `ticket-closed`, `ticket-closing`, `request-pending`, `group-pending`"),
        (status = 422, description = "`invalid-fields`, `idempotency-key-reused`"),
        (status = 502, description = "`teamviewer-failed`, `teamviewer-refused`"),
        (status = 503, description = "`teamviewer-busy`, `unavailable`")
    )
)]
pub async fn play(
    State(api): State<Api>,
    AtWidgetToken { at, .. }: AtWidgetToken,
    repeatable: Repeatable,
    OptionalBody(body): OptionalBody<WidgetPlayRequest>,
) -> Result<Response, Problem> {
    let wish = OpenCase {
        subject: at.claims.ticket.clone().into(),
        requester: at.claims.requester.clone(),
        technician: Some(at.claims.technician.clone()),
        session_type: body.parse()?,
        invite: true,
    };
    let memory = memory(&repeatable, &at, &body);
    let opened = Box::pin(open_case(&at.desk, Request { wish, memory: memory.as_ref() })).await;
    opened.map_err(|error| Problem::of_play(error, api.now()))?;
    Ok(view(&api, &at).await?.into_response())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::TestApi;

    #[tokio::test]
    async fn play_opens_the_tokens_ticket_with_the_tokens_facts_once() {
        let api = TestApi::connected().await;
        let token = api.widget("T1").await;
        let play = async || api.call("POST", "/v1/widget/play").key(&token).json(&json!({})).send().await.is(200);
        let view = play().await;
        let case = &view["case"];
        assert_eq!(
            (&case["state"], &case["ticket"], &case["technician"]["id"]),
            (&json!("open"), &json!("T1"), &json!("u-42"))
        );
        assert_eq!((&case["requester"]["name"], &case["session_type"]), (&json!("Jane Doe"), &json!("default")));
        assert_eq!(play().await["case"]["id"], case["id"]);
        assert_eq!(api.teamviewer.open(), 1);
    }

    #[tokio::test]
    async fn the_page_chooses_the_kind_of_session_and_nothing_else() {
        let api = TestApi::connected().await;
        let token = api.widget("T1").await;
        let play = async |body| api.call("POST", "/v1/widget/play").key(&token).json(&body).send().await;
        play(json!({ "session_type": "x" })).await.problem_with(422, "invalid-fields", &["session_type"]);
        play(json!({ "ticket": { "id": "T2" } })).await.problem(400, "malformed-request");
        assert_eq!(api.teamviewer.open(), 0);
        assert_eq!(play(json!({ "session_type": "pilot" })).await.is(200)["case"]["session_type"], "pilot");
    }

    #[tokio::test]
    async fn the_same_key_on_another_ticket_is_another_request() {
        let api = TestApi::connected().await;
        let play = async |token: &str| {
            let call = api.call("POST", "/v1/widget/play").key(token).header("idempotency-key", "k");
            call.json(&json!({})).send().await.is(200)["case"].clone()
        };
        let (one, two) = (api.widget("T1").await, api.widget("T2").await);
        let first = play(&one).await;
        assert_eq!(play(&two).await["ticket"], "T2");
        assert_eq!(play(&one).await["id"], first["id"]);
    }

    #[tokio::test]
    async fn a_closed_ticket_refuses_play_and_says_what_to_do() {
        let api = TestApi::connected().await;
        let token = api.widget("T1").await;
        let closing = api.call("POST", "/v1/accounts/acme/tickets/T1/closing").key(&api.keys.technician);
        closing.json(&json!({ "confirm": true })).send().await.is(200);
        let refused = api.call("POST", "/v1/widget/play").key(&token).send().await;
        assert_eq!(refused.body["fix"], "Reopen the ticket first.");
        assert_eq!(refused.status, 409);
        assert_eq!(api.teamviewer.open(), 0);
    }
}
