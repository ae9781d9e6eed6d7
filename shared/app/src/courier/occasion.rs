//! What a letter tells.

use casebridge_domain::letter::LetterKind;
use casebridge_domain::mail_template::MailTemplate;
use casebridge_domain::service_case::State;
use casebridge_domain::{CaseSubject, Letter, ServiceCase, Session, Text};

use crate::Desk;
use crate::ports::mail::{About, AskedFacts, DisownedFacts, InvitationFacts, Occasion, OnlineFacts};
use crate::templates::sample;

impl Desk {
    /// What the letter tells; `None` when there is nothing left to tell.
    pub(super) fn occasion(
        &self,
        letter: &Letter,
        case: Option<&ServiceCase>,
        template: Option<MailTemplate>,
    ) -> Option<Occasion> {
        match letter.kind {
            LetterKind::TemplateTest => sample(self).ok().map(|facts| Occasion::Invitation { template, facts }),
            LetterKind::Invitation => {
                let (case, session) = self.open_session(case?)?;
                Some(Occasion::Invitation { template, facts: self.invitation(letter, case, session)? })
            }
            LetterKind::CustomerOnline => {
                let (case, session) = self.open_session(case?)?;
                Some(Occasion::CustomerOnline(self.online(letter, case, session)))
            }
            LetterKind::HelpAsked => {
                let case = case?;
                let waits = case.is_asked() && case.is_live(self.now());
                waits.then(|| Occasion::HelpAsked(self.asked(letter, case)))
            }
            // Of interest whether or not the case has ended since.
            LetterKind::Disowned => Some(Occasion::Disowned(self.disowned(letter, case?))),
        }
    }

    /// The case with its session, as long as it is open.
    fn open_session<'a>(&self, case: &'a ServiceCase) -> Option<(&'a ServiceCase, &'a Session)> {
        match case.state() {
            State::Open(open) if case.is_live(self.now()) => Some((case, open.way.session()?)),
            _ => None,
        }
    }

    /// The account's template is written for tickets: a device's name stands there for a ticket's title and number.
    fn invitation(&self, letter: &Letter, case: &ServiceCase, session: &Session) -> Option<InvitationFacts> {
        let (number, title) = match case.subject() {
            CaseSubject::Ticket(ticket) => (ticket.number.clone(), ticket.title.clone()),
            CaseSubject::Device(device) => {
                let short: String = device.name().chars().take(64).collect();
                (Text::parse(&short).ok()?, Text::parse(device.name()).ok()?)
            }
        };
        Some(InvitationFacts {
            account_name: self.account().name.clone(),
            customer_link: letter.link.as_ref().unwrap_or(&session.customer_link).clone(),
            ticket_title: title,
            ticket_number: number,
            technician_name: case.technician().map(|technician| technician.name.clone()),
            session_code: session.code.clone(),
            valid_until: case.valid_until(),
            time_zone: self.account().time_zone,
        })
    }

    fn online(&self, letter: &Letter, case: &ServiceCase, session: &Session) -> OnlineFacts {
        OnlineFacts {
            account_name: self.account().name.clone(),
            requester_name: case.requester().name.clone(),
            about: About::of(case.subject()),
            session_code: session.code.clone(),
            supporter_link: session.supporter_link.clone(),
            webclient_supporter_link: session.webclient_supporter_link.clone(),
            online_at: case.first_online_at().unwrap_or(letter.queued_at),
            time_zone: self.account().time_zone,
        }
    }

    fn asked(&self, letter: &Letter, case: &ServiceCase) -> AskedFacts {
        let request = case.request();
        AskedFacts {
            account_name: self.account().name.clone(),
            requester_name: case.requester().name.clone(),
            about: About::of(case.subject()),
            note: request.and_then(|request| request.note.clone()),
            asked_at: request.map_or(letter.queued_at, |request| request.at),
            until: case.valid_until(),
            time_zone: self.account().time_zone,
        }
    }

    fn disowned(&self, letter: &Letter, case: &ServiceCase) -> DisownedFacts {
        DisownedFacts {
            account_name: self.account().name.clone(),
            requester_name: case.requester().name.clone(),
            about: About::of(case.subject()),
            session_code: case.session().map(|session| session.code.clone()),
            disowned_at: case.disowned_at().unwrap_or(letter.queued_at),
            time_zone: self.account().time_zone,
        }
    }
}
