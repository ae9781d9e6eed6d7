//! `GET /v1/accounts/{account}/audit`: who did what, in a chain that shows every change made to it.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use casebridge_app::World;
use casebridge_app::audit::entries;
use casebridge_domain::AccountId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::download::{Download, Piece, pieces};
use crate::events::Stretch;
use crate::extract::{Accept, Admin, Faults, Query};
use crate::{Api, Problem};

mod view;

pub use view::AuditEntryView;

/// One entry to a line, as they are checked by `casebridge audit verify --file`.
const LINES: &str = "application/x-ndjson";

/// Entries that lines are read by at once.
const LINES_AT_ONCE: usize = 100;

/// A page of the trail, in order.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditPage {
    /// The entries.
    items: Vec<AuditEntryView>,
    /// What to send as `after` next time, also where there are no items.
    #[schema(example = 4711)]
    last: u64,
}

/// Reads the account's audit trail: an entry for every event, kept as long as the account's id is, with no content of
/// sessions in it. With `Accept: application/x-ndjson` the whole trail, one entry to a line, sent as it is read; in a
/// line `details` is null or `{"salt", "text"}`.
///
/// Whoever changes, removes, adds or reorders entries breaks the chain there, and everybody can check it:
///
/// - `H(a, b, …)` is the SHA-256, in lower-case hex, over each text in UTF-8 with its length in bytes before it as eight
///   bytes, highest first.
/// - `commitment` = `H("casebridge audit details 1", salt, details)`.
/// - `hash` = `H("casebridge audit link 1", the hash before, number, time, kind, commitment)`: `number` in decimal digits;
///   `time` is `at` to the second, and its microseconds in six digits (what is finer is cut off), as in
///   `2026-11-22T08:00:01Z.123456`. The hash before the first is 64 zeros.
///
/// A trail whose end was cut off holds too. Write the last number and hash down elsewhere now and then.
#[utoipa::path(
    get, path = "/v1/accounts/{account}/audit", tag = "events", operation_id = "readAuditTrail",
    params(
        ("after" = Option<u64>, Query, description = "`last` of the page before; from the beginning if left out; not for lines"),
        ("limit" = Option<u8>, Query, description = "1 to 100; 50 if left out; not for lines")
    ),
    responses(
        (status = 200, description = "A page, or the whole trail", content((AuditPage = "application/json"), (String = "application/x-ndjson"))),
        (status = 422, description = "`invalid-fields`")
    )
)]
pub async fn audit(
    State(api): State<Api>,
    Admin(admitted): Admin,
    accept: Accept,
    query: Query,
) -> Result<Response, Problem> {
    let account = admitted.desk.id();
    if accept.prefers(LINES) {
        return whole(query, api.world().clone(), account.clone()).await.map(IntoResponse::into_response);
    }
    let Stretch { after, limit } = Stretch::parse(query)?;
    let after = after.unwrap_or(0);
    let entries = entries(api.world(), account, after, limit).await?;
    let last = entries.last().map_or(after, |entry| entry.number);
    Ok(Json(AuditPage { items: entries.into_iter().map(AuditEntryView::from).collect(), last }).into_response())
}

async fn whole(mut query: Query, world: World, account: AccountId) -> Result<Download, Problem> {
    let mut faults = Faults::default();
    for name in ["after", "limit"] {
        if query.take(name).is_some() {
            faults.add(name, "must be left out: the lines are the whole trail");
        }
    }
    query.finish()?;
    if !faults.is_empty() {
        return Err(faults.problem());
    }
    let name = format!("audit-{account}.ndjson");
    let of = account.clone();
    let read = move |after| {
        let (world, account) = (world.clone(), account.clone());
        async move { piece(&world, &account, after).await }
    };
    Ok(Download { kind: LINES, name, body: pieces(&of, 0, read).await? })
}

async fn piece(world: &World, account: &AccountId, after: u64) -> Piece<u64> {
    let entries = entries(world, account, after, LINES_AT_ONCE).await?;
    let mut lines = Vec::new();
    for entry in &entries {
        serde_json::to_writer(&mut lines, entry)?;
        lines.push(b'\n');
    }
    Ok((Bytes::from(lines), entries.last().map(|entry| entry.number)))
}

#[cfg(test)]
mod tests {
    use casebridge_app::audit::Chain;
    use casebridge_domain::audit::AuditEntry;
    use casebridge_domain::hex::hex;
    use chrono::TimeDelta;
    use http_body_util::BodyExt as _;
    use serde_json::{Value, json};
    use sha2::{Digest, Sha256};

    use crate::testing::{Answer, TestApi, Weather};

    const AUDIT: &str = "/v1/accounts/acme/audit";

    async fn read(api: &TestApi, query: &str) -> Answer {
        api.number_everything().await;
        api.call("GET", &format!("{AUDIT}{query}")).key(&api.keys.admin).send().await
    }

    async fn lines(api: &TestApi, query: &str) -> Answer {
        api.number_everything().await;
        let call = api.call("GET", &format!("{AUDIT}{query}")).key(&api.keys.admin);
        call.header("accept", "application/x-ndjson").send().await
    }

    /// The hash in the words of the description.
    fn described(parts: &[&str]) -> String {
        let mut text = Vec::new();
        for part in parts {
            text.extend(u64::try_from(part.len()).unwrap().to_be_bytes());
            text.extend(part.bytes());
        }
        hex(&Sha256::digest(text))
    }

