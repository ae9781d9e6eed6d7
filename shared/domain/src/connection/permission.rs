//! What a token may do.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The permissions that the guide asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// Session management: create.
    SessionsCreate,
    /// Session management: view all.
    SessionsView,
    /// Session management: edit all.
    SessionsEdit,
    /// Connection reporting: view.
    ReportsView,
    /// Connection reporting: edit.
    ReportsEdit,
    /// Connection reporting: delete.
    ReportsDelete,
    /// Computers & Contacts: view.
    ContactsView,
    /// Computers & Contacts: add.
    ContactsAdd,
    /// Computers & Contacts: edit.
    ContactsEdit,
    /// Computers & Contacts: delete.
    ContactsDelete,
}

impl Permission {
    /// All of them, in the guide's order.
    pub const ALL: [Self; 10] = [
        Self::SessionsCreate,
        Self::SessionsView,
        Self::SessionsEdit,
        Self::ReportsView,
        Self::ReportsEdit,
        Self::ReportsDelete,
        Self::ContactsView,
        Self::ContactsAdd,
        Self::ContactsEdit,
        Self::ContactsDelete,
    ];

    /// Whether play, stop or the group stand still without it.
    pub fn needed(self) -> bool {
        matches!(
            self,
            Self::SessionsCreate | Self::SessionsView | Self::SessionsEdit | Self::ContactsView | Self::ContactsAdd
        )
    }

    /// As the API names it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SessionsCreate => "sessions_create",
            Self::SessionsView => "sessions_view",
            Self::SessionsEdit => "sessions_edit",
            Self::ReportsView => "reports_view",
            Self::ReportsEdit => "reports_edit",
            Self::ReportsDelete => "reports_delete",
            Self::ContactsView => "contacts_view",
            Self::ContactsAdd => "contacts_add",
            Self::ContactsEdit => "contacts_edit",
            Self::ContactsDelete => "contacts_delete",
        }
    }

    /// As the Management Console words it.
    pub const fn in_the_console(self) -> &'static str {
        match self {
            Self::SessionsCreate => "Session management: create",
            Self::SessionsView => "Session management: view all",
            Self::SessionsEdit => "Session management: edit all",
            Self::ReportsView => "Connection reporting: view",
            Self::ReportsEdit => "Connection reporting: edit",
            Self::ReportsDelete => "Connection reporting: delete",
            Self::ContactsView => "Computers & Contacts: view",
            Self::ContactsAdd => "Computers & Contacts: add",
            Self::ContactsEdit => "Computers & Contacts: edit",
            Self::ContactsDelete => "Computers & Contacts: delete",
        }
    }
}

/// What a check that changes nothing could find out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Proof {
    /// A call that needs it succeeded.
    Proven,
    /// TeamViewer refused a call for lack of it.
    Missing,
    /// No harmless call tells.
    Unknown,
}

/// What was found out about each permission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Permissions(BTreeMap<Permission, Proof>);

impl Permissions {
    /// What was found; a permission that was not looked at is unknown.
    pub fn found(proofs: impl IntoIterator<Item = (Permission, Proof)>) -> Self {
        let mut all: BTreeMap<_, _> = Permission::ALL.map(|permission| (permission, Proof::Unknown)).into();
        all.extend(proofs);
        Self(all)
    }

    /// Each permission with its proof, in the guide's order.
    pub fn iter(&self) -> impl Iterator<Item = (Permission, Proof)> {
        Permission::ALL.into_iter().map(|permission| (permission, self.of(permission)))
    }

    /// What is known of one.
    pub fn of(&self, permission: Permission) -> Proof {
        self.0.get(&permission).copied().unwrap_or(Proof::Unknown)
    }

    /// Those whose lack makes a token useless.
    pub fn missing_needed(&self) -> Vec<Permission> {
        self.iter()
            .filter(|(permission, proof)| permission.needed() && *proof == Proof::Missing)
            .map(|(permission, _)| permission)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_missing_permission_that_is_needed_refuses() {
        let found = Permissions::found([
            (Permission::SessionsCreate, Proof::Unknown),
            (Permission::ReportsDelete, Proof::Missing),
            (Permission::ContactsAdd, Proof::Missing),
        ]);
        assert_eq!(found.missing_needed(), vec![Permission::ContactsAdd]);
        assert_eq!(found.of(Permission::SessionsView), Proof::Unknown);
    }
}
