//! A service case: one TeamViewer session opened for a ticket or a device, from claim to end.

use serde::{Deserialize, Serialize};

use crate::device::{DeviceConfiguration, HandOver};
use crate::letter::MailReport;
use crate::session::HostLink;
use crate::text::Paragraph;
use crate::{
    AccountId, CaseId, CaseSubject, Instant, Language, Lease, LetterId, RegistrationId, Requester, Session,
    SessionType, Technician, TechnicianId, Ticket, Way,
};

mod customer;
mod device;
mod ending;
mod event;
mod link;
mod request;
mod state;
mod transitions;

pub use ending::TicketVoice;
pub use event::{CaseEvent, EventKind};
pub use link::LinkHash;
pub use request::{Ask, HelpRequest};
pub use state::{
    Actor, Closed, Closing, EndReason, Ended, Expired, Failed, FailureCause, Open, Opening, Problem, Seen, State,
};
pub use transitions::NotAllowed;

/// What a technician writes down at stop.
pub type Note = Paragraph<2000>;

/// Events that a case carries with it. A customer who comes and goes all day must not make it grow.
const EVENTS_KEPT: usize = 50;

/// Where the invitation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum InvitationState {
    /// Owed to the requester.
    Queued,
    /// The mail server took it.
    Accepted,
    /// The mail server refused it, or it was given up.
    Failed,
    /// The case ended before it could leave.
    Cancelled,
    /// The requester's mail server took it.
    Delivered,
    /// It came back: the requester's mail server did not take it.
    Bounced,
    /// The requester called it spam.
    Complained,
}

impl InvitationState {
    /// Whether the letter has left: another copy of it would be one too many.
    pub const fn has_left(self) -> bool {
        match self {
            Self::Accepted | Self::Delivered | Self::Bounced | Self::Complained => true,
            Self::Queued | Self::Failed | Self::Cancelled => false,
        }
    }

    /// Where it stands after a report; `None` if that is no news. Reports come more than once, late and in any order: what
    /// is known of the end of a letter's way is not taken back by news of its beginning.
    fn after(self, report: MailReport) -> Option<Self> {
        match (report, self) {
            (MailReport::Sent, Self::Queued) => Some(Self::Accepted),
            (MailReport::Refused, Self::Queued | Self::Accepted) => Some(Self::Failed),
            (MailReport::Delivered, Self::Queued | Self::Accepted) => Some(Self::Delivered),
            (MailReport::Bounced { for_good: true }, Self::Queued | Self::Accepted | Self::Delivered)
            // After a delivery it is an automatic answer, "out of office", say.
            | (MailReport::Bounced { for_good: false }, Self::Queued | Self::Accepted) => Some(Self::Bounced),
            (MailReport::Complained, Self::Queued | Self::Accepted | Self::Delivered | Self::Bounced) => {
                Some(Self::Complained)
            }
            _ => None,
        }
    }
}

/// The latest invitation of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// Which letter.
    pub letter: LetterId,
    /// Where it stands.
    pub state: InvitationState,
    /// Since when.
    pub at: Instant,
}

/// One TeamViewer session opened for a ticket or a device, with everything that is known of it.
///
/// Transitions consume the case and fail rather than skip: a case that ended stays ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceCase {
    account: AccountId,
    id: CaseId,
    /// Which registration's token made the session; `None` as long as nobody asked for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    registration: Option<RegistrationId>,
    /// Whose sign-in that registration is; `None` where it is the account's connection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    made_by: Option<TechnicianId>,
    #[serde(flatten)]
    subject: CaseSubject,
    requester: Requester,
    technician: Option<Technician>,
    session_type: SessionType,
    language: Language,
    started_at: Instant,
    valid_until: Instant,
    /// Until when it can be live once the customer was there, where its code ends sooner than that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    joined_until: Option<Instant>,
    first_online_at: Option<Instant>,
    /// When the case first had a technician.
    #[serde(default)]
    picked_up_at: Option<Instant>,
    /// When somebody last pressed something that makes the customer's coming likely: play, resend, or the page's button.
    eager_since: Instant,
    invitation: Option<Invitation>,
    /// The requester is not written to by itself: his device is handed the session.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    uninvited: bool,
    /// How the link to the customer page is recognised; `None` where the requester gets TeamViewer's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    link: Option<LinkHash>,
    /// When the latest invitation's button was first pressed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    link_opened_at: Option<Instant>,
    /// When the requester said that he did not ask for this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    disowned_at: Option<Instant>,
    /// When the ticket was closed though the case was live: it stays closed when the case ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ticket_closed_at: Option<Instant>,
    /// How the session gets to its device; `None` of a ticket, and where nobody is at the device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    hand_over: Option<HandOver>,
    /// What was asked for, where it began with somebody asking for help.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    request: Option<HelpRequest>,
    state: State,
    events: Vec<CaseEvent>,
}

