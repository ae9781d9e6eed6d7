//! What the bodies of POST and PUT say about a session.

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::teamviewer::answer::Refusal;
use crate::teamviewer::call::{Fields, is_id};
use crate::teamviewer::session::{EndCustomer, Session, SessionState, SessionType};
use crate::teamviewer::unknowns::FieldReading;
use crate::teamviewer::world::{Caller, World};
use crate::wire;

/// The free texts that POST and PUT share. Lengths are the schema's, in characters (our assumption).
#[derive(Debug, Default)]
pub(super) struct Texts {
    waiting_message: Option<String>,
    description: Option<String>,
    end_customer: Option<EndCustomer>,
    custom_api: Option<String>,
    tv_version: Option<String>,
    custom_module_id: Option<String>,
}

impl Texts {
    pub(super) fn read(fields: &Fields, custom_module: FieldReading) -> Result<Self, Refusal> {
        check_sms(fields)?;
        Ok(Self {
            waiting_message: fields.text("waiting_message")?,
            description: fields.text_within("description", 4000)?,
            end_customer: end_customer(fields)?,
            custom_api: fields.text_within("custom_api", 4000)?,
            tv_version: fields.text("tv_version")?,
            custom_module_id: undocumented(fields, "custom_module_id", custom_module)?,
        })
    }

    /// Writes what was given; what was not stays. `end_customer` is replaced as a whole (our assumption).
    pub(super) fn write(self, session: &mut Session) {
        let texts = [
            (self.waiting_message, &mut session.waiting_message),
            (self.description, &mut session.description),
            (self.custom_api, &mut session.custom_api),
            (self.tv_version, &mut session.tv_version),
            (self.custom_module_id, &mut session.custom_module_id),
        ];
        for (given, kept) in texts {
            if given.is_some() {
                *kept = given;
            }
        }
        if self.end_customer.is_some() {
            session.end_customer = self.end_customer;
        }
    }
}

fn end_customer(fields: &Fields) -> Result<Option<EndCustomer>, Refusal> {
    let Some(customer) = fields.object("end_customer")? else { return Ok(None) };
    Ok(Some(EndCustomer { name: customer.text_within("name", 100)?, email: customer.text_within("email", 254)? }))
}

/// `sms_invite_number` and `sms_invite_language` are checked by the schema's pattern and range, and go nowhere.
fn check_sms(fields: &Fields) -> Result<(), Refusal> {
    if let Some(number) = fields.text("sms_invite_number")? {
        let rest = number.strip_prefix('+').unwrap_or(&number);
        let well_formed = !rest.is_empty() && rest.chars().all(|c| c.is_ascii_digit() || " ()/-".contains(c));
        if !well_formed {
            return Err(Refusal::invalid("sms_invite_number is not a telephone number"));
        }
    }
    match fields.get("sms_invite_language") {
        None => Ok(()),
        Some(language) if language.as_u64().is_some_and(|language| language <= 32) => Ok(()),
        Some(_) => Err(Refusal::invalid("sms_invite_language is not within 0 and 32")),
    }
}

pub(super) fn undocumented(fields: &Fields, name: &str, reading: FieldReading) -> Result<Option<String>, Refusal> {
    match reading {
        FieldReading::Accepted => fields.text(name),
        FieldReading::Ignored => Ok(None),
        FieldReading::Refused if fields.get(name).is_none() => Ok(None),
        FieldReading::Refused => Err(Refusal::invalid(format!("{name} is not accepted"))),
    }
}

/// `Default` or `Pilot` (manual), in any case (our assumption), or the schema's number: 0 and 1, while 2 has no known
/// name and is refused (our assumption).
pub(super) fn session_type(fields: &Fields) -> Result<SessionType, Refusal> {
    match fields.get("support_session_type") {
        None => Ok(SessionType::Default),
        Some(Value::String(name)) if name.eq_ignore_ascii_case("default") => Ok(SessionType::Default),
        Some(Value::String(name)) if name.eq_ignore_ascii_case("pilot") => Ok(SessionType::Pilot),
        Some(Value::Number(number)) if number.as_u64() == Some(0) => Ok(SessionType::Default),
        Some(Value::Number(number)) if number.as_u64() == Some(1) => Ok(SessionType::Pilot),
        Some(_) => Err(Refusal::invalid("support_session_type is unknown")),
    }
}

