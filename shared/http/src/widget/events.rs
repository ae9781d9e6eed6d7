//! `GET /v1/widget/events`: what the widget shows, whenever it changes, for as long as the connection holds.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, HeaderName};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use casebridge_app::widget::AtWidget;
use casebridge_domain::Instant;
use futures::stream;
use tokio::time::sleep;

use super::AtWidgetToken;
use super::view::{WidgetView, Written};
use crate::Api;
use crate::changes::Subscription;
use crate::problem::{Kind, Problem};

/// Something is sent at least this often: proxies end what is silent.
const AT_LEAST_EVERY: Duration = Duration::from_secs(20);

/// What a silent stream sends: a comment.
const COMMENT: &str = ":\n\n";

/// Tells a proxy that keeps answers back (nginx) to pass this one on as it comes.
const ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

/// Tells of changes at once, as server-sent events: each is an event `view` with the whole view as data, the first one at
/// once. It ends when the token expires, is refused, or the server stops. Only where `stream` is true in the view; elsewhere
/// it is 404: ask now and then.
#[utoipa::path(
    get, path = "/v1/widget/events", tag = "widget", operation_id = "widgetEvents", security(("widget token" = [])),
    responses(
        (status = 200, description = "Events `view`, and a comment every 20 seconds", body = WidgetView, content_type = "text/event-stream"),
        (status = 404, description = "`no-such-route`: this host holds no connections")
    )
)]
pub async fn events(State(api): State<Api>, AtWidgetToken { at, token }: AtWidgetToken) -> Result<Response, Problem> {
    let changes = api.changes().ok_or_else(|| Problem::new(Kind::NoSuchRoute))?;
    // First of all, so that nothing happens unseen.
    let subscription = changes.subscribe(at.desk.id(), &at.claims.ticket.id);
    let watcher = Watcher { api: api.clone(), token, at, subscription, shown: String::new(), changes_at: None };
    let body = stream::unfold(watcher, async |watcher: Watcher| {
        let (event, watcher) = watcher.next().await?;
        Some((Ok::<_, Infallible>(event), watcher))
    });
    let headers = [(CONTENT_TYPE, "text/event-stream"), (ACCEL_BUFFERING, "no")];
    Ok((headers, Body::from_stream(body)).into_response())
}

/// One open connection. It costs nothing while nothing happens.
struct Watcher {
    api: Api,
    token: String,
    at: AtWidget,
    subscription: Subscription,
    /// What was sent last; nothing at first.
    shown: String,
    /// When it will look different without anything happening.
    changes_at: Option<Instant>,
}

impl Watcher {
    /// What is sent next; `None` ends the stream. Whoever is interested asks again, and is told why.
    async fn next(mut self) -> Option<(Bytes, Self)> {
        if self.shown.is_empty() {
            return self.look().await.ok()?.map(|event| (event, self));
        }
        let silent_until = tokio::time::Instant::now() + AT_LEAST_EVERY;
        loop {
            let ends_in = self.until(self.at.claims.expires_at);
            let changes_in = self.changes_at.map(|at| self.until(at));
            tokio::select! {
                told = self.subscription.changed() => if !told { return None },
                () = sleep(ends_in) => return None,
                () = sleep(changes_in.unwrap_or(AT_LEAST_EVERY)), if changes_in.is_some() => {}
                () = tokio::time::sleep_until(silent_until) => return Some((Bytes::from_static(COMMENT.as_bytes()), self)),
            }
            self.at = self.api.admissions.to_widget_afresh(&self.token).await.ok()?;
            if let Some(event) = self.look().await.ok()? {
                return Some((event, self));
            }
        }
    }

    /// The event of what there is to see now; none if that was sent already.
    async fn look(&mut self) -> Result<Option<Bytes>, Problem> {
        let look = self.at.look().await?;
        self.changes_at = look.changes_at;
        let Written { text } = Written::of(&WidgetView::new(&self.at, &look, true).await)?;
        if text == self.shown {
            return Ok(None);
        }
        let event = format!("event: view\ndata: {text}\n\n");
        self.shown = text;
        Ok(Some(event.into()))
    }

    fn until(&self, at: Instant) -> Duration {
        (at - self.api.now()).to_std().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};
    use std::time::Duration;

    use axum::body::BodyDataStream;
    use casebridge_domain::{AccountId, TicketId};
    use chrono::TimeDelta;
    use futures::StreamExt as _;
    use serde_json::{Value, json};
    use tokio::sync::watch;

    use crate::changes::{Changes, Subscription};
    use crate::testing::TestApi;

    /// One ticket's changes, told by hand.
    struct ByHand(Mutex<Option<watch::Sender<()>>>);

