//! Everybody who signed in, where the account is deleted.

use casebridge_domain::TechnicianId;

use crate::Desk;
use crate::outside::Outside;
use crate::ports::store::Saved;
use crate::settle::TRIES;

impl Desk {
    /// Lets no case begin with anybody's sign-in any more, and gives whose there are.
    pub(crate) async fn let_technicians_go(&self) -> Result<Vec<TechnicianId>, Outside> {
        let mut gone = Vec::new();
        for kept in self.world.store.technician_sign_ins(self.id()).await? {
            let technician = kept.value.technician().clone();
            self.let_go(&technician).await?;
            gone.push(technician);
        }
        Ok(gone)
    }

    async fn let_go(&self, technician: &TechnicianId) -> Result<(), Outside> {
        let store = &self.world.store;
        for _ in 0..TRIES {
            let Some(kept) = store.technician_sign_in(self.id(), technician).await? else { return Ok(()) };
            let leaving = kept.value.leaving(self.now());
            if let Saved::Done(_) = store.save_technician_sign_in(&leaving, Some(kept.revision), None, None).await? {
                return Ok(());
            }
        }
        Err(Outside::Contention)
    }

    /// The account stays: so do they.
    pub(crate) async fn keep_technicians(&self, technicians: &[TechnicianId]) -> Result<(), Outside> {
        for technician in technicians {
            self.stay_signed_in(technician).await?;
        }
        Ok(())
    }
}
