//! How the table looks: the names of its attributes and indexes. A stack that makes the table says the same.

use casebridge_store::Index;

/// The table's partition key.
pub const PK: &str = "pk";
/// The table's sort key.
pub const SK: &str = "sk";
/// What the item is, for people.
pub const KIND: &str = "kind";
/// The version of the body's shape, a number.
pub const VERSION: &str = "v";
/// Changes with every write, a number.
pub const REVISION: &str = "rev";
/// Who holds the item.
pub const HOLDER: &str = "holder";
/// Until when it is held, a number of milliseconds since 1970.
pub const HELD_UNTIL: &str = "held_until";
/// The table's time-to-live attribute, a number of seconds since 1970.
pub const TTL: &str = "ttl";
/// The item itself, JSON. An item that counts has none: its counters and labels are attributes.
pub const BODY: &str = "body";
/// What the name of a counter's attribute begins with. `ADD` knows top-level attributes only (developer guide, "Update
/// expressions"), and no other name of ours begins like that.
pub const COUNTER: char = '+';
/// What the name of a label's attribute begins with.
pub const LABEL: char = '=';

/// The names of an index and of its two keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IndexNames {
    /// The index.
    pub index: &'static str,
    /// Its partition key.
    pub pk: &'static str,
    /// Its sort key.
    pub sk: &'static str,
}

/// All of them.
pub const INDEXES: [Index; 3] = [Index::Due, Index::Unsettled, Index::Code];

/// How the table calls an index.
pub const fn names(index: Index) -> IndexNames {
    match index {
        Index::Due => IndexNames { index: "due", pk: "due_pk", sk: "due_sk" },
        Index::Unsettled => IndexNames { index: "unsettled", pk: "unsettled_pk", sk: "unsettled_sk" },
        Index::Code => IndexNames { index: "code", pk: "code_pk", sk: "code_sk" },
    }
}
