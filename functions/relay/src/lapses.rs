//! Cases whose hold on their ticket lapsed: they ended by the clock days ago, and nobody settled them.

use std::collections::HashSet;

use casebridge_app::ports::store::StoreError;
use casebridge_app::{Outside, World, watch};
use casebridge_domain::AccountId;
use casebridge_host::function::chain;

/// Settles what ended by the clock in these accounts. Gives those that are worth another try.
pub(crate) async fn settle(world: &World, accounts: HashSet<AccountId>) -> HashSet<AccountId> {
    let mut left = HashSet::new();
    // One after the other: it is rare that there is even one.
    for account in accounts {
        let settled = Box::pin(watch::settle_what_expired(world, &account));
        let Err(error) = settled.await else { continue };
        let error_chain = chain(&error);
        // Telling the stream again mends nothing.
        if matches!(error, Outside::Store(StoreError::Unreadable(_))) {
            tracing::error!(%account, error = error_chain, "an expired case can't be settled");
        } else {
            tracing::warn!(%account, error = error_chain, "an expired case has to wait");
            left.insert(account);
        }
    }
    left
}
