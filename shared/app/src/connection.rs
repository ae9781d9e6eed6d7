//! The account's TeamViewer connection: register, check, share, brand, revoke.

mod check;
mod module;
mod note;
mod register;
mod revoke;
mod share;

pub use check::{CheckError, recheck};
pub use module::{ModuleError, ModuleWish, set_module};
pub use register::{RegisterError, RegisterToken, register};
pub use revoke::{RevokeError, revoke};
pub use share::{ShareError, UserRef, share_with};
