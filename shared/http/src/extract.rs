//! What an endpoint takes from a request. Only these are used: whatever they refuse is a [`Problem`](crate::Problem).

mod accept;
mod admitted;
mod body;
mod faults;
mod object;
mod path;
mod query;
mod repeatable;
mod shape;

pub use accept::Accept;
pub use admitted::{Admin, Reader, Technician, VendorAdmin, VendorReader};
pub(crate) use admitted::{bearer, notifier};
pub use body::{JsonBody, LargeJsonBody, Nothing, OptionalBody};
pub(crate) use body::{check_type, read_body};
pub(crate) use faults::Faults;
pub use object::Object;
pub(crate) use path::account_in;
pub use path::{AccountPath, CasePath, DevicePath, EndpointPath, KeyPath, LanguagePath, TechnicianPath, TicketPath};
pub use query::Query;
pub use repeatable::Repeatable;
pub(crate) use shape::parse;
