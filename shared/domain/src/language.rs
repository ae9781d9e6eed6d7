//! The languages people are written to in.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::text::Malformed;

/// The five languages that every text of the product exists in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Language {
    /// English.
    #[serde(rename = "en")]
    English,
    /// Portuguese.
    #[serde(rename = "pt")]
    Portuguese,
    /// Spanish.
    #[serde(rename = "es")]
    Spanish,
    /// French.
    #[serde(rename = "fr")]
    French,
    /// Chinese (simplified).
    #[serde(rename = "zh")]
    Chinese,
}

impl Language {
    /// All of them, in the order they are offered.
    pub const ALL: [Self; 5] = [Self::English, Self::Portuguese, Self::Spanish, Self::French, Self::Chinese];

    /// The language of a BCP 47 tag by its primary subtag (`pt-BR` is Portuguese); `None` if it is none of ours.
    pub fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next()?.to_ascii_lowercase();
        Self::ALL.into_iter().find(|language| language.code() == primary)
    }

    /// Accepts a tag of one of the five.
    pub fn parse(tag: &str) -> Result<Self, Malformed> {
        Self::of_tag(tag).ok_or_else(|| Malformed::new("must be one of en, pt, es, fr, zh"))
    }

    /// The primary subtag.
    pub const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Portuguese => "pt",
            Self::Spanish => "es",
            Self::French => "fr",
            Self::Chinese => "zh",
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_read_by_its_primary_subtag() {
        assert_eq!(Language::of_tag("pt-BR"), Some(Language::Portuguese));
        assert_eq!(Language::of_tag("ZH_hans"), Some(Language::Chinese));
        assert_eq!(Language::of_tag("de"), None);
        assert_eq!(Language::of_tag(""), None);
    }
}
