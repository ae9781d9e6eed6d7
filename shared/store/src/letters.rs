//! Letters that are owed, and for a while those that were sent.

use casebridge_app::ports::store::{
    Admission, Idempotency, LetterChange, Made, Posting, Revision, Saved, Stored, Versioned,
};
use casebridge_domain::journal::JournalEntry;
use casebridge_domain::letter::LetterState;
use casebridge_domain::{AccountId, Instant, Letter, LetterId};
use chrono::TimeDelta;

use crate::accounts::account_of;
use crate::cases::case_of;
use crate::codec::{self, Kind};
use crate::due::is_due;
use crate::engine::{Engine, Guard, Item, Write};
use crate::item_store::ItemStore;
use crate::keys;

/// A letter that is done is kept for so long.
const KEPT: TimeDelta = TimeDelta::days(30);

pub(crate) fn put_letter(letter: &Letter, due_at: Option<Instant>, revision: Revision, guard: Guard) -> Stored<Write> {
    let done_at = match letter.state {
        LetterState::Queued { .. } => letter.queued_at,
        LetterState::Accepted { at } | LetterState::Undelivered { at, .. } => at,
    };
    let item = Item {
        expires: due_at.is_none().then(|| (done_at + KEPT).timestamp()),
        indexed: due_at.map(|at| keys::due::letter(&letter.account, letter.id, at)).into_iter().collect(),
        ..codec::item(Kind::Letter, keys::letter(&letter.account, letter.id), revision, letter)?
    };
    Ok(Write::Put(Box::new(item), guard))
}

pub(crate) fn change_letter(change: &LetterChange, revision: Revision) -> Stored<Write> {
    let guard = change.read_at.map_or(Guard::Absent, |read_at| Guard::Revision(read_at.0));
    put_letter(&change.letter, change.due_at, revision, guard)
}

/// The letter that a write owes anew and at once, if that is what it does. Whoever hears of a write knows by it what there
/// is to deliver.
pub fn new_letter(write: &Write) -> Option<Versioned<Letter>> {
    let Write::Put(item, Guard::Absent) = write else { return None };
    let due = item.indexed.first().filter(|_| Kind::Letter.is(item))?;
    let letter: Versioned<Letter> = codec::versioned(Kind::Letter, item).ok()?;
    let at_once = keys::due::letter(&letter.value.account, letter.value.id, letter.value.queued_at);
    (*due == at_once).then_some(letter)
}

impl<E: Engine> ItemStore<E> {
    pub(crate) async fn letter(&self, account: &AccountId, letter: LetterId) -> Stored<Option<Versioned<Letter>>> {
        let item = self.read_one(keys::letter(account, letter)).await?;
        item.map(|item| codec::versioned(Kind::Letter, &item)).transpose()
    }

    pub(crate) async fn due_letter(
        &self,
        account: &AccountId,
        letter: LetterId,
        now: Instant,
    ) -> Stored<Option<Versioned<Letter>>> {
        let item = self.read_one(keys::letter(account, letter)).await?.filter(|item| is_due(item, now));
        item.map(|item| codec::versioned(Kind::Letter, &item)).transpose()
    }

    pub(crate) async fn posting(&self, letter: &Letter) -> Stored<Posting> {
        let account = &letter.account;
        let mut wanted =
            vec![keys::account(account), keys::connection(account), keys::template(account, letter.language)];
        wanted.extend(letter.case.map(|case| keys::case(account, case)));
        let mut found = self.read(&wanted).await?.into_iter();
        let [known, connection, template, case] = std::array::from_fn(|_| found.next().flatten());
        let account = account_of(known)?;
        let connection = connection.filter(|_| account.is_some());
        Ok(Posting {
            admission: Admission {
                key: None,
                account,
                connection: connection.map(|item| codec::versioned(Kind::Connection, &item)).transpose()?,
            },
            case: case.map(|item| case_of(&item)).transpose()?,
            template: template.map(|item| codec::value(Kind::Template, &item)).transpose()?,
        })
    }

    pub(crate) async fn save_letter(&self, change: &LetterChange) -> Stored<Saved> {
        let revision = self.fresh_revision();
        self.save(vec![change_letter(change, revision)?], revision).await
    }

    pub(crate) async fn lease_letter(&self, letter: &Versioned<Letter>, until: Instant) -> Stored<Saved> {
        let revision = self.fresh_revision();
        let read_at = Guard::Revision(letter.revision.0);
        self.save(vec![put_letter(&letter.value, Some(until), revision, read_at)?], revision).await
    }

    pub(crate) async fn queue_letter(
        &self,
        letter: &Letter,
        due_at: Instant,
        entry: &JournalEntry,
        idempotency: Option<&Idempotency>,
    ) -> Stored<Made> {
        let revision = self.fresh_revision();
        let mut writes = vec![put_letter(letter, Some(due_at), revision, Guard::Absent)?];
        writes.extend(self.leaving(&letter.account, Some(entry), revision)?);
        self.make(writes, idempotency, revision).await
    }
}

#[cfg(test)]
mod tests {
    use casebridge_domain::CaseId;
    use uuid::Uuid;

    use super::*;
    use crate::conformance::fixtures::{acme, letter, noon};

    #[test]
    fn only_a_letter_that_is_owed_anew_and_at_once_is_one_to_deliver() {
        let letter = letter(Uuid::nil(), &acme(), CaseId::new(Uuid::nil()));
        let put = |due_at, guard| put_letter(&letter, due_at, Revision(7), guard).unwrap();
        let at_once = new_letter(&put(Some(noon()), Guard::Absent)).unwrap();
        assert_eq!((at_once.value, at_once.revision), (letter.clone(), Revision(7)));
        for other in [
            put(Some(noon()), Guard::Revision(6)),
            put(Some(noon() + TimeDelta::milliseconds(1)), Guard::Absent),
            put(None, Guard::Absent),
            Write::Check(keys::letter(&acme(), letter.id), Guard::Absent),
        ] {
            assert!(new_letter(&other).is_none(), "{other:?}");
        }
    }
}
