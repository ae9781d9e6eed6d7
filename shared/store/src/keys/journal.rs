//! Where journals, feeds and audit trails are.

use casebridge_domain::key::Owner;
use casebridge_domain::{AccountId, CaseId, VendorId};
use uuid::Uuid;

use crate::engine::Key;
use crate::stretch::{Stretch, after_all};

const WAITING_PREFIX: &str = "P#";
const FEED_PREFIX: &str = "E#";

/// Where an entry waits that is about a case: no step leaves the same thing twice.
pub(crate) fn waiting_of_case(account: &AccountId, case: CaseId, first: u32) -> Key {
    of_account(account, format!("{WAITING_PREFIX}{case}#{first:010}"))
}

/// Where any other entry waits.
pub(crate) fn waiting(account: &AccountId, id: Uuid) -> Key {
    of_account(account, format!("{WAITING_PREFIX}{id}"))
}

/// Where an account's events wait for their numbers in the vendor's feed.
pub(crate) fn waiting_of_account(vendor: &VendorId, account: &AccountId, last: u64) -> Key {
    of_vendor(vendor, format!("{WAITING_PREFIX}{account}#{}", padded(last)))
}

/// Everything that waits.
pub(crate) fn all_waiting(owner: &Owner) -> Stretch {
    Stretch::prefixed(partition(owner), WAITING_PREFIX)
}

/// How far it is numbered.
pub(crate) fn head(owner: &Owner) -> Key {
    Key { partition: partition(owner), sort: "HEAD".to_owned() }
}

/// The events up to this number, as they got their numbers in one step.
pub(crate) fn feed(owner: &Owner, last: u64) -> Key {
    Key { partition: partition(owner), sort: format!("{FEED_PREFIX}{}", padded(last)) }
}

/// The steps with the events after a number: the first may begin with earlier ones.
pub(crate) fn feed_after(owner: &Owner, after: u64) -> Stretch {
    let from = feed(owner, after.saturating_add(1));
    Stretch { partition: from.partition, from: Some(from.sort), to: Some(after_all(FEED_PREFIX)) }
}

/// The links of the audit trail up to this number, as they were made in one step.
pub(crate) fn audit(account: &AccountId, last: u64) -> Key {
    Key { partition: format!("A#{account}#A"), sort: padded(last) }
}

/// The steps with the links after a number: the first may begin with earlier ones.
pub(crate) fn audit_after(account: &AccountId, after: u64) -> Stretch {
    let Key { partition, sort } = audit(account, after.saturating_add(1));
    Stretch { partition, from: Some(sort), to: None }
}

/// Whose journal or feed the item waits in for its numbers, if that is what it does. Whoever hears of a write by its key
/// alone, from a stream or from an engine, knows by it what there is to number.
pub fn woken_by(key: &Key) -> Option<Owner> {
    let _waits = key.sort.strip_prefix(WAITING_PREFIX)?;
    if let Some(vendor) = key.partition.strip_prefix("V#") {
        return VendorId::parse(vendor.strip_suffix("#F")?).ok().map(Owner::Vendor);
    }
    AccountId::parse(key.partition.strip_prefix("A#")?.strip_suffix("#J")?).ok().map(Owner::Account)
}

fn partition(owner: &Owner) -> String {
    match owner {
        Owner::Account(account) => format!("A#{account}#J"),
        Owner::Vendor(vendor) => format!("V#{vendor}#F"),
    }
}

fn of_account(account: &AccountId, sort: String) -> Key {
    Key { partition: format!("A#{account}#J"), sort }
}

fn of_vendor(vendor: &VendorId, sort: String) -> Key {
    Key { partition: format!("V#{vendor}#F"), sort }
}

/// Numbers as texts of one length, so that their order is the same.
fn padded(number: u64) -> String {
    format!("{number:020}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys;

    fn acme() -> AccountId {
        AccountId::parse("acme").unwrap()
    }

    fn boss() -> VendorId {
        VendorId::parse("boss").unwrap()
    }

    #[test]
    fn only_what_waits_for_its_numbers_wakes_somebody() {
        let (account, vendor) = (Owner::Account(acme()), Owner::Vendor(boss()));
        let case = CaseId::new(Uuid::nil());
        assert_eq!(woken_by(&waiting(&acme(), Uuid::nil())), Some(account.clone()));
        assert_eq!(woken_by(&waiting_of_case(&acme(), case, 1)), Some(account.clone()));
        assert_eq!(woken_by(&waiting_of_account(&boss(), &acme(), 7)), Some(vendor.clone()));
        for other in [keys::account(&acme()), keys::case(&acme(), case), head(&account), feed(&vendor, 1)] {
            assert_eq!(woken_by(&other), None, "{other:?}");
        }
    }

    #[test]
    fn what_waits_about_a_case_or_of_an_account_stands_in_its_order() {
        let of_case = |first| waiting_of_case(&acme(), CaseId::new(Uuid::nil()), first).sort;
        assert!([1, 9, 10, u32::MAX].map(of_case).is_sorted());
        let of_account = |last| waiting_of_account(&boss(), &acme(), last).sort;
        assert!([1, 9, 10, u64::MAX].map(of_account).is_sorted());
    }

    #[test]
    fn a_stretch_of_the_feed_begins_with_the_step_that_holds_the_next_number() {
        let owner = Owner::Account(acme());
        let after = feed_after(&owner, 9);
        assert!(Some(feed(&owner, 9).sort) < after.from);
        assert_eq!(Some(feed(&owner, 10).sort), after.from);
        assert!(Some(feed(&owner, u64::MAX).sort) < after.to);
        assert!(feed_after(&owner, u64::MAX).from.is_some());
    }
}
