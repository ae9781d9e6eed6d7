//! The words of the page that technicians come back to, in five languages.

use std::sync::LazyLock;

use casebridge_domain::Language;
use serde::Deserialize;

/// The words of one language. A key that is missing or that nobody uses makes the file unreadable, which a test notices.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    /// He is signed in.
    pub(super) done_heading: String,
    /// `{user}`, `{technician}`
    pub(super) done: String,
    /// In place of `{user}`, where the token may not tell.
    pub(super) somebody: String,
    /// Above the next five.
    pub(super) not_done_heading: String,
    /// He said no.
    pub(super) declined: String,
    /// TeamViewer does not accept the code.
    pub(super) code_refused: String,
    /// TeamViewer does not accept the app.
    pub(super) app_refused: String,
    /// `{user}`, twice
    pub(super) another_user: String,
    /// Somebody else did the same.
    pub(super) overtaken: String,
    /// A `state` that is none of ours (any more).
    pub(super) unknown_heading: String,
    /// A `state` that is none of ours (any more).
    pub(super) unknown: String,
    /// Store, vault or TeamViewer failed.
    pub(super) trouble_heading: String,
    /// Store, vault or TeamViewer failed.
    pub(super) trouble: String,
}

const fn file(language: Language) -> &'static str {
    match language {
        Language::English => include_str!("../../messages/oauth/en.json"),
        Language::Portuguese => include_str!("../../messages/oauth/pt.json"),
        Language::Spanish => include_str!("../../messages/oauth/es.json"),
        Language::French => include_str!("../../messages/oauth/fr.json"),
        Language::Chinese => include_str!("../../messages/oauth/zh.json"),
    }
}

impl Words {
    pub(super) fn of(language: Language) -> &'static Self {
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

/// Puts values into a message, each wherever its name stands. A value is never looked into for further braces.
pub(super) fn filled(message: &str, values: &[(&str, &str)]) -> String {
    let mut pieces = message.split('{');
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        match piece.split_once('}') {
            Some((name, rest)) => {
                text.push_str(values.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value));
                text.push_str(rest);
            }
            None => text.push_str(piece),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    fn messages(language: Language) -> BTreeMap<String, String> {
        serde_json::from_str(file(language)).unwrap()
    }

    fn names(message: &str) -> BTreeSet<&str> {
        message.split('{').skip(1).map(|after| after.split_once('}').expect("closed").0).collect()
    }

    #[test]
    fn no_message_is_missing_unused_or_empty_in_any_language_and_all_fill_in_the_same() {
        let english = messages(Language::English);
        for language in Language::ALL {
            serde_json::from_str::<Words>(file(language)).unwrap_or_else(|error| panic!("{language}: {error}"));
            for (key, message) in messages(language) {
                assert!(!message.is_empty() && message.trim() == message, "{language} {key}");
                assert_eq!(names(&message), names(&english[&key]), "{language} {key}");
            }
        }
    }

    #[test]
    fn a_value_stands_wherever_its_name_stood_whatever_it_is() {
        let values = [("user", "{technician}"), ("technician", "tess")];
        assert_eq!(filled("{user} or {technician}, {user}!", &values), "{technician} or tess, {technician}!");
        assert_eq!(filled("nobody", &values), "nobody");
    }
}