/// What play says.
#[derive(Debug, Clone)]
pub struct Play {
    /// Whose ticket.
    pub account: AccountId,
    /// The new case's id.
    pub id: CaseId,
    /// Which connection serves it.
    pub registration: RegistrationId,
    /// Whose sign-in to TeamViewer that is; `None` where it is the account's connection.
    pub made_by: Option<TechnicianId>,
    /// The vendor's ticket, or device.
    pub subject: CaseSubject,
    /// Who is helped.
    pub requester: Requester,
    /// Who helps, if that is known.
    pub technician: Option<Technician>,
    /// Remote control or camera.
    pub session_type: SessionType,
    /// In which the requester is written to.
    pub language: Language,
    /// Whether the requester is mailed an invitation once there is a session, if he has an address.
    pub invited: bool,
    /// How the link to the customer page is recognised, if there is one.
    pub link: Option<LinkHash>,
    /// The server's clock at play.
    pub started_at: Instant,
    /// Play plus the account's case lifetime, or what the device leaves of it.
    pub valid_until: Instant,
    /// Until when it can be live once the customer was there, where its code ends sooner than that.
    pub joined_until: Option<Instant>,
    /// What the values are called by which a device is handed its session.
    pub configuration: Option<DeviceConfiguration>,
    /// Until when the caller may take to open the session.
    pub lease: Lease,
}

impl ServiceCase {
    /// The claim: TeamViewer is not yet known to have a session.
    pub fn claim(play: Play) -> Self {
        Self {
            account: play.account,
            id: play.id,
            registration: Some(play.registration),
            made_by: play.made_by,
            subject: play.subject,
            requester: play.requester,
            picked_up_at: play.technician.as_ref().map(|_| play.started_at),
            technician: play.technician,
            session_type: play.session_type,
            language: play.language,
            started_at: play.started_at,
            valid_until: play.valid_until,
            joined_until: play.joined_until,
            first_online_at: None,
            eager_since: play.started_at,
            invitation: None,
            uninvited: !play.invited,
            link: play.link,
            link_opened_at: None,
            disowned_at: None,
            ticket_closed_at: None,
            hand_over: play.configuration.map(|configuration| HandOver::first(configuration, play.started_at)),
            request: None,
            state: State::Opening(Opening { lease: play.lease }),
            events: Vec::new(),
        }
    }

    /// Whose case it is.
    pub fn account(&self) -> &AccountId {
        &self.account
    }

    /// Its id.
    pub fn id(&self) -> CaseId {
        self.id
    }

    /// The connection that serves it, or the technician's sign-in; `None` as long as nobody has taken it.
    pub fn registration(&self) -> Option<RegistrationId> {
        self.registration
    }

    /// The technician whose sign-in to TeamViewer made the session; `None` where the account's connection did.
    pub fn made_by(&self) -> Option<&TechnicianId> {
        self.made_by.as_ref()
    }

    /// What it is for.
    pub fn subject(&self) -> &CaseSubject {
        &self.subject
    }

    /// The ticket, with the newest facts, if it is for one.
    pub fn ticket(&self) -> Option<&Ticket> {
        self.subject.ticket()
    }

    /// Who is helped.
    pub fn requester(&self) -> &Requester {
        &self.requester
    }

