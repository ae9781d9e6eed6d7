//! The named steps of a use case.

/// Target of the trace events that name a step. Whoever wants to know what a crash at exactly this point does can
/// stop the process there.
pub const TARGET: &str = "casebridge::step";

/// Says that a step was reached.
macro_rules! step {
    ($name:literal) => {
        tracing::trace!(target: $crate::step::TARGET, step = $name)
    };
}

pub(crate) use step;

/// Every named step, in the order of their use cases.
pub const STEPS: [&str; 15] = [
    "play.begun",
    "play.claimed",
    "play.called",
    "play.settled",
    "stop.begun",
    "stop.intended",
    "stop.told",
    "stop.settled",
    "mail.leased",
    "mail.sending",
    "mail.sent",
    "mail.recorded",
    "notice.begun",
    "notice.recorded",
    "journal.numbered",
];
