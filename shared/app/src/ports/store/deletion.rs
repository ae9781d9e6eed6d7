//! What an account leaves behind when it is deleted.

use async_trait::async_trait;
use casebridge_domain::technician_sign_in::TechnicianSignIn;
use casebridge_domain::{AccountId, Instant};

use super::{Saved, Stored, Tick, Versioned};

/// Steps of a deletion that are not the deletion itself.
#[async_trait]
pub trait Deletion: Send + Sync {
    /// Everybody who signed in to TeamViewer. What a deleted account has left of them is there until it is swept.
    async fn technician_sign_ins(&self, account: &AccountId) -> Stored<Vec<Versioned<TechnicianSignIn>>>;

    /// Removes the next few thousand of what a deleted account has left (its devices, their counts, the activation, technicians' sign-ins, settings, lanes
    /// of endpoints and what waits in them);
    /// whether there may be more. Nothing happens to an account that was not deleted.
    async fn sweep(&self, account: &AccountId) -> Stored<bool>;

    /// Ends a turn of a deleted account: nothing is noted of it.
    async fn end_sweep(&self, tick: &Versioned<Tick>, next: Option<Instant>) -> Stored<Saved>;
}
