//! A group, and people, as TeamViewer writes them.

use casebridge_app::ports::teamviewer::{ListedGroup, ListedUser};
use casebridge_domain::{EmailAddress, GroupId, TeamViewerUserId};
use serde_json::Value;

use super::Fields;

/// A group by the schema. `shared_with` counts invitations that are still pending too: the share exists.
pub(crate) fn group(value: &Value, name_if_absent: Option<&str>) -> Option<ListedGroup> {
    let fields = Fields::of(value)?;
    Some(ListedGroup {
        id: GroupId::parse(fields.text("id")?.trim()).ok()?,
        name: name(fields).or(name_if_absent)?.to_owned(),
        shared_with: shared_with(fields),
    })
}

/// The name, spaces and all: names are compared as they are.
pub(crate) fn name(fields: Fields<'_>) -> Option<&str> {
    fields.get("name")?.as_str()
}

/// Whether nothing can be filed in it: a group that somebody else shares for reading (official module: `read` or
/// `readwrite`).
pub(crate) fn is_read_only(fields: Fields<'_>) -> bool {
    fields.text("permissions").is_some_and(|permissions| permissions.eq_ignore_ascii_case("read"))
}

fn shared_with(fields: Fields<'_>) -> Vec<ListedUser> {
    fields.list("shared_with").unwrap_or_default().iter().filter_map(|user| self::user(user, "userid")).collect()
}

/// A user; `id` holds the id in the company's list, `userid` elsewhere (schema).
pub(crate) fn user(value: &Value, id: &str) -> Option<ListedUser> {
    let fields = Fields::of(value)?;
    Some(ListedUser {
        id: TeamViewerUserId::parse(fields.text(id)?.trim()).ok()?,
        name: fields.text("name").or_else(|| fields.text("alias")).map(str::to_owned),
        email: fields.text("email").and_then(|email| EmailAddress::parse(email).ok()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_group_tells_whom_it_is_shared_with() {
        let value = json!({
            "id": "g12", "name": "BOSS", "permissions": "owned", "owner": { "userid": "u1", "name": "Ann" },
            "shared_with": [
                { "userid": "u2", "name": "Bob", "permissions": "readwrite", "pending": false },
                { "userid": "u3", "alias": "Cy", "pending": true },
                { "userid": "?" },
                null,
            ],
        });
        let group = group(&value, None).unwrap();
        let shared: Vec<_> = group.shared_with.iter().map(|user| (user.id.as_str(), user.name.as_deref())).collect();
        assert_eq!(shared, [("u2", Some("Bob")), ("u3", Some("Cy"))]);
    }

    #[test]
    fn a_group_needs_an_id_and_a_name() {
        assert!(group(&json!({ "id": "g12", "shared_with": null }), Some("BOSS")).is_some());
        for bad in [json!({ "id": "g12" }), json!({ "name": "BOSS" }), json!({ "id": "12", "name": "BOSS" }), json!([])]
        {
            assert_eq!(group(&bad, None), None, "{bad}");
        }
    }
}
