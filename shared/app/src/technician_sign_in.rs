//! Technicians sign in to TeamViewer: sent there, back again, renewed for as long as TeamViewer lets us, signed out.

use casebridge_domain::technician_sign_in::TechnicianSignIn;
use casebridge_domain::{AccountId, ServiceCase, TechnicianId};

use crate::Desk;
use crate::outside::Outside;
use crate::ports::store::{Revision, Saved, Versioned};

mod begin;
mod come_back;
mod renew;
mod sign_out;
mod sign_out_all;

pub use begin::{BeginError, Begun, begin};
pub use come_back::{CameBack, NotSignedIn, come_back};
pub(crate) use renew::{NoToken, SignedToken};
pub use sign_out::{SignOutError, sign_out};

/// Whose sign-in to TeamViewer is needed before something can be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInNeeded {
    /// Whose technician.
    pub account: AccountId,
    /// Who.
    pub technician: TechnicianId,
}

/// A technician's sign-in, as it stands; `None` if he never signed in, or signed out.
pub async fn standing(desk: &Desk, technician: &TechnicianId) -> Result<Option<TechnicianSignIn>, Outside> {
    Ok(desk.world.store.technician_sign_in(desk.id(), technician).await?.map(|sign_in| sign_in.value))
}

/// What was found once no case could begin with a sign-in any more.
enum Drained {
    /// No case of it is live, and none begins while it stays at this revision.
    Quiet(Revision),
    /// These are live; cases may begin with it again.
    Live(Vec<ServiceCase>),
    /// Somebody else changed it at the same time.
    Overtaken,
}

impl Desk {
    /// Lets no case begin with a sign-in any more, and only then looks for live ones, as revoking a connection does: a claim
    /// checks the sign-in in its own transaction.
    async fn drain_sign_in(&self, present: &Versioned<TechnicianSignIn>) -> Result<Drained, Outside> {
        let store = &self.world.store;
        let leaving = present.value.leaving(self.now());
        let saved = store.save_technician_sign_in(&leaving, Some(present.revision), None, None).await?;
        let Saved::Done(revision) = saved else { return Ok(Drained::Overtaken) };
        let mut live = self.live_cases_for_certain().await?;
        live.retain(|case| case.made_by() == Some(present.value.technician()));
        if live.is_empty() {
            return Ok(Drained::Quiet(revision));
        }
        let _: Saved = store.save_technician_sign_in(&leaving.staying(), Some(revision), None, None).await?;
        Ok(Drained::Live(live))
    }
}
