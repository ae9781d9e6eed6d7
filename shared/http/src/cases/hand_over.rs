//! `POST /v1/accounts/{account}/cases/{case}/technician`: hands the case over.

use axum::Json;
use casebridge_app::hand_over::{HandOver, HandOverError, hand_over};
use casebridge_app::open_case::Request;
use casebridge_domain::service_case::NotAllowed;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::view::CaseView;
use super::wire::TechnicianRequest;
use crate::extract::{CasePath, Faults, JsonBody, Object, Repeatable, Technician};
use crate::problem::{Kind, Problem};

/// Who shall help from now on.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HandOverRequest {
    /// The new technician; null puts the case into the team's queue.
    #[serde(deserialize_with = "said")]
    #[schema(value_type = Option<TechnicianRequest>)]
    technician: Option<Object<TechnicianRequest>>,
    /// Only if nobody has the case: of several technicians who take it from the queue, the first one has it.
    #[serde(default)]
    if_unassigned: bool,
}

/// A field that may be null, but not left out.
pub(crate) fn said<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    Option::deserialize(deserializer)
}

impl HandOverRequest {
    fn parse(&self) -> Result<HandOver, Problem> {
        let mut faults = Faults::default();
        let technician = self.technician.as_ref().and_then(|technician| technician.parse(&mut faults));
        let wish = HandOver { technician, if_unassigned: self.if_unassigned, in_person: false };
        if faults.is_empty() { Ok(wish) } else { Err(faults.problem()) }
    }
}

impl From<HandOverError> for Problem {
    fn from(error: HandOverError) -> Self {
        match error {
            HandOverError::NotFound => Self::new(Kind::NotFound),
            HandOverError::Taken(technician) => Self::new(Kind::CaseTaken)
                .member("technician", json!({ "id": technician.id.to_string(), "name": technician.name.to_string() })),
            HandOverError::NotAllowed(NotAllowed::BeingClosed) => Self::new(Kind::CaseClosing).retry_after(2),
            HandOverError::NotAllowed(NotAllowed::NotTaken) => Self::new(Kind::CaseAsked),
            HandOverError::NotAllowed(NotAllowed::StillOpening) => Self::new(Kind::CaseOpening).retry_after(2),
            HandOverError::NotAllowed(
                NotAllowed::Ended
                | NotAllowed::Time
                | NotAllowed::Overtaken
                | NotAllowed::NoHandOver
                | NotAllowed::NoSession
                | NotAllowed::Taken,
            ) => Self::new(Kind::CaseEnded),
            HandOverError::KeyReused => Self::new(Kind::IdempotencyKeyReused),
            HandOverError::Outside(error) => error.into(),
        }
    }
}