    #[tokio::test]
    async fn the_chain_can_be_checked_by_its_description_alone() {
        let (api, case) = TestApi::played().await;
        api.clock.advance(TimeDelta::nanoseconds(1_000_123_999));
        api.stop(&case).await;
        let page = read(&api, "?limit=100").await.is(200);
        assert!(page["items"].as_array().unwrap().iter().any(|entry| entry["at"] == "2100-03-01T12:00:01.000123999Z"));
        let mut before = "0".repeat(64);
        let items = page["items"].as_array().unwrap();
        assert!(items.len() > 5);
        for (entry, number) in items.iter().zip(1..) {
            let text = |name: &str| entry[name].as_str().unwrap().to_owned();
            assert_eq!(entry["number"], json!(number));
            let commitment = described(&["casebridge audit details 1", &text("salt"), &text("details")]);
            assert_eq!(text("commitment"), commitment);
            let at = text("at").replace('Z', "");
            let (seconds, fraction) = at.split_once('.').unwrap_or((&at, ""));
            let time = format!("{seconds}Z.{}", &format!("{fraction:0<6}")[..6]);
            let hash = described(&[
                "casebridge audit link 1",
                &before,
                &number.to_string(),
                &time,
                &text("kind"),
                &commitment,
            ]);
            assert_eq!(text("hash"), hash);
            before = hash;
        }
        assert_eq!(page["last"], json!(items.len()));
    }

    #[tokio::test]
    async fn the_trail_says_who_did_what_and_keeps_no_content_of_sessions() {
        let api = TestApi::connected().await;
        let case = api.session("T1", &json!({}), 60).await;
        api.changes(&case, &json!({ "note": "Private words" })).await.is(200);
        let page = read(&api, "?limit=100").await.is(200);
        let entries = page["items"].as_array().unwrap();
        let details = |kind: &str| -> Value {
            let entry = entries.iter().find(|entry| entry["kind"] == kind).unwrap();
            serde_json::from_str(entry["details"].as_str().unwrap()).unwrap()
        };
        let closed = details("case.closed");
        assert_eq!(
            (&closed["case"], &closed["ticket"], &closed["technician"]),
            (&case["id"], &json!("T1"), &json!("u-42"))
        );
        assert_eq!((&closed["by"]["is"], &details("record.changed")["note"]), (&json!("key"), &json!(true)));
        let whole = page.to_string();
        for content in ["Private words", "s100-000-000", "Printer", "Jane", "jane@example.com", "Robin", "https://"] {
            assert!(!whole.contains(content), "{content}");
        }
    }

    #[tokio::test]
    async fn pages_follow_each_other_and_events_have_the_same_numbers() {
        let (api, _) = TestApi::played().await;
        let whole = read(&api, "?limit=100").await.is(200);
        let first = read(&api, "?limit=3").await.is(200);
        assert_eq!(first["last"], 3);
        let rest = read(&api, "?after=3&limit=100").await.is(200);
        let both: Vec<_> =
            [&first, &rest].into_iter().flat_map(|page| page["items"].as_array().unwrap().clone()).collect();
        assert_eq!(json!(both), whole["items"]);
        let end = format!("?after={}", whole["last"]);
        assert_eq!(read(&api, &end).await.is(200), json!({ "items": [], "last": whole["last"] }));
        let events = api.read("/v1/accounts/acme/events?limit=100").await.is(200);
        let named = |page: &Value, name: &str| -> Vec<_> {
            let items = page["items"].as_array().unwrap();
            items.iter().map(|item| (item["number"].clone(), item[name].clone())).collect()
        };
        assert_eq!(named(&events, "type"), named(&whole, "kind"));
    }

    #[tokio::test]
    async fn the_whole_trail_comes_as_lines_that_hold() {
        let (api, case) = TestApi::played().await;
        for place in 0..60 {
            api.session(&format!("U{place}"), &json!({}), 1).await;
        }
        api.stop(&case).await;
        let answer = lines(&api, "").await;
        assert_eq!(answer.header("vary"), "accept");
        let text = answer.file("application/x-ndjson", "audit-acme.ndjson");
        assert!(text.ends_with('\n'));
        let mut chain = Chain::default();
        for line in text.lines() {
            let entry: AuditEntry = serde_json::from_str(line).unwrap();
            assert_eq!(serde_json::to_string(&entry).unwrap(), line);
            chain.follow(&entry).unwrap();
        }
        let verified = chain.verified();
        let last = read(&api, &format!("?after={}", verified.entries - 1)).await.is(200);
        assert!(verified.entries > 200);
        assert_eq!(
            (&last["last"], &last["items"][0]["hash"]),
            (&json!(verified.entries), &json!(verified.hash.as_str()))
        );
    }

    #[tokio::test]
    async fn a_trail_that_cannot_be_read_to_its_end_does_not_end_as_if_it_were_whole() {
        let (api, _) = TestApi::played().await;
        api.number_everything().await;
        let call = api.call("GET", AUDIT).key(&api.keys.admin).header("accept", "application/x-ndjson");
        let mut body = call.begin().await.into_body();
        assert!(body.frame().await.unwrap().is_ok());
        api.engine.becomes(Weather::Unavailable);
        assert!(body.frame().await.unwrap().is_err());
    }

    #[tokio::test]
    async fn the_trail_is_for_administrators_and_asked_for_properly() {
        let api = TestApi::new().await;
        for key in [&api.keys.technician, &api.keys.read, &api.keys.notify] {
            api.call("GET", AUDIT).key(key).send().await.problem(403, "forbidden");
        }
        api.call("GET", AUDIT).key(&api.keys.other_account).send().await.problem(404, "not-found");
        read(&api, "?after=x&limit=0").await.problem_with(422, "invalid-fields", &["after", "limit"]);
        lines(&api, "?after=1&limit=5").await.problem_with(422, "invalid-fields", &["after", "limit"]);
        lines(&api, "?kind=key.made").await.problem_with(400, "malformed-request", &["kind"]);
    }
}
