//! A request for help: somebody asks, and whoever takes it first has it.

use serde::{Deserialize, Serialize};

use super::{EventKind, Failed, FailureCause, NotAllowed, Note, Opening, Play, ServiceCase, State};
use crate::{AccountId, CaseId, CaseSubject, Instant, Language, Lease, Requester, SessionType};

/// What somebody asked for. Stays with the case when a technician takes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HelpRequest {
    /// When, by the server's clock.
    pub at: Instant,
    /// Until when it can be taken.
    pub until: Instant,
    /// What is wrong, in his words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Note>,
    /// How often it was taken: the generation of the latest lease, so that a worker of an earlier taking is known as overtaken.
    #[serde(default)]
    pub taken: u32,
}

/// What somebody says who asks for help.
#[derive(Debug, Clone)]
pub struct Ask {
    /// Whose ticket, or device.
    pub account: AccountId,
    /// The new case's id.
    pub id: CaseId,
    /// The vendor's ticket, or device.
    pub subject: CaseSubject,
    /// Who is to be helped.
    pub requester: Requester,
    /// Remote control or camera.
    pub session_type: SessionType,
    /// In which the requester is written to.
    pub language: Language,
    /// What is wrong, in his words.
    pub note: Option<Note>,
    /// The server's clock.
    pub at: Instant,
    /// Until when it can be taken.
    pub until: Instant,
}

impl ServiceCase {
    /// Somebody asks for help. TeamViewer is not asked for anything before somebody takes it.
    pub fn asked(ask: Ask) -> Self {
        let mut case = Self {
            account: ask.account,
            id: ask.id,
            registration: None,
            made_by: None,
            subject: ask.subject,
            requester: ask.requester,
            picked_up_at: None,
            technician: None,
            session_type: ask.session_type,
            language: ask.language,
            started_at: ask.at,
            valid_until: ask.until,
            joined_until: None,
            first_online_at: None,
            eager_since: ask.at,
            invitation: None,
            uninvited: false,
            link: None,
            link_opened_at: None,
            disowned_at: None,
            ticket_closed_at: None,
            hand_over: None,
            request: Some(HelpRequest { at: ask.at, until: ask.until, note: ask.note, taken: 0 }),
            state: State::Asked,
            events: Vec::new(),
        };
        case.happened(ask.at, EventKind::HelpAsked);
        case
    }

    /// What was asked for, if the case began with that.
    pub fn request(&self) -> Option<&HelpRequest> {
        self.request.as_ref()
    }

    /// Whether it waits for somebody to take it, as it was last settled.
    pub fn is_asked(&self) -> bool {
        matches!(self.state, State::Asked)
    }

    /// Whether help was asked for and nobody took it: it was withdrawn, or its time is up, whether or not that was settled.
    pub fn was_asked_in_vain(&self, now: Instant) -> bool {
        match &self.state {
            State::Asked => !self.is_live(now),
            State::Failed(failed) => matches!(failed.cause, FailureCause::NotTaken | FailureCause::Withdrawn),
            _ => false,
        }
    }

    /// Somebody takes it, and asks TeamViewer for a session; `play` is what he would play, on the same ticket or device, under the
    /// same id. Who asked stays who is helped. Gives the lease's generation as well.
    pub fn taken(mut self, play: Play) -> Result<(Self, u32), NotAllowed> {
        self.still_asked(play.started_at)?;
        let Some(request) = &mut self.request else { return Err(NotAllowed::Ended) };
        request.taken = request.taken.saturating_add(1);
        let generation = request.taken;
        self.registration = Some(play.registration);
        self.made_by = play.made_by;
        self.subject = play.subject;
        self.picked_up_at = play.technician.as_ref().map(|_| play.started_at);
        self.technician = play.technician;
        self.session_type = play.session_type;
        self.started_at = play.started_at;
        self.eager_since = play.started_at;
        self.valid_until = play.valid_until;
        self.joined_until = play.joined_until;
        self.uninvited = !play.invited;
        self.link = play.link;
        self.hand_over =
            play.configuration.map(|configuration| crate::device::HandOver::first(configuration, play.started_at));
        self.state = State::Opening(Opening { lease: Lease { generation, until: play.lease.until } });
        if self.technician.is_some() {
            self.happened(play.started_at, EventKind::TechnicianChanged);
        }
        Ok((self, generation))
    }

    /// TeamViewer gave no session to whoever took it: it waits for somebody again, unless its time is up.
    pub(super) fn given_back(mut self, cause: FailureCause, at: Instant) -> Result<Self, Box<Self>> {
        let Some(request) = self.request.as_ref().filter(|request| at < request.until) else {
            return Err(Box::new(self));
        };
        (self.started_at, self.valid_until) = (request.at, request.until);
        self.registration = None;
        self.made_by = None;
        self.picked_up_at = None;
        self.technician = None;
        self.joined_until = None;
        self.uninvited = false;
        self.link = None;
        self.hand_over = None;
        self.state = State::Asked;
        self.happened(at, EventKind::HelpGivenBack { cause });
        Ok(self)
    }

    /// Help is not wanted any more.
    pub fn withdrawn(mut self, now: Instant) -> Result<Self, NotAllowed> {
        self.still_asked(now)?;
        self.state = State::Failed(Failed { at: now, cause: FailureCause::Withdrawn });
        self.happened(now, EventKind::HelpWithdrawn);
        Ok(self)
    }

    /// Nobody took it in time.
    pub(super) fn not_taken(mut self, now: Instant) -> Self {
        self.state = State::Failed(Failed { at: self.valid_until, cause: FailureCause::NotTaken });
        self.happened(now, EventKind::HelpNotTaken);
        self
    }

    fn still_asked(&self, now: Instant) -> Result<(), NotAllowed> {
        match &self.state {
            State::Asked if now < self.valid_until => Ok(()),
            State::Asked => Err(NotAllowed::Time),
            State::Opening(_) | State::Open(_) => Err(NotAllowed::Taken),
            State::Closing(_) => Err(NotAllowed::BeingClosed),
            State::Closed(_) | State::Expired(_) | State::Failed(_) => Err(NotAllowed::Ended),
        }
    }
}

#[cfg(test)]
mod tests;
