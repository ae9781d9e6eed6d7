//! How far a feed is numbered, and whether endpoints follow it.

use casebridge_app::ports::store::{FeedHead, JournalHead, Revision, Stored, Versioned};
use casebridge_domain::audit::AuditHash;
use casebridge_domain::key::Owner;
use casebridge_domain::{AccountId, VendorId};

use crate::accounts::vendor_of;
use crate::codec::{self, Kind};
use crate::engine::{Engine, Guard, Item, Write};
use crate::item_store::ItemStore;
use crate::journal::VendorHead;
use crate::keys;

/// The head of a feed, whosever it is.
pub(super) enum Head {
    OfAccount(Versioned<JournalHead>),
    OfVendor(Versioned<VendorHead>),
    /// Nothing has a number yet. Of an account, whose it is: if nobody's, it is no account.
    NotYet(Option<VendorId>),
}

impl Head {
    pub(super) fn last(&self) -> u64 {
        self.head().last
    }

    pub(super) fn head(&self) -> FeedHead {
        let (last, revision, followed) = match self {
            Self::OfAccount(head) => (head.value.last, Some(head.revision), head.value.followed),
            Self::OfVendor(head) => (head.value.last, Some(head.revision), head.value.followed),
            Self::NotYet(_) => (0, None, false),
        };
        FeedHead { last, revision, followed }
    }

    /// The write after which endpoints are told of whatever gets its number.
    pub(super) fn followed(&self, owner: &Owner, revision: Revision) -> Stored<Write> {
        let key = keys::journal::head(owner);
        let item = match (self, owner) {
            (Self::OfAccount(head), _) => {
                let head = JournalHead { followed: true, ..head.value.clone() };
                codec::item(Kind::JournalHead, key, revision, &head)?
            }
            (Self::NotYet(Some(vendor)), Owner::Account(_)) => {
                let (vendor, hash) = (vendor.clone(), AuditHash::beginning());
                codec::item(Kind::JournalHead, key, revision, &JournalHead { vendor, last: 0, hash, followed: true })?
            }
            // There is no such account: nobody will ever number for it.
            (Self::NotYet(None), Owner::Account(_)) => return Ok(Write::Check(key, Guard::Absent)),
            (Self::OfVendor(_) | Self::NotYet(_), _) => {
                codec::item(Kind::VendorHead, key, revision, &VendorHead { last: self.last(), followed: true })?
            }
        };
        Ok(Write::Put(Box::new(item), guard(&self.head())))
    }
}

/// That the feed has not grown since.
pub(super) fn not_grown(owner: &Owner, head: &FeedHead) -> Write {
    Write::Check(keys::journal::head(owner), guard(head))
}

fn guard(head: &FeedHead) -> Guard {
    head.revision.map_or(Guard::Absent, |revision| Guard::Revision(revision.0))
}

impl<E: Engine> ItemStore<E> {
    pub(super) async fn head_item(&self, owner: &Owner) -> Stored<Head> {
        match owner {
            Owner::Vendor(_) => {
                let head = self.read_one(keys::journal::head(owner)).await?;
                let head = head.map(|item| codec::versioned(Kind::VendorHead, &item)).transpose()?;
                Ok(head.map_or(Head::NotYet(None), Head::OfVendor))
            }
            Owner::Account(account) => self.head_of_account(owner, account).await,
        }
    }

    async fn head_of_account(&self, owner: &Owner, account: &AccountId) -> Stored<Head> {
        let mut found = self.read(&[keys::journal::head(owner), keys::account(account)]).await?.into_iter();
        let [head, known]: [Option<Item>; 2] = std::array::from_fn(|_| found.next().flatten());
        match head {
            Some(item) => codec::versioned(Kind::JournalHead, &item).map(Head::OfAccount),
            None => Ok(Head::NotYet(known.map(|item| vendor_of(&item)).transpose()?)),
        }
    }
}