/// `open` or `closed` in any case (seen in the field), or the schema's number: 0 and 1, whose meaning is our assumption.
pub(super) fn state(fields: &Fields) -> Result<Option<SessionState>, Refusal> {
    match fields.get("state") {
        None => Ok(None),
        Some(Value::String(name)) => state_named(name).map(Some),
        Some(Value::Number(number)) if number.as_u64() == Some(0) => Ok(Some(SessionState::Open)),
        Some(Value::Number(number)) if number.as_u64() == Some(1) => Ok(Some(SessionState::Closed)),
        Some(_) => Err(Refusal::invalid("state is unknown")),
    }
}

pub(super) fn state_named(name: &str) -> Result<SessionState, Refusal> {
    if name.eq_ignore_ascii_case("open") {
        return Ok(SessionState::Open);
    }
    if name.eq_ignore_ascii_case("closed") {
        return Ok(SessionState::Closed);
    }
    Err(Refusal::invalid("state is unknown"))
}

/// ISO-8601, 24 hours from now when not given (manual). No upper bound is documented; that a past one is refused is our
/// assumption.
pub(super) fn valid_until(fields: &Fields, now: DateTime<Utc>) -> Result<DateTime<Utc>, Refusal> {
    let Some(text) = fields.text("valid_until")? else { return Ok(now + chrono::TimeDelta::hours(24)) };
    let at = wire::parse_instant(&text).ok_or_else(|| Refusal::invalid("valid_until is not an ISO-8601 date"))?;
    if at <= now { Err(Refusal::invalid("valid_until has passed")) } else { Ok(at) }
}

/// Whom a body assigns.
pub(super) enum Assignee {
    /// The field was not given.
    Unsaid,
    /// `u0`.
    Nobody,
    User(String),
}

/// Whom a body assigns; one who is no user of the company is refused (400: our assumption).
pub(super) fn assignee(fields: &Fields, world: &World, caller: &Caller) -> Result<Assignee, Refusal> {
    let Some(userid) = fields.text("assigned_userid")? else { return Ok(Assignee::Unsaid) };
    if !is_id(&userid, 'u') {
        return Err(Refusal::invalid("assigned_userid is not a user id"));
    }
    if userid == "u0" {
        return Ok(Assignee::Nobody);
    }
    if world.company_of(&userid) != Some(&caller.user.company) {
        return Err(Refusal::invalid("assigned_userid is not a user of the company"));
    }
    Ok(Assignee::User(userid))
}

/// The group a body names: by id, by name, or by both when they agree (manual p.42-43).
///
/// A name is looked up among the groups the caller owns, then those shared with him (our assumption), and a group of
/// that name is created when there is none (manual). That this needs no permission of its own is our assumption.
pub(super) fn group(fields: &Fields, world: &mut World, caller: &Caller) -> Result<Option<String>, Refusal> {
    let name = fields.text("groupname")?.filter(|name| !name.is_empty());
    let Some(id) = fields.text("groupid")? else {
        return Ok(name.map(|name| group_named(&name, world, caller)));
    };
    if !is_id(&id, 'g') {
        return Err(Refusal::invalid("groupid is not a group id"));
    }
    let group = world.groups.get(&id).filter(|group| group.is_seen_by(&caller.user.id));
    let group = group.ok_or_else(|| Refusal::invalid("groupid is unknown"))?;
    if name.is_some_and(|name| name != group.name) {
        return Err(Refusal::invalid("groupid and groupname are different groups"));
    }
    Ok(Some(id))
}

fn group_named(name: &str, world: &mut World, caller: &Caller) -> String {
    let seen = || world.groups.values().filter(|group| group.name == name && group.is_seen_by(&caller.user.id));
    let own = seen().find(|group| group.owner == caller.user.id);
    match own.or_else(|| seen().next()) {
        Some(group) => group.id.clone(),
        None => world.add_group(name, &caller.user.id, None).id,
    }
}
