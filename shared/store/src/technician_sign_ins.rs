//! Technicians who sign in to TeamViewer, and whose sessions their sign-ins have made.

use casebridge_app::ports::store::{Maker, Revision, Saved, Stored, Versioned};
use casebridge_domain::journal::JournalEntry;
use casebridge_domain::key::KeyHash;
use casebridge_domain::technician_sign_in::{AuthorizationRequest, TechnicianSignIn};
use casebridge_domain::{AccountId, Instant, RegistrationId, ServiceCase, TechnicianId};
use chrono::TimeDelta;

use crate::codec::{self, Kind};
use crate::engine::{Engine, Guard, Item, Write};
use crate::item_store::ItemStore;
use crate::keys;
use crate::ticks::watch_at;

/// How long after a case's time a session of its maker's is still looked for (our own choice: outages end within it).
const LOOKED_FOR: TimeDelta = TimeDelta::hours(1);

/// Refuses a step unless the technician's sign-in serves under this registration.
pub(crate) fn signed_in(account: &AccountId, technician: &TechnicianId, registration: RegistrationId) -> Write {
    Write::Check(keys::technician_sign_in(account, technician), Guard::HeldBy(registration.to_string()))
}

/// Notes whose sign-in makes the case's session.
pub(crate) fn put_maker(case: &ServiceCase, technician: &TechnicianId, revision: Revision) -> Stored<Write> {
    let maker = Maker { technician: technician.clone(), valid_until: case.latest_end() };
    let item = codec::item(Kind::Maker, keys::maker(case.account(), technician), revision, &maker)?;
    let item = Item { expires: Some((maker.valid_until + LOOKED_FOR).timestamp()), ..item };
    Ok(Write::Put(Box::new(item), Guard::Any))
}

impl<E: Engine> ItemStore<E> {
    pub(crate) async fn make_authorization(&self, request: &AuthorizationRequest) -> Stored<()> {
        let place = keys::authorization(&request.account, &request.state);
        let item = codec::item(Kind::Authorization, place, self.fresh_revision(), request)?;
        let item = Item { expires: Some(request.until.timestamp()), ..item };
        self.settle(Write::Put(Box::new(item), Guard::Any)).await
    }

    pub(crate) async fn authorization(
        &self,
        account: &AccountId,
        state: &KeyHash,
    ) -> Stored<Option<Versioned<AuthorizationRequest>>> {
        let item = self.read_one(keys::authorization(account, state)).await?;
        item.map(|item| codec::versioned(Kind::Authorization, &item)).transpose()
    }

    pub(crate) async fn use_authorization(&self, request: &Versioned<AuthorizationRequest>) -> Stored<Saved> {
        let AuthorizationRequest { account, state, .. } = &request.value;
        let used = Write::Delete(keys::authorization(account, state), Guard::Revision(request.revision.0));
        self.save(vec![used], request.revision).await
    }

    pub(crate) async fn technician_sign_in(
        &self,
        account: &AccountId,
        technician: &TechnicianId,
    ) -> Stored<Option<Versioned<TechnicianSignIn>>> {
        let item = self.read_one(keys::technician_sign_in(account, technician)).await?;
        item.map(|item| codec::versioned(Kind::TechnicianSignIn, &item)).transpose()
    }

    pub(crate) async fn save_technician_sign_in(
        &self,
        sign_in: &TechnicianSignIn,
        read_at: Option<Revision>,
        due_at: Option<Instant>,
        entry: Option<&JournalEntry>,
    ) -> Stored<Saved> {
        let revision = self.fresh_revision();
        let (account, place) = (sign_in.account(), keys::technician_sign_in(sign_in.account(), sign_in.technician()));
        let item = Item {
            holder: sign_in.serves().then(|| sign_in.registration().to_string()),
            ..codec::item(Kind::TechnicianSignIn, place, revision, sign_in)?
        };
        let guard = read_at.map_or(Guard::Absent, |read_at| Guard::Revision(read_at.0));
        let mut writes = vec![Write::Put(Box::new(item), guard)];
        writes.extend(due_at.map(|due_at| watch_at(account, due_at, revision)).transpose()?);
        writes.extend(self.leaving(account, entry, revision)?);
        self.save(writes, revision).await
    }

    pub(crate) async fn delete_technician_sign_in(
        &self,
        account: &AccountId,
        technician: &TechnicianId,
        read_at: Revision,
        entry: &JournalEntry,
    ) -> Stored<Saved> {
        let place = keys::technician_sign_in(account, technician);
        let mut writes = vec![Write::Delete(place, Guard::Revision(read_at.0))];
        writes.extend(self.leaving(account, Some(entry), self.fresh_revision())?);
        self.save(writes, read_at).await
    }

    pub(crate) async fn makers(&self, account: &AccountId, now: Instant) -> Stored<Vec<Maker>> {
        let items = self.all(None, keys::makers(account)).await?;
        let makers = items.iter().map(|item| codec::value::<Maker>(Kind::Maker, item));
        let makers = makers.collect::<Stored<Vec<_>>>()?;
        Ok(makers.into_iter().filter(|maker| now < maker.valid_until + LOOKED_FOR).collect())
    }
}
