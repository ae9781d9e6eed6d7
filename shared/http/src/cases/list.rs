//! `GET /v1/accounts/{account}/cases`: cases, newest first.

use axum::Json;
use casebridge_app::cases::{case_by_code, cases};
use casebridge_app::ports::store::{CaseFilter, Page};
use casebridge_domain::{Malformed, SessionCode, TechnicianId};
use serde::Serialize;
use utoipa::ToSchema;

use super::view::{CaseView, STATES};
use crate::Problem;
use crate::accounts::list::of_a_page;
use crate::extract::{Faults, Query, Reader};

/// States that a case can be asked for by, `live` being the first three.
const LIVE: &str = "live";

/// A page of cases, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct CasePage {
    /// The cases. A page may be short, or even empty, though more follow.
    items: Vec<CaseView>,
    /// Send it as `cursor` for the next page; absent at the end.
    next: Option<String>,
}

struct Wish {
    state: Option<String>,
    technician: Option<TechnicianId>,
    code: Option<SessionCode>,
    cursor: Option<String>,
    limit: usize,
}

impl Wish {
    fn parse(mut query: Query) -> Result<Self, Problem> {
        let mut faults = Faults::default();
        let state = faults.maybe("state", query.take("state").as_deref(), state);
        let technician = faults.maybe("technician", query.take("technician").as_deref(), TechnicianId::parse);
        let code = faults.maybe("session_code", query.take("session_code").as_deref(), SessionCode::parse);
        let limit = faults.take("limit", query.limit());
        let cursor = query.take("cursor");
        query.finish()?;
        match limit {
            Some(limit) if faults.is_empty() => Ok(Self { state, technician, code, cursor, limit }),
            _ => Err(faults.problem()),
        }
    }

    /// Where to look. A case past its time may not be settled yet, so only some states narrow the look.
    fn filter(&self) -> CaseFilter {
        let unsettled = match self.state.as_deref() {
            Some("opening" | "open" | "closing" | LIVE) => Some(true),
            Some("closed") => Some(false),
            _ => None,
        };
        CaseFilter { unsettled, technician: self.technician.clone() }
    }

    fn takes(&self, case: &CaseView) -> bool {
        self.state.as_deref().is_none_or(|state| match state {
            LIVE => matches!(case.state(), "opening" | "open" | "closing"),
            state => case.state() == state,
        })
    }
}

fn state(raw: &str) -> Result<String, Malformed> {
    if raw == LIVE || STATES.contains(&raw) {
        Ok(raw.to_owned())
    } else {
        Err(Malformed::new(format!("must be one of {}, {LIVE}", STATES.join(", "))))
    }
}

/// Lists cases, newest first.
#[utoipa::path(
    get, path = "/v1/accounts/{account}/cases", tag = "cases",
    params(
        ("state" = Option<String>, Query, description = "`opening`, `open`, `closing`, `closed`, `expired`, `failed`; \
            or `live` for the first three"),
        ("technician" = Option<String>, Query, description = "The vendor's id of a support user"),
        ("session_code" = Option<String>, Query, description = "With dashes, spaces or neither"),
        ("cursor" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<u8>, Query, description = "1 to 100; 50 if left out")
    ),
    responses((status = 200, body = CasePage), (status = 422, description = "`invalid-fields`"))
)]
pub async fn list(Reader(admitted): Reader, query: Query) -> Result<Json<CasePage>, Problem> {
    let wish = Wish::parse(query)?;
    let page = match &wish.code {
        Some(code) => {
            let case = case_by_code(&admitted.desk, code).await?;
            let by_the_technician = case.filter(|case| {
                wish.technician.is_none() || case.technician().map(|t| &t.id) == wish.technician.as_ref()
            });
            Page { items: by_the_technician.into_iter().collect(), next: None }
        }
        None => cases(&admitted.desk, &wish.filter(), wish.cursor.as_deref(), wish.limit).await.map_err(of_a_page)?,
    };
    let views = page.items.iter().map(|case| CaseView::new(case, &admitted.desk, &admitted.key));
    Ok(Json(CasePage { items: views.filter(|case| wish.takes(case)).collect(), next: page.next }))
}
