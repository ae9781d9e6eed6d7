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

/// States that a case can be asked for by, `live` being the first four.
const LIVE: &str = "live";

/// A page of cases, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct CasePage {
    /// The cases. A page may be short, or even empty, though more follow.
    items: Vec<CaseView>,
    /// Send it as `cursor` for the next page; null at the end.
    next: Option<String>,
}

struct Wish {
    state: Option<String>,
    technician: Option<TechnicianId>,
    unassigned: bool,
    code: Option<SessionCode>,
    cursor: Option<String>,
    limit: usize,
}

impl Wish {
    fn parse(mut query: Query) -> Result<Self, Problem> {
        let mut faults = Faults::default();
        let state = faults.maybe("state", query.take("state").as_deref(), state);
        let technician = faults.maybe("technician", query.take("technician").as_deref(), TechnicianId::parse);
        let unassigned = faults.maybe("unassigned", query.take("unassigned").as_deref(), yes_or_no).unwrap_or(false);
        let code = faults.maybe("session_code", query.take("session_code").as_deref(), SessionCode::parse);
        let limit = faults.take("limit", query.limit());
        let cursor = query.take("cursor");
        query.finish()?;
        match limit {
            Some(limit) if faults.is_empty() => Ok(Self { state, technician, unassigned, code, cursor, limit }),
            _ => Err(faults.problem()),
        }
    }

    /// Where to look. A case past its time may not be settled yet, so only some states narrow the look.
    fn filter(&self) -> CaseFilter {
        let unsettled = match self.state.as_deref() {
            Some("asked" | "opening" | "open" | "closing" | LIVE) => Some(true),
            Some("closed") => Some(false),
            _ => None,
        };
        CaseFilter { unsettled, technician: self.technician.clone(), unassigned: self.unassigned }
    }

    fn takes(&self, case: &CaseView) -> bool {
        self.state.as_deref().is_none_or(|state| match state {
            LIVE => matches!(case.state(), "asked" | "opening" | "open" | "closing"),
            state => case.state() == state,
        })
    }
}

fn yes_or_no(raw: &str) -> Result<bool, Malformed> {
    raw.parse().map_err(|_| Malformed::new("must be true or false"))
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
    get, path = "/v1/accounts/{account}/cases", tag = "cases", operation_id = "listCases",
    params(
        ("state" = Option<String>, Query, description = "`asked`, `opening`, `open`, `closing`, `closed`, `expired`, `failed`; \
            or `live` for the first four"),
        ("technician" = Option<String>, Query, description = "The vendor's id of a support user"),
        ("unassigned" = Option<bool>, Query, description = "`true`: only cases without a technician, the team's queue"),
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
            let wanted = case.filter(|case| {
                let technician = case.technician().map(|technician| &technician.id);
                (wish.technician.is_none() || technician == wish.technician.as_ref())
                    && (!wish.unassigned || technician.is_none())
            });
            Page { items: wanted.into_iter().collect(), next: None }
        }
        None => cases(&admitted.desk, &wish.filter(), wish.cursor.as_deref(), wish.limit).await.map_err(of_a_page)?,
    };
    let mut items = Vec::with_capacity(page.items.len());
    for case in &page.items {
        items.push(CaseView::new(case, &admitted.desk, &admitted.key).await);
    }
    items.retain(|case| wish.takes(case));
    Ok(Json(CasePage { items, next: page.next }))
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use serde_json::Value;

    use crate::testing::TestApi;

    async fn tickets(api: &TestApi, query: &str) -> Vec<Value> {
        let path = format!("/v1/accounts/acme/cases{query}");
        let page = api.call("GET", &path).key(&api.keys.read).send().await.is(200);
        page["items"].as_array().unwrap().iter().map(|case| case["ticket"].clone()).collect()
    }

    #[tokio::test]
    async fn cases_are_found_by_state_technician_and_code() {
        let (api, first) = TestApi::played().await;
        api.clock.advance(TimeDelta::seconds(1));
        api.play("T2").await;
        let stop = format!("/v1/accounts/acme/cases/{}/close", first["id"].as_str().unwrap());
        api.call("POST", &stop).key(&api.keys.technician).send().await.is(200);
        for (query, expected) in [
            ("", vec!["T2", "T1"]),
            ("?state=open", vec!["T2"]),
            ("?state=live", vec!["T2"]),
            ("?state=closed", vec!["T1"]),
            ("?state=expired", vec![]),
            ("?technician=u-42", vec!["T2", "T1"]),
            ("?technician=nobody", vec![]),
            ("?session_code=s100000001", vec!["T2"]),
            ("?session_code=s100-000-001&state=closed", vec![]),
            ("?session_code=s100-000-001&technician=nobody", vec![]),
            ("?unassigned=true", vec![]),
            ("?unassigned=true&session_code=s100-000-001", vec![]),
            ("?session_code=s999-999-999", vec![]),
            ("?state=&technician=", vec!["T2", "T1"]),
        ] {
            assert_eq!(tickets(&api, query).await, expected, "{query}");
        }
        api.clock.advance(TimeDelta::hours(25));
        assert_eq!(tickets(&api, "?state=expired").await, ["T2"]);
        assert!(tickets(&api, "?state=open").await.is_empty());
    }

    #[tokio::test]
    async fn pages_follow_each_other() {
        let (api, _) = TestApi::played().await;
        api.clock.advance(TimeDelta::seconds(1));
        api.play("T2").await;
        let page = async |query: &str| {
            let path = format!("/v1/accounts/acme/cases?limit=1{query}");
            api.call("GET", &path).key(&api.keys.read).send().await.is(200)
        };
        let first = page("").await;
        assert_eq!(first["items"][0]["ticket"], "T2");
        let second = page(&format!("&cursor={}", first["next"].as_str().unwrap())).await;
        assert_eq!(second["items"][0]["ticket"], "T1");
    }

    #[tokio::test]
    async fn a_filter_that_is_not_understood_is_refused_rather_than_ignored() {
        let api = TestApi::new().await;
        for (query, status, slug, field) in [
            ("state=done", 422, "invalid-fields", "state"),
            ("limit=0", 422, "invalid-fields", "limit"),
            ("limit=101", 422, "invalid-fields", "limit"),
            ("unassigned=yes", 422, "invalid-fields", "unassigned"),
            ("session_code=1", 422, "invalid-fields", "session_code"),
            ("cursor=nonsense", 422, "invalid-fields", "cursor"),
            ("stat=open", 400, "malformed-request", "stat"),
            ("state=open&state=closed", 400, "malformed-request", "state"),
        ] {
            let path = format!("/v1/accounts/acme/cases?{query}");
            let answer = api.call("GET", &path).key(&api.keys.read).send().await;
            answer.problem_with(status, slug, &[field]);
        }
    }
}
