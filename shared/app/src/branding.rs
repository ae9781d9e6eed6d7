//! The account's logo.

use casebridge_domain::Account;
use casebridge_domain::branding::Logo;
use casebridge_domain::journal::AccountMatter;

use crate::accounts::AccountError;
use crate::ports::store::Saved;
use crate::settle::TRIES;
use crate::{Desk, Outside};

/// Changes settings, and the logo with them: the one that there is from now on, or none.
pub async fn change_account_and_logo(
    desk: &Desk,
    logo: Option<&Logo>,
    change: impl Fn(&mut Account),
) -> Result<Account, AccountError> {
    for _ in 0..TRIES {
        let fresh = Desk::open(&desk.world, desk.id(), desk.by()).await?.ok_or(AccountError::Overtaken)?;
        let mut account = fresh.account().clone();
        change(&mut account);
        account.branding.logo = logo.map(|logo| logo.mark.clone());
        let fields = fresh.account().differences(&account);
        if fields.is_empty() {
            return Ok(account);
        }
        let entry = desk.entry(AccountMatter::AccountChanged { fields });
        let saved = desk.world.store.save_account_and_logo(&account, logo, fresh.account_read_at(), &entry);
        if let Saved::Done(_) = saved.await? {
            return Ok(account);
        }
    }
    Err(AccountError::Overtaken)
}

/// The account's logo, if it has this one.
pub async fn logo(
    world: &crate::World,
    account: &casebridge_domain::AccountId,
    digest: &str,
) -> Result<Option<Logo>, Outside> {
    Ok(world.store.logo(account).await?.filter(|logo| logo.mark.digest == digest))
}
