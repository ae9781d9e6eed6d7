//! `sessions`.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::session_body::{
    Assignee, Texts, assignee, group, session_type, state, state_named, undocumented, valid_until,
};
use crate::teamviewer::answer::{Answer, Refusal};
use crate::teamviewer::call::Call;
use crate::teamviewer::code::SessionCode;
use crate::teamviewer::session::{Session, SessionState};
use crate::teamviewer::token::{Level, Permission};
use crate::teamviewer::unknowns::{ClosingAgain, CreateAnswer, ExpiredCode};
use crate::teamviewer::world::{Caller, World};

/// How many sessions a list has at most (manual p.40).
const PAGE: usize = 1000;

/// `GET /sessions`: newest first, open ones by default (manual p.40-41). That `offset` is the last code of the page before
/// and itself not shown again is our assumption (it is so for reports).
pub(super) fn list(world: &mut World, caller: &Caller, call: &Call) -> Result<Answer, Refusal> {
    let all = caller.needs_all_or_own(Permission::SessionsViewAll, Permission::SessionsViewOwn)?;
    let full = call.flag("full_list")?.unwrap_or(false);
    let states = call.query("state").unwrap_or("open").split(',');
    let states = states.map(|name| state_named(name.trim())).collect::<Result<Vec<_>, _>>()?;
    let reading = world.unknowns.expired_code;
    let mut sessions: Vec<&Session> = world
        .sessions
        .values()
        .filter(|session| caller.reaches(session, all, &world.groups))
        .filter(|session| states.contains(&session.state(caller.now, reading)))
        .filter(|session| {
            reading != ExpiredCode::LeavesTheList || session.closed_at.is_some() || !session.is_expired(caller.now)
        })
        .filter(|session| call.query("groupid").is_none_or(|id| session.groupid == id))
        .filter(|session| {
            call.query("assigned_userid").is_none_or(|id| session.assigned_userid.as_deref().unwrap_or("u0") == id)
        })
        .collect();
    sessions.sort_by_key(|session| std::cmp::Reverse((session.created_at, session.sequence)));
    if let Some(offset) = call.query("offset") {
        let offset = SessionCode::parse(offset).and_then(|code| world.sessions.get(&code));
        let offset = offset.ok_or_else(|| Refusal::invalid("offset is unknown"))?;
        sessions.retain(|session| (session.created_at, session.sequence) < (offset.created_at, offset.sequence));
    }
    let remaining = sessions.len().saturating_sub(PAGE);
    sessions.truncate(PAGE);
    let view = |session: &&Session| {
        let looks = world.looks(session, caller.now);
        if full { session.listed_view(&looks) } else { session.minimal_view(&looks) }
    };
    let mut page = json!({ "sessions": sessions.iter().map(view).collect::<Vec<Value>>() });
    if let Some(last) = sessions.last().filter(|_| remaining > 0) {
        page["next_offset"] = json!(last.code);
        page["sessions_remaining"] = json!(remaining);
    }
    Ok(Answer::json(page))
}

/// `POST /sessions` (manual p.42-43, schema).
pub(super) fn create(world: &mut World, caller: &Caller, call: &Call) -> Result<Answer, Refusal> {
    caller.needs(Permission::SessionsCreate)?;
    let fields = call.fields()?;
    let texts = Texts::read(&fields, world.unknowns.custom_module_in_create)?;
    let support_session_type = session_type(&fields)?;
    let valid_until = valid_until(&fields, caller.now)?;
    let custom_id = fields.text("customId")?;
    let assigned_userid = match assignee(&fields, world, caller)? {
        Assignee::Unsaid => Some(caller.user.id.clone()),
        Assignee::Nobody => None,
        Assignee::User(userid) => Some(userid),
    };
    let groupid = group(&fields, world, caller)?.ok_or_else(|| Refusal::invalid("groupid or groupname is required"))?;
    let mut session = Session {
        code: world.fresh_code(),
        company: caller.user.company.clone(),
        groupid,
        created_by: caller.user.id.clone(),
        created_at: caller.now,
        sequence: world.next_sequence(),
        valid_until,
        closed_at: None,
        online: false,
        online_since: None,
        assigned_at: assigned_userid.as_ref().map(|_| caller.now),
        assigned_userid,
        support_session_type,
        supporter_token: world.random.letters(12),
        waiting_message: None,
        description: None,
        end_customer: None,
        custom_api: None,
        custom_id,
        custom_module_id: None,
        tv_version: None,
    };
    texts.write(&mut session);
    let view = session.created_view(&world.looks(&session, caller.now));
    let location = location(call, &session.code);
    world.sessions.insert(session.code.clone(), session);
    let answer = match world.unknowns.create_answer {
        CreateAnswer::Body => Answer::json(view),
        CreateAnswer::SeeOther => Answer::empty(StatusCode::SEE_OTHER),
        CreateAnswer::Found => Answer::empty(StatusCode::FOUND),
    };
    Ok(answer.with_header("location", location))
}

