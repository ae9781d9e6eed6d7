//! `POST /v1/accounts/{account}/widget-tokens`: a token for the widget on a ticket's page.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use casebridge_app::widget::{COLLEAGUES_LIMIT, TokenError, TokenWish};
use casebridge_domain::time::rfc3339;
use casebridge_domain::{Malformed, TicketId};
use chrono::TimeDelta;
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::cases::{RequesterRequest, TechnicianRequest, TicketRequest};
use crate::extract::{Faults, JsonBody, Object, Repeatable, Technician};
use crate::{Api, Problem};

/// Minutes that a token is good for, unless the request says how many.
const USUAL_MINUTES: i64 = 60;

/// What the widget's page may do, and nothing else: the browser can choose none of it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MakeWidgetTokenRequest {
    /// The only ticket that the widget reaches.
    #[schema(value_type = WidgetTicketRequest)]
    ticket: Object<WidgetTicketRequest>,
    /// Who is helped.
    #[schema(value_type = RequesterRequest)]
    requester: Object<RequesterRequest>,
    /// Who looks at the page.
    #[schema(value_type = TechnicianRequest)]
    technician: Object<TechnicianRequest>,
    /// To whom he may hand the case over; at most 20.
    #[schema(value_type = Option<Vec<TechnicianRequest>>)]
    colleagues: Option<Vec<Object<TechnicianRequest>>>,
    /// How long the token is good for, 1 to 480; 60 if left out.
    #[schema(example = 60)]
    minutes: Option<i64>,
}

/// The ticket with its id and its facts.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WidgetTicketRequest {
    /// The vendor's id: 1 to 128 characters without / ? # % or \.
    #[schema(example = "4711")]
    id: String,
    /// As people call it; at most 64 characters.
    #[schema(example = "INC-4711")]
    number: String,
    /// One line, at most 250 characters.
    #[schema(example = "Printer on the third floor")]
    title: String,
    /// At most 80 characters, as the next three.
    #[schema(example = "Hardware")]
    category: Option<String>,
    /// Incident, request …
    #[serde(rename = "type")]
    #[schema(example = "Incident")]
    kind: Option<String>,
    /// Urgent, medium, low …
    #[schema(example = "Urgent")]
    priority: Option<String>,
    /// Portal, mail …
    #[schema(example = "Portal")]
    source: Option<String>,
}

impl WidgetTicketRequest {
    fn parse(&self, faults: &mut Faults) -> Option<casebridge_domain::Ticket> {
        let id = faults.take("ticket.id", TicketId::parse(&self.id));
        let facts = TicketRequest {
            number: self.number.clone(),
            title: self.title.clone(),
            category: self.category.clone(),
            kind: self.kind.clone(),
            priority: self.priority.clone(),
            source: self.source.clone(),
        };
        // Whatever is wrong with the facts is told even where the id is wrong as well.
        let stand_in = TicketId::parse("x").ok();
        let ticket = facts.parse(id.clone().or(stand_in)?, faults)?;
        id.map(|_| ticket)
    }
}

impl MakeWidgetTokenRequest {
    fn parse(&self) -> Result<TokenWish, Problem> {
        let mut faults = Faults::default();
        let ticket = self.ticket.parse(&mut faults);
        let requester = self.requester.parse(&mut faults);
        let technician = self.technician.parse(&mut faults);
        let named = self.colleagues.as_deref().unwrap_or_default();
        if named.len() > COLLEAGUES_LIMIT {
            faults.add("colleagues", format!("must be at most {COLLEAGUES_LIMIT}"));
        }
        let named = named.iter().take(COLLEAGUES_LIMIT).enumerate();
        let colleagues =
            named.filter_map(|(place, colleague)| colleague.parse_as(&format!("colleagues[{place}]"), &mut faults));
        let colleagues = colleagues.collect();
        let span = faults.take("minutes", span(self.minutes.unwrap_or(USUAL_MINUTES)));
        match (ticket, requester, technician, span) {
            (Some(ticket), Some(requester), Some(technician), Some(span)) if faults.is_empty() => {
                Ok(TokenWish { ticket, requester, technician, colleagues, span })
            }
            _ => Err(faults.problem()),
        }
    }
}

fn span(minutes: i64) -> Result<TimeDelta, Malformed> {
    if (1..=480).contains(&minutes) {
        Ok(TimeDelta::minutes(minutes))
    } else {
        Err(Malformed::new("must be 1 to 480 minutes"))
    }
}

/// A token, shown this once. It is kept nowhere.
#[derive(Serialize, ToSchema)]
pub struct WidgetTokenView {
    /// For the page that shows the widget.
    #[schema(example = "cbw_acme.eyJrIjoi.MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    token: String,
    /// It is refused from then on.
    #[schema(example = "2026-11-22T09:00:00Z")]
    expires_at: String,
}

impl From<TokenError> for Problem {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::TooLong => Self::field(
                "colleagues",
                &Malformed::new("must be fewer, or with shorter names: the token gets too long"),
            ),
            TokenError::Account(error) => error.into(),
            TokenError::Outside(error) => error.into(),
        }
    }
}

