//! Reads the HTML that an administrator wrote, strictly: what a mail reader could take in two ways is refused.
//!
//! Within these bounds (no comments, no `<` that begins no tag, no element whose content is read by other rules) the
//! tags found here are the ones that every HTML parser finds.

use std::ops::Range;

/// What was found, in order.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Markup<'a> {
    Open(Tag<'a>),
    Close {
        /// As written.
        name: &'a str,
        at: Range<usize>,
    },
}

/// An opening tag.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Tag<'a> {
    /// As written.
    pub(crate) name: &'a str,
    pub(crate) at: Range<usize>,
    pub(crate) attributes: Vec<Attribute<'a>>,
}

/// An attribute; one without a value has an empty one.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Attribute<'a> {
    /// As written.
    pub(crate) name: &'a str,
    pub(crate) value: &'a str,
    /// Where the value is, or the name where there is none.
    pub(crate) at: Range<usize>,
    pub(crate) quoted: bool,
}

/// What can't be read, and where.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Unclear {
    pub(crate) at: usize,
    pub(crate) why: &'static str,
}

const IN_TAG: &str = "is a parameter in a tag; there it may only stand in a quoted attribute value";

/// All tags of a piece of HTML.
pub(crate) fn read(html: &str) -> Result<Vec<Markup<'_>>, Unclear> {
    let mut reader = Reader { html, at: 0 };
    let mut found = Vec::new();
    while let Some(open) = reader.rest().find('<') {
        reader.at += open;
        found.push(reader.tag()?);
    }
    Ok(found)
}

struct Reader<'a> {
    html: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        &self.html[self.at..]
    }

    fn starts_with(&self, what: impl Fn(char) -> bool) -> bool {
        self.rest().starts_with(what)
    }

    /// Goes on for as long as it likes the characters.
    fn take(&mut self, liked: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let taken = &rest[..rest.find(|c| !liked(c)).unwrap_or(rest.len())];
        self.at += taken.len();
        taken
    }

    fn skip(&mut self, what: char) -> bool {
        let there = self.rest().starts_with(what);
        self.at += if there { what.len_utf8() } else { 0 };
        there
    }

    fn unclear<T>(&self, why: &'static str) -> Result<T, Unclear> {
        Err(Unclear { at: self.at, why })
    }

    fn tag(&mut self) -> Result<Markup<'a>, Unclear> {
        let start = self.at;
        let refuse = |why| Err(Unclear { at: start, why });
        self.at += 1;
        let closing = self.skip('/');
        if self.starts_with(|c| c == '!' || c == '?') {
            return refuse("is a comment or declaration, which a mail's body can't have");
        }
        if !self.starts_with(|c| c.is_ascii_alphabetic()) {
            return refuse("is a < that begins no tag; write &lt; to show one");
        }
        let name = self.take(|c| c.is_ascii_alphanumeric() || c == '-');
        if !self.starts_with(|c| c.is_ascii_whitespace() || c == '/' || c == '>') {
            return self.unclear(if self.rest().starts_with("{{") {
                IN_TAG
            } else {
                "can't stand in the name of a tag"
            });
        }
        let mut attributes = Vec::new();
        loop {
            self.take(|c| c.is_ascii_whitespace());
            if self.rest().is_empty() {
                return refuse("is a tag that is never closed by >");
            }
            if self.skip('>') {
                break;
            }
            if self.skip('/') {
                if self.skip('>') {
                    break;
                }
                return self.unclear("is not the > that must follow a / in a tag");
            }
            attributes.push(self.attribute()?);
        }
        let at = start..self.at;
        match (closing, attributes.is_empty()) {
            (true, true) => Ok(Markup::Close { name, at }),
            (true, false) => refuse("is a closing tag with attributes"),
            (false, _) => Ok(Markup::Open(Tag { name, at, attributes })),
        }
    }

    fn attribute(&mut self) -> Result<Attribute<'a>, Unclear> {
        let start = self.at;
        let name = self.take(|c| c.is_ascii_alphanumeric() || "-_:.".contains(c));
        if name.is_empty() {
            return self.unclear(if self.rest().starts_with("{{") { IN_TAG } else { "can't stand in a tag" });
        }
        let named = start..self.at;
        self.take(|c| c.is_ascii_whitespace());
        if !self.skip('=') {
            return Ok(Attribute { name, value: "", at: named, quoted: false });
        }
        self.take(|c| c.is_ascii_whitespace());
        for quote in ['"', '\''] {
            if self.skip(quote) {
                let from = self.at;
                let value = self.take(|c| c != quote);
                if !self.skip(quote) {
                    return Err(Unclear { at: from - 1, why: "is a quote that is never closed" });
                }
                return Ok(Attribute { name, value, at: from..from + value.len(), quoted: true });
            }
        }
        if self.rest().starts_with("{{") {
            return self.unclear(IN_TAG);
        }
        let from = self.at;
        let value = self.take(|c| !c.is_ascii_whitespace() && !"\"'<>=`".contains(c));
        if value.is_empty() || !self.starts_with(|c| c.is_ascii_whitespace() || c == '>') {
            return self.unclear("can't stand in an attribute value without quotes");
        }
        Ok(Attribute { name, value, at: from..self.at, quoted: false })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_and_attributes_are_found_where_they_are() {
        let html = "a <A Href='x > y' id=b hidden>ä</A\n><br/>";
        let found = read(html).unwrap();
        let [Markup::Open(anchor), Markup::Close { name: "A", at }, Markup::Open(Tag { name: "br", .. })] = &found[..]
        else {
            panic!("{found:?}")
        };
        assert_eq!(&html[at.clone()], "</A\n>");
        let attributes: Vec<_> = anchor.attributes.iter().map(|a| (a.name, a.value, a.quoted)).collect();
        assert_eq!(attributes, [("Href", "x > y", true), ("id", "b", false), ("hidden", "", false)]);
        assert!(anchor.attributes.iter().take(2).all(|a| &html[a.at.clone()] == a.value));
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_refused_with_its_place() {
        for (html, at) in [
            ("x <!-- c -->", 2),
            ("<?php ?>", 0),
            ("</ p>", 0),
            ("1 < 2", 2),
            ("<{{ticket.title}}>", 0),
            ("<a{{ticket.title}}>", 2),
            ("<p {{ticket.title}}>", 3),
            ("<p title={{ticket.title}}>", 9),
            ("<p title=\"x>", 9),
            ("<p title=a\"b>", 10),
            ("<p", 2),
            ("<p ", 0),
            ("<p /x>", 4),
            ("</p x>", 0),
            ("<p\u{a0}x>", 2),
            ("<p x= >", 6),
            ("<p <b>", 3),
        ] {
            assert_eq!(read(html).unwrap_err().at, at, "{html}");
        }
    }
}