/// On the host that was called, which for TeamViewer is `https://webapi.teamviewer.com` (manual).
fn location(call: &Call, code: &SessionCode) -> String {
    match &call.host {
        Some(host) => format!("http://{host}/api/v1/sessions/{code}"),
        None => format!("https://webapi.teamviewer.com/api/v1/sessions/{code}"),
    }
}

/// `GET /sessions/{code}` (manual, schema).
pub(super) fn get(world: &mut World, caller: &Caller, call: &Call) -> Result<Answer, Refusal> {
    let all = caller.needs_all_or_own(Permission::SessionsViewAll, Permission::SessionsViewOwn)?;
    let session = world.sessions.get(&reached(world, caller, call, all)?).ok_or(Refusal::UnknownId("session"))?;
    Ok(Answer::json(session.full_view(&world.looks(session, caller.now))))
}

/// `PUT /sessions/{code}` (manual p.46). Closed sessions take every change too, and are opened again by `open` (the
/// first our assumption, the second by the field's description).
pub(super) fn update(world: &mut World, caller: &Caller, call: &Call) -> Result<Answer, Refusal> {
    let all = caller.needs_all_or_own(Permission::SessionsEditAll, Permission::SessionsEditOwn)?;
    let code = reached(world, caller, call, all)?;
    let fields = call.fields()?;
    let unknowns = world.unknowns.clone();
    undocumented(&fields, "valid_until", unknowns.valid_until_in_update)?;
    let texts = Texts::read(&fields, unknowns.custom_module_in_update)?;
    let state = state(&fields)?;
    let assignee = assignee(&fields, world, caller)?;
    if fields.get("groupname").is_some() && caller.token.level == Level::Company {
        return Err(Refusal::invalid("groupname is only for user-level access"));
    }
    let already = world.sessions.get(&code).map(|session| session.state(caller.now, unknowns.expired_code));
    if state == Some(SessionState::Closed)
        && already == Some(SessionState::Closed)
        && unknowns.closing_again == ClosingAgain::InvalidRequest
    {
        return Err(Refusal::invalid("The session is closed"));
    }
    let group = group(&fields, world, caller)?;
    let session = world.sessions.get_mut(&code).ok_or(Refusal::UnknownId("session"))?;
    texts.write(session);
    if let Some(group) = group {
        session.groupid = group;
    }
    match assignee {
        Assignee::Unsaid => {}
        Assignee::Nobody => session.assign(None, caller.now),
        Assignee::User(userid) => session.assign(Some(userid), caller.now),
    }
    match state {
        Some(SessionState::Closed) => session.close(caller.now, unknowns.online_after_leaving),
        Some(SessionState::Open) => session.closed_at = None,
        None => {}
    }
    Ok(Answer::empty(StatusCode::NO_CONTENT))
}

/// `DELETE /sessions/{code}` (schema, not in the manual). The permission it needs is our assumption.
pub(super) fn delete(world: &mut World, caller: &Caller, call: &Call) -> Result<Answer, Refusal> {
    let all = caller.needs_all_or_own(Permission::SessionsEditAll, Permission::SessionsEditOwn)?;
    let code = reached(world, caller, call, all)?;
    world.sessions.remove(&code);
    Ok(Answer::empty(StatusCode::NO_CONTENT))
}

/// The code in the path, if it is a session that the caller reaches. One that is not his is unknown (our assumption).
fn reached(world: &World, caller: &Caller, call: &Call, all: bool) -> Result<SessionCode, Refusal> {
    let session = SessionCode::parse(&call.id().replace("%20", " ")).and_then(|code| world.sessions.get(&code));
    let session = session.filter(|session| caller.reaches(session, all, &world.groups));
    session.map(|session| session.code.clone()).ok_or(Refusal::UnknownId("session"))
}
