//! What the numbers mean, in words that go with every report.

/// A term and what it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Definition {
    /// As it is called in the answer.
    pub term: &'static str,
    /// In plain words.
    pub meaning: &'static str,
}

const fn define(term: &'static str, meaning: &'static str) -> Definition {
    Definition { term, meaning }
}

/// What a report's terms mean (the guide, "TeamViewer Sessions Summary"; where it is silent, our own choice).
pub const DEFINITIONS: &[Definition] = &[
    define("sessions", "Service cases that had a TeamViewer session and ended: closed and expired ones."),
    define(
        "closed",
        "Ended by stop, in TeamViewer, or on our side only. Started is play, ended is stop, both by the server's clock.",
    ),
    define(
        "total_seconds",
        "The durations of the closed sessions together. A duration is started to ended, in seconds.",
    ),
    define("average_seconds", "total_seconds divided by closed, rounded to the nearest second."),
    define("expired", "Reached their time without being closed. They count as sessions, but have no duration."),
    define("never_joined", "Sessions, closed or expired, whose customer was never seen online."),
    define("joined", "Sessions, closed or expired, whose customer was seen online."),
    define("waiting_seconds", "Started to the customer's first being seen online, together, over joined ones."),
    define("average_waiting_seconds", "waiting_seconds divided by joined, rounded to the nearest second."),
    define("excluded", "Sessions that somebody took out of the count. They are in none of the other figures."),
    define(
        "live",
        "Service cases that have not ended, at the moment of the report. They are in none of the other figures.",
    ),
    define(
        "day",
        "A session counts on the day it ended, in the account's time zone at that moment. A change of the time zone \
         leaves older days as they are until the figures are rebuilt.",
    ),
    define("group", "A session counts with its ticket's facts and its technician as they were when it ended."),
];