    impl Changes for ByHand {
        fn subscribe(&self, _: &AccountId, ticket: &TicketId) -> Subscription {
            assert_eq!(ticket.as_str(), "T1");
            Subscription::of(self.0.lock().unwrap().as_ref().unwrap().subscribe())
        }
    }

    impl ByHand {
        fn tell(&self) {
            self.0.lock().unwrap().as_ref().unwrap().send_replace(());
        }
    }

    async fn streaming() -> (TestApi, Arc<ByHand>, Value) {
        let (api, case) = TestApi::played().await;
        let changes = Arc::new(ByHand(Mutex::new(Some(watch::channel(()).0))));
        (api.with_changes(changes.clone()), changes, case)
    }

    async fn open(api: &TestApi, token: &str) -> BodyDataStream {
        let answer = api.call("GET", "/v1/widget/events").key(token).begin().await;
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        assert_eq!(answer.headers()["access-control-allow-origin"], "*");
        answer.into_body().into_data_stream()
    }

    async fn next(stream: &mut BodyDataStream) -> Option<String> {
        let part = tokio::time::timeout(Duration::from_hours(1), stream.next()).await.unwrap()?;
        Some(String::from_utf8(part.unwrap().to_vec()).unwrap())
    }

    async fn view(stream: &mut BodyDataStream) -> Value {
        let event = next(stream).await.unwrap();
        let data = event.strip_prefix("event: view\ndata: ").unwrap().strip_suffix("\n\n").unwrap();
        serde_json::from_str(data).unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn the_view_comes_at_once_and_again_when_it_has_changed() {
        let (api, changes, case) = streaming().await;
        let token = api.widget("T1").await;
        let mut stream = open(&api, &token).await;
        let first = view(&mut stream).await;
        assert_eq!((&first["case"]["id"], &first["stream"]), (&case["id"], &json!(true)));
        assert_eq!(first, api.call("GET", "/v1/widget").key(&token).send().await.is(200));
        // Told, but nothing that shows: silence, but for the comment.
        changes.tell();
        assert_eq!(next(&mut stream).await.unwrap(), ":\n\n");
        api.stop(&case).await;
        changes.tell();
        assert_eq!(view(&mut stream).await["case"]["state"], "closed");
    }

    #[tokio::test(start_paused = true)]
    async fn a_silent_stream_asks_the_store_nothing() {
        let (api, _, _) = streaming().await;
        let mut stream = open(&api, &api.widget("T1").await).await;
        view(&mut stream).await;
        let asked = api.engine.reads();
        for _ in 0..30 {
            assert_eq!(next(&mut stream).await.unwrap(), ":\n\n");
        }
        assert_eq!(api.engine.reads(), asked);
    }

    #[tokio::test(start_paused = true)]
    async fn it_ends_with_its_token_with_the_secret_and_with_the_server() {
        let (api, changes, _) = streaming().await;
        let mut expiring = open(&api, &api.widget_for("T1", 1).await).await;
        view(&mut expiring).await;
        for _ in 0..2 {
            assert_eq!(next(&mut expiring).await.unwrap(), ":\n\n");
        }
        api.clock.advance(TimeDelta::seconds(60));
        assert_eq!(next(&mut expiring).await, None);

        let mut refused = open(&api, &api.widget("T1").await).await;
        view(&mut refused).await;
        api.call("DELETE", "/v1/accounts/acme/widget-tokens").key(&api.keys.admin).send().await.is(204);
        changes.tell();
        assert_eq!(next(&mut refused).await, None);

        let mut stopped = open(&api, &api.widget("T1").await).await;
        view(&mut stopped).await;
        *changes.0.lock().unwrap() = None;
        assert_eq!(next(&mut stopped).await, None);
    }

    #[tokio::test(start_paused = true)]
    async fn a_case_that_reaches_its_time_is_shown_though_nobody_settled_it() {
        let (api, _, _) = streaming().await;
        api.clock.advance(TimeDelta::minutes(24 * 60 - 1));
        let mut stream = open(&api, &api.widget_for("T1", 60).await).await;
        assert_eq!(view(&mut stream).await["case"]["state"], "open");
        api.clock.advance(TimeDelta::minutes(1));
        let after = loop {
            match next(&mut stream).await.unwrap() {
                comment if comment == ":\n\n" => {}
                event => break event,
            }
        };
        assert!(after.contains("\"expired\""), "{after}");
    }

    #[tokio::test]
    async fn where_the_host_holds_no_connections_there_is_no_such_route() {
        let (api, _) = TestApi::played().await;
        let token = api.widget("T1").await;
        api.call("GET", "/v1/widget/events").key(&token).send().await.problem(404, "no-such-route");
    }
}
