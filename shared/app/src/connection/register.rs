//! Registering a script token.

use casebridge_domain::connection::{ConnectionState, Group, GroupName, Licence, Permission, Registrar};
use casebridge_domain::journal::AccountMatter;
use casebridge_domain::{Connection, Instant, Malformed, RegistrationId, Sealed, ServiceCase};

use super::check::{Findings, look_at};
use super::revoke::Drained;
use crate::Desk;
use crate::outside::Outside;
use crate::ports::store::{Saved, Versioned};
use crate::ports::teamviewer::{ScriptToken, TeamViewerError};
use crate::ports::vault::SecretKind;
use crate::settle::TRIES;

/// What the administrator registers.
#[derive(Debug, Clone)]
pub struct RegisterToken {
    /// The script token from the Management Console.
    pub token: ScriptToken,
    /// The group's name, if it shall not be the default.
    pub group_name: Option<GroupName>,
}

/// Why a token is not kept.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// TeamViewer does not know it, or no more.
    #[error("TeamViewer refuses the token")]
    TokenRefused,
    /// The licence is too small.
    #[error("the TeamViewer licence does not suffice")]
    Licence(Licence),
    /// Permissions are missing that the product needs.
    #[error("the token lacks permissions")]
    Permissions(Vec<Permission>),
    /// Another user's token, while cases of the present one are live.
    #[error("cases are live under the present token")]
    LiveCases(Vec<ServiceCase>),
    /// Somebody else changed the connection at the same time.
    #[error("the connection was changed at the same time")]
    Overtaken,
    /// The default group name does not parse; can't happen, but nothing here panics.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// Something else failed.
    #[error(transparent)]
    Outside(#[from] Outside),
}

/// Checks a token and keeps it. A new token of the same TeamViewer user goes on with what there is; another user's
/// starts anew, and only when no case is live: play is refused before the live cases are looked at, as in revoking.
pub async fn register(desk: &Desk, wish: RegisterToken) -> Result<Connection, RegisterError> {
    let findings = match look_at(&desk.world, &wish.token).await {
        Ok(findings) => findings,
        Err(TeamViewerError::TokenRefused) => return Err(RegisterError::TokenRefused),
        Err(error) => return Err(Outside::from(error).into()),
    };
    if !findings.licence.suffices() {
        return Err(RegisterError::Licence(findings.licence));
    }
    let missing = findings.permissions.missing_needed();
    if !missing.is_empty() {
        return Err(RegisterError::Permissions(missing));
    }
    let sealed = desk.world.vault.seal(desk.id(), SecretKind::ScriptToken, &wish.token).await.map_err(Outside::from)?;
    let mut desk = desk.with_fresh_connection().await?;
    let replaced = token_of(&desk);
    // What is noted about the token that goes (that it is refused, most of all) is no reason to look at the new one again; that
    // somebody else registered or revoked is one to tell.
    for _ in 0..TRIES {
        if let Some(connection) = desk.replace(&wish, &findings, &sealed).await? {
            return Ok(connection);
        }
        desk = desk.with_fresh_connection().await?;
        if token_of(&desk) != replaced {
            break;
        }
    }
    Err(RegisterError::Overtaken)
}

fn token_of(desk: &Desk) -> Option<Sealed> {
    desk.connection().map(|connection| connection.value.token.clone())
}

impl Desk {
    /// Puts the new token in the place of the one that this desk knows; `None` if that one's connection was changed meanwhile.
    async fn replace(
        &self,
        wish: &RegisterToken,
        findings: &Findings,
        sealed: &Sealed,
    ) -> Result<Option<Connection>, RegisterError> {
        let (connection, read_at) = match self.connection() {
            Some(Versioned { value, revision }) if same_user(&value.registrar, &findings.registrar) => {
                (rotated(value, wish, findings, sealed, self.now()), Some(*revision))
            }
            Some(present) => match self.drain(present).await? {
                Drained::Quiet(revision) => (anew(self, wish, findings, sealed)?, Some(revision)),
                Drained::Live(live) => return Err(RegisterError::LiveCases(live)),
                Drained::Overtaken => return Ok(None),
            },
            None => (anew(self, wish, findings, sealed)?, None),
        };
        let entry = self.entry(AccountMatter::ConnectionRegistered { registration: connection.registration });
        let saved = self.world.store.save_serving_connection(&connection, read_at, self.now(), &entry).await;
        Ok(match saved.map_err(Outside::from)? {
            Saved::Done(_) => Some(connection),
            Saved::Lost => None,
        })
    }
}

fn same_user(present: &Registrar, new: &Registrar) -> bool {
    present.user.is_some() && present.user == new.user
}

fn rotated(
    present: &Connection,
    wish: &RegisterToken,
    findings: &Findings,
    token: &Sealed,
    now: Instant,
) -> Connection {
    let mut rotated = Connection {
        registered_at: now,
        registrar: findings.registrar.clone(),
        token: token.clone(),
        licence: findings.licence.clone(),
        permissions: findings.permissions.clone(),
        checked_at: now,
        state: ConnectionState::Active,
        ..present.clone()
    };
    if let Some(name) = wish.group_name.as_ref().filter(|name| **name != present.group_name) {
        rotated.group_name = name.clone();
        rotated.group = Group::Unmade;
    }
    rotated
}

fn anew(desk: &Desk, wish: &RegisterToken, findings: &Findings, token: &Sealed) -> Result<Connection, Malformed> {
    let now = desk.now();
    let group_name = match &wish.group_name {
        Some(name) => name.clone(),
        None => GroupName::parse(Connection::DEFAULT_GROUP_NAME)?,
    };
    Ok(Connection {
        account: desk.id().clone(),
        registration: RegistrationId::new(desk.world.ids.time_ordered(now)),
        registered_at: now,
        registrar: findings.registrar.clone(),
        token: token.clone(),
        licence: findings.licence.clone(),
        permissions: findings.permissions.clone(),
        checked_at: now,
        group_name,
        group: Group::Unmade,
        shares: Vec::new(),
        module: None,
        state: ConnectionState::Active,
    })
}
