//! The account's mail template, with its four parameters.
//!
//! The grammar is only `{{name}}`: an administrator's text must not be able to do more than name a parameter, so
//! there is no template engine behind it.

use serde::{Deserialize, Serialize};

use crate::text::Paragraph;
use crate::{Language, Malformed, Text};

/// What a template may name (guide, "Define the TeamViewer mail template").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Parameter {
    /// `{{teamviewer.customer_link}}`
    CustomerLink,
    /// `{{ticket.title}}`
    TicketTitle,
    /// `{{ticket.number}}`
    TicketNumber,
    /// `{{ticket.technician.name}}`
    TechnicianName,
}

impl Parameter {
    /// All four.
    pub const ALL: [Self; 4] = [Self::CustomerLink, Self::TicketTitle, Self::TicketNumber, Self::TechnicianName];

    /// The name between the braces.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CustomerLink => "teamviewer.customer_link",
            Self::TicketTitle => "ticket.title",
            Self::TicketNumber => "ticket.number",
            Self::TechnicianName => "ticket.technician.name",
        }
    }
}

/// A stretch of template text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    /// As it stands.
    Literal(&'a str),
    /// To be filled in.
    Parameter(Parameter),
}

/// Reads the parameters in a text; what is wrong is said with its name and place.
pub fn pieces(text: &str) -> Result<Vec<Piece<'_>>, Malformed> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find("{{") {
        if open > 0 {
            pieces.push(Piece::Literal(&rest[..open]));
        }
        let place = Place::of(text, text.len() - rest.len() + open);
        let inside = &rest[open + 2..];
        let close =
            inside.find("}}").ok_or_else(|| Malformed::new(format!("{{{{ at {place} is never closed by }}}}")))?;
        let name = inside[..close].trim();
        let parameter = Parameter::ALL.into_iter().find(|known| known.name() == name).ok_or_else(|| {
            let shown: String = name.chars().filter(|c| !c.is_control()).take(60).collect();
            let known: Vec<String> = Parameter::ALL.iter().map(|known| format!("{{{{{}}}}}", known.name())).collect();
            Malformed::new(format!("unknown parameter {{{{{shown}}}}} at {place}; there are {}", known.join(", ")))
        })?;
        pieces.push(Piece::Parameter(parameter));
        rest = &inside[close + 2..];
    }
    if !rest.is_empty() {
        pieces.push(Piece::Literal(rest));
    }
    Ok(pieces)
}

/// A place in a text as an editor shows it.
struct Place {
    line: usize,
    column: usize,
}

impl Place {
    fn of(text: &str, offset: usize) -> Self {
        let before = &text[..offset];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Self { line: before.matches('\n').count() + 1, column: before[line_start..].chars().count() + 1 }
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

/// The invitation's subject and body in one language. Its parameters were checked when it was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailTemplate {
    /// Which requesters get it.
    pub language: Language,
    /// One line.
    pub subject: Text<250>,
    /// The plain-text body.
    pub text: Paragraph<20_000>,
    /// The HTML body; where there is none it is made from the plain text.
    /// At most 60,000 characters, so that a template of the longest characters still fits one item of any store.
    pub html: Option<Paragraph<60_000>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_four_parameters_are_found_between_literals() {
        let found = pieces("Hi {{ticket.title}} ({{ ticket.number }})").unwrap();
        assert_eq!(
            found,
            [
                Piece::Literal("Hi "),
                Piece::Parameter(Parameter::TicketTitle),
                Piece::Literal(" ("),
                Piece::Parameter(Parameter::TicketNumber),
                Piece::Literal(")"),
            ]
        );
    }

    #[test]
    fn an_unknown_parameter_is_named_with_its_place() {
        let refused = pieces("Hello\nä {{ticket.titel}}").unwrap_err().to_string();
        assert!(refused.starts_with("unknown parameter {{ticket.titel}} at line 2, column 3; there are"), "{refused}");
    }

    #[test]
    fn an_open_brace_pair_is_refused_with_its_place() {
        let refused = pieces("a {{ticket.title").unwrap_err().to_string();
        assert_eq!(refused, "{{ at line 1, column 3 is never closed by }}");
    }

    #[test]
    fn a_single_brace_is_only_text() {
        assert_eq!(pieces("{a} }}").unwrap(), [Piece::Literal("{a} }}")]);
    }
}
