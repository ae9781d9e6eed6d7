//! What findings are called, and how they are mended, in five languages.

use super::Hindrance;
use crate::Language;

mod chinese;
mod english;
mod french;
mod portuguese;
mod spanish;

/// A finding in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    /// What it is, in a sentence.
    pub title: &'static str,
    /// How to mend it, or what to do about it.
    pub fix: &'static str,
}

impl Words {
    /// One language's words for a hindrance.
    pub const fn of(hindrance: Hindrance, language: Language) -> Self {
        match language {
            Language::English => english::words(hindrance),
            Language::Portuguese => portuguese::words(hindrance),
            Language::Spanish => spanish::words(hindrance),
            Language::French => french::words(hindrance),
            Language::Chinese => chinese::words(hindrance),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_finding_is_said_in_full_sentences_of_its_own_in_every_language() {
        for language in Language::ALL {
            let titles: HashSet<_> = Hindrance::ALL.iter().map(|it| Words::of(*it, language).title).collect();
            assert_eq!(titles.len(), Hindrance::ALL.len(), "{language}");
            for hindrance in Hindrance::ALL {
                let Words { title, fix } = Words::of(*hindrance, language);
                assert!(title.ends_with(['.', '。']) && fix.ends_with(['.', '。']), "{language}: {hindrance:?}");
            }
        }
    }

    #[test]
    fn no_language_is_another_one_by_mistake() {
        for hindrance in Hindrance::ALL {
            let said: HashSet<_> = Language::ALL.map(|language| Words::of(*hindrance, language).title).into();
            assert_eq!(said.len(), Language::ALL.len(), "{hindrance:?}");
        }
    }
}
