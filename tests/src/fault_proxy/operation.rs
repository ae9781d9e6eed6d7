//! The operations of the wire protocol, as far as faults and counts tell them apart.

use http::HeaderMap;

/// An operation on items, or anything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Operation {
    /// Reads one item.
    GetItem,
    /// Reads items of several keys.
    BatchGetItem,
    /// Reads items of several keys at one moment.
    TransactGetItems,
    /// Reads a page of one partition, of a table or an index.
    Query,
    /// Reads a page of everything.
    Scan,
    /// Writes one item.
    PutItem,
    /// Changes one item.
    UpdateItem,
    /// Removes one item.
    DeleteItem,
    /// Writes several items, all or none.
    TransactWriteItems,
    /// Writes several items, each by itself.
    BatchWriteItem,
    /// Tables, tags, streams and whatever else: never faulted.
    Other,
}

impl Operation {
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let target = headers
            .get("x-amz-target")
            .and_then(|target| target.to_str().ok())
            .and_then(|target| target.strip_prefix("DynamoDB_20120810."));
        match target {
            Some("GetItem") => Self::GetItem,
            Some("BatchGetItem") => Self::BatchGetItem,
            Some("TransactGetItems") => Self::TransactGetItems,
            Some("Query") => Self::Query,
            Some("Scan") => Self::Scan,
            Some("PutItem") => Self::PutItem,
            Some("UpdateItem") => Self::UpdateItem,
            Some("DeleteItem") => Self::DeleteItem,
            Some("TransactWriteItems") => Self::TransactWriteItems,
            Some("BatchWriteItem") => Self::BatchWriteItem,
            _ => Self::Other,
        }
    }

    /// Whether it reads items.
    pub fn is_read(self) -> bool {
        matches!(self, Self::GetItem | Self::BatchGetItem | Self::TransactGetItems | Self::Query | Self::Scan)
    }

    /// Whether it writes items.
    pub fn is_write(self) -> bool {
        matches!(
            self,
            Self::PutItem | Self::UpdateItem | Self::DeleteItem | Self::TransactWriteItems | Self::BatchWriteItem
        )
    }

    /// Whether another transaction on its items can make the service refuse it.
    pub fn can_conflict(self) -> bool {
        self.is_write() && self != Self::BatchWriteItem || self == Self::TransactGetItems
    }

    /// Whether it is a transaction, whose refusal names a reason for each item.
    pub fn is_transaction(self) -> bool {
        matches!(self, Self::TransactWriteItems | Self::TransactGetItems)
    }
}
