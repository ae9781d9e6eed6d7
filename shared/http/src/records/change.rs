//! `PATCH /v1/accounts/{account}/reports/sessions/records/{case}`: notes a session, or takes it out of the count.

use axum::Json;
use casebridge_app::records::{ChangeRecordError, RecordWish, change_record};
use casebridge_domain::service_case::Note;
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

use super::view::RecordView;
use crate::extract::{CasePath, Faults, JsonBody, Technician};
use crate::problem::{Kind, Problem};

/// What shall change. What is left out stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeRecordRequest {
    /// Instead of the note that is there, at most 2000 characters; null removes it.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "Test call of the trainee")]
    note: Sent,
    /// Whether it is out of the count.
    #[schema(example = true)]
    excluded: Option<bool>,
    /// Why; only together with `"excluded": true`. At most 2000 characters.
    #[schema(example = "Training")]
    reason: Option<String>,
}

/// A text of which null says something too.
#[derive(Debug, Default)]
enum Sent {
    /// It was left out.
    #[default]
    Not,
    /// There shall be none.
    Null,
    /// The text.
    Text(String),
}

impl<'de> Deserialize<'de> for Sent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(|text| text.map_or(Self::Null, Self::Text))
    }
}

impl ChangeRecordRequest {
    fn parse(&self) -> Result<RecordWish, Problem> {
        let mut faults = Faults::default();
        let note = match &self.note {
            Sent::Not => None,
            Sent::Null => Some(None),
            Sent::Text(raw) => faults.take("note", Note::parse(raw)).map(Some),
        };
        let reason = faults.maybe("reason", self.reason.as_deref(), Note::parse);
        if reason.is_some() && self.excluded != Some(true) {
            faults.add("reason", "must only be sent together with \"excluded\": true");
        }
        if faults.is_empty() { Ok(RecordWish { note, excluded: self.excluded, reason }) } else { Err(faults.problem()) }
    }
}

impl From<ChangeRecordError> for Problem {
    fn from(error: ChangeRecordError) -> Self {
        match error {
            ChangeRecordError::NotFound => Self::new(Kind::NotFound),
            ChangeRecordError::Outside(error) => error.into(),
        }
    }
}

