//! What happens in a history.

use casebridge_domain::{AccountId, TicketId};
use casebridge_sandbox::teamviewer::Fault;
use chrono::TimeDelta;

use crate::world::local_time::Turn;
use crate::world::{ALEX, BEA, Facts, Helper, Mishap, Mood, acme, globex};

/// One of the two accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Who {
    Acme,
    Globex,
}

impl Who {
    pub(crate) const ALL: [Self; 2] = [Self::Acme, Self::Globex];

    pub(crate) fn id(self) -> AccountId {
        match self {
            Self::Acme => acme(),
            Self::Globex => globex(),
        }
    }

    pub(crate) fn other(self) -> Self {
        match self {
            Self::Acme => Self::Globex,
            Self::Globex => Self::Acme,
        }
    }

    /// Whose token the account registers first.
    pub(crate) fn administrator(self) -> &'static str {
        match self {
            Self::Acme => ALEX,
            Self::Globex => BEA,
        }
    }
}

/// One of the two tickets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Ticket(pub(crate) bool);

impl Ticket {
    pub(crate) const ALL: [Self; 2] = [Self(false), Self(true)];

    pub(crate) fn name(self) -> &'static str {
        if self.0 { "T2" } else { "T1" }
    }

    pub(crate) fn id(self) -> TicketId {
        TicketId::parse(self.name()).unwrap()
    }
}

/// Something that our own code does: it takes time, can fail, and can die in the middle.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Deed {
    Play {
        key: Option<u8>,
        address: bool,
        facts: Facts,
        helper: Option<Helper>,
    },
    Stop {
        key: Option<u8>,
        here_only: bool,
    },
    /// Plays, and stops after a while, with a customer who comes or does not.
    Help {
        facts: Facts,
        helper: Option<Helper>,
        seconds: i64,
        joined: bool,
    },
    Resend {
        key: Option<u8>,
    },
    /// The notice says that the customer came so many seconds ago; some go to the other account.
    Notice {
        seconds_ago: i64,
        astray: bool,
    },
    Reserve,
    Confirm,
    LetGo,
    Reopen,
    /// Newer facts, and perhaps other hands.
    Facts {
        facts: Facts,
        helper: Option<Helper>,
    },
    Revoke,
    Register {
        by_the_other: bool,
    },
    Recheck,
    Change(Setting),
    Record {
        /// Counted from the newest.
        place: usize,
        change: Change,
    },
    Rebuild,
    Verify,
    /// Numbers what waits in the journal, then in the vendor's feed.
    Number,
    /// Reads on in the feeds.
    Read {
        limit: usize,
    },
    Work,
    /// Time passes while something else is done.
    TimePasses {
        seconds: i64,
    },
}

/// What is set otherwise.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Setting {
    TimeZone(Turn),
    CaseMinutes(u16),
    NewKey,
    /// Removes the oldest key, if there is one.
    NoKey,
}

/// What becomes of a session's record.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Change {
    TakeOut { why: bool },
    PutBack,
    Note(u8),
    NoNote,
}

/// A deed of an account, about a ticket.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Act {
    pub(crate) who: Who,
    pub(crate) ticket: Ticket,
    pub(crate) deed: Deed,
    /// With the account's connection as it was up to a minute ago.
    pub(crate) stale: bool,
}

/// How the process that does it ends.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Fate {
    Lives,
    /// Something happens at the store call of this number.
    AtStoreCall(u8, Mishap),
    /// It dies as soon as a call to TeamViewer hangs.
    AtHangingCall,
}

/// What people do in TeamViewer, and what befalls networks and servers.
#[derive(Debug, Clone)]
pub(crate) enum Incident {
    CustomerComes(Who, Ticket),
    CustomerLeaves(Who, Ticket),
    EndedInTeamViewer(Who, Ticket),
    TokensRevoked(Who),
    GroupDeleted(Who),
    Fault(Fault),
    FaultsEnd,
    Mail(Mood),
    IndexesLag(usize),
    TimePasses(i64),
    /// Until so many milliseconds after a moment, or before it.
    Until(Mark, i64),
}

/// A moment by the account's clocks on the wall.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Mark {
    Midnight(Who),
    ClockChange(Who),
}

#[derive(Debug, Clone)]
pub(crate) enum Step {
    /// One deed, or two at the same time.
    Acts {
        first: Act,
        beside: Option<Act>,
        fate: Fate,
    },
    Incident(Incident),
}

#[derive(Debug, Clone)]
pub(crate) struct History {
    pub(crate) seed: u64,
    pub(crate) case_minutes: u16,
    /// In the zone in which the clocks are about to be changed.
    pub(crate) turn: Turn,
    /// How long before that.
    pub(crate) before: TimeDelta,
    /// At the end a token that is refused is replaced.
    pub(crate) tokens_are_renewed: bool,
    pub(crate) steps: Vec<Step>,
}

impl History {
    /// Whether the account does anything.
    pub(crate) fn is_about(&self, who: Who) -> bool {
        self.steps.iter().any(|step| match step {
            Step::Acts { first, beside, .. } => first.who == who || beside.is_some_and(|beside| beside.who == who),
            Step::Incident(_) => false,
        })
    }
}
