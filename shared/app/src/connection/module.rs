//! The custom QuickSupport module.

use casebridge_domain::connection::Module;
use casebridge_domain::{Connection, ModuleId};

use crate::Desk;
use crate::outside::Outside;
use crate::ports::store::{Saved, Versioned};

/// What the administrator says about the module.
#[derive(Debug, Clone)]
pub struct ModuleWish {
    /// Set on each session where TeamViewer accepts it; `None` leaves branding to the group.
    pub id: Option<ModuleId>,
    /// The module is bound to the group in the Management Console.
    pub bound_to_group: bool,
    /// The module's default assignee is "unassigned".
    pub assignee_unassigned: bool,
}

/// Why the module is not set.
#[derive(Debug, thiserror::Error)]
pub enum ModuleError {
    /// No token is registered.
    #[error("the account has no TeamViewer connection")]
    NotConnected,
    /// Somebody else changed the connection at the same time.
    #[error("the connection was changed at the same time")]
    Overtaken,
    /// Something else failed.
    #[error(transparent)]
    Outside(#[from] Outside),
}

/// Keeps what is wished. Another module is tried per session anew.
pub async fn set_module(desk: &Desk, wish: ModuleWish) -> Result<Connection, ModuleError> {
    let desk = desk.with_fresh_connection().await?;
    let Some(Versioned { value: connection, revision }) = desk.connection() else {
        return Err(ModuleError::NotConnected);
    };
    let refused = connection.module.as_ref().is_some_and(|module| module.per_session_refused && module.id == wish.id);
    let changed = Connection {
        module: Some(Module {
            id: wish.id,
            per_session_refused: refused,
            bound_to_group: wish.bound_to_group,
            assignee_unassigned: wish.assignee_unassigned,
        }),
        ..connection.clone()
    };
    let entry = desk.connection_entry(connection, &changed);
    match desk.world.store.save_connection(&changed, Some(*revision), entry.as_ref()).await.map_err(Outside::from)? {
        Saved::Done(_) => Ok(changed),
        Saved::Lost => Err(ModuleError::Overtaken),
    }
}
