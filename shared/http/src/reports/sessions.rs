//! `GET /v1/accounts/{account}/reports/sessions`: how many sessions there were, how long, and by what.

use axum::Json;
use axum::response::{IntoResponse, Response};
use casebridge_app::reports::{ReportWish, report};
use casebridge_domain::report::{Dimension, Scope};
use casebridge_domain::{Malformed, TechnicianId};

use super::days::days;
use super::view::SessionsReport;
use crate::Problem;
use crate::extract::{Accept, Faults, Query, Reader};
use crate::spreadsheet::CSV;

fn wish(mut query: Query) -> Result<ReportWish, Problem> {
    let mut faults = Faults::default();
    let days = days(&mut query, &mut faults);
    let scope = scope(&mut query, &mut faults);
    let group_by = faults.maybe("group_by", query.take("group_by").as_deref(), Dimension::parse);
    query.finish()?;
    match days {
        Some(days) if faults.is_empty() => Ok(ReportWish { days, scope, group_by }),
        _ => Err(faults.problem()),
    }
}

fn scope(query: &mut Query, faults: &mut Faults) -> Scope {
    let technician = faults.maybe("technician", query.take("technician").as_deref(), TechnicianId::parse);
    let without = faults.maybe("without", query.take("without").as_deref(), |raw| match (raw, &technician) {
        ("technician", None) => Ok(Scope::Technician(None)),
        ("technician", Some(_)) => Err(Malformed::new("must not be sent together with technician")),
        _ => Err(Malformed::new("must be technician")),
    });
    without.or(technician.map(|id| Scope::Technician(Some(id)))).unwrap_or(Scope::Everyone)
}

/// Adds up the sessions of some days, all together and by group. Every figure has the address of the sessions behind
/// it. With `Accept: text/csv` as a table: a line for each group (`row` is `group`), one for those elsewhere if there
/// are any (`elsewhere`), and one for all (`total`); see `listRecords` for the form.
#[utoipa::path(
    get, path = "/v1/accounts/{account}/reports/sessions", tag = "reports", operation_id = "readSessionsReport",
    params(
        ("from" = chrono::NaiveDate, Query, description = "The first day, in the account's time zone"),
        ("to" = chrono::NaiveDate, Query, description = "The day after the last; at most 20 years after `from`"),
        ("technician" = Option<String>, Query, description = "Only this support user's, by the vendor's id"),
        ("without" = Option<String>, Query, description = "`technician`: only those without one"),
        ("group_by" = Option<String>, Query, description = "`category`, `type`, `priority`, `source`, `technician` or \
            `day`; all together only if left out")
    ),
    responses(
        (status = 200, description = "The figures", content((SessionsReport = "application/json"), (String = "text/csv"))),
        (status = 422, description = "`invalid-fields`")
    )
)]
pub async fn sessions(Reader(admitted): Reader, accept: Accept, query: Query) -> Result<Response, Problem> {
    let wish = wish(query)?;
    let report = report(&admitted.desk, &wish).await?;
    let view = SessionsReport::new(admitted.desk.id(), &wish, &report);
    Ok(if accept.prefers(CSV) { view.table()?.into_response() } else { Json(view).into_response() })
}
