//! What is wrong with a template, each with its place.

use std::ops::Range;

use casebridge_app::ports::mail::TemplateFault;
use casebridge_domain::Malformed;
use casebridge_domain::mail_template::{MailTemplate, Parameter, Piece, pieces};

use crate::markup::{self, Attribute, Markup, Tag};

/// What a mail's body may be built of. Everything else is either dangerous, belongs to the frame, or is not shown.
#[rustfmt::skip]
const ELEMENTS: [&str; 46] = [
    "a", "abbr", "b", "big", "blockquote", "br", "caption", "center", "code", "col", "colgroup", "dd", "del", "div",
    "dl", "dt", "em", "font", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "li", "ol", "p", "pre", "s",
    "small", "span", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "u", "ul",
];
const EMPTY: [&str; 4] = ["br", "col", "hr", "img"];
/// HTML lets these end by themselves.
const END_BY_THEMSELVES: [&str; 10] = ["p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "colgroup"];
#[rustfmt::skip]
const LINKS: [&str; 12] = [
    "action", "background", "cite", "data", "formaction", "href", "longdesc", "ping", "poster", "src", "srcset", "xlink:href",
];

/// Everything, in the order of the fields and of the text.
pub(crate) fn of(template: &MailTemplate) -> Vec<TemplateFault> {
    let mut faults = Faults(Vec::new());
    faults.parameters("subject", template.subject.as_str());
    let text = faults.parameters("text", template.text.as_str());
    faults.link_missing("text", text.as_deref());
    if let Some(html) = &template.html {
        let found = faults.parameters("html", html.as_str());
        faults.link_missing("html", found.as_deref());
        faults.html(html.as_str(), &found.unwrap_or_default());
    }
    faults.0
}

type Found = (Parameter, Range<usize>);

struct Faults(Vec<TemplateFault>);

impl Faults {
    fn add(&mut self, field: &'static str, what: String) {
        self.0.push(TemplateFault { field, fault: Malformed::new(what) });
    }

    fn parameters(&mut self, field: &'static str, text: &str) -> Option<Vec<Found>> {
        let pieces = pieces(text).map_err(|fault| self.0.push(TemplateFault { field, fault })).ok()?;
        let mut at = 0;
        let mut found = Vec::new();
        for piece in pieces {
            match piece {
                Piece::Literal(literal) => at += literal.len(),
                Piece::Parameter(parameter) => {
                    let end = text[at..].find("}}").map_or(text.len(), |close| at + close + 2);
                    found.push((parameter, at..end));
                    at = end;
                }
            }
        }
        Some(found)
    }

    fn link_missing(&mut self, field: &'static str, found: Option<&[Found]>) {
        if found.is_some_and(|found| found.iter().all(|(parameter, _)| *parameter != Parameter::CustomerLink)) {
            self.add(field, "must contain {{teamviewer.customer_link}}: without it the customer can't come".to_owned());
        }
    }

    fn html(&mut self, html: &str, parameters: &[Found]) {
        let markup = match markup::read(html) {
            Ok(markup) => markup,
            Err(unclear) => {
                let shown = shown(&html[unclear.at..]);
                return self.add("html", format!("{shown} at {} {}", place(html, unclear.at), unclear.why));
            }
        };
        let mut open: Vec<(String, usize)> = Vec::new();
        for found in &markup {
            match found {
                Markup::Open(tag) => {
                    let name = tag.name.to_ascii_lowercase();
                    self.tag(html, tag, &name, parameters);
                    if ELEMENTS.contains(&name.as_str()) && !EMPTY.contains(&name.as_str()) {
                        open.push((name, tag.at.start));
                    }
                }
                Markup::Close { name, at } => self.close(html, &name.to_ascii_lowercase(), at.start, &mut open),
            }
        }
        for (name, at) in open.iter().filter(|(name, _)| !END_BY_THEMSELVES.contains(&name.as_str())) {
            self.add("html", format!("<{name}> at {} is never closed", place(html, *at)));
        }
    }

    fn close(&mut self, html: &str, name: &str, at: usize, open: &mut Vec<(String, usize)>) {
        if !ELEMENTS.contains(&name) {
            return;
        }
        while open.last().is_some_and(|(last, _)| last != name && END_BY_THEMSELVES.contains(&last.as_str())) {
            open.pop();
        }
        if open.last().is_some_and(|(last, _)| last == name) {
            open.pop();
        } else {
            self.add("html", format!("</{name}> at {} closes nothing that is open there", place(html, at)));
        }
    }

    fn tag(&mut self, html: &str, tag: &Tag<'_>, name: &str, parameters: &[Found]) {
        if !ELEMENTS.contains(&name) {
            let why = if matches!(name, "html" | "head" | "body" | "title" | "meta" | "style" | "link" | "base") {
                "belongs to the page around the body, which is added; write only what goes inside"
            } else {
                "is not allowed in a mail"
            };
            self.add("html", format!("<{name}> at {} {why}", place(html, tag.at.start)));
        }
        for attribute in &tag.attributes {
            self.attribute(html, attribute, parameters);
        }
    }

    fn attribute(&mut self, html: &str, attribute: &Attribute<'_>, parameters: &[Found]) {
        let name = attribute.name.to_ascii_lowercase();
        let place = place(html, attribute.at.start);
        let inside: Vec<&Found> = parameters.iter().filter(|(_, range)| attribute.at.contains(&range.start)).collect();
        let value = attribute.value.trim().to_ascii_lowercase();
        if name.starts_with("on") {
            self.add("html", format!("{name} at {place} is an event handler, which a mail can't have"));
        } else if !inside.is_empty() && !attribute.quoted {
            self.add("html", format!("the value of {name} at {place} names a parameter and must stand in quotes"));
        } else if LINKS.contains(&name.as_str()) {
            match inside.as_slice() {
                [] if ["https://", "mailto:", "tel:"].iter().any(|scheme| value.starts_with(scheme)) => {}
                [] => self.add("html", format!("the {name} at {place} must begin with https://, mailto: or tel:")),
                [(Parameter::CustomerLink, at)]
                    if name == "href" && html[at.clone()].len() == attribute.value.trim().len() => {}
                [(parameter, _), ..] => {
                    let known = parameter.name();
                    let only = "the only parameter that can be a link is href=\"{{teamviewer.customer_link}}\", alone";
                    self.add("html", format!("the {name} at {place} names {{{{{known}}}}}; {only}"));
                }
            }
        } else if name == "style"
            && (!inside.is_empty() || ["url(", "expression(", "\\"].iter().any(|bad| value.contains(bad)))
        {
            self.add("html", format!("the style at {place} may not name a parameter or load anything"));
        }
    }
}

fn place(text: &str, at: usize) -> String {
    let before = &text[..at];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    format!("line {}, column {}", before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

/// The first characters, to recognise the place by.
fn shown(rest: &str) -> String {
    let line = rest.lines().next().unwrap_or_default();
    let start: String = line.chars().take(20).collect();
    if start.is_empty() { "the end".to_owned() } else { start }
}

#[cfg(test)]
mod tests;
