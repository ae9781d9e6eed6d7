//! How a case ends: by stop, with its ticket, in TeamViewer, by time.

use super::{
    Actor, Closed, Closing, EndReason, Ended, EventKind, Expired, Failed, FailureCause, NotAllowed, Note, Open,
    Problem, ServiceCase, State,
};
use crate::comment::{CommentFacts, comment};
use crate::{Instant, Language, Lease, TimeZone};

/// In which words and which local time an end is put on the ticket.
#[derive(Debug, Clone, Copy)]
pub struct TicketVoice {
    /// The account's language.
    pub language: Language,
    /// The account's time zone.
    pub zone: TimeZone,
}

impl ServiceCase {
    /// Stop: fixes the end. The server's clock counts, not TeamViewer's (guide, "Closing a session").
    pub fn stop(self, now: Instant, by: Actor, note: Option<Note>, lease_until: Instant) -> Result<Self, NotAllowed> {
        self.stop_as(EventKind::Closing { reason: None }, now, by, note, lease_until)
    }

    /// The ticket is closed and the case with it: as stop, with the reason for a note.
    pub fn stop_with_ticket(
        self,
        now: Instant,
        by: Actor,
        reason: Option<Note>,
        lease_until: Instant,
    ) -> Result<Self, NotAllowed> {
        self.stop_as(EventKind::Closing { reason: reason.clone() }, now, by, reason, lease_until)
    }

    fn stop_as(
        mut self,
        event: EventKind,
        now: Instant,
        by: Actor,
        note: Option<Note>,
        lease_until: Instant,
    ) -> Result<Self, NotAllowed> {
        let valid_until = self.valid_until;
        self.state = match self.state {
            State::Open(_) if now >= valid_until => return Err(NotAllowed::Time),
            State::Open(open) => State::Closing(Closing {
                way: open.way,
                opened_at: open.opened_at,
                seen: open.seen,
                ended_at: now,
                by,
                note,
                lease: Lease::first(lease_until),
            }),
            State::Asked => return Err(NotAllowed::NotTaken),
            State::Opening(_) => return Err(NotAllowed::StillOpening),
            State::Closing(_) => return Err(NotAllowed::BeingClosed),
            State::Closed(_) | State::Expired(_) | State::Failed(_) => {
                return Err(NotAllowed::Ended);
            }
        };
        self.happened(now, event);
        Ok(self)
    }

    /// TeamViewer has closed; the end that stop fixed is put on record.
    pub fn closed(mut self, generation: u32, now: Instant, voice: TicketVoice) -> Result<Self, NotAllowed> {
        let comment = match &self.state {
            State::Closing(closing) if closing.lease.generation == generation => {
                self.comment(voice, closing.ended_at, closing.note.as_ref())
            }
            State::Closing(_) => return Err(NotAllowed::Overtaken),
            State::Opening(_) => return Err(NotAllowed::StillOpening),
            _ => return Err(NotAllowed::Ended),
        };
        self.state = match self.state {
            State::Closing(closing) => State::Closed(Closed {
                way: closing.way,
                ended_at: closing.ended_at,
                by: closing.by,
                reason: EndReason::Stopped,
                note: closing.note,
                comment: comment.clone(),
            }),
            other => other,
        };
        self.happened(now, EventKind::Closed { comment });
        Ok(self)
    }

    /// TeamViewer refused the token while the case was being closed: it is open again, with a problem.
    pub fn token_refused(mut self, generation: u32, now: Instant) -> Result<Self, NotAllowed> {
        self.state = match self.state {
            State::Closing(closing) if closing.lease.generation == generation => State::Open(Open {
                way: closing.way,
                opened_at: closing.opened_at,
                seen: closing.seen,
                problem: Some(Problem::TokenRefused),
            }),
            State::Closing(_) => return Err(NotAllowed::Overtaken),
            _ => return Err(NotAllowed::Ended),
        };
        self.happened(now, EventKind::TokenRefused);
        Ok(self)
    }

