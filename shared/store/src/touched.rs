//! What a write touches that somebody may be looking at.

use casebridge_domain::{AccountId, TicketId};

use crate::cases::case_of;
use crate::codec::Kind;
use crate::engine::{Key, Write};
use crate::keys;

/// What somebody may be looking at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Touched {
    /// An account's settings or its connection: whatever is shown of the account may look different.
    Account(AccountId),
    /// A ticket's case, or how the ticket stands.
    Ticket(AccountId, TicketId),
}

/// What a write touches; `None` if it is nothing that is shown. Whoever hears of a write knows by it who has to look again.
pub fn touched(write: &Write) -> Option<Touched> {
    let key = write.key();
    if let Some((account, ticket)) = keys::ticket_of(key) {
        return Some(Touched::Ticket(account, ticket));
    }
    match write {
        Write::Put(item, _) if Kind::Case.is(item) => {
            let case = case_of(item).ok()?.value;
            Some(Touched::Ticket(case.account().clone(), case.ticket()?.id.clone()))
        }
        _ => account_of(key).map(Touched::Account),
    }
}

fn account_of(key: &Key) -> Option<AccountId> {
    let account = AccountId::parse(key.partition.strip_prefix("A#")?).ok()?;
    (*key == keys::account(&account) || *key == keys::connection(&account)).then_some(account)
}

#[cfg(test)]
mod tests {
    use casebridge_app::ports::store::Revision;

    use super::*;
    use crate::cases::put_case;
    use crate::conformance::Stage;
    use crate::conformance::fixtures::{acme, noon};
    use crate::engine::Guard;

    fn deleted(key: Key) -> Option<Touched> {
        touched(&Write::Delete(key, Guard::Any))
    }

    #[test]
    fn what_is_shown_of_a_ticket_is_its_case_and_its_hold() {
        let case = Stage::in_memory().play("T 1", noon());
        let ticket = case.ticket().unwrap().id.clone();
        let write = put_case(&case, Revision(1), Guard::Absent).unwrap();
        let told = Some(Touched::Ticket(acme(), ticket.clone()));
        assert_eq!(touched(&write), told);
        assert_eq!(deleted(keys::hold(&acme(), &ticket)), told);
        assert_eq!(deleted(keys::newest_case(&acme(), &ticket)), told);
    }

    #[test]
    fn settings_and_connection_are_shown_and_what_the_watch_writes_every_few_seconds_is_not() {
        assert_eq!(deleted(keys::account(&acme())), Some(Touched::Account(acme())));
        assert_eq!(deleted(keys::connection(&acme())), Some(Touched::Account(acme())));
        for other in [keys::tick(&acme()), keys::watch_notes(&acme()), keys::installation(), keys::deliveries()] {
            assert_eq!(deleted(other), None);
        }
    }
}
