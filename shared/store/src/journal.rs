//! The account's journal.

mod audit;
mod batches;
mod entry;
mod feed;
mod numbering;
mod vendor_feed;
mod waiting;

pub(crate) use vendor_feed::VendorHead;
