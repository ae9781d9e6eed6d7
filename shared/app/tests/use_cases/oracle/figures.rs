//! Figures are what the records come to.

use casebridge_app::rollups::verify;
use casebridge_domain::{AccountId, SessionRecord};

use super::{Broken, promise};
use crate::world::TestWorld;

/// Holds all figures against the records.
pub(crate) async fn figures_are_right(
    world: &TestWorld,
    account: &AccountId,
    records: &[SessionRecord],
) -> Result<(), Broken> {
    let verified = verify(&world.desk(account).await).await;
    let verified = verified.map_err(|error| Broken::new(format!("figures can't be verified: {error}")))?;
    promise!(verified.differences.is_empty(), "figures are off by {:?}", verified.differences);
    promise!(
        usize::try_from(verified.records) == Ok(records.len()),
        "{} of {} records",
        verified.records,
        records.len()
    );
    Ok(())
}
