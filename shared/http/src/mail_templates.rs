//! The account's mail templates, one for each language.

use axum::Router;
use axum::routing::{get, post};
use casebridge_app::ports::mail::TemplateFault;
use casebridge_app::templates::TemplateError;
use casebridge_domain::mail_template::MailTemplate;
use casebridge_domain::text::Paragraph;
use casebridge_domain::{Language, Text};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Api;
use crate::extract::Faults;
use crate::problem::{Kind, Problem};

pub mod preview;
pub mod read;
pub mod reset;
pub mod save;
pub mod test_mail;

pub(crate) fn routes() -> Router<Api> {
    Router::new()
        .route("/v1/accounts/{account}/mail-templates/{language}", get(read::read).put(save::save).delete(reset::reset))
        .route("/v1/accounts/{account}/mail-templates/{language}/preview", post(preview::preview))
        .route("/v1/accounts/{account}/mail-templates/{language}/test", post(test_mail::send))
}

impl From<TemplateError> for Problem {
    fn from(error: TemplateError) -> Self {
        match error {
            TemplateError::Faulty(faults) => {
                let named = |problem: Self, TemplateFault { field, fault }| problem.and_field(field, fault.to_string());
                faults.into_iter().fold(Self::new(Kind::InvalidFields), named)
            }
            TemplateError::Outside(error) => error.into(),
        }
    }
}

/// A template. `{{teamviewer.customer_link}}`, `{{ticket.title}}`, `{{ticket.number}}` and
/// `{{ticket.technician.name}}` are filled in.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TemplateRequest {
    /// One line, at most 250 characters.
    #[schema(example = "Help with {{ticket.number}}")]
    subject: String,
    /// The plain-text body, at most 20 000 characters.
    #[schema(example = "Join here: {{teamviewer.customer_link}}")]
    text: String,
    /// The HTML body, at most 60 000 characters; made from the plain text if left out. What is filled in is escaped.
    html: Option<String>,
}

impl TemplateRequest {
    fn parse(&self, language: Language) -> Result<MailTemplate, Problem> {
        let mut faults = Faults::default();
        let subject = faults.take("subject", Text::parse(&self.subject));
        let text = faults.take("text", Paragraph::parse(&self.text));
        let html = faults.maybe("html", self.html.as_deref(), Paragraph::parse);
        match (subject, text) {
            (Some(subject), Some(text)) if faults.is_empty() => Ok(MailTemplate { language, subject, text, html }),
            _ => Err(faults.problem()),
        }
    }
}

/// A template as it is kept, or the built-in one.
#[derive(Debug, Serialize, ToSchema)]
pub struct TemplateView {
    /// Which requesters get it.
    #[schema(example = "pt")]
    language: String,
    /// One line.
    subject: String,
    /// The plain-text body.
    text: String,
    /// The HTML body, if it is not made from the plain text.
    #[serde(skip_serializing_if = "Option::is_none")]
    html: Option<String>,
    /// Whether it is the account's own; else it is the built-in one.
    own: bool,
}

impl TemplateView {
    fn new(template: &MailTemplate, own: bool) -> Self {
        Self {
            language: template.language.to_string(),
            subject: template.subject.to_string(),
            text: template.text.to_string(),
            html: template.html.as_ref().map(ToString::to_string),
            own,
        }
    }
}
