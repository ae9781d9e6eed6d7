//! Asking for help: a case in the technicians' queue, which whoever takes it first has.

mod ask;
mod take;
mod withdraw;

pub use ask::{AskForDevice, AskForHelp, NotAsked, ask_for_device, ask_for_help};
pub use take::{NotTaken, take_case};
pub use withdraw::{NotWithdrawn, withdraw};
