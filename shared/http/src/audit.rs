//! `GET /v1/accounts/{account}/audit`: who did what, in a chain that shows every change made to it.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use casebridge_app::World;
use casebridge_app::audit::entries;
use casebridge_domain::AccountId;
use casebridge_domain::audit::AuditEntry;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::download::{Download, Piece, pieces};
use crate::events::Stretch;
use crate::extract::{Accept, Admin, Faults, Query};
use crate::{Api, Problem};

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

/// One link of the chain.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditEntryView {
    /// The event's number in the account, from 1 without gaps.
    #[schema(example = 4711)]
    number: u64,
    /// When it happened.
    #[schema(example = "2026-11-22T08:00:01.123456Z")]
    at: DateTime<Utc>,
    /// What happened: an event's `type`.
    #[schema(example = "key.made")]
    kind: String,
    /// Who (`by`), and on what: a JSON object as text, exactly as it was committed to. Null after a person's details were
    /// erased; the chain holds without them.
    #[schema(example = "{\"by\":{\"is\":\"operator\"}}")]
    details: Option<String>,
    /// 256 random bits in hex; erased together with the details.
    #[serde(skip_serializing_if = "Option::is_none")]
    salt: Option<String>,
    /// What the chain holds of the details.
    #[schema(example = "4f1f9f6f…")]
    commitment: String,
    /// What the next entry follows.
    #[schema(example = "be2ab1b3…")]
    hash: String,
}

impl From<AuditEntry> for AuditEntryView {
    fn from(entry: AuditEntry) -> Self {
        let (details, salt) = entry.details.map(|details| (details.text, details.salt)).unzip();
        Self {
            number: entry.number,
            at: entry.at,
            kind: entry.kind,
            details,
            salt,
            commitment: entry.commitment.as_str().to_owned(),
            hash: entry.hash.as_str().to_owned(),
        }
    }
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
///   `time` is `at` in UTC to the second and its microseconds in six digits, as in `2026-11-22T08:00:01Z.123456`. The
///   hash before the first is 64 zeros.
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
