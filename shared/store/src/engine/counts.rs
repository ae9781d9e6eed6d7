//! What an item that counts holds, and its one way of being written.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt::Write as _;

use super::Addition;

/// The counters and labels of an item that counts, each in the order of their names' bytes.
///
/// They have one text: no spaces, no more escapes than JSON needs, as `serde_json` writes them. So the same counts are
/// the same body in every engine, and an engine may keep them in a form of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts<'a> {
    counters: Vec<(Cow<'a, str>, i64)>,
    labels: Vec<(Cow<'a, str>, Cow<'a, str>)>,
}

impl<'a> Counts<'a> {
    /// Puts them in order. Each name may be there once.
    pub fn new(mut counters: Vec<(Cow<'a, str>, i64)>, mut labels: Vec<(Cow<'a, str>, Cow<'a, str>)>) -> Self {
        counters.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        labels.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        Self { counters, labels }
    }

    /// Those that a body holds; `None` for every other text, if only by a space.
    pub fn parse(body: &'a str) -> Option<Self> {
        let mut left = Left(body);
        left.skip("{\"counters\":{")?;
        let counters = left.members(Left::number)?;
        left.skip(",\"labels\":{")?;
        let labels = left.members(Left::text)?;
        left.skip("}")?;
        left.0.is_empty().then_some(Self { counters, labels })
    }

    /// Their text.
    pub fn body(&self) -> String {
        let names = self.counters.iter().map(|(name, _)| name.len() + 12).sum::<usize>();
        let labels = self.labels.iter().map(|(name, text)| name.len() + text.len() + 8).sum::<usize>();
        let mut body = String::with_capacity(names + labels + 32);
        body.push_str("{\"counters\":{");
        for (place, (name, number)) in self.counters.iter().enumerate() {
            push_name(&mut body, place, name);
            // Writing to a text can't fail.
            let _ = write!(body, "{number}");
        }
        body.push_str("},\"labels\":{");
        for (place, (name, text)) in self.labels.iter().enumerate() {
            push_name(&mut body, place, name);
            push_text(&mut body, text);
        }
        body.push_str("}}");
        body
    }

    /// In the order of their names.
    pub fn counters(&self) -> impl Iterator<Item = (&str, i64)> {
        self.counters.iter().map(|(name, number)| (name.as_ref(), *number))
    }

    /// In the order of their names.
    pub fn labels(&self) -> impl Iterator<Item = (&str, &str)> {
        self.labels.iter().map(|(name, text)| (name.as_ref(), text.as_ref()))
    }

    /// With what is added to them; `None` if a counter would leave its range.
    pub(super) fn and(self, addition: &'a Addition) -> Option<Self> {
        let added = Self::new(
            addition.counters.iter().map(|(name, number)| (Cow::from(name), *number)).collect(),
            addition.labels.iter().map(|(name, text)| (Cow::from(name), Cow::from(text))).collect(),
        );
        Some(Self {
            counters: merged(self.counters, added.counters, i64::checked_add)?,
            labels: merged(self.labels, added.labels, |_, text| Some(text))?,
        })
    }
}

/// Two lists in order as one. `None` if one can't be put onto the other.
fn merged<'a, V>(
    there: Vec<(Cow<'a, str>, V)>,
    added: Vec<(Cow<'a, str>, V)>,
    onto: impl Fn(V, V) -> Option<V>,
) -> Option<Vec<(Cow<'a, str>, V)>> {
    let mut all = Vec::with_capacity(there.len() + added.len());
    let mut there = there.into_iter().peekable();
    for (name, value) in added {
        while let Some(before) = there.next_if(|(next, _)| *next < name) {
            all.push(before);
        }
        match there.next_if(|(next, _)| *next == name) {
            Some((name, old)) => all.push((name, onto(old, value)?)),
            None => all.push((name, value)),
        }
    }
    all.extend(there);
    Some(all)
}

fn push_name(body: &mut String, place: usize, name: &str) {
    if place > 0 {
        body.push(',');
    }
    push_text(body, name);
    body.push(':');
}

fn push_text(body: &mut String, text: &str) {
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

/// What is left to be read.
struct Left<'a>(&'a str);

impl<'a> Left<'a> {
    fn skip(&mut self, token: &str) -> Option<()> {
        self.0 = self.0.strip_prefix(token)?;
        Some(())
    }

    /// The members of an object up to its end, in order and each once.
    fn members<V>(&mut self, value: impl Fn(&mut Self) -> Option<V>) -> Option<Vec<(Cow<'a, str>, V)>> {
        let mut members: Vec<(Cow<'a, str>, V)> = Vec::new();
        while self.skip("}").is_none() {
            if !members.is_empty() {
                self.skip(",")?;
            }
            let name = self.text()?;
            if members.last().is_some_and(|(last, _)| last.cmp(&name) != Ordering::Less) {
                return None;
            }
            self.skip(":")?;
            members.push((name, value(self)?));
        }
        Some(members)
    }

    fn text(&mut self) -> Option<Cow<'a, str>> {
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

    fn number(&mut self) -> Option<i64> {
        let end = self.0.find(|c: char| !c.is_ascii_digit() && c != '-')?;
        let (digits, left) = self.0.split_at(end);
        self.0 = left;
        let has_one_way = digits == "0" || !digits.trim_start_matches('-').starts_with('0');
        digits.parse().ok().filter(|_| has_one_way)
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::btree_map;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_body_that_is_written_differently_holds_no_counts() {
        assert_eq!(Counts::parse(r#"{"counters":{},"labels":{}}"#), Some(Counts::default()));
        for other in [
            "",
            "{}",
            "[]",
            r#"{"counters":{}}"#,
            r#"{"labels":{},"counters":{}}"#,
            r#"{"counters":{},"labels":{}} "#,
            r#"{"counters":{}, "labels":{}}"#,
            r#"{"counters":{},"labels":{},"more":1}"#,
            r#"{"counters":{"b":1,"a":1},"labels":{}}"#,
            r#"{"counters":{"a":1,"a":1},"labels":{}}"#,
            r#"{"counters":{"a":1,},"labels":{}}"#,
            r#"{"counters":{,"a":1},"labels":{}}"#,
            r#"{"counters":{"a":01},"labels":{}}"#,
            r#"{"counters":{"a":-0},"labels":{}}"#,
            r#"{"counters":{"a":1.0},"labels":{}}"#,
            r#"{"counters":{"a":1e2},"labels":{}}"#,
            r#"{"counters":{"a":9223372036854775808},"labels":{}}"#,
            r#"{"counters":{"a":"1"},"labels":{}}"#,
            r#"{"counters":{"\u0061":1},"labels":{}}"#,
            r#"{"counters":{},"labels":{"a":"\/"}}"#,
            r#"{"counters":{},"labels":{"a":1}}"#,
            "{\"counters\":{},\"labels\":{\"a\":\"\n\"}}",
            r#"{"counters":{},"labels":{"a":"b"#,
            r#"{"counters":{},"labels":{"a":"\"#,
        ] {
            assert_eq!(Counts::parse(other), None, "{other}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn counts_come_back_from_their_body_which_is_that_of_any_json_writer(
            counters in btree_map(any::<String>(), any::<i64>(), 0..8),
            labels in btree_map(any::<String>(), any::<String>(), 0..8),
        ) {
            let counts = Counts::new(
                counters.iter().rev().map(|(name, number)| (Cow::from(name), *number)).collect(),
                labels.iter().rev().map(|(name, text)| (Cow::from(name), Cow::from(text))).collect(),
            );
            let body = counts.body();
            let [numbers, texts] = [serde_json::to_string(&counters), serde_json::to_string(&labels)].map(Result::unwrap);
            prop_assert_eq!(&body, &format!("{{\"counters\":{numbers},\"labels\":{texts}}}"));
            prop_assert_eq!(Counts::parse(&body), Some(counts));
        }
    }
}
