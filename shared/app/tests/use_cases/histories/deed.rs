//! What happens in a history.

use casebridge_domain::{AccountId, TicketId};
use casebridge_sandbox::teamviewer::Fault;

use crate::world::{ALEX, BEA, Mishap, Mood, acme, globex};

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
    },
    Stop {
        key: Option<u8>,
        here_only: bool,
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
    Facts {
        handed_over: bool,
    },
    Revoke,
    Register {
        by_the_other: bool,
    },
    Recheck,
    Work,
    /// Time passes while something else is done.
    TimePasses {
        seconds: i64,
    },
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
