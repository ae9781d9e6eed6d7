//! Revoking access: hands the integration over.

use casebridge_domain::connection::ConnectionState;
use casebridge_domain::journal::AccountMatter;
use casebridge_domain::{Connection, ServiceCase};

use crate::Desk;
use crate::outside::Outside;
use crate::ports::store::{Revision, Saved, Versioned};

/// Why access is not revoked.
#[derive(Debug, thiserror::Error)]
pub enum RevokeError {
    /// No token is registered.
    #[error("the account has no TeamViewer connection")]
    NotConnected,
    /// These cases are live; play works again.
    #[error("cases are live")]
    LiveCases(Vec<ServiceCase>),
    /// Somebody else changed the connection at the same time.
    #[error("the connection was changed at the same time")]
    Overtaken,
    /// Something else failed.
    #[error(transparent)]
    Outside(#[from] Outside),
}

impl From<crate::ports::store::StoreError> for RevokeError {
    fn from(error: crate::ports::store::StoreError) -> Self {
        Self::Outside(error.into())
    }
}

/// Revokes access: play is refused first, then the live cases are looked at, then the token goes.
///
/// A claim checks the connection in its own transaction, so once draining is kept, no later claim succeeds, and every
/// earlier one is seen by the look from where cases were last written: there is no cache to wait out.
pub async fn revoke(desk: &Desk) -> Result<(), RevokeError> {
    let desk = desk.with_fresh_connection().await?;
    let Some(connection) = desk.connection() else { return Err(RevokeError::NotConnected) };
    match desk.drain(connection).await? {
        Drained::Overtaken => Err(RevokeError::Overtaken),
        Drained::Live(live) => Err(RevokeError::LiveCases(live)),
        Drained::Quiet(revision) => {
            let entry = desk.entry(AccountMatter::ConnectionRevoked { registration: connection.value.registration });
            match desk.world.store.delete_connection(desk.id(), revision, &entry).await? {
                Saved::Done(_) => Ok(()),
                Saved::Lost => Err(RevokeError::Overtaken),
            }
        }
    }
}

/// What was found once play was refused.
pub(super) enum Drained {
    /// No case is live, and none begins while the connection stays at this revision.
    Quiet(Revision),
    /// These are live; play works again.
    Live(Vec<ServiceCase>),
    /// Somebody else changed the connection at the same time.
    Overtaken,
}

impl Desk {
    /// Refuses play, and only then looks for live cases.
    pub(super) async fn drain(&self, connection: &Versioned<Connection>) -> Result<Drained, Outside> {
        let Versioned { value, revision } = connection;
        let draining = value.draining(self.now());
        let Saved::Done(revision) = self.world.store.save_connection(&draining, Some(*revision), None).await? else {
            return Ok(Drained::Overtaken);
        };
        let mut live = self.live_cases_for_certain().await?;
        // What technicians' own sign-ins made goes on without the connection.
        // Who only asks for help needs no connection yet; taking that checks the connection as a claim does.
        live.retain(|case| case.made_by().is_none() && !case.is_asked());
        if live.is_empty() {
            return Ok(Drained::Quiet(revision));
        }
        // As it was before: a refused token stays refused. What somebody who died left draining serves again.
        let before = match value.state {
            ConnectionState::Draining { .. } => value.serving_again(),
            ConnectionState::Active | ConnectionState::TokenRefused { .. } => value.clone(),
        };
        let _: Saved = self.world.store.save_connection(&before, Some(revision), None).await?;
        Ok(Drained::Live(live))
    }

    /// The live cases, read from where they were last written. Those that ended by the clock are settled on the way.
    pub(crate) async fn live_cases_for_certain(&self) -> Result<Vec<ServiceCase>, Outside> {
        let mut live = Vec::new();
        for case in self.world.store.unsettled_cases_for_certain(self.id()).await? {
            let case = self.settle_expiry(case).await?.value;
            if case.is_live(self.now()) {
                live.push(case);
            }
        }
        Ok(live)
    }
}
