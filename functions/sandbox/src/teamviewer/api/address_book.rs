//! `devices` and `contacts`: empty lists, there so that the permission to view Computers & Contacts can be proven.

use serde_json::json;

use crate::teamviewer::answer::{Answer, Refusal};
use crate::teamviewer::call::Call;
use crate::teamviewer::token::Permission;
use crate::teamviewer::world::{Caller, World};

/// `GET /devices` (schema).
pub(super) fn devices(_: &mut World, caller: &Caller, _: &Call) -> Result<Answer, Refusal> {
    caller.needs(Permission::ComputersView)?;
    Ok(Answer::json(json!({ "devices": [] })))
}

/// `GET /contacts` (schema).
pub(super) fn contacts(_: &mut World, caller: &Caller, _: &Call) -> Result<Answer, Refusal> {
    caller.needs(Permission::ComputersView)?;
    Ok(Answer::json(json!({ "contacts": [] })))
}