    /// Ends the case on our side only: TeamViewer can't be told. A stop that is under way keeps what it fixed.
    pub fn closed_here(
        mut self,
        now: Instant,
        by: Actor,
        note: Option<Note>,
        voice: TicketVoice,
    ) -> Result<Self, NotAllowed> {
        let State::Closing(closing) = &self.state else {
            return self.end_at_once(now, by, EndReason::HereOnly, note, voice);
        };
        let closing = closing.clone();
        let comment = self.comment(voice, closing.ended_at, closing.note.as_ref());
        self.state = State::Closed(Closed {
            way: closing.way,
            ended_at: closing.ended_at,
            by: closing.by,
            reason: EndReason::HereOnly,
            note: closing.note,
            comment: comment.clone(),
        });
        self.happened(now, EventKind::Closed { comment });
        Ok(self)
    }

    /// The session has ended in TeamViewer.
    pub fn ended_in_teamviewer(self, now: Instant, voice: TicketVoice) -> Result<Self, NotAllowed> {
        self.end_at_once(now, Actor::TeamViewer, EndReason::EndedInTeamViewer, None, voice)
    }

    fn end_at_once(
        mut self,
        now: Instant,
        by: Actor,
        reason: EndReason,
        note: Option<Note>,
        voice: TicketVoice,
    ) -> Result<Self, NotAllowed> {
        let way = match &self.state {
            State::Open(_) if now >= self.valid_until => return Err(NotAllowed::Time),
            State::Open(open) => open.way.clone(),
            State::Asked => return Err(NotAllowed::NotTaken),
            State::Opening(_) => return Err(NotAllowed::StillOpening),
            State::Closing(_) => return Err(NotAllowed::BeingClosed),
            _ => return Err(NotAllowed::Ended),
        };
        let comment = self.comment(voice, now, note.as_ref());
        self.state = State::Closed(Closed { way, ended_at: now, by, reason, note, comment: comment.clone() });
        self.happened(now, EventKind::Closed { comment });
        Ok(self)
    }

    /// Past its time a case has ended, whenever that is settled. One that never got a session has failed, as has one that nobody took. Expiry does
    /// not overtake a stop that is under way.
    pub fn expired(mut self, now: Instant, voice: TicketVoice) -> Result<Self, NotAllowed> {
        if now < self.valid_until {
            return Err(NotAllowed::Time);
        }
        let at = self.valid_until;
        match &self.state {
            State::Asked => Ok(self.not_taken(now)),
            State::Open(open) => {
                let way = open.way.clone();
                let comment = self.comment(voice, at, None);
                self.state = State::Expired(Expired { way, at, comment: comment.clone() });
                self.happened(now, EventKind::Expired { comment });
                Ok(self)
            }
            State::Opening(_) => {
                let cause = FailureCause::Interrupted;
                self.state = State::Failed(Failed { at: now, cause });
                self.happened(now, EventKind::Failed { cause });
                Ok(self)
            }
            State::Closing(_) => Err(NotAllowed::BeingClosed),
            _ => Err(NotAllowed::Ended),
        }
    }

    /// How it ended, if it did and there was a session.
    pub fn ended(&self) -> Option<Ended<'_>> {
        match &self.state {
            State::Closed(closed) => Some(Ended { at: closed.ended_at, by: Some(closed.by), comment: &closed.comment }),
            State::Expired(expired) => Some(Ended { at: expired.at, by: None, comment: &expired.comment }),
            _ => None,
        }
    }

    fn comment(&self, voice: TicketVoice, ended_at: Instant, note: Option<&Note>) -> String {
        let facts = CommentFacts {
            code: self.session().map(|session| &session.code),
            started_at: self.started_at,
            ended_at,
            note: note.map(Note::as_str),
        };
        comment(voice.language, voice.zone, &facts)
    }
}
