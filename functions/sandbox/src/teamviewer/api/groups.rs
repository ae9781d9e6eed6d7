//! `groups`.

use serde_json::{Value, json};

use crate::teamviewer::answer::{Answer, Refusal};
use crate::teamviewer::call::Call;
use crate::teamviewer::group::Group;
use crate::teamviewer::token::Permission;
use crate::teamviewer::unknowns::Duplicates;
use crate::teamviewer::world::{Caller, World};

/// `GET /groups?name&shared&shouldMatchFullName` (schema). That `name` matches a part in any case, that the full match is
/// exact, and that `shared` means shared with the caller by someone else, is our assumption.
pub(super) fn list(world: &mut World, caller: &Caller, call: &Call) -> Result<Answer, Refusal> {
    caller.needs(Permission::ComputersView)?;
    let whole = call.flag("shouldMatchFullName")?.unwrap_or(false);
    let shared = call.flag("shared")?;
    let name = call.query("name");
    let matches = |group: &&Group| {
        name.is_none_or(|name| {
            if whole { group.name == name } else { group.name.to_lowercase().contains(&name.to_lowercase()) }
        })
    };
    let groups: Vec<Value> = world
        .groups
        .values()
        .filter(|group| group.is_seen_by(&caller.user.id))
        .filter(|group| shared.is_none_or(|shared| shared == (group.owner != caller.user.id)))
        .filter(matches)
        .map(|group| group.view(&caller.user.id, &world.users))
        .collect();
    Ok(Answer::json(json!({ "groups": groups })))
}

/// `POST /groups` (schema).
pub(super) fn create(world: &mut World, caller: &Caller, call: &Call) -> Result<Answer, Refusal> {
    caller.needs(Permission::ComputersAdd)?;
    let fields = call.fields()?;
    let name = fields.required("name")?;
    refuse_duplicate(world, caller, &name)?;
    let group = world.add_group(&name, &caller.user.id, fields.text("policy_id")?);
    Ok(Answer::json(group.view(&caller.user.id, &world.users)))
}

/// `GET /groups/{id}` (schema).
pub(super) fn get(world: &mut World, caller: &Caller, call: &Call) -> Result<Answer, Refusal> {
    caller.needs(Permission::ComputersView)?;
    let group = seen(world, caller, call.id())?;
    Ok(Answer::json(group.view(&caller.user.id, &world.users)))
}

/// `PUT /groups/{id}` (schema). That only the owner may is our assumption.
pub(super) fn update(world: &mut World, caller: &Caller, call: &Call) -> Result<Answer, Refusal> {
    caller.needs(Permission::ComputersEdit)?;
    let fields = call.fields()?;
    let (name, policy_id) = (fields.text("name")?, fields.text("policy_id")?);
    let current = owned(world, caller, call.id())?.name.clone();
    if let Some(name) = name.as_ref().filter(|name| **name != current) {
        refuse_duplicate(world, caller, name)?;
    }
    let group = owned(world, caller, call.id())?;
    if let Some(name) = name {
        group.name = name;
    }
    group.policy_id = policy_id.or_else(|| group.policy_id.take());
    Ok(Answer::success(world.unknowns.group_update))
}

/// `DELETE /groups/{id}`: one that is only shared with the caller is unshared (an older client's copy of the manual).
/// Sessions keep the id of a deleted group (our assumption).
pub(super) fn delete(world: &mut World, caller: &Caller, call: &Call) -> Result<Answer, Refusal> {
    caller.needs(Permission::ComputersDelete)?;
    let id = call.id();
    if seen(world, caller, id)?.owner == caller.user.id {
        world.groups.remove(id);
    } else if let Some(group) = world.groups.get_mut(id) {
        group.shares.remove(&caller.user.id);
    }
    Ok(Answer::success(world.unknowns.group_delete))
}

pub(super) fn seen<'a>(world: &'a World, caller: &Caller, id: &str) -> Result<&'a Group, Refusal> {
    let group = world.groups.get(id).filter(|group| group.is_seen_by(&caller.user.id));
    group.ok_or(Refusal::UnknownId("group"))
}

pub(super) fn owned<'a>(world: &'a mut World, caller: &Caller, id: &str) -> Result<&'a mut Group, Refusal> {
    let group = world.groups.get_mut(id).filter(|group| group.is_seen_by(&caller.user.id));
    let group = group.ok_or(Refusal::UnknownId("group"))?;
    if group.owner == caller.user.id { Ok(group) } else { Err(Refusal::Forbidden("The group is another user's")) }
}

fn refuse_duplicate(world: &World, caller: &Caller, name: &str) -> Result<(), Refusal> {
    let mut own = world.groups.values().filter(|group| group.owner == caller.user.id);
    if world.unknowns.duplicate_group_name == Duplicates::Refused && own.any(|group| group.name == name) {
        return Err(Refusal::invalid("A group of that name exists"));
    }
    Ok(())
}
