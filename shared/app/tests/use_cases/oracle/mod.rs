//! What has to be true whenever somebody looks: counted, read and replayed by other means than the product's own.

mod audit_trail;
mod broken;
mod feed_reader;
mod figures;
mod plain_count;
mod replay;
mod reports;
mod sessions_behind;

pub(crate) use audit_trail::{a_person_can_be_erased, the_trail_holds};
pub(crate) use broken::{Broken, promise};
pub(crate) use feed_reader::Readers;
pub(crate) use figures::figures_are_right;
pub(crate) use replay::the_feed_tells_everything;
pub(crate) use reports::{every_wish, report_is_exact, reports_are_exact};
pub(crate) use sessions_behind::{every_number_opens, opens};
