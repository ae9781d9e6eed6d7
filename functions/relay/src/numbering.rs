//! Whose journals and feeds are numbered, and what becomes of those that can't be.

use std::collections::HashSet;

use casebridge_app::ports::store::{Due, StoreError};
use casebridge_app::{Outside, World, journal};
use casebridge_domain::key::Owner;
use casebridge_domain::{AccountId, VendorId};
use casebridge_host::function::chain;
use futures::{StreamExt as _, stream};

/// Numbered at the same time: enough to hide the table's latency, few enough for a function's memory.
const AT_ONCE: usize = 8;

/// Looked at in one go when the schedule asks.
const LOOKED_AT: usize = 256;

/// So often at most; the schedule comes again.
const LOOKS: usize = 20;

/// Numbers everything that is due.
pub(crate) async fn due(world: &World) -> Result<(), Outside> {
    for _ in 0..LOOKS {
        let due = world.store.due(world.now(), LOOKED_AT).await?;
        let waiting: HashSet<Owner> = due.iter().filter(|due| is_to_number(due)).map(Due::owner).collect();
        if waiting.is_empty() || !number(world, waiting).await.is_empty() || due.len() < LOOKED_AT {
            break;
        }
    }
    Ok(())
}

fn is_to_number(due: &Due) -> bool {
    match due {
        Due::Journal(_) | Due::VendorFeed(_) => true,
        Due::Letter(_) | Due::Tick(_) => false,
    }
}

/// Numbers journals, then the feeds of their vendors. Gives those that are worth another try.
pub(crate) async fn number(world: &World, owners: HashSet<Owner>) -> HashSet<Owner> {
    let (mut accounts, mut vendors) = (Vec::new(), HashSet::new());
    for owner in owners {
        match owner {
            Owner::Account(account) => accounts.push(account),
            Owner::Vendor(vendor) => drop(vendors.insert(vendor)),
        }
    }
    let mut left = HashSet::new();
    let mut numbered = stream::iter(accounts).map(|account| number_journal(world, account)).buffer_unordered(AT_ONCE);
    while let Some(done) = numbered.next().await {
        match done {
            Ok(vendor) => vendors.extend(vendor),
            Err(Left(owner)) => left.extend(owner),
        }
    }
    let mut numbered = stream::iter(vendors).map(|vendor| number_feed(world, vendor)).buffer_unordered(AT_ONCE);
    while let Some(done) = numbered.next().await {
        left.extend(done.err().and_then(|Left(owner)| owner));
    }
    left
}

/// Not numbered; whose it is if another try may help.
struct Left(Option<Owner>);

/// Gives the vendor whose feed follows: numbering it in the same breath spares it a way through the stream.
async fn number_journal(world: &World, account: AccountId) -> Result<Option<VendorId>, Left> {
    let numbered = async {
        journal::number_account(world, &account).await?;
        Ok(world.store.journal_head(&account).await?.map(|head| head.vendor))
    };
    numbered.await.map_err(|error| left(Owner::Account(account.clone()), &error))
}

async fn number_feed(world: &World, vendor: VendorId) -> Result<(), Left> {
    journal::number_vendor(world, &vendor).await.map_err(|error| left(Owner::Vendor(vendor), &error))
}

fn left(owner: Owner, error: &Outside) -> Left {
    let error_chain = chain(error);
    // Telling the stream again mends nothing, and would hold up everybody behind it. The schedule comes again.
    if matches!(error, Outside::Store(StoreError::Unreadable(_) | StoreError::BadCursor)) {
        tracing::error!(?owner, error = error_chain, "a journal can't be numbered");
        return Left(None);
    }
    tracing::warn!(?owner, error = error_chain, "a journal has to wait for its numbers");
    Left(Some(owner))
}
