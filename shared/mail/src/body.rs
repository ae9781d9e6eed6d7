//! The body of an invitation: the template with its four parameters filled in.

use casebridge_app::ports::mail::InvitationFacts;
use casebridge_domain::mail_template::{Parameter, Piece, pieces};

use crate::escape;
use crate::page;
use crate::phrases::Phrases;

/// What the parameters stand for in one letter.
pub(crate) struct Values<'a> {
    facts: &'a InvitationFacts,
    phrases: &'a Phrases,
}

/// A stretch of a line on its way into HTML.
enum Inline<'a> {
    Text(String),
    Link(&'a str),
}

impl<'a> Values<'a> {
    pub(crate) const fn new(facts: &'a InvitationFacts, phrases: &'a Phrases) -> Self {
        Self { facts, phrases }
    }

    /// Fills in as it is: for subjects and plain text.
    pub(crate) fn text(&self, template: &str) -> String {
        self.fill(template, str::to_owned)
    }

    /// Fills into HTML that was checked: every value escaped, the link only if it may be followed.
    pub(crate) fn html(&self, template: &str) -> String {
        self.fill(template, escape::html)
    }

    /// Makes HTML from a plain text: paragraphs, line breaks, and the link; a link alone on its line is a button.
    pub(crate) fn html_of_text(&self, template: &str) -> String {
        let mut html = String::new();
        let mut paragraph: Vec<String> = Vec::new();
        for line in self.lines(template) {
            let words: String = line.iter().map(Inline::words).collect();
            match line.iter().find_map(Inline::link) {
                Some(link) if words.trim().is_empty() => {
                    page::end_paragraph(&mut html, &mut paragraph);
                    html.push_str(&page::customer_button(self.phrases.join, link));
                }
                None if words.trim().is_empty() => page::end_paragraph(&mut html, &mut paragraph),
                _ => paragraph.push(line.iter().map(Inline::html).collect()),
            }
        }
        page::end_paragraph(&mut html, &mut paragraph);
        html
    }

    fn lines(&self, template: &str) -> Vec<Vec<Inline<'a>>> {
        let mut lines = vec![Vec::new()];
        let mut written = String::new();
        for piece in parts(template) {
            let inline = match piece {
                Piece::Literal(literal) => {
                    written.push_str(literal);
                    let mut parts = literal.split('\n');
                    let first = parts.next().unwrap_or_default();
                    if let Some(line) = lines.last_mut() {
                        line.push(Inline::Text(first.to_owned()));
                    }
                    lines.extend(parts.map(|part| vec![Inline::Text(part.to_owned())]));
                    continue;
                }
                Piece::Parameter(Parameter::CustomerLink) => {
                    Inline::Link(escape::link(self.facts.customer_link.as_str()))
                }
                Piece::Parameter(parameter) => Inline::Text(self.value(parameter, &written)),
            };
            written.push('x');
            if let Some(line) = lines.last_mut() {
                line.push(inline);
            }
        }
        lines
    }

    fn fill(&self, template: &str, escaped: fn(&str) -> String) -> String {
        let mut filled = String::with_capacity(template.len() + 256);
        for piece in parts(template) {
            match piece {
                Piece::Literal(literal) => filled.push_str(literal),
                Piece::Parameter(parameter) => {
                    let value = self.value(parameter, &filled);
                    filled.push_str(&escaped(&value));
                }
            }
        }
        filled
    }

    /// `before` tells whether the value begins a sentence.
    fn value(&self, parameter: Parameter, before: &str) -> String {
        let facts = self.facts;
        match parameter {
            Parameter::CustomerLink => escape::link(facts.customer_link.as_str()).to_owned(),
            Parameter::TicketTitle => facts.ticket_title.to_string(),
            Parameter::TicketNumber => facts.ticket_number.to_string(),
            Parameter::TechnicianName => match &facts.technician_name {
                Some(name) => name.to_string(),
                None if begins_sentence(before) => capitalised(self.phrases.support_team),
                None => self.phrases.support_team.to_owned(),
            },
        }
    }
}

impl<'a> Inline<'a> {
    fn words(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::Link(_) => "",
        }
    }

    const fn link(&self) -> Option<&'a str> {
        match self {
            Self::Text(_) => None,
            Self::Link(link) => Some(link),
        }
    }

    fn html(&self) -> String {
        match self {
            Self::Text(text) => escape::html(text),
            Self::Link(link) => page::anchor(link),
        }
    }
}

/// A saved template was checked; one that wasn't is shown as it stands rather than not sent.
fn parts(template: &str) -> Vec<Piece<'_>> {
    pieces(template).unwrap_or_else(|_| vec![Piece::Literal(template)])
}

fn begins_sentence(before: &str) -> bool {
    const INLINE: [&str; 6] = ["<b", "<i", "<em", "<strong", "<span", "<u"];
    let before = before.trim_end_matches([' ', '\u{a0}']);
    if let (true, Some(tag)) = (before.ends_with('>'), before.rfind('<')) {
        let name = before[tag..].split([' ', '>']).next().unwrap_or_default();
        return !INLINE.contains(&name) || begins_sentence(&before[..tag]);
    }
    before.is_empty() || before.ends_with(['\n', '.', '!', '?'])
}

fn capitalised(words: &str) -> String {
    let mut rest = words.chars();
    rest.next().map(|first| first.to_uppercase().chain(rest).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stand_in_is_capitalised_where_a_sentence_begins() {
        for begins in ["", "Hello!\n", "Hi. ", "<p>", "<p class=\"x\"> ", "</p><b>", "Done.<br>"] {
            assert!(begins_sentence(begins), "{begins}");
        }
        for inside in ["Hello, ", "write to <b>", "by <span style=\"color:red\">", "(", "</b> and "] {
            assert!(!begins_sentence(inside), "{inside}");
        }
        assert_eq!(capitalised("our support team"), "Our support team");
        assert_eq!(capitalised("我们的支持团队"), "我们的支持团队");
    }
}
