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
