//! The words of the customer's page, in five languages. They are files that a translator can edit; a word in `{braces}` is filled
//! in.

use std::sync::LazyLock;

use casebridge_domain::Language;
use serde::Deserialize;

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
        static WORDS: LazyLock<[Words; 5]> =
            LazyLock::new(|| Language::ALL.map(|language| serde_json::from_str(file(language)).unwrap_or_default()));
        let [english, portuguese, spanish, french, chinese] = &*WORDS;
        match language {
            Language::English => english,
            Language::Portuguese => portuguese,
            Language::Spanish => spanish,
            Language::French => french,
            Language::Chinese => chinese,
        }
    }
}

/// Puts a value into a message. A value is never looked into for further braces.
pub(crate) fn fill(message: &str, name: &str, value: &str) -> String {
    message.replacen(&format!("{{{name}}}"), value, 1)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn messages(language: Language) -> BTreeMap<String, String> {
        serde_json::from_str(file(language)).unwrap()
    }

    fn braces(message: &str) -> Vec<&str> {
        message.split('{').skip(1).map(|after| after.split_once('}').expect("closed").0).collect()
    }

    #[test]
    fn no_message_is_missing_unused_or_empty_in_any_language() {
        for language in Language::ALL {
            serde_json::from_str::<Words>(file(language)).unwrap_or_else(|error| panic!("{language}: {error}"));
            for (key, message) in messages(language) {
                assert!(!message.is_empty() && message.trim() == message, "{language} {key}");
            }
        }
    }

    #[test]
    fn every_language_fills_in_the_same() {
        let english = messages(Language::English);
        for language in Language::ALL {
            for (key, message) in messages(language) {
                assert_eq!(braces(&message), braces(&english[&key]), "{language} {key}");
            }
        }
    }

    #[test]
    fn a_value_stands_where_its_name_stood_whatever_it_is() {
        assert_eq!(fill("Ticket {number} is closed.", "number", "{number}"), "Ticket {number} is closed.");
        assert_eq!(fill("Ticket {number}", "number", "INC-1"), "Ticket INC-1");
        assert_eq!(fill("{technician}希望", "technician", "Ana"), "Ana希望");
        assert_eq!(fill("No name", "number", "INC-1"), "No name");
    }
}
