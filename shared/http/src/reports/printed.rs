//! `GET /v1/accounts/{account}/reports/sessions/printed`: the report as pages for a person.

use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::IntoResponse;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use casebridge_app::reports::summary;
use casebridge_domain::Language;
use casebridge_domain::report::{Days, Scope};
use sha2::{Digest, Sha256};

use super::days::days;
use super::sessions::scope;
use crate::Problem;
use crate::extract::{Faults, Query, Reader};

mod chart;
mod numbers;
mod page;
mod words;

use page::{Page, STYLE};

struct Wish {
    days: Days,
    scope: Scope,
    language: Option<Language>,
}

fn wish(mut query: Query) -> Result<Wish, Problem> {
    let mut faults = Faults::default();
    let days = days(&mut query, &mut faults);
    let scope = scope(&mut query, &mut faults);
    let language = faults.maybe("language", query.take("language").as_deref(), Language::parse);
    query.finish()?;
    match days {
        Some(days) if faults.is_empty() => Ok(Wish { days, scope, language }),
        _ => Err(faults.problem()),
    }
}

/// Gives the report by everything at once, as a page that can be read, printed and kept: figures, days, technicians,
/// categories, types, priorities, sources, and what they mean. It needs nothing else and runs nothing.
#[utoipa::path(
    get, path = "/v1/accounts/{account}/reports/sessions/printed", tag = "reports", operation_id = "printSessionsReport",
    params(
        ("from" = chrono::NaiveDate, Query, description = "The first day, in the account's time zone"),
        ("to" = chrono::NaiveDate, Query, description = "The day after the last; at most 20 years after `from`"),
        ("technician" = Option<String>, Query, description = "Only this support user's, by the vendor's id"),
        ("without" = Option<String>, Query, description = "`technician`: only those without one"),
        ("language" = Option<String>, Query, description = "`en`, `pt`, `es`, `fr` or `zh`; the account's if left out")
    ),
    responses(
        (status = 200, description = "The page", body = String, content_type = "text/html"),
        (status = 422, description = "`invalid-fields`")
    )
)]
pub async fn printed(Reader(admitted): Reader, query: Query) -> Result<impl IntoResponse, Problem> {
    let Wish { days, scope, language } = wish(query)?;
    let desk = &admitted.desk;
    let summary = summary(desk, days, scope.clone()).await?;
    let page = Page {
        account: desk.account(),
        days,
        scope: &scope,
        summary: &summary,
        now: desk.now(),
        language: language.unwrap_or(desk.account().language),
    };
    let kind = "text/html; charset=utf-8".to_owned();
    Ok(([(CONTENT_TYPE, kind), (CONTENT_SECURITY_POLICY, policy())], page.html().into_string()))
}

/// Nothing but the page's own style.
fn policy() -> String {
    let style = STANDARD.encode(Sha256::digest(STYLE));
    format!("default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::TestApi;

    const MARCH: &str = "/v1/accounts/acme/reports/sessions/printed?from=2100-03-01&to=2100-04-01";

    async fn printed(api: &TestApi, query: &str) -> String {
        let page = api.read(&format!("{MARCH}{query}")).await;
        assert_eq!(page.status, 200);
        page.text
    }

    #[tokio::test]
    async fn the_page_has_the_figures_of_what_happened() {
        let api = TestApi::connected().await;
        api.session("T1", &json!({ "category": "Hardware" }), 3725).await;
        api.session("T2", &json!({ "category": null, "technician": null }), 5).await;
        let page = printed(&api, "").await;
        for shown in
            ["TeamViewer Sessions Summary", "1:02:10", "0:31:05", "Hardware", "Robin", "2100-03-01 – 2100-03-31"]
        {
            assert!(page.contains(shown), "{shown} is not in\n{page}");
        }
        let of_robin = printed(&api, "&technician=u-42").await;
        assert!(of_robin.contains("1:02:05") && !of_robin.contains("1:02:10"));
    }

    #[tokio::test]
    async fn what_the_vendor_wrote_is_escaped() {
        let api = TestApi::connected().await;
        api.session("T1", &json!({ "category": "<script>alert(1)</script>\"&" }), 60).await;
        let page = printed(&api, "").await;
        assert!(
            page.contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&amp;") && !page.contains("<script"),
            "{page}"
        );
    }

    #[tokio::test]
    async fn the_page_speaks_the_language_that_is_asked_for_else_the_accounts() {
        let api = TestApi::connected().await;
        assert!(printed(&api, "").await.contains("<html lang=\"en\""));
        assert!(printed(&api, "&language=zh").await.contains("<html lang=\"zh\""));
        api.read(&format!("{MARCH}&language=de")).await.problem_with(422, "invalid-fields", &["language"]);
    }
}
