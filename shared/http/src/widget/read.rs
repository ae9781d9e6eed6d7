//! `GET /v1/widget`: what the widget shows.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::IF_NONE_MATCH;
use axum::response::{IntoResponse, Response};

use super::AtWidgetToken;
use super::view::{WidgetView, not_modified, view};
use crate::{Api, Problem};

/// What the token's ticket looks like now. Ask with `If-None-Match`: as long as nothing has changed the answer is 304.
#[utoipa::path(
    get, path = "/v1/widget", tag = "widget", operation_id = "readWidget", security(("widget token" = [])),
    params(("If-None-Match" = Option<String>, Header, description = "The `ETag` of the view that is there")),
    responses(
        (status = 200, body = WidgetView, headers(("ETag" = String, description = "Names exactly this view"))),
        (status = 304, description = "Nothing has changed")
    )
)]
pub async fn read(
    State(api): State<Api>,
    AtWidgetToken { at, .. }: AtWidgetToken,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let written = view(&api, &at).await?;
    let tag = written.tag();
    let has_it = headers.get_all(IF_NONE_MATCH).iter().filter_map(|tags| tags.to_str().ok());
    if has_it.flat_map(|tags| tags.split(',')).any(|known| known.trim().trim_start_matches("W/") == tag) {
        return Ok(not_modified(&tag));
    }
    Ok(written.into_response())
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use serde_json::{Value, json};

    use crate::testing::TestApi;

    async fn look(api: &TestApi, token: &str) -> Value {
        api.call("GET", "/v1/widget").key(token).send().await.is(200)
    }

    #[tokio::test]
    async fn before_play_the_widget_shows_whose_it_is_and_no_case() {
        let api = TestApi::new().await;
        let token = api.widget("T1").await;
        assert_eq!(
            look(&api, &token).await,
            json!({
                "account": { "name": "Acme Ltd", "language": "en", "time_zone": "UTC" },
                "technician": { "id": "u-42", "name": "Robin", "email": "robin@example.com" },
                "colleagues": [{ "id": "u-7", "name": "Kim" }],
                "ticket": { "id": "T1", "number": "INC-1", "title": "Printer <3>", "state": "open" },
                "connection": "none",
                "note": "optional",
                "stream": false,
                "token_expires_at": "2100-03-01T13:00:00Z",
            })
        );
    }

    #[tokio::test]
    async fn it_shows_the_tickets_case_as_a_technician_sees_it_and_how_the_ticket_stands() {
        let (api, case) = TestApi::played().await;
        let token = api.widget("T1").await;
        let view = look(&api, &token).await;
        assert_eq!((&view["case"], view["connection"].as_str()), (&case, Some("active")));
        assert!(view["case"]["supporter_link"].is_string());
        assert!(look(&api, &api.widget("T2").await).await.get("case").is_none());

        api.stop(&case).await;
        let closing = async |body: Value| {
            let call = api.call("POST", "/v1/accounts/acme/tickets/T1/closing").key(&api.keys.technician);
            call.json(&body).send().await.is(200)
        };
        closing(json!({})).await;
        assert_eq!(look(&api, &token).await["ticket"]["state"], "closing");
        api.clock.advance(TimeDelta::seconds(61));
        assert_eq!(look(&api, &token).await["ticket"]["state"], "open");
        closing(json!({ "confirm": true })).await;
        let view = look(&api, &token).await;
        assert_eq!((&view["ticket"]["state"], &view["case"]["state"]), (&json!("closed"), &json!("closed")));
    }

    #[tokio::test]
    async fn who_has_the_view_is_told_only_that_nothing_changed() {
        let (api, case) = TestApi::played().await;
        let token = api.widget("T1").await;
        let first = api.call("GET", "/v1/widget").key(&token).send().await;
        assert_eq!(first.header("cache-control"), "no-store");
        let tag = first.header("etag").to_owned();
        assert!(tag.starts_with('"'), "{tag}");
        let again =
            async |tags: &str| api.call("GET", "/v1/widget").key(&token).header("if-none-match", tags).send().await;
        api.clock.advance(TimeDelta::minutes(10));
        for tags in [tag.clone(), format!("\"x\", {tag}"), format!("W/{tag}")] {
            let same = again(&tags).await;
            assert_eq!((same.status.as_u16(), same.text.as_str(), same.header("etag")), (304, "", tag.as_str()));
        }
        again("\"x\"").await.is(200);
        api.stop(&case).await;
        let changed = again(&tag).await;
        assert_ne!(changed.header("etag"), tag);
        assert_eq!(changed.is(200)["case"]["state"], "closed");
    }

    #[tokio::test]
    async fn a_case_expires_on_the_widget_by_the_clock() {
        let (api, _) = TestApi::played().await;
        api.clock.advance(TimeDelta::hours(23));
        let token = api.widget_for("T1", 480).await;
        api.clock.advance(TimeDelta::hours(1));
        assert_eq!(look(&api, &token).await["case"]["state"], "expired");
    }
}
