//! Sharing a group.

use serde_json::Value;

use super::groups::owned;
use crate::teamviewer::answer::{Answer, Refusal};
use crate::teamviewer::call::{Call, Fields, is_id};
use crate::teamviewer::group::SharePermission;
use crate::teamviewer::token::Permission;
use crate::teamviewer::world::{Caller, World};

/// `POST /groups/{id}/share_group`: leaves other users' shares alone and overwrites the permission of those it names (an
/// older client's copy of the manual). Either all are shared with or none (our assumption).
pub(super) fn share(world: &mut World, caller: &Caller, call: &Call) -> Result<Answer, Refusal> {
    caller.needs(Permission::ComputersEdit)?;
    owned(world, caller, call.id())?;
    let mut shares = Vec::new();
    for user in users(&call.fields()?)? {
        let Value::Object(fields) = user else { return Err(Refusal::invalid("users is not a list of objects")) };
        let fields = Fields(fields);
        let userid = fields.required("userid")?;
        shares.push((colleague(world, caller, userid)?, permission(&fields)?));
    }
    owned(world, caller, call.id())?.shares.extend(shares);
    Ok(Answer::success(world.unknowns.group_delete))
}

/// `POST /groups/{id}/unshare_group`. A user it is not shared with is passed over (our assumption).
pub(super) fn unshare(world: &mut World, caller: &Caller, call: &Call) -> Result<Answer, Refusal> {
    caller.needs(Permission::ComputersEdit)?;
    owned(world, caller, call.id())?;
    let users = users(&call.fields()?)?;
    let ids: Option<Vec<&str>> = users.iter().map(Value::as_str).collect();
    let ids = ids.ok_or_else(|| Refusal::invalid("users is not a list of user ids"))?;
    let group = owned(world, caller, call.id())?;
    group.shares.retain(|userid, _| !ids.contains(&userid.as_str()));
    Ok(Answer::success(world.unknowns.group_delete))
}

fn users(fields: &Fields) -> Result<Vec<Value>, Refusal> {
    match fields.get("users") {
        Some(Value::Array(users)) if !users.is_empty() => Ok(users.clone()),
        _ => Err(Refusal::invalid("users is required")),
    }
}

/// Only users of the same company can be shared with; that the refusal is a 400 is our assumption.
fn colleague(world: &World, caller: &Caller, userid: String) -> Result<String, Refusal> {
    if !is_id(&userid, 'u') {
        return Err(Refusal::invalid("userid is not a user id"));
    }
    if world.company_of(&userid) != Some(&caller.user.company) {
        return Err(Refusal::invalid(format!("{userid} is not a user of the company")));
    }
    if userid == caller.user.id {
        return Err(Refusal::invalid("A group is not shared with its owner"));
    }
    Ok(userid)
}

/// `read`, the official module's default, or `readwrite`: the two it takes. Others are refused (our assumption).
fn permission(fields: &Fields) -> Result<SharePermission, Refusal> {
    match fields.text("permissions")?.as_deref() {
        None | Some("read") => Ok(SharePermission::Read),
        Some("readwrite") => Ok(SharePermission::ReadWrite),
        Some(_) => Err(Refusal::invalid("permissions is neither read nor readwrite")),
    }
}
