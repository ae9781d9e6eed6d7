//! Letters on their way out.

use async_trait::async_trait;
use casebridge_domain::mail_template::MailTemplate;
use casebridge_domain::people::PersonName;
use casebridge_domain::service_case::Note;
use casebridge_domain::session::Link;
use casebridge_domain::{
    AccountId, CaseSubject, EmailAddress, Instant, Language, LetterId, Malformed, SessionCode, Text, TimeZone,
};

/// Everything an invitation tells.
#[derive(Debug, Clone)]
pub struct InvitationFacts {
    /// The account's name, as the customer reads it.
    pub account_name: Text<100>,
    /// `{{teamviewer.customer_link}}`
    pub customer_link: Link,
    /// `{{ticket.title}}`
    pub ticket_title: Text<250>,
    /// `{{ticket.number}}`
    pub ticket_number: Text<64>,
    /// `{{ticket.technician.name}}`; a word for "our support team" stands in where there is none.
    pub technician_name: Option<PersonName>,
    /// To read out on the phone.
    pub session_code: SessionCode,
    /// Until when the link works.
    pub valid_until: Instant,
    /// In which that is written.
    pub time_zone: TimeZone,
}

/// What a session is for.
#[derive(Debug, Clone)]
pub enum About {
    /// A ticket.
    Ticket {
        /// As people call it.
        number: Text<64>,
        /// One line.
        title: Text<250>,
    },
    /// A device.
    Device {
        /// As people call it.
        name: String,
    },
}

impl About {
    /// What a case is for.
    pub fn of(subject: &CaseSubject) -> Self {
        match subject {
            CaseSubject::Ticket(ticket) => Self::Ticket { number: ticket.number.clone(), title: ticket.title.clone() },
            CaseSubject::Device(device) => Self::Device { name: device.name().to_owned() },
        }
    }
}

/// Everything a notice to a technician tells.
#[derive(Debug, Clone)]
pub struct OnlineFacts {
    /// The account's name.
    pub account_name: Text<100>,
    /// Who is there.
    pub requester_name: PersonName,
    /// What for.
    pub about: About,
    /// Which session.
    pub session_code: SessionCode,
    /// Opens the supporter's client.
    pub supporter_link: Option<Link>,
    /// Supporter in the browser.
    pub webclient_supporter_link: Option<Link>,
    /// Since when.
    pub online_at: Instant,
    /// In which that is written.
    pub time_zone: TimeZone,
}

/// Everything a notice tells that the requester did not ask for a session.
#[derive(Debug, Clone)]
pub struct DisownedFacts {
    /// The account's name.
    pub account_name: Text<100>,
    /// Who says so.
    pub requester_name: PersonName,
    /// What for.
    pub about: About,
    /// Which session.
    pub session_code: Option<SessionCode>,
    /// When.
    pub disowned_at: Instant,
    /// In which that is written.
    pub time_zone: TimeZone,
}

/// Everything a notice tells that somebody asks for help.
#[derive(Debug, Clone)]
pub struct AskedFacts {
    /// The account's name.
    pub account_name: Text<100>,
    /// Who asks.
    pub requester_name: PersonName,
    /// What for.
    pub about: About,
    /// What is wrong, in his words.
    pub note: Option<Note>,
    /// Since when.
    pub asked_at: Instant,
    /// Until when somebody may take it.
    pub until: Instant,
    /// In which that is written.
    pub time_zone: TimeZone,
}

/// What is written about.
#[derive(Debug, Clone)]
pub enum Occasion {
    /// To the requester, from the account's template or the language's default.
    Invitation {
        /// The account's own template for the language, if it has one.
        template: Option<MailTemplate>,
        /// What it tells.
        facts: InvitationFacts,
    },
    /// To those who are told that a customer is online.
    CustomerOnline(OnlineFacts),
    /// To those who stand in for a technician: somebody asks for help.
    HelpAsked(AskedFacts),
    /// To the same: the requester did not ask for this.
    Disowned(DisownedFacts),
}

/// A letter's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// One line.
    pub subject: String,
    /// The plain-text part.
    pub text: String,
    /// The HTML part.
    pub html: String,
}

/// Which part of a template is wrong, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateFault {
    /// `subject`, `text` or `html`.
    pub field: &'static str,
    /// What is wrong, with name and place.
    pub fault: Malformed,
}

/// Puts letters into words.
pub trait Renderer: Send + Sync {
    /// Renders for one language. A saved template was checked, so this can't fail.
    fn render(&self, language: Language, occasion: &Occasion) -> Rendered;

    /// The built-in invitation template of a language.
    fn default_template(&self, language: Language) -> MailTemplate;

    /// Everything that is wrong with a template, empty if nothing is.
    fn faults(&self, template: &MailTemplate) -> Vec<TemplateFault>;
}

/// A letter ready to go.
#[derive(Debug, Clone)]
pub struct Post {
    /// Makes the `Message-ID`: a second copy carries the same.
    pub id: LetterId,
    /// On whose behalf: a mail server that reports what became of a mail reports it for this account.
    pub account: AccountId,
    /// When it was written; the `Date` of every copy.
    pub written_at: Instant,
    /// The account's name, shown beside the sender's address.
    pub from_name: Text<100>,
    /// To whom.
    pub to: EmailAddress,
    /// His name.
    pub to_name: Option<PersonName>,
    /// For `Content-Language`.
    pub language: Language,
    /// The words.
    pub words: Rendered,
}

/// Why a letter did not leave.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// The server refused this letter for good.
    #[error("the mail server refused the letter")]
    Refused(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The server asks to come back, or does not answer.
    #[error("the mail server does not take letters at the moment")]
    Temporary(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Sends letters.
#[async_trait]
pub trait Mailer: Send + Sync {
    /// `Ok` means that the mail server took responsibility.
    async fn send(&self, post: &Post) -> Result<(), MailError>;
}
