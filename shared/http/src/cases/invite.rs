//! `POST /v1/accounts/{account}/cases/{case}/invitation`: sends the invitation again.

use axum::Json;
use axum::http::StatusCode;
use casebridge_app::invitation::{InviteError, invite_again};
use casebridge_app::open_case::Request;
use casebridge_domain::service_case::NotAllowed;

use super::view::CaseView;
use crate::extract::{CasePath, Nothing, OptionalBody, Repeatable, Technician};
use crate::problem::{Kind, Problem};

impl From<InviteError> for Problem {
    fn from(error: InviteError) -> Self {
        match error {
            InviteError::NotFound => Self::new(Kind::NotFound),
            InviteError::NoAddress | InviteError::NotAllowed(NotAllowed::NoSession) => Self::new(Kind::NoAddress),
            InviteError::NotAllowed(NotAllowed::NotTaken) => Self::new(Kind::CaseAsked),
            InviteError::NotAllowed(NotAllowed::StillOpening) => Self::new(Kind::CaseOpening).retry_after(2),
            InviteError::NotAllowed(NotAllowed::BeingClosed) => Self::new(Kind::CaseClosing).retry_after(2),
            InviteError::NotAllowed(
                NotAllowed::Ended
                | NotAllowed::Time
                | NotAllowed::Overtaken
                | NotAllowed::NoHandOver
                | NotAllowed::Taken,
            ) => Self::new(Kind::CaseEnded),
            InviteError::KeyReused => Self::new(Kind::IdempotencyKeyReused),
            InviteError::Outside(error) => error.into(),
        }
    }
}

/// Mails the requester once more. Use an `Idempotency-Key`, so that a repeated request is one letter.
#[utoipa::path(
    post, path = "/v1/accounts/{account}/cases/{case}/invitation", tag = "cases", operation_id = "inviteAgain", request_body = Option<Nothing>,
    responses(
        (status = 202, description = "The letter is queued", body = CaseView),
        (status = 409, description = "`no-address`, `case-asked`, `case-ended`, `case-opening`, `case-closing`"),
        (status = 422, description = "`idempotency-key-reused`")
    )
)]
pub async fn invite(
    Technician(admitted): Technician,
    CasePath(id): CasePath,
    repeatable: Repeatable,
    OptionalBody(body): OptionalBody<Nothing>,
) -> Result<(StatusCode, Json<CaseView>), Problem> {
    let memory = repeatable.memory(&admitted.key, &body);
    let case = invite_again(&admitted.desk, id, Request { wish: (), memory: memory.as_ref() }).await?;
    Ok((StatusCode::ACCEPTED, Json(CaseView::new(&case, &admitted.desk, &admitted.key).await)))
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use serde_json::json;

    use crate::testing::TestApi;

    #[tokio::test]
    async fn the_invitation_is_sent_once_more_for_each_key() {
        let (api, case) = TestApi::played().await;
        api.clock.advance(TimeDelta::seconds(90));
        let path = format!("/v1/accounts/acme/cases/{}/invitation", case["id"].as_str().unwrap());
        let send =
            async || api.call("POST", &path).key(&api.keys.technician).header("idempotency-key", "k").send().await;
        let first = send().await.is(202);
        assert_eq!(first["invitation"], json!({ "state": "queued", "at": "2100-03-01T12:01:30Z" }));
        let writes = api.engine.writes();
        send().await.is(202);
        assert_eq!(api.engine.writes(), writes);
    }

    #[tokio::test]
    async fn nobody_is_invited_without_an_address_or_after_the_end() {
        let (api, case) = TestApi::played().await;
        let body = json!({ "ticket": { "number": "1", "title": "x" }, "requester": { "name": "Jo" } });
        let other = "/v1/accounts/acme/tickets/T2/case";
        let other = api.call("POST", other).key(&api.keys.technician).json(&body).send().await.is(201);
        let invite = async |id: &str| {
            let path = format!("/v1/accounts/acme/cases/{id}/invitation");
            api.call("POST", &path).key(&api.keys.technician).send().await
        };
        let writes = api.engine.writes();
        invite(other["id"].as_str().unwrap()).await.problem(409, "no-address");
        api.clock.advance(TimeDelta::hours(24));
        invite(case["id"].as_str().unwrap()).await.problem(409, "case-ended");
        invite("01890a5d-ac96-774b-bcce-b302099a8057").await.problem(404, "not-found");
        assert_eq!(api.engine.writes(), writes);
    }
}