/// Makes a token with which a page may show one ticket's widget to one technician. It carries the ticket's facts, so that a
/// browser can choose none of them. A repeated request makes another token, whatever its `Idempotency-Key`.
#[utoipa::path(
    post, path = "/v1/accounts/{account}/widget-tokens", tag = "widget", operation_id = "makeWidgetToken",
    request_body = MakeWidgetTokenRequest,
    responses(
        (status = 201, body = WidgetTokenView),
        (status = 409, description = "`changed-meanwhile`"),
        (status = 422, description = "`invalid-fields`")
    )
)]
pub async fn make_token(
    State(api): State<Api>,
    Technician(admitted): Technician,
    _: Repeatable,
    JsonBody(body): JsonBody<MakeWidgetTokenRequest>,
) -> Result<(StatusCode, Json<WidgetTokenView>), Problem> {
    let wish = body.parse()?;
    let made = casebridge_app::widget::make_token(&api.admissions, &admitted.desk, admitted.key.id, wish).await?;
    let view = WidgetTokenView { token: made.text.expose_secret().to_owned(), expires_at: rfc3339(made.expires_at) };
    Ok((StatusCode::CREATED, Json(view)))
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use serde_json::{Value, json};

    use crate::testing::{Answer, TestApi, widget_token};

    const PATH: &str = "/v1/accounts/acme/widget-tokens";

    async fn make(api: &TestApi, body: &Value) -> Answer {
        api.call("POST", PATH).key(&api.keys.technician).json(body).send().await
    }

    async fn looks(api: &TestApi, token: &str) -> Answer {
        api.call("GET", "/v1/widget").key(token).send().await
    }

    #[tokio::test]
    async fn a_token_is_good_until_its_time_is_over() {
        let api = TestApi::new().await;
        let made = make(&api, &widget_token("T1")).await.is(201);
        assert_eq!(made["expires_at"], "2100-03-01T13:00:00Z");
        let token = made["token"].as_str().unwrap();
        api.clock.advance(TimeDelta::seconds(3599));
        looks(&api, token).await.is(200);
        api.clock.advance(TimeDelta::seconds(1));
        let refused = looks(&api, token).await;
        assert_eq!(refused.status, 401);
        assert!(refused.body["type"].as_str().unwrap().ends_with("/widget-token-refused"));
        assert_eq!(refused.body["detail"], "The widget token has expired.");
    }

    #[tokio::test]
    async fn no_token_is_made_of_what_breaks_a_rule() {
        let api = TestApi::new().await;
        let mut body = widget_token("T/1");
        body["ticket"]["title"] = json!("");
        body["technician"]["email"] = json!("nowhere");
        body["colleagues"][0]["name"] = json!("");
        body["minutes"] = json!(481);
        let fields = ["ticket.id", "ticket.title", "technician.email", "colleagues[0].name", "minutes"];
        let writes = api.engine.writes();
        make(&api, &body).await.problem_with(422, "invalid-fields", &fields);
        let mut crowd = widget_token("T1");
        crowd["colleagues"] = json!(vec![json!({ "id": "a", "name": "A" }); 21]);
        make(&api, &crowd).await.problem_with(422, "invalid-fields", &["colleagues"]);
        api.call("POST", PATH).key(&api.keys.read).json(&widget_token("T1")).send().await.problem(403, "forbidden");
        assert_eq!(api.engine.writes(), writes);
        crowd["colleagues"] = json!(vec![json!({ "id": "i".repeat(128), "name": "n".repeat(100) }); 20]);
        make(&api, &crowd).await.is(201);
        crowd["colleagues"] =
            json!(vec![json!({ "id": "\u{10348}".repeat(128), "name": "\u{10348}".repeat(100) }); 20]);
        make(&api, &crowd).await.problem_with(422, "invalid-fields", &["colleagues"]);
    }

    #[tokio::test]
    async fn the_first_token_gives_the_account_its_secret_and_the_next_ones_write_nothing() {
        let api = TestApi::new().await;
        make(&api, &widget_token("T1")).await.is(201);
        let writes = api.engine.writes();
        make(&api, &widget_token("T2")).await.is(201);
        assert_eq!(api.engine.writes(), writes);
    }

    #[tokio::test]
    async fn a_token_that_is_not_the_accounts_is_refused() {
        let api = TestApi::new().await;
        let token = api.widget("T1").await;
        let of_globex = token.replacen("cbw_acme.", "cbw_globex.", 1);
        let call = api.call("POST", "/v1/accounts/globex/widget-tokens").key(&api.keys.other_account);
        let globex = call.json(&widget_token("T1")).send().await.is(201)["token"].as_str().unwrap().to_owned();
        let to_acme = globex.replacen("cbw_globex.", "cbw_acme.", 1);
        let parts: Vec<&str> = token.split('.').collect();
        let swapped = format!("{}.{}.{}", parts[0], globex.split('.').nth(1).unwrap(), parts[2]);
        for bad in [of_globex, to_acme, swapped, format!("{token}A"), format!("{}.{}.", parts[0], parts[1])] {
            let refused = looks(&api, &bad).await;
            assert_eq!(refused.status, 401, "{bad}");
            assert!(refused.body["type"].as_str().unwrap().ends_with("/widget-token-refused"));
        }
        looks(&api, &token).await.is(200);
    }
}
