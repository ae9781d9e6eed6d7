//! Figures: added up in the transaction that ends a session, read by period, held against the records and put right.

mod adding;
mod code;
mod reading;
mod rebuilding;
mod sheet;
mod sum;

pub(crate) use adding::{additions, additions_of_change};
