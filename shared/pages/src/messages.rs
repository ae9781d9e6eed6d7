//! What pages say, in every language. The words are files that a translator can edit; a word in `{braces}` is filled in.

use casebridge_domain::Language;
use serde::de::DeserializeOwned;

/// The words of one kind of page, in each language.
pub(crate) struct InEveryLanguage<Words>([Words; 5]);

impl<Words: DeserializeOwned + Default> InEveryLanguage<Words> {
    /// Reads the files. One that can't be read gives empty words, which a test of each kind of page notices.
    pub(crate) fn read(file: fn(Language) -> &'static str) -> Self {
        Self(Language::ALL.map(|language| serde_json::from_str(file(language)).unwrap_or_default()))
    }
}

impl<Words> InEveryLanguage<Words> {
    /// The words of one language.
    pub(crate) const fn of(&self, language: Language) -> &Words {
        let [english, portuguese, spanish, french, chinese] = &self.0;
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
pub(crate) fn filled(message: &str, values: &[(&str, &str)]) -> String {
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

/// Holds that no message is missing, unused or empty in any language, and that all of them fill in the same.
#[cfg(test)]
pub(crate) fn hold<Words: DeserializeOwned>(file: fn(Language) -> &'static str) {
    use std::collections::{BTreeMap, BTreeSet};

    let messages = |language| serde_json::from_str::<BTreeMap<String, String>>(file(language)).unwrap();
    let english = messages(Language::English);
    for language in Language::ALL {
        serde_json::from_str::<Words>(file(language)).unwrap_or_else(|error| panic!("{language}: {error}"));
        for (key, message) in messages(language) {
            let names = |message: &str| -> BTreeSet<String> {
                message.split('{').skip(1).map(|after| after.split_once('}').expect("closed").0.to_owned()).collect()
            };
            assert!(!message.is_empty() && message.trim() == message, "{language} {key}");
            assert_eq!(names(&message), names(&english[&key]), "{language} {key}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_stands_wherever_its_name_stood_whatever_it_is() {
        let values = [("user", "{technician}"), ("technician", "tess")];
        assert_eq!(filled("{user} or {technician}, {user}!", &values), "{technician} or tess, {technician}!");
        assert_eq!(filled("{technician}希望", &values), "tess希望");
        assert_eq!(filled("nobody", &values), "nobody");
    }

    #[test]
    fn each_language_has_its_own_words() {
        let words = InEveryLanguage(Language::ALL.map(|language| language.to_string()));
        for language in Language::ALL {
            assert_eq!(words.of(language), &language.to_string());
        }
    }
}
