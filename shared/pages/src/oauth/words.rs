//! The words of the page that technicians come back to, in five languages.

use std::sync::LazyLock;

use casebridge_domain::Language;
use serde::Deserialize;

use crate::messages::InEveryLanguage;

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
