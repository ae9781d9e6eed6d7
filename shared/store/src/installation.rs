//! The installation: its id, and whether it may deliver.

use casebridge_app::ports::store::{StoreError, Stored};
use casebridge_domain::{InstallationId, Instant};
use serde::{Deserialize, Serialize};

use crate::codec::{self, Kind};
use crate::engine::{Engine, Guard, Write, Written};
use crate::item_store::ItemStore;
use crate::keys;

#[derive(Debug, Serialize, Deserialize)]
struct Installation {
    id: InstallationId,
}

#[derive(Debug, Serialize, Deserialize)]
struct DeliveriesHeld {
    since: Instant,
}

impl<E: Engine> ItemStore<E> {
    pub(crate) async fn installation(&self, fresh: InstallationId) -> Stored<InstallationId> {
        if let Some(item) = self.read_one(keys::installation()).await? {
            return Ok(codec::value::<Installation>(Kind::Installation, &item)?.id);
        }
        let made = Installation { id: fresh };
        let item = codec::item(Kind::Installation, keys::installation(), self.fresh_revision(), &made)?;
        let Written::Refused(refused) = self.write(vec![Write::Put(Box::new(item), Guard::Absent)]).await? else {
            return Ok(fresh);
        };
        match refused.into_iter().find_map(|(_, there)| there) {
            Some(item) => Ok(codec::value::<Installation>(Kind::Installation, &item)?.id),
            None => Err(StoreError::Unreadable("the installation's id is there and is not".to_owned())),
        }
    }

    pub(crate) async fn deliveries_held_since(&self) -> Stored<Option<Instant>> {
        let item = self.read_one(keys::deliveries()).await?;
        item.map(|item| Ok(codec::value::<DeliveriesHeld>(Kind::DeliveriesHeld, &item)?.since)).transpose()
    }

    pub(crate) async fn hold_deliveries(&self, since: Option<Instant>) -> Stored<()> {
        let Some(since) = since else {
            return self.settle(Write::Delete(keys::deliveries(), Guard::Any)).await;
        };
        let held = DeliveriesHeld { since };
        let item = codec::item(Kind::DeliveriesHeld, keys::deliveries(), self.fresh_revision(), &held)?;
        self.settle(Write::Put(Box::new(item), Guard::Any)).await
    }
}
