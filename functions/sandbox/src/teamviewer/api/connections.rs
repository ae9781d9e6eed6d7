//! `reports/connections`.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::teamviewer::answer::{Answer, Refusal};
use crate::teamviewer::call::Call;
use crate::teamviewer::code::SessionCode;
use crate::teamviewer::connection::Connection;
use crate::teamviewer::token::{Level, Permission};
use crate::teamviewer::unknowns::ComparedDate;
use crate::teamviewer::world::{Caller, World};
use crate::wire;

/// How many rows a reply has at most (schema).
const PAGE: usize = 1000;

/// `GET /reports/connections`: sorted by end, newest first (schema).
pub(super) fn list(world: &mut World, caller: &Caller, call: &Call) -> Result<Answer, Refusal> {
    caller.needs(Permission::ConnectionsView)?;
    let filter = Filter::read(call, world.unknowns.to_date_compares)?;
    let mut rows: Vec<&Connection> =
        world.connections.iter().filter(|row| is_seen(row, caller) && filter.takes(row)).collect();
    rows.sort_by_key(|row| std::cmp::Reverse((row.end_date, row.id)));
    if let Some(offset) = call.query("offset_id") {
        let offset = offset.parse::<Uuid>().ok().and_then(|id| world.connections.iter().find(|row| row.id == id));
        let offset = offset.ok_or_else(|| Refusal::invalid("offset_id is unknown"))?;
        rows.retain(|row| (row.end_date, row.id) < (offset.end_date, offset.id));
    }
    let remaining = rows.len().saturating_sub(PAGE);
    rows.truncate(PAGE);
    let mut page = json!({ "records": rows.iter().map(|row| row.view()).collect::<Vec<Value>>() });
    if let Some(last) = rows.last().filter(|_| remaining > 0) {
        page["records_remaining"] = json!(remaining);
        page["next_offset"] = json!(last.id.to_string());
    }
    Ok(Answer::json(page))
}

/// `GET /reports/connections/{id}` (schema).
pub(super) fn get(world: &mut World, caller: &Caller, call: &Call) -> Result<Answer, Refusal> {
    caller.needs(Permission::ConnectionsView)?;
    let at = place(world, caller, call)?;
    let row = world.connections.get(at).ok_or(Refusal::UnknownId("connection report"))?;
    Ok(Answer::json(row.view()))
}

/// `PUT /reports/connections/{id}` (schema).
pub(super) fn update(world: &mut World, caller: &Caller, call: &Call) -> Result<Answer, Refusal> {
    caller.needs(Permission::ConnectionsEdit)?;
    let at = place(world, caller, call)?;
    let fields = call.fields()?;
    let (notes, billing_state) = (fields.text("notes")?, fields.text("billing_state")?);
    if billing_state.as_deref().is_some_and(|state| !["Bill", "Billed", "DoNotBill"].contains(&state)) {
        return Err(Refusal::invalid("billing_state is none of Bill, Billed, DoNotBill"));
    }
    if let Some(row) = world.connections.get_mut(at) {
        row.notes = notes.or_else(|| row.notes.take());
        row.billing_state = billing_state.or_else(|| row.billing_state.take());
    }
    Ok(Answer::empty(StatusCode::NO_CONTENT))
}

/// `DELETE /reports/connections/{id}` (schema).
pub(super) fn delete(world: &mut World, caller: &Caller, call: &Call) -> Result<Answer, Refusal> {
    caller.needs(Permission::ConnectionsDelete)?;
    let at = place(world, caller, call)?;
    world.connections.remove(at);
    Ok(Answer::success(world.unknowns.connection_delete))
}

fn place(world: &World, caller: &Caller, call: &Call) -> Result<usize, Refusal> {
    let id = call.id().parse::<Uuid>().map_err(|_| Refusal::invalid("The id is not a UUID"))?;
    let place = world.connections.iter().position(|row| row.id == id && is_seen(row, caller));
    place.ok_or(Refusal::UnknownId("connection report"))
}

/// A company-level token sees the company's rows, a user-level one its owner's (manual p.10, read for reports).
fn is_seen(row: &Connection, caller: &Caller) -> bool {
    match caller.token.level {
        Level::Company => row.company == caller.user.company,
        Level::User => row.userid == caller.user.id,
    }
}

/// The filters (schema); that names match a part in any case is our assumption.
struct Filter<'a> {
    username: Option<String>,
    devicename: Option<String>,
    userid: Option<&'a str>,
    groupid: Option<&'a str>,
    deviceid: Option<&'a str>,
    from: Option<DateTime<Utc>>,
    to: Option<DateTime<Utc>>,
    to_compares: ComparedDate,
    has_code: Option<bool>,
    code: Option<SessionCode>,
    kind: Option<i32>,
}

impl<'a> Filter<'a> {
    fn read(call: &'a Call, to_compares: ComparedDate) -> Result<Self, Refusal> {
        Ok(Self {
            username: call.query("username").map(str::to_lowercase),
            devicename: call.query("devicename").map(str::to_lowercase),
            userid: call.query("userid"),
            groupid: call.query("groupid"),
            deviceid: call.query("deviceid"),
            from: date(call, "from_date")?,
            to: date(call, "to_date")?,
            to_compares,
            has_code: call.flag("has_code")?,
            code: match call.query("session_code") {
                None => None,
                Some(code) => Some(
                    SessionCode::parse(code).ok_or_else(|| Refusal::invalid("session_code is not a session code"))?,
                ),
            },
            kind: match call.query("support_session_type") {
                None => None,
                Some("1" | "RemoteConnection") => Some(1),
                Some("2" | "RemoteSupportActive") => Some(2),
                Some("3" | "RemoteSupportActiveSdk") => Some(3),
                Some(_) => return Err(Refusal::invalid("support_session_type is unknown")),
            },
        })
    }

    /// `from_date` is inclusive and compared with the start, `to_date` exclusive (manual p.47).
    fn takes(&self, row: &Connection) -> bool {
        let contains =
            |part: &Option<String>, whole: &str| part.as_ref().is_none_or(|part| whole.to_lowercase().contains(part));
        let group = row.groupid.as_deref();
        let end = match self.to_compares {
            ComparedDate::Start => row.start_date,
            ComparedDate::End => row.end_date,
        };
        let code = row.session.as_ref().map(|session| &session.code);
        contains(&self.username, &row.username)
            && contains(&self.devicename, &row.devicename)
            && self.userid.is_none_or(|userid| row.userid == userid)
            && self.groupid.is_none_or(|wanted| if wanted == "0" { group.is_none() } else { group == Some(wanted) })
            && self.deviceid.is_none_or(|deviceid| row.deviceid == deviceid)
            && self.from.is_none_or(|from| row.start_date >= from)
            && self.to.is_none_or(|to| end < to)
            && self.has_code.is_none_or(|wanted| wanted == code.is_some())
            && self.code.as_ref().is_none_or(|wanted| code == Some(wanted))
            && self.kind.is_none_or(|kind| row.support_session_type == kind)
    }
}

fn date(call: &Call, name: &str) -> Result<Option<DateTime<Utc>>, Refusal> {
    let Some(text) = call.query(name) else { return Ok(None) };
    wire::parse_instant(text).map(Some).ok_or_else(|| Refusal::invalid(format!("{name} is not an ISO-8601 date")))
}
