//! `GET /v1/accounts/{account}/doctor`: what is wrong, and how to mend it.

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use casebridge_app::doctor::{Finding, Severity, examine};
use casebridge_domain::time::rfc3339;
use serde::Serialize;
use utoipa::ToSchema;

use crate::extract::Admin;
use crate::{Api, Problem};

pub(crate) fn routes() -> Router<Api> {
    Router::new().route("/v1/accounts/{account}/doctor", get(look))
}

/// What the doctor found.
#[derive(Debug, Serialize, ToSchema)]
pub struct DiagnosisView {
    /// Whether nothing is wrong; there may be advice all the same.
    healthy: bool,
    /// When it was looked at.
    at: String,
    /// What is not as it should be: what is wrong first, then advice, then what could not be found out.
    findings: Vec<FindingView>,
}

/// One thing that is not as it should be.
#[derive(Debug, Serialize, ToSchema)]
pub struct FindingView {
    /// Its stable name.
    #[schema(value_type = String, example = "permission-missing")]
    code: &'static str,
    /// `wrong`, `advice` (it works, and could serve better) or `unknown` (it could not be found out).
    #[schema(value_type = String, example = "wrong")]
    severity: &'static str,
    /// What it is.
    #[schema(value_type = String)]
    what: &'static str,
    /// Where exactly: names, numbers, times.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Session management: create")]
    detail: Option<String>,
    /// How to mend it.
    #[schema(value_type = String)]
    fix: &'static str,
}

impl From<Finding> for FindingView {
    fn from(Finding { complaint, detail }: Finding) -> Self {
        let severity = complaint.severity().name();
        Self { code: complaint.code(), severity, what: complaint.what(), detail, fix: complaint.fix() }
    }
}

/// Asks TeamViewer about the token, changing nothing there, and looks at what is left undone.
#[utoipa::path(
    get, path = "/v1/accounts/{account}/doctor", tag = "accounts", operation_id = "examineAccount",
    responses((status = 200, body = DiagnosisView))
)]
pub async fn look(State(api): State<Api>, Admin(admitted): Admin) -> Result<Json<DiagnosisView>, Problem> {
    let findings = examine(&admitted.desk).await?;
    api.admissions.forget(admitted.desk.id());
    let is_wrong = |finding: &Finding| finding.complaint.severity() == Severity::Wrong;
    Ok(Json(DiagnosisView {
        healthy: !findings.iter().any(is_wrong),
        at: rfc3339(api.world().now()),
        findings: findings.into_iter().map(FindingView::from).collect(),
    }))
}

#[cfg(test)]
mod tests {
    use casebridge_app::doctor::Complaint;
    use casebridge_app::ports::teamviewer::TeamViewerError;

    use crate::testing::TestApi;

    async fn codes(api: &TestApi) -> (bool, Vec<String>) {
        let answer = api.call("GET", "/v1/accounts/acme/doctor").key(&api.keys.admin).send().await.is(200);
        let findings = answer["findings"].as_array().unwrap();
        for finding in findings {
            let complaint = Complaint::ALL.iter().find(|complaint| finding["code"] == complaint.code()).unwrap();
            assert_eq!(finding["fix"], complaint.fix());
        }
        let codes = findings.iter().map(|finding| finding["code"].as_str().unwrap().to_owned());
        (answer["healthy"].as_bool().unwrap(), codes.collect())
    }

    #[tokio::test]
    async fn what_is_wrong_is_said_with_how_to_mend_it() {
        let api = TestApi::connected().await;
        let (healthy, before) = codes(&api).await;
        assert!(healthy && before.contains(&"group-not-shared".to_owned()), "{before:?}");
        api.teamviewer.fails("ping", TeamViewerError::TokenRefused);
        let (healthy, after) = codes(&api).await;
        assert!(!healthy && after.contains(&"token-refused".to_owned()), "{after:?}");
        let play = api.call("POST", "/v1/accounts/acme/tickets/T1/case").key(&api.keys.technician);
        play.json(&crate::testing::play()).send().await.problem(409, "token-refused");
    }

    #[tokio::test]
    async fn only_an_administrator_may_ask() {
        let api = TestApi::connected().await;
        let answer = api.call("GET", "/v1/accounts/acme/doctor").key(&api.keys.technician).send().await;
        answer.problem(403, "forbidden");
    }
}
