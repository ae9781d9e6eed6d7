//! `devices`: the Hosts that connections were made to; `contacts`: an empty list.

use serde_json::json;

use crate::teamviewer::answer::{Answer, Refusal};
use crate::teamviewer::call::Call;
use crate::teamviewer::token::Permission;
use crate::teamviewer::world::{Caller, World};

/// `GET /devices?remotecontrol_id=` (schema; the name of the filter is that of the official module).
pub(super) fn devices(world: &mut World, caller: &Caller, call: &Call) -> Result<Answer, Refusal> {
    caller.needs(Permission::ComputersView)?;
    let wanted = call.query("remotecontrol_id");
    let seen = world.address_book.iter().filter(|entry| entry.company == caller.user.company);
    let named = seen.map(|entry| (entry, format!("r{}", entry.teamviewer_id)));
    let named = named.filter(|(_, remotecontrol_id)| wanted.is_none_or(|wanted| wanted == remotecontrol_id));
    let views =
        named.map(|(entry, remotecontrol_id)| json!({ "remotecontrol_id": remotecontrol_id, "device_id": entry.id }));
    Ok(Answer::json(json!({ "devices": views.collect::<Vec<_>>() })))
}

/// `GET /contacts` (schema).
pub(super) fn contacts(_: &mut World, caller: &Caller, _: &Call) -> Result<Answer, Refusal> {
    caller.needs(Permission::ComputersView)?;
    Ok(Answer::json(json!({ "contacts": [] })))
}
