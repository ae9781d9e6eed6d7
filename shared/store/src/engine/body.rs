//! The one way in which counts are written.

use std::borrow::Cow;
use std::fmt::Write as _;

use memchr::memmem;

pub(super) const COUNTERS: &str = "{\"counters\":{";
pub(super) const LABELS: &str = "},\"labels\":{";
pub(super) const END: &str = "}}";
/// The body before anything was added.
pub(super) const NOTHING: &str = "{\"counters\":{},\"labels\":{}}";

/// The name of another member of the object that the body ends in.
pub(super) fn push_name(body: &mut String, name: &str) {
    push_comma(body);
    push_text(body, name);
    body.push(':');
}

/// Unless it is the object's first member.
pub(super) fn push_comma(body: &mut String) {
    if !body.ends_with('{') {
        body.push(',');
    }
}

pub(super) fn push_number(body: &mut String, number: i64) {
    // Writing to a text can't fail.
    let _ = write!(body, "{number}");
}

pub(super) fn push_text(body: &mut String, text: &str) {
    if text.bytes().any(needs_escape) {
        body.push_str(&escaped(text));
    } else {
        body.push('"');
        body.push_str(text);
        body.push('"');
    }
}

fn escaped(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn needs_escape(byte: u8) -> bool {
    matches!(byte, b'"' | b'\\' | 0..0x20)
}

/// What is left to be read of a body.
#[derive(Clone, Copy)]
pub(super) struct Left<'a>(pub(super) &'a str);

/// A member of an object, as it was read.
pub(super) struct Member<'a, V> {
    pub(super) name: Cow<'a, str>,
    pub(super) value: V,
    /// Where it begins, where its value does, and what follows it.
    pub(super) start: Left<'a>,
    pub(super) value_start: Left<'a>,
    pub(super) end: Left<'a>,
}

impl<'a> Left<'a> {
    pub(super) fn skip(&mut self, token: &str) -> Option<()> {
        self.0 = self.0.strip_prefix(token)?;
        Some(())
    }

    /// What was read between here and there.
    pub(super) fn until(self, there: Self) -> &'a str {
        &self.0[..self.0.len() - there.0.len()]
    }

    /// The members of an object up to its end, in order and each once; `None` if it is written otherwise.
    pub(super) fn members<V>(
        &mut self,
        value: impl Fn(&mut Self) -> Option<V>,
        see: impl FnMut(Member<'a, V>) -> Option<()>,
    ) -> Option<()> {
        self.members_while(|_| true, value, see)
    }

    /// The members of this object whose names begin with this letter; none of the others is looked at.
    pub(super) fn members_of<V>(
        &mut self,
        letter: char,
        value: impl Fn(&mut Self) -> Option<V>,
        see: impl FnMut(Member<'a, V>) -> Option<()>,
    ) -> Option<()> {
        let begins = [',', '"', letter].iter().collect::<String>();
        if !self.0.starts_with(&begins[1..]) {
            // Nothing else looks like it: within a text, a quotation mark comes after a backslash, and after a text comes
            // no letter.
            let Some(start) = memmem::find(self.0.as_bytes(), begins.as_bytes()) else { return Some(()) };
            self.0 = &self.0[start + 1..];
        }
        self.members_while(|name| name.starts_with(letter), value, see)
    }

    fn members_while<V>(
        &mut self,
        belongs: impl Fn(&str) -> bool,
        value: impl Fn(&mut Self) -> Option<V>,
        mut see: impl FnMut(Member<'a, V>) -> Option<()>,
    ) -> Option<()> {
        let mut last: Option<Cow<'a, str>> = None;
        while !self.0.starts_with('}') {
            if last.is_some() {
                self.skip(",")?;
            }
            let start = *self;
            let name = self.text()?;
            if last.is_some_and(|last| last >= name) {
                return None;
            }
            if !belongs(&name) {
                *self = start;
                return Some(());
            }
            self.skip(":")?;
            last = Some(name.clone());
            let value_start = *self;
            let value = value(self)?;
            see(Member { name, value, start, value_start, end: *self })?;
        }
        Some(())
    }

    pub(super) fn text(&mut self) -> Option<Cow<'a, str>> {
        let inside = self.0.strip_prefix('"')?;
        let plain = inside.bytes().position(needs_escape)?;
        if inside.as_bytes()[plain] == b'"' {
            self.0 = &inside[plain + 1..];
            return Some(Cow::Borrowed(&inside[..plain]));
        }
        let mut texts = serde_json::Deserializer::from_str(self.0).into_iter::<String>();
        let text = texts.next()?.ok()?;
        let (read, left) = self.0.split_at(texts.byte_offset());
        self.0 = left;
        (escaped(&text) == read).then_some(Cow::Owned(text))
    }

    pub(super) fn number(&mut self) -> Option<i64> {
        let end = self.0.bytes().position(|byte| !byte.is_ascii_digit() && byte != b'-')?;
        let (digits, left) = self.0.split_at(end);
        self.0 = left;
        let has_one_way = digits == "0" || !digits.trim_start_matches('-').starts_with('0');
        digits.parse().ok().filter(|_| has_one_way)
    }
}
