//! Groups in Computers & Contacts.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::company::User;

/// A group of a user's Computers & Contacts.
#[derive(Clone, Debug, Serialize)]
pub struct Group {
    /// `g` and digits.
    pub id: String,
    /// The name.
    pub name: String,
    /// The id of the user whose group it is.
    pub owner: String,
    /// The policy bound to it.
    pub policy_id: Option<String>,
    /// With whom it is shared, by user id.
    pub shares: BTreeMap<String, SharePermission>,
}

/// What a user may do in a group shared with him: the two values that the official module takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SharePermission {
    /// The official module's default.
    #[default]
    Read,
    /// See and change.
    ReadWrite,
}

impl Group {
    pub(crate) fn is_seen_by(&self, userid: &str) -> bool {
        self.owner == userid || self.shares.contains_key(userid)
    }

    /// The group as `viewer` sees it (schema). Nothing shared: no `shared_with`. `owned` as the owner's permission is our
    /// assumption, and so is that only the owner sees with whom it is shared.
    pub(crate) fn view(&self, viewer: &str, users: &BTreeMap<String, User>) -> Value {
        let name = |id: &str| users.get(id).map(|user| user.name.clone()).unwrap_or_default();
        let mut view = Map::new();
        view.insert("id".into(), self.id.clone().into());
        view.insert("name".into(), self.name.clone().into());
        if self.owner == viewer && !self.shares.is_empty() {
            let shared_with: Vec<Value> = self
                .shares
                .iter()
                .map(|(id, permission)| json!({ "userid": id, "name": name(id), "permissions": permission, "pending": false }))
                .collect();
            view.insert("shared_with".into(), shared_with.into());
        }
        view.insert("owner".into(), json!({ "userid": self.owner, "name": name(&self.owner) }));
        view.insert(
            "permissions".into(),
            self.shares.get(viewer).map_or(json!("owned"), |permission| json!(permission)),
        );
        if let Some(policy) = &self.policy_id {
            view.insert("policy_id".into(), policy.clone().into());
        }
        Value::Object(view)
    }
}
