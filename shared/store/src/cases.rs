//! Cases, one at a time.

use casebridge_app::ports::store::{Admission, Revision, Stored, Versioned, Visit};
use casebridge_domain::service_case::State;
use casebridge_domain::{AccountId, CaseId, DeviceId, Instant, ServiceCase, SessionCode, SubjectId, TicketId};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::accounts::account_of;
use crate::codec::{self, Kind};
use crate::engine::{Engine, Guard, Index, Item, Order, Write};
use crate::item_store::ItemStore;
use crate::keys;

/// A settled case is kept for so long; its record stays.
const KEPT: TimeDelta = TimeDelta::days(400);

/// Which case is the newest.
#[derive(Debug, Serialize, Deserialize)]
struct NewestCase {
    case: CaseId,
}

fn settled_at(case: &ServiceCase) -> Option<Instant> {
    match case.state() {
        State::Closed(closed) => Some(closed.ended_at),
        State::Expired(expired) => Some(expired.at),
        State::Failed(failed) => Some(failed.at),
        State::Asked | State::Opening(_) | State::Open(_) | State::Closing(_) => None,
    }
}

pub(crate) fn put_case(case: &ServiceCase, revision: Revision, guard: Guard) -> Stored<Write> {
    let (account, id) = (case.account(), case.id());
    let settled = settled_at(case);
    let unsettled = settled.is_none().then(|| keys::unsettled_case(account, id));
    let coded = case.session().map(|session| keys::case_of_code(account, &session.code, id));
    let item = Item {
        expires: settled.map(|at| (at + KEPT).timestamp()),
        indexed: unsettled.into_iter().chain(coded).collect(),
        ..codec::item(Kind::Case, keys::case(account, id), revision, case)?
    };
    Ok(Write::Put(Box::new(item), guard))
}

/// Makes the case its ticket's or device's newest. Kept as long as a case that reaches its time is.
pub(crate) fn put_newest(case: &ServiceCase, revision: Revision) -> Stored<Write> {
    let key = keys::newest_case_of(case.account(), &case.subject().id());
    let item = Item {
        expires: Some((case.valid_until() + KEPT).timestamp()),
        ..codec::item(Kind::NewestCase, key, revision, &NewestCase { case: case.id() })?
    };
    Ok(Write::Put(Box::new(item), Guard::Any))
}

pub(crate) fn case_of(item: &Item) -> Stored<Versioned<ServiceCase>> {
    codec::versioned(Kind::Case, item)
}

impl<E: Engine> ItemStore<E> {
    pub(crate) async fn case(&self, account: &AccountId, case: CaseId) -> Stored<Option<Versioned<ServiceCase>>> {
        self.read_one(keys::case(account, case)).await?.as_ref().map(case_of).transpose()
    }

    pub(crate) async fn visit(&self, account: &AccountId, case: CaseId) -> Stored<Visit> {
        let wanted = [keys::account(account), keys::connection(account), keys::case(account, case)];
        let mut found = self.read(&wanted).await?.into_iter();
        let [known, connection, case] = std::array::from_fn(|_| found.next().flatten());
        let account = account_of(known)?;
        let connection = connection.filter(|_| account.is_some());
        Ok(Visit {
            admission: Admission {
                key: None,
                account,
                connection: connection.map(|item| codec::versioned(Kind::Connection, &item)).transpose()?,
            },
            case: case.map(|item| case_of(&item)).transpose()?,
        })
    }

    pub(crate) async fn newest_case(
        &self,
        account: &AccountId,
        ticket: &TicketId,
    ) -> Stored<Option<Versioned<ServiceCase>>> {
        self.newest_case_of(account, &ticket.clone().into()).await
    }

    pub(crate) async fn newest_device_case(
        &self,
        account: &AccountId,
        device: &DeviceId,
    ) -> Stored<Option<Versioned<ServiceCase>>> {
        self.newest_case_of(account, &device.clone().into()).await
    }

    async fn newest_case_of(&self, account: &AccountId, subject: &SubjectId) -> Stored<Option<Versioned<ServiceCase>>> {
        let Some(newest) = self.read_one(keys::newest_case_of(account, subject)).await? else { return Ok(None) };
        let NewestCase { case } = codec::value(Kind::NewestCase, &newest)?;
        self.case(account, case).await
    }

    /// A code that TeamViewer gave out twice means the newer case.
    pub(crate) async fn case_by_code(
        &self,
        account: &AccountId,
        code: &SessionCode,
    ) -> Stored<Option<Versioned<ServiceCase>>> {
        let stretch = keys::cases_of_code(account, code);
        let rows = self.rows(Some(Index::Code), &stretch, Order::Descending, 1).await?;
        rows.items.first().map(case_of).transpose()
    }
}
