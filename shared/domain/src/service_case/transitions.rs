//! How a case moves from state to state.

use super::{
    Closing, EventKind, Failed, FailureCause, Invitation, InvitationState, Open, Opening, Seen, ServiceCase, State,
};
use crate::letter::MailReport;
use crate::{CaseSubject, Instant, Lease, LetterId, Technician, Ticket, Way};

/// The case is in no state for that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAllowed {
    /// It ended.
    #[error("the case has ended")]
    Ended,
    /// It has no session yet.
    #[error("the case is still being opened")]
    StillOpening,
    /// Help was asked for, and nobody has taken it yet.
    #[error("nobody has taken the case yet")]
    NotTaken,
    /// Somebody helps already.
    #[error("somebody has taken the case")]
    Taken,
    /// Stop is under way.
    #[error("the case is being closed")]
    BeingClosed,
    /// Its time is up, or is not up yet.
    #[error("the case's time does not allow it")]
    Time,
    /// Another worker took over.
    #[error("another worker took over")]
    Overtaken,
    /// It is for no device that a session is handed to.
    #[error("there is no device that the session is handed to")]
    NoHandOver,
    /// Nobody is at the device: there is no session that anybody could be invited to.
    #[error("there is no session to invite to")]
    NoSession,
}

impl ServiceCase {
    /// TeamViewer has a session, or the Host needs none. Only the worker whose claim still stands may say so.
    pub fn opened(mut self, way: impl Into<Way>, generation: u32, at: Instant) -> Result<Self, NotAllowed> {
        match &self.state {
            State::Opening(opening) if opening.lease.generation == generation => {}
            State::Opening(_) => return Err(NotAllowed::Overtaken),
            _ => return Err(NotAllowed::Ended),
        }
        self.state = State::Open(Open { way: way.into(), opened_at: at, seen: Seen::Waiting, problem: None });
        if let Some(hand_over) = &mut self.hand_over {
            hand_over.at = at;
        }
        self.happened(at, EventKind::Opened);
        Ok(self)
    }

    /// TeamViewer gave no session. A case that began with somebody asking for help waits for somebody again, as long as its time
    /// is not up.
    pub fn failed(self, cause: FailureCause, generation: u32, at: Instant) -> Result<Self, NotAllowed> {
        match &self.state {
            State::Opening(opening) if opening.lease.generation == generation => {}
            State::Opening(_) => return Err(NotAllowed::Overtaken),
            _ => return Err(NotAllowed::Ended),
        }
        let mut failed = match self.given_back(cause, at) {
            Ok(waiting) => return Ok(waiting),
            Err(still) => *still,
        };
        failed.state = State::Failed(Failed { at, cause });
        failed.happened(at, EventKind::Failed { cause });
        Ok(failed)
    }

    /// The worker on it is presumed gone; the caller takes over what it left half done.
    pub fn taken_over(mut self, now: Instant, until: Instant) -> Result<(Self, u32), NotAllowed> {
        let (State::Opening(Opening { lease }) | State::Closing(Closing { lease, .. })) = &mut self.state else {
            return Err(NotAllowed::Ended);
        };
        if !lease.lapsed(now) {
            return Err(NotAllowed::Time);
        }
        *lease = lease.taken_over(until);
        let generation = lease.generation;
        Ok((self, generation))
    }

    /// The worker that was to tell TeamViewer gives its turn back: whoever comes next need not wait for the lease.
    pub fn left_untold(mut self, generation: u32, now: Instant) -> Result<Self, NotAllowed> {
        let State::Closing(Closing { lease, .. }) = &mut self.state else { return Err(NotAllowed::Ended) };
        if lease.generation != generation {
            return Err(NotAllowed::Overtaken);
        }
        lease.until = now;
        Ok(self)
    }

    /// The lease of whoever works on it now.
    pub fn lease(&self) -> Option<Lease> {
        match &self.state {
            State::Opening(Opening { lease }) | State::Closing(Closing { lease, .. }) => Some(*lease),
            _ => None,
        }
    }

    /// An invitation is owed (again).
    pub fn invited(mut self, letter: LetterId, at: Instant) -> Result<Self, NotAllowed> {
        match &self.state {
            State::Open(open) if open.way.session().is_none() => return Err(NotAllowed::NoSession),
            State::Open(_) if at < self.valid_until => {}
            State::Open(_) => return Err(NotAllowed::Time),
            State::Asked => return Err(NotAllowed::NotTaken),
            State::Opening(_) => return Err(NotAllowed::StillOpening),
            State::Closing(_) => return Err(NotAllowed::BeingClosed),
            _ => return Err(NotAllowed::Ended),
        }
        self.eager_since = at;
        self.link_opened_at = None;
        Ok(self.invitation_is(letter, InvitationState::Queued, at))
    }

    /// What became of an invitation that was queued. News of an older letter than the latest changes nothing, nor does news
    /// that a report was faster to tell: `None`.
    #[must_use]
    pub fn invitation_moved(self, letter: LetterId, state: InvitationState, at: Instant) -> Option<Self> {
        let now = self.invitation_of(letter)?;
        (now == InvitationState::Queued && state != now).then(|| self.invitation_is(letter, state, at))
    }

    /// What the mail service reports of an invitation, however long ago it was sent. News of an older letter than the latest
    /// changes nothing, nor does what is known: `None`.
    #[must_use]
    pub fn invitation_reported(self, letter: LetterId, report: MailReport, at: Instant) -> Option<Self> {
        let state = self.invitation_of(letter)?.after(report)?;
        Some(self.invitation_is(letter, state, at))
    }

