//! `ping`, `account` and `users`.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::teamviewer::answer::{Answer, Refusal};
use crate::teamviewer::call::Call;
use crate::teamviewer::company::User;
use crate::teamviewer::token::{Level, Permission};
use crate::teamviewer::unknowns::BadTokenPing;
use crate::teamviewer::world::{Caller, World};

/// `GET /ping` (recorded).
pub(super) fn ping(world: &mut World, call: &Call, now: DateTime<Utc>) -> Result<Answer, Refusal> {
    match world.caller(call.bearer.as_deref(), now) {
        Ok(_) => Ok(Answer::json(json!({ "token_valid": true }))),
        Err(Refusal::InvalidToken | Refusal::TokenExpired)
            if world.unknowns.ping_with_bad_token == BadTokenPing::False =>
        {
            Ok(Answer::json(json!({ "token_valid": false })))
        }
        Err(refusal) => Err(refusal),
    }
}

/// `GET /account` (recorded). That it needs no permission is our assumption.
#[expect(clippy::unnecessary_wraps, reason = "every function of the Web API has this type")]
pub(super) fn account(world: &mut World, caller: &Caller, _: &Call) -> Result<Answer, Refusal> {
    let user = &caller.user;
    let licence = licence(user);
    let company = world.companies.get(&user.company).map_or("", |company| &company.name);
    Ok(Answer::json(json!({
        "userid": user.id,
        "email": user.email,
        "name": user.name,
        "company_name": company,
        "profilepicture_url": format!("https://profilepicturedl.teamviewer.com/a-{}/picture/[size]", digits(&user.id)),
        "license": licence,
        "email_validated": true,
        "email_language": "en",
        "available_licenses": [licence],
        "custom_field_has_paid_license": "True",
    })))
}

fn licence(user: &User) -> Value {
    json!({
        "version": -1,
        "type": user.licence.name(),
        "teamViewerLicenseId": format!("00000000-0000-4000-8000-{:0>12}", digits(&user.id)),
        "isactive": true,
    })
}

fn digits(id: &str) -> &str {
    id.trim_start_matches('u')
}

/// `GET /users` (schema). Needs a company-level token (manual); the status of the refusal is our assumption.
pub(super) fn users(world: &mut World, caller: &Caller, call: &Call) -> Result<Answer, Refusal> {
    let full = sees_users(caller).and_then(|()| call.flag("full_list"))?.unwrap_or(false);
    let name = call.query("name").map(str::to_lowercase);
    let emails: Option<Vec<&str>> = call.query("email").map(|list| list.split(',').map(str::trim).collect());
    let users: Vec<Value> = world
        .users
        .values()
        .filter(|user| user.company == caller.user.company)
        .filter(|user| name.as_ref().is_none_or(|name| user.name.to_lowercase().contains(name)))
        .filter(|user| {
            emails.as_ref().is_none_or(|emails| emails.iter().any(|email| user.email.eq_ignore_ascii_case(email)))
        })
        .map(|user| user_view(user, full))
        .collect();
    Ok(Answer::json(json!({ "users": users })))
}

/// `GET /users/{id}` (schema).
pub(super) fn user(world: &mut World, caller: &Caller, call: &Call) -> Result<Answer, Refusal> {
    sees_users(caller)?;
    let user = world.users.get(call.id()).filter(|user| user.company == caller.user.company);
    let user = user.ok_or(Refusal::UnknownId("user"))?;
    Ok(Answer::json(user_view(user, true)))
}

fn sees_users(caller: &Caller) -> Result<(), Refusal> {
    if caller.token.level != Level::Company {
        return Err(Refusal::Forbidden("Users are only listed for company-level tokens"));
    }
    caller.needs(Permission::UsersView)
}

/// Which fields a list without `full_list` has is our assumption.
fn user_view(user: &User, full: bool) -> Value {
    if full {
        json!({ "id": user.id, "name": user.name, "email": user.email, "active": true, "log_sessions": true, "show_comment_window": false })
    } else {
        json!({ "id": user.id, "name": user.name, "email": user.email })
    }
}
