//! The account's mail templates.

use casebridge_domain::journal::AccountMatter;
use casebridge_domain::mail_template::MailTemplate;
use casebridge_domain::session::Link;
use casebridge_domain::{EmailAddress, Language, LetterId, Malformed, SessionCode, Text};
use chrono::TimeDelta;

use crate::open_case::RequestMemory;
use crate::ports::mail::{InvitationFacts, Occasion, Rendered, TemplateFault};
use crate::ports::store::{Made, Subject};
use crate::{Desk, Outside};

/// Why a template is not kept.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// It has faults, each with its place.
    #[error("the template has faults")]
    Faulty(Vec<TemplateFault>),
    /// Something else failed.
    #[error(transparent)]
    Outside(#[from] Outside),
}

/// Why no test is sent.
#[derive(Debug, thiserror::Error)]
pub enum SendTestError {
    /// The same `Idempotency-Key` came with another body.
    #[error("the Idempotency-Key was used for another request")]
    KeyReused,
    /// Something else failed.
    #[error(transparent)]
    Outside(#[from] Outside),
}

/// The template in use for a language, and whether it is the account's own.
pub async fn template(desk: &Desk, language: Language) -> Result<(MailTemplate, bool), Outside> {
    Ok(match desk.world.store.template(desk.id(), language).await? {
        Some(own) => (own, true),
        None => (desk.world.renderer.default_template(language), false),
    })
}

/// Keeps a template, once it has no fault.
pub async fn save_template(desk: &Desk, template: &MailTemplate) -> Result<(), TemplateError> {
    check(desk, template)?;
    let entry = desk.entry(AccountMatter::TemplateSaved { language: template.language });
    desk.world.store.save_template(desk.id(), template, &entry).await.map_err(Outside::from)?;
    Ok(())
}

/// Goes back to the built-in template.
pub async fn reset_template(desk: &Desk, language: Language) -> Result<(), Outside> {
    let entry = desk.entry(AccountMatter::TemplateReset { language });
    Ok(desk.world.store.delete_template(desk.id(), language, &entry).await?)
}

/// Shows what a template makes of a made-up case. Keeps nothing, sends nothing.
pub fn preview(desk: &Desk, template: MailTemplate) -> Result<Rendered, TemplateError> {
    check(desk, &template)?;
    let language = template.language;
    let facts = sample(desk).map_err(|fault| TemplateError::Faulty(vec![TemplateFault { field: "text", fault }]))?;
    Ok(desk.world.renderer.render(language, &Occasion::Invitation { template: Some(template), facts }))
}

/// Mails an administrator what the template in use makes of a made-up case. Gives the letter that is owed.
pub async fn send_test(
    desk: &Desk,
    language: Language,
    to: EmailAddress,
    memory: Option<&RequestMemory>,
) -> Result<LetterId, SendTestError> {
    let now = desk.now();
    let letter = desk.test_letter(language, to, now);
    let memory = memory.map(|memory| memory.of(202, Subject::Letter(letter.id), now));
    let entry = desk.entry(AccountMatter::TestMailQueued { language });
    match desk.world.store.queue_letter(&letter, now, &entry, memory.as_ref()).await.map_err(Outside::from)? {
        Made::New => Ok(letter.id),
        Made::Exists => Err(Outside::Contention.into()),
        Made::Remembered(remembered) => match remembered.subject {
            Subject::Letter(id)
                if memory.is_some_and(|memory| memory.remembered.fingerprint == remembered.fingerprint) =>
            {
                Ok(id)
            }
            _ => Err(SendTestError::KeyReused),
        },
    }
}

fn check(desk: &Desk, template: &MailTemplate) -> Result<(), TemplateError> {
    let faults = desk.world.renderer.faults(template);
    if faults.is_empty() { Ok(()) } else { Err(TemplateError::Faulty(faults)) }
}

/// A made-up case, with the characters that break careless templates.
pub(crate) fn sample(desk: &Desk) -> Result<InvitationFacts, Malformed> {
    Ok(InvitationFacts {
        account_name: desk.account().name.clone(),
        customer_link: Link::parse("https://get.teamviewer.com/v15/s123456789")?,
        ticket_title: Text::parse("Printer <3rd floor> & scanner \"don't\" work")?,
        ticket_number: Text::parse("INC-4711")?,
        technician_name: Some(Text::parse("Robin Technician")?),
        session_code: SessionCode::parse("s123-456-789")?,
        valid_until: desk.now() + TimeDelta::hours(24),
        time_zone: desk.account().time_zone,
    })
}
