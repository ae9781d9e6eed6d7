//! `GET /v1/accounts/{account}/reports/sessions/records`: the sessions behind a number, as a list or as a table.

use axum::Json;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use casebridge_app::Desk;
use serde::Serialize;
use utoipa::ToSchema;

use super::search::RecordSearch;
use super::table::{COLUMNS, line};
use super::view::RecordView;
use crate::Problem;
use crate::accounts::list::of_a_page;
use crate::download::{Download, Piece, pieces};
use crate::extract::{Accept, Faults, Query, Reader};
use crate::spreadsheet::{CSV, CSV_WITH_HEAD, head, lines};

/// Records that a table is read by at once.
const LINES_AT_ONCE: usize = 100;

/// A page of records by the time they ended.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecordPage {
    /// The records. A page may be short, or even empty, though more follow.
    items: Vec<RecordView>,
    /// Send it as `cursor` for the next page; null at the end.
    next: Option<String>,
}

/// What is wanted of the list.
enum Wish {
    Page { search: RecordSearch, cursor: Option<String>, limit: usize },
    Table(RecordSearch),
}

impl Wish {
    fn parse(mut query: Query, as_table: bool) -> Result<Self, Problem> {
        let mut faults = Faults::default();
        let search = RecordSearch::take(&mut query, &mut faults);
        let wish = if as_table {
            Self::table(search, &mut query, &mut faults)
        } else {
            Self::page(search, &mut query, &mut faults)
        };
        query.finish()?;
        wish.filter(|_| faults.is_empty()).ok_or_else(|| faults.problem())
    }

    fn page(search: Option<RecordSearch>, query: &mut Query, faults: &mut Faults) -> Option<Self> {
        let limit = faults.take("limit", query.limit());
        let cursor = query.take("cursor");
        Some(Self::Page { search: search?, cursor, limit: limit? })
    }

    /// A table that is cut off somewhere would be taken for the whole.
    fn table(search: Option<RecordSearch>, query: &mut Query, faults: &mut Faults) -> Option<Self> {
        for name in ["cursor", "limit"] {
            if query.take(name).is_some() {
                faults.add(name, "must be left out: a table has all lines");
            }
        }
        search.map(Self::Table)
    }
}

/// Lists session records by the time they ended: those behind a figure of a report, or the newest of a session code. A
/// session counts on the day it ended, in the account's time zone at that moment.
///
/// With `Accept: text/csv` as a table of all of them: RFC 4180 in UTF-8 with a byte order mark, the columns' names in
/// the first line, sent as it is read. A text that a spreadsheet would execute as a formula has an apostrophe put
/// before it; numbers stay numbers. Should reading fail half-way, the connection breaks off: a table that ends properly
/// is whole. Where a spreadsheet separates by semicolons, import the file and say that it separates by commas.
#[utoipa::path(
    get, path = "/v1/accounts/{account}/reports/sessions/records", tag = "reports", operation_id = "listRecords",
    params(
        ("from" = Option<chrono::NaiveDate>, Query, description = "The first day; needed unless `session_code` is sent"),
        ("to" = Option<chrono::NaiveDate>, Query, description = "The day after the last, at most 20 years after `from`; \
            needed with `from`"),
        ("technician" = Option<String>, Query, description = "The vendor's id of a support user"),
        ("category" = Option<String>, Query, description = "A value of the ticket, as the next three"),
        ("type" = Option<String>, Query, description = "Incident, request …"),
        ("priority" = Option<String>, Query, description = "Urgent, medium, low …"),
        ("source" = Option<String>, Query, description = "Portal, mail …"),
        ("day" = Option<chrono::NaiveDate>, Query, description = "Only this one of the days"),
        ("without" = Option<String>, Query, description = "Only those without a value: some of `category`, `type`, \
            `priority`, `source`, `technician`, separated by commas", example = "category,technician"),
        ("counted" = Option<String>, Query, description = "Those behind one figure: `sessions`, `closed`, `expired`, \
            `joined`, `never_joined` or `excluded`; all of them if left out"),
        ("counted_without_facts" = Option<bool>, Query, description = "Only those that count by day and technician only, \
            or only the others"),
        ("session_code" = Option<String>, Query, description = "The newest with this code, with dashes, spaces or neither"),
        ("cursor" = Option<String>, Query, description = "`next` of the page before; not for a table"),
        ("limit" = Option<u8>, Query, description = "1 to 100; 50 if left out; not for a table")
    ),
    responses(
        (status = 200, description = "A page, or the whole table", content((RecordPage = "application/json"), (String = "text/csv"))),
        (status = 422, description = "`invalid-fields`")
    )
)]
pub async fn list(Reader(admitted): Reader, accept: Accept, query: Query) -> Result<Response, Problem> {
    match Wish::parse(query, accept.prefers(CSV))? {
        Wish::Page { search, cursor, limit } => {
            let page = search.page(&admitted.desk, cursor.as_deref(), limit).await.map_err(of_a_page)?;
            let items = page.items.iter().map(RecordView::from).collect();
            Ok(Json(RecordPage { items, next: page.next }).into_response())
        }
        Wish::Table(search) => Ok(table(admitted.desk, search).await?.into_response()),
    }
}

/// From where a table is read on.
enum Place {
    Beginning,
    After(String),
}

async fn table(desk: Desk, search: RecordSearch) -> Result<Download, Problem> {
    let (name, account) = (search.file_name(), desk.id().clone());
    let read = move |place| {
        let (desk, search) = (desk.clone(), search.clone());
        async move { piece(&desk, &search, place).await }
    };
    let body = pieces(&account, Place::Beginning, read).await?;
    Ok(Download { kind: CSV_WITH_HEAD, name, body })
}

async fn piece(desk: &Desk, search: &RecordSearch, place: Place) -> Piece<Place> {
    let (head, after) = match place {
        Place::Beginning => (head(COLUMNS)?, None),
        Place::After(cursor) => (Bytes::new(), Some(cursor)),
    };
    let page = search.page(desk, after.as_deref(), LINES_AT_ONCE).await?;
    let lines = lines(page.items.iter().map(RecordView::from).map(line))?;
    Ok(([head, lines].concat().into(), page.next.map(Place::After)))
}
