//! How an account's own pages look, and whether its customers see them.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Malformed, Text};

/// Where the link leads that a requester is mailed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CustomerLink {
    /// To the account's own page, if the installation has a public address.
    #[default]
    Page,
    /// Straight to TeamViewer.
    Direct,
}

impl CustomerLink {
    /// Accepts `page` or `direct`.
    pub fn parse(raw: &str) -> Result<Self, Malformed> {
        match raw {
            "page" => Ok(Self::Page),
            "direct" => Ok(Self::Direct),
            _ => Err(Malformed::new("must be one of page, direct")),
        }
    }

    /// As it is called in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Direct => "direct",
        }
    }
}

/// A colour: red, green, blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Colour([u8; 3]);

impl Colour {
    /// Accepts `#rrggbb`.
    pub fn parse(raw: &str) -> Result<Self, Malformed> {
        let refused = || Malformed::new("must be a colour such as #0a58a8");
        let digits = raw.strip_prefix('#').filter(|digits| digits.len() == 6).ok_or_else(refused)?;
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(refused());
        }
        let whole = u32::from_str_radix(digits, 16).map_err(|_| refused())?;
        let [_, red, green, blue] = whole.to_be_bytes();
        Ok(Self([red, green, blue]))
    }

    /// Red, green, blue, each 0 to 255.
    pub const fn parts(self) -> [u8; 3] {
        self.0
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

impl TryFrom<String> for Colour {
    type Error = Malformed;
    fn try_from(raw: String) -> Result<Self, Malformed> {
        Self::parse(&raw)
    }
}

impl From<Colour> for String {
    fn from(colour: Colour) -> Self {
        colour.to_string()
    }
}

/// What a logo may be. Both are bare pixels: a drawing (SVG) could run scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogoKind {
    /// PNG.
    Png,
    /// JPEG.
    Jpeg,
}

impl LogoKind {
    /// What the bytes are, whatever somebody says that they are.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            Some(Self::Png)
        } else if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
            Some(Self::Jpeg)
        } else {
            None
        }
    }

    /// Its media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
        }
    }
}

/// Which logo an account has; the picture itself is kept apart from the settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogoMark {
    /// PNG or JPEG.
    pub kind: LogoKind,
    /// SHA-256 of the picture, in hex: its name, which changes with it.
    pub digest: String,
}

/// A logo with its picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Logo {
    /// Which.
    pub mark: LogoMark,
    /// The picture, in base64.
    pub data: String,
}

/// How an account's pages look. What is not set is as Casebridge has it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Branding {
    /// Instead of the account's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Text<100>>,
    /// Of buttons and edges. Text on it is black or white, whichever reads better.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub colour: Option<Colour>,
    /// Which logo stands above.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo: Option<LogoMark>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_is_six_digits_and_nothing_else() {
        assert_eq!(Colour::parse("#0A58a8").unwrap().parts(), [0x0a, 0x58, 0xa8]);
        assert_eq!(Colour::parse("#0A58a8").unwrap().to_string(), "#0a58a8");
        for bad in ["", "#", "0a58a8", "#0a58a", "#0a58a80", "#+a58a8", "red", "#00000g", "#0é8a8"] {
            assert!(Colour::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_logo_is_what_its_bytes_are() {
        assert_eq!(LogoKind::of(b"\x89PNG\r\n\x1a\n...."), Some(LogoKind::Png));
        assert_eq!(LogoKind::of(&[0xff, 0xd8, 0xff, 0xe0]), Some(LogoKind::Jpeg));
        for other in [&b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>"[..], b"GIF89a", b"", b"\x89PNG"] {
            assert_eq!(LogoKind::of(other), None);
        }
    }
}