    /// Who helps.
    pub fn technician(&self) -> Option<&Technician> {
        self.technician.as_ref()
    }

    /// Remote control or camera.
    pub fn session_type(&self) -> SessionType {
        self.session_type
    }

    /// In which the requester is written to.
    pub fn language(&self) -> Language {
        self.language
    }

    /// Play, by the server's clock; as long as nobody has taken it, when help was asked for.
    pub fn started_at(&self) -> Instant {
        self.started_at
    }

    /// The latest moment it can be live, as far as is known: on iOS a code that nobody used ends sooner than a session does.
    pub fn valid_until(&self) -> Instant {
        self.valid_until
    }

    /// The latest moment it can be live if the customer comes in time.
    pub fn latest_end(&self) -> Instant {
        self.joined_until.map_or(self.valid_until, |joined| joined.max(self.valid_until))
    }

    /// When the customer was first seen online.
    pub fn first_online_at(&self) -> Option<Instant> {
        self.first_online_at
    }

    /// When the case first had a technician: play, where play named one.
    pub fn picked_up_at(&self) -> Option<Instant> {
        self.picked_up_at
    }

    /// When somebody last pressed play, resend, or the page's button.
    pub fn eager_since(&self) -> Instant {
        self.eager_since
    }

    /// The latest invitation.
    pub fn invitation(&self) -> Option<&Invitation> {
        self.invitation.as_ref()
    }

    /// Whether the requester is mailed an invitation as soon as there is a session.
    pub fn is_invited(&self) -> bool {
        !self.uninvited
    }

    /// How the link to the customer page is recognised, if there is one.
    pub fn link(&self) -> Option<&LinkHash> {
        self.link.as_ref()
    }

    /// When the customer first pressed the latest invitation's button.
    pub fn link_opened_at(&self) -> Option<Instant> {
        self.link_opened_at
    }

    /// When the requester said that he did not ask for this.
    pub fn disowned_at(&self) -> Option<Instant> {
        self.disowned_at
    }

    /// When the ticket was closed, if that was while the case was live.
    pub fn ticket_closed_at(&self) -> Option<Instant> {
        self.ticket_closed_at
    }

    /// Where it stands, as it was last settled.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// What happened last, in order; everything is in the account's journal.
    pub fn events(&self) -> &[CaseEvent] {
        &self.events
    }

    /// How many things have happened.
    pub fn last_event(&self) -> u32 {
        self.events.last().map_or(0, |event| event.sequence)
    }

    /// How technician and customer come together, once that is known.
    pub fn way(&self) -> Option<&Way> {
        match &self.state {
            State::Asked | State::Opening(_) | State::Failed(_) => None,
            State::Open(open) => Some(&open.way),
            State::Closing(closing) => Some(&closing.way),
            State::Closed(closed) => Some(&closed.way),
            State::Expired(expired) => Some(&expired.way),
        }
    }

    /// The TeamViewer session, once there is one. A device where nobody is has none.
    pub fn session(&self) -> Option<&Session> {
        self.way()?.session()
    }

    /// The Host of a device where nobody is, once the case is open.
    pub fn host(&self) -> Option<&HostLink> {
        self.way()?.host()
    }

    /// Live for play and for the close guard. A case past its time has ended, whether or not that was settled; one
    /// whose stop was pressed stays live until the stop is through.
    pub fn is_live(&self, now: Instant) -> bool {
        match &self.state {
            State::Asked | State::Opening(_) | State::Open(_) => now < self.valid_until,
            State::Closing(_) => true,
            State::Closed(_) | State::Expired(_) | State::Failed(_) => false,
        }
    }

    /// Whether its end is on record.
    pub fn is_settled(&self) -> bool {
        matches!(self.state, State::Closed(_) | State::Expired(_) | State::Failed(_))
    }

    fn happened(&mut self, at: Instant, kind: EventKind) {
        let sequence = self.last_event().saturating_add(1);
        if self.events.len() >= EVENTS_KEPT {
            self.events.remove(0);
        }
        self.events.push(CaseEvent { sequence, at, kind });
    }
}