/// Hands a live case to another technician, or to the team's queue. The new technician is told from now on; at once if the
/// customer is there already. A case in the queue tells those who stand in for a technician.
#[utoipa::path(
    post, path = "/v1/accounts/{account}/cases/{case}/technician", tag = "cases", operation_id = "handOver", request_body = HandOverRequest,
    responses(
        (status = 200, body = CaseView),
        (status = 409, description = "`case-taken`: names the technician who has it; `case-asked`: take it first; \
            `case-ended`, `case-closing`"),
        (status = 422, description = "`invalid-fields`, `idempotency-key-reused`")
    )
)]
pub async fn hand_over_case(
    Technician(admitted): Technician,
    CasePath(id): CasePath,
    repeatable: Repeatable,
    JsonBody(body): JsonBody<HandOverRequest>,
) -> Result<Json<CaseView>, Problem> {
    let wish = body.parse()?;
    let memory = repeatable.memory(&admitted.key, &body);
    let case = hand_over(&admitted.desk, id, Request { wish, memory: memory.as_ref() }).await?;
    Ok(Json(CaseView::new(&case, &admitted.desk, &admitted.key).await))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::testing::{Answer, TestApi};

    async fn hand(api: &TestApi, case: &Value, body: &Value) -> Answer {
        let path = format!("/v1/accounts/acme/cases/{}/technician", case["id"].as_str().unwrap());
        api.call("POST", &path).key(&api.keys.technician).json(body).send().await
    }

    fn kim() -> Value {
        json!({ "id": "u-7", "name": "Kim", "email": "kim@example.com" })
    }

    #[tokio::test]
    async fn a_case_goes_to_another_technician_or_into_the_queue() {
        let (api, case) = TestApi::played().await;
        let shown = hand(&api, &case, &json!({ "technician": kim() })).await.is(200);
        assert_eq!(shown["technician"], kim());
        let queued = hand(&api, &case, &json!({ "technician": null })).await.is(200);
        assert!(queued.get("technician").is_none());
        let list = async |query: &str| {
            let path = format!("/v1/accounts/acme/cases?{query}");
            let page = api.call("GET", &path).key(&api.keys.read).send().await.is(200);
            page["items"].as_array().unwrap().len()
        };
        assert_eq!((list("unassigned=true").await, list("unassigned=false").await), (1, 1));
        hand(&api, &case, &json!({ "technician": kim() })).await.is(200);
        assert_eq!((list("unassigned=true").await, list("technician=u-7").await), (0, 1));
    }

    #[tokio::test]
    async fn who_takes_it_first_has_it_and_the_second_is_told_who() {
        let (api, case) = TestApi::played().await;
        hand(&api, &case, &json!({ "technician": null })).await.is(200);
        let take = |who: Value| json!({ "technician": who, "if_unassigned": true });
        hand(&api, &case, &take(kim())).await.is(200);
        let writes = api.engine.writes();
        hand(&api, &case, &take(kim())).await.is(200);
        let late = hand(&api, &case, &take(json!({ "id": "u-8", "name": "Lou" }))).await;
        assert_eq!(late.problem(409, "case-taken")["technician"], json!({ "id": "u-7", "name": "Kim" }));
        assert_eq!(api.engine.writes(), writes);
    }

    #[tokio::test]
    async fn a_repeated_request_does_not_take_the_case_back_from_whoever_got_it_since() {
        let (api, case) = TestApi::played().await;
        let path = format!("/v1/accounts/acme/cases/{}/technician", case["id"].as_str().unwrap());
        let once = json!({ "technician": kim() });
        let send = async |body: &Value| {
            let call = api.call("POST", &path).key(&api.keys.technician).header("idempotency-key", "k");
            call.json(body).send().await
        };
        send(&once).await.is(200);
        hand(&api, &case, &json!({ "technician": { "id": "u-8", "name": "Lou" } })).await.is(200);
        let writes = api.engine.writes();
        assert_eq!(send(&once).await.is(200)["technician"]["id"], "u-8");
        send(&json!({ "technician": null })).await.problem(422, "idempotency-key-reused");
        assert_eq!(api.engine.writes(), writes);
    }

    #[tokio::test]
    async fn what_has_ended_or_makes_no_sense_changes_nothing() {
        let (api, case) = TestApi::played().await;
        let writes = api.engine.writes();
        hand(&api, &case, &json!({})).await.problem(400, "malformed-request");
        let nameless = hand(&api, &case, &json!({ "technician": { "id": "", "name": "" } })).await;
        nameless.problem_with(422, "invalid-fields", &["technician.id", "technician.name"]);
        let nowhere = json!({ "id": "01890a5d-ac96-774b-bcce-b302099a8057" });
        hand(&api, &nowhere, &json!({ "technician": null })).await.problem(404, "not-found");
        assert_eq!(api.engine.writes(), writes);
        let stop = format!("/v1/accounts/acme/cases/{}/close", case["id"].as_str().unwrap());
        api.call("POST", &stop).key(&api.keys.technician).send().await.is(200);
        hand(&api, &case, &json!({ "technician": null })).await.problem(409, "case-ended");
    }
}