/// Notes a session, takes it out of the count, or puts it back. The figures follow at the same moment. To send the same
/// again changes nothing.
#[utoipa::path(
    patch, path = "/v1/accounts/{account}/reports/sessions/records/{case}", tag = "reports", operation_id = "changeRecord",
    request_body = ChangeRecordRequest,
    responses(
        (status = 200, description = "The record as it is now", body = RecordView),
        (status = 404, description = "`not-found`: there is no such case, it has not ended, or never had a session"),
        (status = 422, description = "`invalid-fields`")
    )
)]
pub async fn change(
    Technician(admitted): Technician,
    CasePath(case): CasePath,
    JsonBody(body): JsonBody<ChangeRecordRequest>,
) -> Result<Json<RecordView>, Problem> {
    let wish = body.parse()?;
    let record = change_record(&admitted.desk, case, &wish).await?;
    Ok(Json(RecordView::from(&record)))
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use serde_json::{Value, json};

    use crate::testing::TestApi;

    async fn closed() -> (TestApi, Value) {
        let api = TestApi::connected().await;
        let case = api.session("T1", &json!({}), 60).await;
        api.clock.advance(TimeDelta::seconds(60));
        (api, case)
    }

    #[tokio::test]
    async fn a_note_is_written_replaced_and_removed_and_nothing_else_changes() {
        let (api, case) = closed().await;
        let before = api.changes(&case, &json!({})).await.is(200);
        assert!(before.get("note").is_none());
        let noted = api.changes(&case, &json!({ "note": " First\r\nline " })).await.is(200);
        assert_eq!(noted["note"], "First\nline");
        let replaced = api.changes(&case, &json!({ "note": "Second" })).await.is(200);
        assert_eq!(replaced["note"], "Second");
        let kept = api.changes(&case, &json!({ "excluded": null, "reason": null })).await.is(200);
        assert_eq!(kept, replaced);
        assert_eq!(api.changes(&case, &json!({ "note": null })).await.is(200), before);
    }

    #[tokio::test]
    async fn an_exclusion_says_when_by_whom_and_why_and_can_be_taken_back() {
        let (api, case) = closed().await;
        let before = api.changes(&case, &json!({})).await.is(200);
        let excluded = api.changes(&case, &json!({ "excluded": true, "reason": "Training" })).await.is(200);
        let exclusion = &excluded["excluded"];
        assert_eq!((&exclusion["at"], &exclusion["reason"]), (&json!("2100-03-01T12:02:00Z"), &json!("Training")));
        let keys = api.call("GET", "/v1/accounts/acme/keys").key(&api.keys.admin).send().await.is(200);
        let keys = keys["items"].as_array().unwrap();
        let technicians = keys.iter().find(|key| key["scope"] == "technician").unwrap();
        assert_eq!(exclusion["by"], json!({ "is": "key", "key": technicians["id"] }));

        api.clock.advance(TimeDelta::seconds(60));
        let better = api.changes(&case, &json!({ "excluded": true, "reason": "Trainee" })).await.is(200);
        assert_eq!((&better["excluded"]["at"], &better["excluded"]["reason"]), (&exclusion["at"], &json!("Trainee")));
        assert_eq!(api.changes(&case, &json!({ "excluded": false })).await.is(200), before);
    }

    #[tokio::test]
    async fn the_same_change_again_writes_nothing() {
        let (api, case) = closed().await;
        let body = json!({ "note": "Test", "excluded": true, "reason": "Training" });
        let changed = api.changes(&case, &body).await.is(200);
        let writes = api.engine.writes();
        api.clock.advance(TimeDelta::seconds(60));
        assert_eq!(api.changes(&case, &body).await.is(200), changed);
        assert_eq!(api.changes(&case, &json!({})).await.is(200), changed);
        assert_eq!(api.engine.writes(), writes);
    }

    #[tokio::test]
    async fn a_change_that_breaks_a_rule_changes_nothing() {
        let (api, case) = closed().await;
        let writes = api.engine.writes();
        let long = "x".repeat(2001);
        for (body, fields) in [
            (json!({ "note": "" }), vec!["note"]),
            (json!({ "note": long, "excluded": true, "reason": "\u{1b}[31m" }), vec!["note", "reason"]),
            (json!({ "reason": "Training" }), vec!["reason"]),
            (json!({ "excluded": false, "reason": "Training" }), vec!["reason"]),
            (json!({ "excluded": null, "reason": "Training" }), vec!["reason"]),
        ] {
            api.changes(&case, &body).await.problem_with(422, "invalid-fields", &fields);
        }
        let answer = api.changes(&case, &json!({ "duration_seconds": 1 })).await;
        answer.problem_with(400, "malformed-request", &["duration_seconds"]);
        assert_eq!(api.engine.writes(), writes);
    }

    #[tokio::test]
    async fn a_case_without_a_record_has_nothing_to_change() {
        let (api, case) = closed().await;
        let live = api.play("T2").await;
        let writes = api.engine.writes();
        let body = json!({ "note": "Test" });
        for nothing in [&live, &json!({ "id": "01890a5d-ac96-774b-bcce-b302099a8057" }), &json!({ "id": "x" })] {
            api.changes(nothing, &body).await.problem(404, "not-found");
            let path = format!("/v1/accounts/acme/reports/sessions/records/{}", nothing["id"].as_str().unwrap());
            api.read(&path).await.problem(404, "not-found");
        }
        let path = format!("/v1/accounts/acme/reports/sessions/records/{}", case["id"].as_str().unwrap());
        api.call("PATCH", &path).key(&api.keys.read).json(&body).send().await.problem(403, "forbidden");
        let elsewhere = path.replace("acme", "globex");
        for key in [&api.keys.other_account, &api.keys.vendor] {
            api.call("PATCH", &elsewhere).key(key).json(&body).send().await.problem(404, "not-found");
        }
        assert_eq!(api.engine.writes(), writes);
    }
}
