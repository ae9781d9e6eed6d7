//! Removing an account.

use casebridge_domain::journal::AccountMatter;

use super::AccountError;
use crate::Desk;
use crate::ports::store::Saved;

/// Removes an account for good. Its TeamViewer access has to be revoked first, which in turn needs its cases closed.
///
/// Nobody can reach anything of it from then on. In the turns that follow, TeamViewer is asked to end its technicians' tokens, and its
/// devices go ([`Deletion::sweep`](crate::ports::store::Deletion::sweep)): none of that fits into a request, nor has every function a way to
/// TeamViewer.
pub async fn delete_account(desk: &Desk) -> Result<(), AccountError> {
    let desk = Desk::open(&desk.world, desk.id(), desk.by()).await?.ok_or(AccountError::Overtaken)?;
    if desk.connection().is_some() {
        return Err(AccountError::Connected);
    }
    // Nobody's case begins behind the look at those that are live.
    let technicians = desk.let_technicians_go().await?;
    let live = desk.live_cases_for_certain().await?;
    if !live.is_empty() {
        desk.keep_technicians(&technicians).await?;
        return Err(AccountError::LiveCases(live));
    }
    let (entry, now) = (desk.entry(AccountMatter::AccountDeleted), desk.now());
    match desk.world.store.delete_account(desk.versioned_account(), now, &entry).await? {
        Saved::Done(_) => Ok(()),
        Saved::Lost => {
            desk.keep_technicians(&technicians).await?;
            Err(AccountError::Overtaken)
        }
    }
}
