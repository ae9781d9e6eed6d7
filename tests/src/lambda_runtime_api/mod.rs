//! A stand-in for Lambda: it runs a real function binary as a child process and speaks the Runtime API with it.
//!
//! An environment handles one event at a time; events that come meanwhile start further environments, up to a limit. An
//! environment that ended, was killed or ran out of time is never used again; the next event starts a new one.
//!
//! What it does not do: it checks no permission, doesn't freeze an environment between events, gives no less CPU for less
//! memory, retires no idle environment, and has neither asynchronous invocation with its retries nor event sources.
//! Beyond the limit events wait, where Lambda would refuse them.

mod environment;
mod function;
mod invocation;
mod runtime_api;

pub use self::{
    function::{Deployed, Function},
    invocation::InvokeError,
};
