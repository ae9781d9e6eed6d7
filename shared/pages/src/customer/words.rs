//! The words of the customer's page, in five languages. They are files that a translator can edit; a word in `{braces}` is filled
//! in.

use std::sync::LazyLock;

use casebridge_domain::Language;
use serde::Deserialize;

use crate::messages::InEveryLanguage;

/// The words of one language. A key that is missing or that nobody uses makes the file unreadable, which a test notices.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Words {
    /// Of the browser's window.
    pub(crate) title: String,
    /// Above an open session.
    pub(crate) heading: String,
    /// `{technician}`
    pub(crate) lead: String,
    /// Where nobody has the ticket.
    pub(crate) lead_team: String,
    /// `{number}`
    pub(crate) ticket: String,
    /// The button.
    pub(crate) join: String,
    /// Below the button.
    pub(crate) join_hint: String,
    /// Above the code.
    pub(crate) code: String,
    /// Below the code.
    pub(crate) code_hint: String,
    /// `{time}`
    pub(crate) valid_until: String,
    /// Before the button that says no.
    pub(crate) not_me_hint: String,
    /// That button.
    pub(crate) not_me: String,
    /// After it was pressed.
    pub(crate) not_me_heading: String,
    /// After it was pressed.
    pub(crate) not_me_done: String,
    /// TeamViewer has not answered yet.
    pub(crate) preparing_heading: String,
    /// TeamViewer has not answered yet.
    pub(crate) preparing: String,
    /// The session is over.
    pub(crate) ended_heading: String,
    /// `{number}`
    pub(crate) ended: String,
    /// The time is over.
    pub(crate) expired_heading: String,
    /// Before the button for a new link.
    pub(crate) expired: String,
    /// That button.
    pub(crate) new_link: String,
    /// After it was pressed.
    pub(crate) sent_heading: String,
    /// After it was pressed.
    pub(crate) sent: String,
    /// After it was pressed in vain.
    pub(crate) refused_heading: String,
    /// `{number}`
    pub(crate) refused_closed: String,
    /// `{number}`
    pub(crate) refused_limit: String,
    /// `{number}`
    pub(crate) refused_now: String,
    /// Above the button by which help is asked for.
    pub(crate) ask_heading: String,
    /// Below that button.
    pub(crate) ask_hint: String,
    /// That button.
    pub(crate) ask: String,
    /// It was pressed in vain.
    pub(crate) ask_refused_heading: String,
    /// `{number}`
    pub(crate) ask_refused_limit: String,
    /// A link whose time is over.
    pub(crate) ask_link_expired: String,
    /// Who asked waits.
    pub(crate) waiting_heading: String,
    /// Who asked waits.
    pub(crate) waiting: String,
    /// `{time}`
    pub(crate) waiting_until: String,
    /// Loads the page again.
    pub(crate) look_again: String,
    /// The button that withdraws.
    pub(crate) withdraw: String,
    /// `{technician}`
    pub(crate) taken: String,
    /// Where nobody is named.
    pub(crate) taken_team: String,
    /// Nobody took it in time.
    pub(crate) not_taken_heading: String,
    /// Nobody took it in time.
    pub(crate) not_taken: String,
    /// A wrong link.
    pub(crate) missing_heading: String,
    /// A wrong link.
    pub(crate) missing: String,
    /// The store does not answer.
    pub(crate) trouble_heading: String,
    /// The store does not answer.
    pub(crate) trouble: String,
}

const fn file(language: Language) -> &'static str {
    match language {
        Language::English => include_str!("../../messages/customer/en.json"),
        Language::Portuguese => include_str!("../../messages/customer/pt.json"),
        Language::Spanish => include_str!("../../messages/customer/es.json"),
        Language::French => include_str!("../../messages/customer/fr.json"),
        Language::Chinese => include_str!("../../messages/customer/zh.json"),
    }
}

impl Words {
    pub(crate) fn of(language: Language) -> &'static Self {
        static WORDS: LazyLock<InEveryLanguage<Words>> = LazyLock::new(|| InEveryLanguage::read(file));
        WORDS.of(language)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::messages::hold;

    #[test]
    fn no_message_is_missing_unused_or_empty_in_any_language_and_all_fill_in_the_same() {
        hold::<Words>(file);
    }
}
