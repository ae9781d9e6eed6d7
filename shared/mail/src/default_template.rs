//! The invitations as they come, one text file per language, for translators to edit.

use casebridge_domain::mail_template::MailTemplate;
use casebridge_domain::text::Paragraph;
use casebridge_domain::{Language, Malformed, Text};

/// Subject and text of a language.
pub(crate) fn of(language: Language) -> (&'static str, &'static str) {
    let file = match language {
        Language::English => include_str!("../templates/en/invitation.txt"),
        Language::Portuguese => include_str!("../templates/pt/invitation.txt"),
        Language::Spanish => include_str!("../templates/es/invitation.txt"),
        Language::French => include_str!("../templates/fr/invitation.txt"),
        Language::Chinese => include_str!("../templates/zh/invitation.txt"),
    };
    let (subject, text) = file.split_once('\n').unwrap_or((file, file));
    (subject, text.trim())
}

/// The same, as an account would have written it.
#[expect(clippy::expect_used, reason = "the files are part of the program; a test reads all of them")]
pub(crate) fn as_own(language: Language) -> MailTemplate {
    parse(language).expect("a template file with a subject and a text")
}

fn parse(language: Language) -> Result<MailTemplate, Malformed> {
    let (subject, text) = of(language);
    Ok(MailTemplate { language, subject: Text::parse(subject)?, text: Paragraph::parse(text)?, html: None })
}

#[cfg(test)]
mod tests {
    use casebridge_domain::mail_template::{Parameter, Piece, pieces};

    use super::*;

    #[test]
    fn every_language_has_a_template_that_an_account_could_have_saved() {
        for language in Language::ALL {
            assert_eq!(crate::faults::of(&as_own(language)), [], "{language}");
        }
    }

    #[test]
    fn every_template_names_all_four_parameters_and_puts_the_link_on_a_line_of_its_own() {
        for language in Language::ALL {
            let (_, text) = of(language);
            let found = pieces(text).unwrap();
            for parameter in Parameter::ALL {
                assert!(found.contains(&Piece::Parameter(parameter)), "{language}: {}", parameter.name());
            }
            assert!(text.lines().any(|line| line == "{{teamviewer.customer_link}}"), "{language}");
        }
    }
}
