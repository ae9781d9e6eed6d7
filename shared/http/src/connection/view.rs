//! The connection as it is shown: never the token.

use casebridge_domain::Connection;
use casebridge_domain::connection::{ConnectionState, Group, Permission, Permissions, Proof};
use casebridge_domain::time::rfc3339;
use serde::Serialize;
use utoipa::ToSchema;

use crate::problem::Kind;

/// The connection. The token itself is never shown.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConnectionView {
    /// `active`, `draining` (being revoked) or `token_refused`.
    #[schema(value_type = String, example = "active")]
    state: &'static str,
    /// What to do, where something is to be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    fix: Option<&'static str>,
    /// The TeamViewer user whose token it is, as far as the token may tell.
    registrar: RegistrarView,
    /// When the token was accepted.
    registered_at: String,
    /// The licence by the name TeamViewer gives it, or `unknown`.
    #[schema(example = "Corporate")]
    licence: String,
    /// What the token was seen to be able to do.
    permissions: Vec<PermissionView>,
    /// The group that sessions are filed under.
    group: GroupView,
    /// The TeamViewer users the group is shared with.
    shares: Vec<ShareView>,
    /// The custom QuickSupport module, if one is set.
    #[serde(skip_serializing_if = "Option::is_none")]
    module: Option<ModuleView>,
    /// When licence and permissions were last looked at.
    checked_at: String,
    /// What a connection is complete with, and what is still to be done by hand.
    checklist: Vec<ChecklistItem>,
}

/// The TeamViewer user whose token it is.
#[derive(Debug, Serialize, ToSchema)]
pub struct RegistrarView {
    /// TeamViewer's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "u11293276")]
    user: Option<String>,
    /// As TeamViewer shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// As TeamViewer shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    /// As TeamViewer shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    company: Option<String>,
}

/// A permission of the token.
#[derive(Debug, Serialize, ToSchema)]
pub struct PermissionView {
    /// Its name here.
    #[schema(value_type = String, example = "sessions_create")]
    permission: &'static str,
    /// `proven`, `missing` or `unknown`: no harmless call tells.
    #[schema(value_type = String, example = "proven")]
    proof: &'static str,
    /// Whether a token without it is refused.
    needed: bool,
    /// As the Management Console words it.
    #[schema(value_type = String, example = "Session management: create")]
    in_the_console: &'static str,
}

/// The group of Computers & Contacts.
#[derive(Debug, Serialize, ToSchema)]
pub struct GroupView {
    /// As wished or as last seen.
    #[schema(example = "BOSS")]
    name: String,
    /// TeamViewer's id, once the first case has made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "g272032545")]
    id: Option<String>,
}

/// A TeamViewer user the group is shared with.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShareView {
    /// TeamViewer's id.
    id: String,
    /// As TeamViewer shows it, where it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
}

/// The custom QuickSupport module.
#[derive(Debug, Serialize, ToSchema)]
pub struct ModuleView {
    /// Set on each session where TeamViewer accepts it.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    /// TeamViewer does not accept it per session: follow the checklist instead.
    per_session_refused: bool,
    /// Ticked off: bound to the group in the Management Console.
    bound_to_group: bool,
    /// Ticked off: its default assignee is "unassigned".
    assignee_unassigned: bool,
}

/// One thing that a complete connection has.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChecklistItem {
    /// `group_made`, `group_shared`, `module_bound` or `assignee_unassigned`.
    #[schema(value_type = String, example = "module_bound")]
    item: &'static str,
    /// Whether it is done.
    done: bool,
    /// What to do, and where.
    #[schema(value_type = String)]
    how: &'static str,
}

impl From<&Connection> for ConnectionView {
    fn from(connection: &Connection) -> Self {
        let (state, fix) = match connection.state {
            ConnectionState::Active => ("active", None),
            ConnectionState::Draining { .. } => ("draining", Some(Kind::Draining.fix())),
            ConnectionState::TokenRefused { .. } => ("token_refused", Some(Kind::TokenRefused.fix())),
        };
        let registrar = &connection.registrar;
        Self {
            state,
            fix,
            registrar: RegistrarView {
                user: registrar.user.as_ref().map(ToString::to_string),
                name: registrar.name.as_ref().map(ToString::to_string),
                email: registrar.email.as_ref().map(ToString::to_string),
                company: registrar.company.as_ref().map(ToString::to_string),
            },
            registered_at: rfc3339(connection.registered_at),
            licence: connection.licence.name().to_owned(),
            permissions: permissions(&connection.permissions),
            group: GroupView {
                name: connection.group_name.to_string(),
                id: connection.group_id().map(ToString::to_string),
            },
            shares: connection
                .shares
                .iter()
                .map(|share| ShareView {
                    id: share.user.to_string(),
                    name: share.name.as_ref().map(ToString::to_string),
                })
                .collect(),
            module: connection.module.as_ref().map(|module| ModuleView {
                id: module.id.as_ref().map(ToString::to_string),
                per_session_refused: module.per_session_refused,
                bound_to_group: module.bound_to_group,
                assignee_unassigned: module.assignee_unassigned,
            }),
            checked_at: rfc3339(connection.checked_at),
            checklist: checklist(connection),
        }
    }
}

fn permissions(permissions: &Permissions) -> Vec<PermissionView> {
    permissions
        .iter()
        .map(|(permission, proof)| PermissionView {
            permission: permission.name(),
            proof: match proof {
                Proof::Proven => "proven",
                Proof::Missing => "missing",
                Proof::Unknown => "unknown",
            },
            needed: permission.needed(),
            in_the_console: permission.in_the_console(),
        })
        .collect()
}

/// Permissions that are missing, for a problem.
pub(super) fn missing(permissions: &[Permission]) -> serde_json::Value {
    permissions
        .iter()
        .map(|permission| {
            serde_json::json!({ "permission": permission.name(), "in_the_console": permission.in_the_console() })
        })
        .collect()
}

fn checklist(connection: &Connection) -> Vec<ChecklistItem> {
    let module = connection.module.as_ref();
    let item = |item, done, how| ChecklistItem { item, done, how };
    vec![
        item(
            "group_made",
            matches!(connection.group, Group::Made { .. }),
            "Press play on any ticket: the first service case makes the group in Computers & Contacts.",
        ),
        item(
            "group_shared",
            !connection.shares.is_empty(),
            "Share the group with the other support users, so that TeamViewer notifies them of service cases.",
        ),
        item(
            "module_bound",
            module.is_some_and(|module| module.bound_to_group),
            "Management Console, Design & Deploy: open the custom QuickSupport module and bind it to the group.",
        ),
        item(
            "assignee_unassigned",
            module.is_some_and(|module| module.assignee_unassigned),
            "Management Console, Design & Deploy: set the module's default assignee to \"unassigned\".",
        ),
    ]
}
