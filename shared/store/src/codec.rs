//! Bodies: JSON with a kind and a version.

use casebridge_app::ports::store::{Revision, StoreError, Stored, Versioned};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::engine::{Addition, Item, Key};

/// The version of every body's shape. A change that older readers would misread counts it up.
const VERSION: u32 = 1;

/// What an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Account,
    DeletedAccount,
    AccountOfVendor,
    ApiKey,
    SignIn,
    Authorization,
    TechnicianSignIn,
    Maker,
    Connection,
    Template,
    Logo,
    Tick,
    WatchNotes,
    Case,
    NewestCase,
    Hold,
    Record,
    RecordPlace,
    Letter,
    Memory,
    Rebuild,
    Figures,
    Entry,
    JournalHead,
    Feed,
    AuditTrail,
    AccountStretch,
    VendorHead,
    VendorFeed,
    Installation,
    DeliveriesHeld,
    Activation,
    Device,
    DeviceWithHost,
    DeviceCounts,
    Endpoint,
    Lane,
    Retry,
    Undelivered,
    Untold,
}

impl Kind {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::DeletedAccount => "deleted_account",
            Self::AccountOfVendor => "account_of_vendor",
            Self::ApiKey => "api_key",
            Self::SignIn => "sign_in",
            Self::Authorization => "authorization",
            Self::TechnicianSignIn => "technician_sign_in",
            Self::Maker => "maker",
            Self::Connection => "connection",
            Self::Template => "template",
            Self::Logo => "logo",
            Self::Tick => "tick",
            Self::WatchNotes => "watch_notes",
            Self::Case => "case",
            Self::NewestCase => "newest_case",
            Self::Hold => "hold",
            Self::Record => "record",
            Self::RecordPlace => "record_place",
            Self::Letter => "letter",
            Self::Memory => "memory",
            Self::Rebuild => "rebuild",
            Self::Figures => "figures",
            Self::Entry => "journal_entry",
            Self::JournalHead => "journal_head",
            Self::Feed => "feed",
            Self::AuditTrail => "audit_trail",
            Self::AccountStretch => "account_stretch",
            Self::VendorHead => "vendor_head",
            Self::VendorFeed => "vendor_feed",
            Self::Installation => "installation",
            Self::DeliveriesHeld => "deliveries_held",
            Self::Activation => "activation",
            Self::Device => "device",
            Self::DeviceWithHost => "device_with_host",
            Self::DeviceCounts => "device_counts",
            Self::Endpoint => "endpoint",
            Self::Lane => "lane",
            Self::Retry => "retry",
            Self::Undelivered => "undelivered",
            Self::Untold => "untold",
        }
    }

    /// Whether the item is of this kind.
    pub(crate) fn is(self, item: &Item) -> bool {
        item.kind == self.name()
    }
}

/// An item that is neither held nor indexed and stays.
pub(crate) fn item<T: Serialize>(kind: Kind, key: Key, revision: Revision, value: &T) -> Stored<Item> {
    let body = serde_json::to_string(value)
        .map_err(|_| StoreError::Unreadable(format!("{} for {} can't be put into JSON", kind.name(), place(&key))))?;
    Ok(Item {
        key,
        kind: kind.name().to_owned(),
        version: VERSION,
        revision: revision.0,
        holder: None,
        held_until: None,
        expires: None,
        indexed: Vec::new(),
        body,
    })
}

/// Something to add to an item that counts.
pub(crate) fn addition(
    kind: Kind,
    key: Key,
    revision: Revision,
    counters: Vec<(String, i64)>,
    labels: Vec<(String, String)>,
) -> Addition {
    Addition { key, kind: kind.name().to_owned(), version: VERSION, revision: revision.0, counters, labels }
}

/// What the item keeps. Says where and what can't be read, never what stands there: it may be personal.
pub(crate) fn value<T: DeserializeOwned>(kind: Kind, item: &Item) -> Stored<T> {
    check(kind, item)?;
    serde_json::from_str(&item.body).map_err(|error| {
        unreadable(kind, item, format_args!("its body breaks at line {}, column {}", error.line(), error.column()))
    })
}

/// Whether an item is of this kind and of a version that this program reads.
pub(crate) fn check(kind: Kind, item: &Item) -> Stored<()> {
    if !kind.is(item) {
        return Err(unreadable(kind, item, format_args!("it is of the kind {}", item.kind)));
    }
    if item.version != VERSION {
        let version = item.version;
        return Err(unreadable(kind, item, format_args!("its version is {version}, this program reads {VERSION}")));
    }
    Ok(())
}

/// What the item keeps, with its revision.
pub(crate) fn versioned<T: DeserializeOwned>(kind: Kind, item: &Item) -> Stored<Versioned<T>> {
    Ok(Versioned { value: value(kind, item)?, revision: Revision(item.revision) })
}

/// What can't be read, without what stands there.
pub(crate) fn unreadable(kind: Kind, item: &Item, why: std::fmt::Arguments<'_>) -> StoreError {
    StoreError::Unreadable(format!("{} at {}: {why}", kind.name(), place(&item.key)))
}

fn place(key: &Key) -> String {
    format!("{} / {}", key.partition, key.sort)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept() -> Item {
        let key = Key { partition: "A#acme".to_owned(), sort: "CONNECTION".to_owned() };
        item(Kind::Connection, key, Revision(1), &"Tess Ter").unwrap()
    }

    #[test]
    fn a_newer_version_is_refused_by_name() {
        let item = Item { version: 2, ..kept() };
        let refused = value::<String>(Kind::Connection, &item).unwrap_err().to_string();
        assert!(
            refused.ends_with("connection at A#acme / CONNECTION: its version is 2, this program reads 1"),
            "{refused}"
        );
    }

    #[test]
    fn another_kind_is_refused() {
        assert!(value::<String>(Kind::Tick, &kept()).unwrap_err().to_string().contains("of the kind connection"));
    }

    #[test]
    fn a_broken_body_is_named_by_its_place_and_never_quoted() {
        let refused = value::<u32>(Kind::Connection, &kept()).unwrap_err().to_string();
        assert!(refused.contains("its body breaks at line 1"), "{refused}");
        assert!(!refused.contains("Tess"), "{refused}");
    }
}
