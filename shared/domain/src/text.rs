//! Text from outside, bounded and free of control characters.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Why a value from outside is not what it should be; the message goes on after the name of the field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Malformed(String);

impl Malformed {
    /// A refusal in plain words, without the offending value.
    pub fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

/// One line of text: 1 to `MAX` characters (Unicode scalar values), trimmed, no control characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Text<const MAX: usize>(String);

impl<const MAX: usize> Text<MAX> {
    /// Accepts one line; what is refused is said without repeating the value.
    pub fn parse(raw: &str) -> Result<Self, Malformed> {
        let line = raw.trim();
        check(line, MAX, |c| c.is_control() || is_invisible_direction(c))?;
        Ok(Self(line.to_owned()))
    }

    /// The text as it will be shown; escape it by context.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A paragraph: like [`Text`], but line breaks and tabs are allowed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Paragraph<const MAX: usize>(String);

impl<const MAX: usize> Paragraph<MAX> {
    /// Accepts text with line breaks (`\r\n` becomes `\n`).
    pub fn parse(raw: &str) -> Result<Self, Malformed> {
        let text = raw.replace("\r\n", "\n");
        let text = text.trim();
        check(text, MAX, |c| c.is_control() && c != '\n' && c != '\t')?;
        Ok(Self(text.to_owned()))
    }

    /// The text as it will be shown; escape it by context.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn check(text: &str, max: usize, refused: impl Fn(char) -> bool) -> Result<(), Malformed> {
    if text.is_empty() {
        return Err(Malformed::new("must not be empty"));
    }
    let length = text.chars().count();
    if length > max {
        return Err(Malformed::new(format!("must have at most {max} characters, has {length}")));
    }
    if let Some(position) = text.chars().position(&refused) {
        return Err(Malformed::new(format!(
            "must not contain control characters (found one at character {})",
            position + 1
        )));
    }
    Ok(())
}

/// Characters that reorder what follows them: they can make a link or a name read as another.
fn is_invisible_direction(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

macro_rules! as_string {
    ($type:ident) => {
        impl<const MAX: usize> TryFrom<String> for $type<MAX> {
            type Error = Malformed;
            fn try_from(raw: String) -> Result<Self, Malformed> {
                Self::parse(&raw)
            }
        }
        impl<const MAX: usize> From<$type<MAX>> for String {
            fn from(text: $type<MAX>) -> Self {
                text.0
            }
        }
        impl<const MAX: usize> fmt::Display for $type<MAX> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

as_string!(Text);
as_string!(Paragraph);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_trimmed_and_counted_in_characters() {
        assert_eq!(Text::<3>::parse("  äöü ").unwrap().as_str(), "äöü");
        let refused = Text::<3>::parse("äöüß").unwrap_err().to_string();
        assert_eq!(refused, "must have at most 3 characters, has 4");
    }

    #[test]
    fn control_characters_are_refused_with_their_place() {
        let refused = Text::<20>::parse("ab\u{0}c").unwrap_err().to_string();
        assert_eq!(refused, "must not contain control characters (found one at character 3)");
        assert!(Text::<20>::parse("a\r\nBcc: x@example.com").is_err());
        assert!(Text::<20>::parse("a\u{202E}b").is_err());
    }

    #[test]
    fn a_paragraph_keeps_its_lines_but_no_other_control_character() {
        assert_eq!(Paragraph::<20>::parse("a\r\nb\tc").unwrap().as_str(), "a\nb\tc");
        assert!(Paragraph::<20>::parse("a\u{1b}[31m").is_err());
        assert!(Paragraph::<20>::parse(" \n ").is_err());
    }
}
