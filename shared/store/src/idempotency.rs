//! What is remembered of requests.

use casebridge_app::ports::store::{Idempotency, IdempotencyKey, Made, Remembered, Revision, Stored};
use casebridge_domain::Instant;

use crate::codec::{self, Kind};
use crate::engine::{Engine, Guard, Item, Write, Written};
use crate::item_store::ItemStore;
use crate::keys;

/// The write that remembers a request unless it is remembered already.
pub(crate) fn remembering(idempotency: &Idempotency, revision: Revision) -> Stored<Write> {
    let guard = Guard::Free { now: idempotency.now.timestamp_millis() };
    Ok(Write::Put(Box::new(memory(idempotency, revision)?), guard))
}

/// The write that remembers a request whatever was remembered of it.
pub(crate) fn remembering_anew(idempotency: &Idempotency, revision: Revision) -> Stored<Write> {
    Ok(Write::Put(Box::new(memory(idempotency, revision)?), Guard::Any))
}

fn memory(idempotency: &Idempotency, revision: Revision) -> Stored<Item> {
    Ok(Item {
        held_until: Some(idempotency.until.timestamp_millis()),
        expires: Some(idempotency.until.timestamp()),
        ..codec::item(Kind::Memory, keys::memory(&idempotency.key), revision, &idempotency.remembered)?
    })
}

/// What is remembered, if that is why a step was refused.
pub(crate) fn remembered_among(refused: &[(usize, Option<Item>)]) -> Stored<Option<Remembered>> {
    refused
        .iter()
        .filter_map(|(_, there)| there.as_ref())
        .find(|item| Kind::Memory.is(item))
        .map(|item| codec::value(Kind::Memory, item))
        .transpose()
}

impl<E: Engine> ItemStore<E> {
    pub(crate) async fn remembered(&self, key: &IdempotencyKey, now: Instant) -> Stored<Option<Remembered>> {
        let item = self.read_one(keys::memory(key)).await?;
        item.filter(|item| !Guard::Free { now: now.timestamp_millis() }.is_met_by(Some(item)))
            .map(|item| codec::value(Kind::Memory, &item))
            .transpose()
    }

    pub(crate) async fn remember(&self, idempotency: &Idempotency) -> Stored<Option<Remembered>> {
        let write = remembering(idempotency, self.fresh_revision())?;
        match self.write(vec![write]).await? {
            Written::Done => Ok(None),
            Written::Refused(refused) => remembered_among(&refused),
        }
    }

    /// Makes something that must be new, together with the memory of the request that wants it.
    pub(crate) async fn make(
        &self,
        mut writes: Vec<Write>,
        idempotency: Option<&Idempotency>,
        revision: Revision,
    ) -> Stored<Made> {
        writes.extend(idempotency.map(|idempotency| remembering(idempotency, revision)).transpose()?);
        match self.write(writes).await? {
            Written::Done => Ok(Made::New),
            Written::Refused(refused) => Ok(remembered_among(&refused)?.map_or(Made::Exists, Made::Remembered)),
        }
    }
}
