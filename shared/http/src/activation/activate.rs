//! `PUT /v1/accounts/{account}/activation`: activates TeamViewer for devices.

use axum::Json;
use casebridge_app::activation::{ActivateError, ActivationWish};
use casebridge_domain::device::{Agreed, Agreement, Extent};
use casebridge_domain::{Instant, TechnicianId, Text};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::view::ActivationView;
use crate::Problem;
use crate::extract::{Admin, Faults, JsonBody, Object};
use crate::problem::Kind;

/// What the administrator agreed to.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ActivateRequest {
    /// `attended`, or `attended_and_unattended` (Android).
    #[schema(example = "attended")]
    mode: String,
    /// That he read the terms and agrees.
    #[schema(value_type = AgreementRequest)]
    agreement: Object<AgreementRequest>,
    /// By which identification TeamViewer knows the customer, at most 200 characters; the account's id if left out.
    #[schema(example = "northwind-0815")]
    customer_id: Option<String>,
}

/// That somebody agreed to the terms.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AgreementRequest {
    /// Which text he read: the version that reading the activation shows now.
    #[schema(example = "2026-11")]
    terms_version: String,
    /// Who agrees.
    #[schema(value_type = AgreedRequest)]
    agreed_by: Object<AgreedRequest>,
}

/// Who agrees.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AgreedRequest {
    /// The vendor's id; at most 128 characters.
    #[schema(example = "u-1")]
    id: String,
    /// At most 100 characters.
    #[schema(example = "Sam Admin")]
    name: String,
}

impl ActivateRequest {
    fn parse(&self, now: Instant) -> Result<ActivationWish, Problem> {
        let mut faults = Faults::default();
        let extent = faults.take("mode", Extent::parse(&self.mode));
        let customer_id = faults.maybe("customer_id", self.customer_id.as_deref(), Text::parse);
        let by = &self.agreement.agreed_by;
        let id = faults.take("agreement.agreed_by.id", TechnicianId::parse(&by.id));
        let name = faults.take("agreement.agreed_by.name", Text::parse(&by.name));
        let agreed_by = id.zip(name).map(|(id, name)| Agreed { id, name });
        let agreement = agreed_by.and_then(|agreed_by| {
            let agreement = Agreement::to(&self.agreement.terms_version, agreed_by, now);
            faults.take("agreement.terms_version", agreement)
        });
        match (extent, agreement) {
            (Some(extent), Some(agreement)) if faults.is_empty() => {
                Ok(ActivationWish { extent, agreement, customer_id })
            }
            _ => Err(faults.problem()),
        }
    }
}

impl From<ActivateError> for Problem {
    fn from(error: ActivateError) -> Self {
        match error {
            ActivateError::Overtaken => Self::new(Kind::ChangedMeanwhile),
            ActivateError::Outside(error) => error.into(),
        }
    }
}

/// Activates TeamViewer for the account's devices, or changes for which modes; keeps who agreed to which terms, and when. It doesn't
/// touch the connection.
#[utoipa::path(
    put, path = "/v1/accounts/{account}/activation", tag = "devices", operation_id = "activate", request_body = ActivateRequest,
    responses(
        (status = 200, body = ActivationView),
        (status = 409, description = "`changed-meanwhile`"),
        (status = 422, description = "`invalid-fields`: also where the terms have another version by now")
    )
)]
pub async fn activate(
    Admin(admitted): Admin,
    JsonBody(body): JsonBody<ActivateRequest>,
) -> Result<Json<ActivationView>, Problem> {
    let wish = body.parse(admitted.desk.now())?;
    let standing = casebridge_app::activation::activate(&admitted.desk, wish).await?;
    Ok(Json(ActivationView::new(admitted.desk.id(), &standing)))
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use serde_json::{Value, json};

    use crate::testing::{Answer, TestApi, activation};

    const PATH: &str = "/v1/accounts/acme/activation";

    async fn put(api: &TestApi, body: &Value) -> Answer {
        api.call("PUT", PATH).key(&api.keys.admin).json(body).send().await
    }

    #[tokio::test]
    async fn who_agreed_to_which_terms_and_when_is_kept() {
        let api = TestApi::new().await;
        let before = api.call("GET", PATH).key(&api.keys.read).send().await.is(200);
        assert_eq!((&before["mode"], &before["agreement"]), (&json!("none"), &Value::Null));
        let terms = before["terms"].clone();
        let made = put(&api, &activation(&api, "attended").await).await.is(200);
        assert_eq!(made["mode"], "attended");
        assert_eq!(made["agreement"]["agreed_by"], json!({ "id": "u-1", "name": "Sam Admin" }));
        assert_eq!(made["agreement"]["terms_version"], terms["version"]);
        assert_eq!(made["agreement"]["agreed_at"], made["activated_at"]);
        assert_eq!(made["customer_id"], "acme");
        assert_eq!(api.call("GET", PATH).key(&api.keys.read).send().await.is(200), made);

        api.clock.advance(TimeDelta::minutes(1));
        let mut body = activation(&api, "attended_and_unattended").await;
        body["customer_id"] = json!("northwind-0815");
        let changed = put(&api, &body).await.is(200);
        assert_eq!((&changed["mode"], &changed["customer_id"]), (&body["mode"], &body["customer_id"]));
        assert_eq!(changed["activated_at"], made["activated_at"]);
        assert_ne!(changed["agreement"]["agreed_at"], made["agreement"]["agreed_at"]);
    }

    #[tokio::test]
    async fn other_terms_than_those_of_now_are_refused() {
        let api = TestApi::new().await;
        let writes = api.engine.writes();
        let mut body = activation(&api, "attended").await;
        body["agreement"]["terms_version"] = json!("1999-01");
        put(&api, &body).await.problem_with(422, "invalid-fields", &["agreement.terms_version"]);
        let wrong = json!({ "mode": "always", "customer_id": "", "agreement": { "terms_version": "", "agreed_by": { "id": "", "name": "" } } });
        let fields = ["mode", "customer_id", "agreement.agreed_by.id", "agreement.agreed_by.name"];
        put(&api, &wrong).await.problem_with(422, "invalid-fields", &fields);
        let body = activation(&api, "attended").await;
        api.call("PUT", PATH).key(&api.keys.technician).json(&body).send().await.problem(403, "forbidden");
        assert_eq!(api.engine.writes(), writes);
    }
}