    fn invitation_of(&self, letter: LetterId) -> Option<InvitationState> {
        self.invitation.as_ref().filter(|invitation| invitation.letter == letter).map(|invitation| invitation.state)
    }

    fn invitation_is(mut self, letter: LetterId, state: InvitationState, at: Instant) -> Self {
        self.invitation = Some(Invitation { letter, state, at });
        let kind = match state {
            InvitationState::Queued => EventKind::InvitationQueued,
            InvitationState::Accepted => EventKind::InvitationAccepted,
            InvitationState::Failed => EventKind::InvitationFailed,
            InvitationState::Cancelled => EventKind::InvitationCancelled,
            InvitationState::Delivered => EventKind::InvitationDelivered,
            InvitationState::Bounced => EventKind::InvitationBounced,
            InvitationState::Complained => EventKind::InvitationComplained,
        };
        self.happened(at, kind);
        self
    }

    /// The customer is there. `None` says that nothing changed; [`Self::first_online_at`] tells whether this was the
    /// first time, which is the only one that anybody is told of.
    #[must_use]
    pub fn customer_online(mut self, at: Instant, now: Instant) -> Option<Self> {
        if !self.is_live(now) {
            return None;
        }
        let first = self.first_online_at.is_none();
        let (State::Open(Open { seen, .. }) | State::Closing(Closing { seen, .. })) = &mut self.state else {
            return None;
        };
        if matches!(seen, Seen::Online { .. }) && !first {
            return None;
        }
        // A sender's clock may lag behind ours: nobody is online before play.
        let at = at.max(self.started_at);
        *seen = Seen::Online { since: at };
        // Whatever was thought lost got there.
        if let Some(hand_over) = &mut self.hand_over {
            hand_over.lost = None;
        }
        if first {
            self.first_online_at = Some(at);
            self.valid_until = self.latest_end();
        }
        self.happened(now, if first { EventKind::CustomerOnline } else { EventKind::CustomerReturned });
        Some(self)
    }

    /// The customer is not there any more. `None` says that nothing changed.
    #[must_use]
    pub fn customer_left(mut self, at: Instant) -> Option<Self> {
        match &mut self.state {
            State::Open(Open { seen, .. }) if matches!(seen, Seen::Online { .. }) => *seen = Seen::Left { at },
            _ => return None,
        }
        self.happened(at, EventKind::CustomerLeft);
        Some(self)
    }

    /// Newer facts of the ticket. An ended case keeps those it ended with, a device's has none. One that nobody has taken is
    /// nobody's, whoever the ticket is assigned to.
    pub fn with_facts(
        mut self,
        ticket: Ticket,
        technician: Option<Technician>,
        at: Instant,
    ) -> Result<Self, NotAllowed> {
        if self.is_settled() {
            return Err(NotAllowed::Ended);
        }
        if let CaseSubject::Ticket(known) = &mut self.subject
            && *known != ticket
        {
            *known = ticket;
            self.happened(at, EventKind::FactsChanged);
        }
        if technician.is_some() && technician != self.technician && !self.is_asked() {
            self.technician = technician;
            self.picked_up_at.get_or_insert(at);
            self.happened(at, EventKind::TechnicianChanged);
        }
        Ok(self)
    }

    /// Another technician helps, or none for now: the case waits in the team's queue. Handing it to whoever has it changes
    /// nothing. When it was first picked up stays what it was.
    pub fn handed_over(mut self, technician: Option<Technician>, at: Instant) -> Result<Self, NotAllowed> {
        match &self.state {
            State::Asked | State::Opening(_) | State::Open(_) if at >= self.valid_until => {
                return Err(NotAllowed::Time);
            }
            // It takes a session to help.
            State::Asked if technician.is_some() => return Err(NotAllowed::NotTaken),
            State::Asked | State::Opening(_) | State::Open(_) => {}
            State::Closing(_) => return Err(NotAllowed::BeingClosed),
            State::Closed(_) | State::Expired(_) | State::Failed(_) => return Err(NotAllowed::Ended),
        }
        if self.technician != technician {
            self.picked_up_at = self.picked_up_at.or_else(|| technician.as_ref().map(|_| at));
            self.technician = technician;
            self.happened(at, EventKind::TechnicianChanged);
        }
        Ok(self)
    }

    /// The ticket is closed and the case left as it is.
    pub fn with_ticket_closed(mut self, at: Instant) -> Result<Self, NotAllowed> {
        if self.is_settled() {
            return Err(NotAllowed::Ended);
        }
        self.ticket_closed_at.get_or_insert(at);
        Ok(self)
    }

    /// The ticket is open again. A case that ended has left its ticket closed: it is none of its business any more.
    pub fn with_ticket_open(mut self) -> Result<Self, NotAllowed> {
        if self.ticket_closed_at.is_some() && self.is_settled() {
            return Err(NotAllowed::Ended);
        }
        self.ticket_closed_at = None;
        Ok(self)
    }

    /// Whether the customer is there, as far as is known.
    pub fn is_online(&self) -> bool {
        match &self.state {
            State::Open(Open { seen, .. }) | State::Closing(Closing { seen, .. }) => {
                matches!(seen, Seen::Online { .. })
            }
            _ => false,
        }
    }
}
