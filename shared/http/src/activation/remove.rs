//! `DELETE /v1/accounts/{account}/activation`: stops helping devices, once that is confirmed.

use axum::Json;
use casebridge_app::activation::{DeactivateError, StoppedSessions, deactivate};
use casebridge_domain::device::Device;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::Problem;
use crate::extract::{Admin, Query};
use crate::problem::{CaseInTheWay, Kind};

/// What ended with the activation.
#[derive(Debug, Serialize, ToSchema)]
pub struct RemovedView {
    /// The cases of devices that were live and have ended.
    stopped: Vec<String>,
    /// Those that are just being opened or closed, and end by themselves.
    stopping: Vec<String>,
}

impl From<StoppedSessions> for RemovedView {
    fn from(ended: StoppedSessions) -> Self {
        let ids = |cases: Vec<casebridge_domain::CaseId>| cases.into_iter().map(|case| case.to_string()).collect();
        Self { stopped: ids(ended.stopped), stopping: ids(ended.stopping) }
    }
}

impl From<DeactivateError> for Problem {
    fn from(error: DeactivateError) -> Self {
        match error {
            DeactivateError::NotActivated => Self::new(Kind::NotFound).detail("TeamViewer is not activated."),
            DeactivateError::HostsLeft { devices, total } => {
                let devices: Vec<Value> = devices.iter().map(named).collect();
                Self::new(Kind::HostsLeft).member("devices", Value::Array(devices)).member("total", json!(total))
            }
            DeactivateError::Unconfirmed(would_stop) => {
                let sessions: Vec<CaseInTheWay> = would_stop.sessions.iter().map(CaseInTheWay::new).collect();
                Self::new(Kind::ConfirmationNeeded)
                    .detail(format!(
                        "{} sessions of devices would end, and {} devices could not be helped any more.",
                        sessions.len(),
                        would_stop.devices
                    ))
                    .member("confirm", json!(would_stop.confirmation))
                    .member("would_stop", json!({ "sessions": sessions, "devices": would_stop.devices }))
            }
            DeactivateError::Overtaken => Self::new(Kind::ChangedMeanwhile),
            DeactivateError::Outside(error) => error.into(),
        }
    }
}

fn named(device: &Device) -> Value {
    json!({ "device": device.id, "name": device.facts.name })
}

/// Removes the activation, in two steps: without `confirm` it only says what would stop, and gives the word that confirms it. The
/// live sessions of devices end; tickets and the connection stay as they are. Refused while a device has the Host app: the refusal
/// names some of them, the list of devices with `mode=unattended` all.
#[utoipa::path(
    delete, path = "/v1/accounts/{account}/activation", tag = "devices", operation_id = "removeActivation",
    params(("confirm" = Option<String>, Query, description = "`confirm` of the refusal of the first step")),
    responses(
        (status = 200, body = RemovedView),
        (status = 404, description = "`not-found`: it is not activated"),
        (status = 409, description = "`confirmation-needed`, `hosts-left`, `changed-meanwhile`")
    )
)]
pub async fn remove(Admin(admitted): Admin, mut query: Query) -> Result<Json<RemovedView>, Problem> {
    let confirm = query.take("confirm");
    query.finish()?;
    let ended = deactivate(&admitted.desk, confirm.as_deref()).await?;
    Ok(Json(RemovedView::from(ended)))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::testing::{Answer, TestApi, activation};

    const PATH: &str = "/v1/accounts/acme/activation";

    async fn activated(api: &TestApi) {
        let body = activation(api, "attended_and_unattended").await;
        api.call("PUT", PATH).key(&api.keys.admin).json(&body).send().await.is(200);
    }

    async fn delete(api: &TestApi, confirm: &str) -> Answer {
        api.call("DELETE", &format!("{PATH}?confirm={confirm}")).key(&api.keys.admin).send().await
    }

    async fn report(api: &TestApi, device: &str, host: Value) {
        let path = format!("/v1/accounts/acme/devices/{device}");
        let body = json!({ "platform": "android", "name": format!("Till {device}"), "host": host });
        api.call("PUT", &path).key(&api.keys.technician).json(&body).send().await.is(200);
    }

    #[tokio::test]
    async fn it_takes_two_steps_and_leaves_tickets_alone() {
        let (api, case) = TestApi::played().await;
        activated(&api).await;
        report(&api, "a", json!({})).await;
        let first = delete(&api, "").await.problem(409, "confirmation-needed");
        assert_eq!(first["would_stop"], json!({ "sessions": [], "devices": 1 }));
        delete(&api, "guessed").await.problem(409, "confirmation-needed");
        let confirm = first["confirm"].as_str().unwrap();
        let removed = delete(&api, confirm).await.is(200);
        assert_eq!(removed, json!({ "stopped": [], "stopping": [] }));
        delete(&api, confirm).await.problem(404, "not-found");
        let now = api.call("GET", PATH).key(&api.keys.read).send().await.is(200);
        assert_eq!((&now["mode"], &now["agreement"]), (&json!("none"), &Value::Null));
        let path = format!("/v1/accounts/acme/cases/{}", case["id"].as_str().unwrap());
        assert_eq!(api.call("GET", &path).key(&api.keys.read).send().await.is(200)["state"], "open");
        let connection = api.call("GET", "/v1/accounts/acme/connection").key(&api.keys.admin).send().await.is(200);
        assert_eq!(connection["state"], "active");
    }

    #[tokio::test]
    async fn a_confirmation_is_for_the_activation_that_it_was_given_for() {
        let api = TestApi::new().await;
        activated(&api).await;
        let confirm = delete(&api, "").await.problem(409, "confirmation-needed")["confirm"].clone();
        activated(&api).await;
        let again = delete(&api, confirm.as_str().unwrap()).await.problem(409, "confirmation-needed");
        assert_ne!(again["confirm"], confirm);
    }

    #[tokio::test]
    async fn devices_with_the_host_app_stand_in_the_way_with_the_steps() {
        let api = TestApi::new().await;
        activated(&api).await;
        report(&api, "a", json!({ "distributed": true })).await;
        report(&api, "b", json!({ "distributed": false, "installed": true })).await;
        let confirm = {
            let problem = delete(&api, "").await.problem(409, "hosts-left");
            assert_eq!(problem["total"], 2);
            let mut names: Vec<&str> =
                problem["devices"].as_array().unwrap().iter().map(|device| device["name"].as_str().unwrap()).collect();
            names.sort_unstable();
            assert_eq!(names, ["Till a", "Till b"]);
            assert!(problem["fix"].as_str().unwrap().contains("check-in"));
            report(&api, "a", json!({ "distributed": false, "installed": false })).await;
            delete(&api, "").await.problem(409, "hosts-left");
            report(&api, "b", json!({})).await;
            delete(&api, "").await.problem(409, "confirmation-needed")["confirm"].as_str().unwrap().to_owned()
        };
        report(&api, "a", json!({ "distributed": true })).await;
        delete(&api, &confirm).await.problem(409, "hosts-left");
        report(&api, "a", json!({})).await;
        delete(&api, &confirm).await.is(200);
        activated(&api).await;
    }
}
