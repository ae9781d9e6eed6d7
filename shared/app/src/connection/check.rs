//! Looking at a token: what it is, and what it may do. Changes nothing in TeamViewer.

use casebridge_domain::Connection;
use casebridge_domain::connection::{Licence, Permission, Permissions, Registrar};

use crate::outside::Outside;
use crate::ports::store::{Saved, Versioned};
use crate::ports::teamviewer::{ScriptToken, TeamViewer, TeamViewerError};
use crate::{Desk, World};

/// What was found out about a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Findings {
    pub(super) registrar: Registrar,
    pub(super) licence: Licence,
    pub(super) permissions: Permissions,
}

/// Looks at a token. A call it may not make leaves a gap, never a refusal.
pub(super) async fn look_at(world: &World, token: &ScriptToken) -> Result<Findings, TeamViewerError> {
    let teamviewer = &*world.teamviewer;
    if !teamviewer.ping(token).await? {
        return Err(TeamViewerError::TokenRefused);
    }
    let (registrar, licence) = match teamviewer.token_owner(token).await {
        Ok(owner) => (owner.registrar, owner.licence),
        Err(TeamViewerError::PermissionMissing | TeamViewerError::Refused { .. }) => {
            (Registrar { user: None, name: None, email: None, company: None }, Licence::Unknown(String::new()))
        }
        Err(error) => return Err(error),
    };
    Ok(Findings { registrar, licence, permissions: permissions(teamviewer, token).await? })
}

async fn permissions(teamviewer: &dyn TeamViewer, token: &ScriptToken) -> Result<Permissions, TeamViewerError> {
    let mut proofs = Vec::with_capacity(Permission::ALL.len());
    for permission in Permission::ALL {
        proofs.push((permission, teamviewer.probe(token, permission).await?));
    }
    Ok(Permissions::found(proofs))
}

/// Why a check gives no answer.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// No token is registered.
    #[error("the account has no TeamViewer connection")]
    NotConnected,
    /// Something else failed.
    #[error(transparent)]
    Outside(#[from] Outside),
}

/// Looks at the registered token again, follows the group's name, and keeps what was found.
pub async fn recheck(desk: &Desk) -> Result<Connection, CheckError> {
    let desk = desk.with_fresh_connection().await?;
    let Some(Versioned { value: connection, revision }) = desk.connection() else {
        return Err(CheckError::NotConnected);
    };
    let token = desk.token(connection).await?;
    let now = desk.now();
    let checked = match look_at(&desk.world, &token).await {
        Ok(findings) => {
            let mut checked = desk.follow_group(&token, connection).await?;
            checked.registrar = findings.registrar;
            checked.licence = findings.licence;
            checked.permissions = findings.permissions;
            checked.checked_at = now;
            if matches!(checked.state, casebridge_domain::connection::ConnectionState::TokenRefused { .. }) {
                checked = checked.serving_again();
            }
            checked
        }
        Err(TeamViewerError::TokenRefused) => connection.token_refused(now),
        Err(error) => return Err(Outside::from(error).into()),
    };
    let store = &desk.world.store;
    let entry = desk.connection_entry(connection, &checked);
    let saved = match entry {
        Some(entry) if checked.serves() && !connection.serves() => {
            store.save_serving_connection(&checked, Some(*revision), now, &entry).await
        }
        entry => store.save_connection(&checked, Some(*revision), entry.as_ref()).await,
    };
    match saved.map_err(Outside::from)? {
        Saved::Done(_) => Ok(checked),
        Saved::Lost => Err(Outside::Contention.into()),
    }
}

impl Desk {
    /// A renamed group keeps its id: its name is followed. One that is gone is made again by the next case.
    async fn follow_group(&self, token: &ScriptToken, connection: &Connection) -> Result<Connection, Outside> {
        let Some(id) = connection.group_id() else { return Ok(connection.clone()) };
        match self.world.teamviewer.group(token, id).await {
            Ok(Some(group)) => {
                let mut followed = connection.clone();
                if let Ok(name) = casebridge_domain::Text::parse(&group.name) {
                    followed.group_name = name;
                }
                Ok(followed)
            }
            Ok(None) => Ok(connection.without_group()),
            Err(TeamViewerError::PermissionMissing) => Ok(connection.clone()),
            Err(error) => Err(error.into()),
        }
    }
}
