//! `PUT /v1/accounts/{account}/connection/module`: the custom QuickSupport module.

use axum::Json;
use axum::extract::State;
use casebridge_app::connection::{ModuleError, ModuleWish, set_module};
use casebridge_domain::ModuleId;
use serde::Deserialize;
use utoipa::ToSchema;

use super::view::ConnectionView;
use crate::Api;
use crate::extract::{Admin, Faults, JsonBody};
use crate::problem::{Kind, Problem};

/// The module, and what was done by hand.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ModuleRequest {
    /// Set on each session where TeamViewer accepts it; left out, branding is left to the group.
    #[schema(example = "6mqbpyk")]
    id: Option<String>,
    /// The module is bound to the group in the Management Console; false if left out.
    #[serde(default)]
    bound_to_group: bool,
    /// The module's default assignee is "unassigned"; false if left out.
    #[serde(default)]
    assignee_unassigned: bool,
}

impl TryFrom<ModuleRequest> for ModuleWish {
    type Error = Problem;

    fn try_from(request: ModuleRequest) -> Result<Self, Problem> {
        let mut faults = Faults::default();
        let id = faults.maybe("id", request.id.as_deref(), ModuleId::parse);
        if !faults.is_empty() {
            return Err(faults.problem());
        }
        let ModuleRequest { bound_to_group, assignee_unassigned, .. } = request;
        Ok(Self { id, bound_to_group, assignee_unassigned })
    }
}

impl From<ModuleError> for Problem {
    fn from(error: ModuleError) -> Self {
        match error {
            ModuleError::NotConnected => Self::new(Kind::NotConnected),
            ModuleError::Overtaken => Self::new(Kind::ChangedMeanwhile),
            ModuleError::Outside(error) => error.into(),
        }
    }
}

/// Keeps the module and ticks off the checklist.
#[utoipa::path(
    put, path = "/v1/accounts/{account}/connection/module", tag = "connection", operation_id = "setModule", request_body = ModuleRequest,
    responses(
        (status = 200, body = ConnectionView),
        (status = 409, description = "`not-connected`, `changed-meanwhile`"),
        (status = 422, description = "`invalid-fields`")
    )
)]
pub async fn module(
    State(api): State<Api>,
    Admin(admitted): Admin,
    JsonBody(body): JsonBody<ModuleRequest>,
) -> Result<Json<ConnectionView>, Problem> {
    let wish = ModuleWish::try_from(body)?;
    let connection = set_module(&admitted.desk, wish).await?;
    api.admissions.forget(admitted.desk.id());
    Ok(Json(ConnectionView::from(&connection)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::TestApi;

    const PATH: &str = "/v1/accounts/acme/connection/module";

    #[tokio::test]
    async fn the_checklist_is_ticked_off() {
        let api = TestApi::connected().await;
        let body = json!({ "id": "6mqbpyk", "bound_to_group": true });
        let shown = api.call("PUT", PATH).key(&api.keys.admin).json(&body).send().await.is(200);
        let module = json!({
            "id": "6mqbpyk", "per_session_refused": false, "bound_to_group": true, "assignee_unassigned": false
        });
        assert_eq!(shown["module"], module);
        let done = |item: &str| {
            shown["checklist"].as_array().unwrap().iter().find(|known| known["item"] == item).unwrap()["done"].clone()
        };
        assert_eq!((done("module_bound"), done("assignee_unassigned")), (json!(true), json!(false)));
    }

    #[tokio::test]
    async fn a_module_needs_a_connection_and_a_name_that_can_be() {
        let api = TestApi::new().await;
        let writes = api.engine.writes();
        let put = async |body| api.call("PUT", PATH).key(&api.keys.admin).json(&body).send().await;
        put(json!({})).await.problem(409, "not-connected");
        put(json!({ "id": "" })).await.problem_with(422, "invalid-fields", &["id"]);
        assert_eq!(api.engine.writes(), writes);
    }
}
