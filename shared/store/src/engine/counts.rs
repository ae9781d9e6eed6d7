//! What an item that counts holds.

use std::borrow::Cow;

use memchr::memmem;

use super::body::{COUNTERS, END, LABELS, Left, Member, push_name, push_number, push_text};

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
        let mut counts = Self::default();
        let counter = |name, number| {
            counts.counters.push((name, number));
            Some(())
        };
        let label = |name, text| {
            counts.labels.push((name, text));
            Some(())
        };
        Self::look_through(body, &[], counter, label)?;
        Some(counts)
    }

    /// Looks at the counters whose names begin with one of these letters (in order), or at all if there are none, and then
    /// at the labels in the same way, in the order of the names. `None` if what it looks at is written otherwise, or as soon as one of them is
    /// not accepted.
    ///
    /// An item may have thousands of counters, and a report reads dozens of items for one in five of them.
    pub fn look_through(
        body: &'a str,
        letters: &[char],
        mut counter: impl FnMut(Cow<'a, str>, i64) -> Option<()>,
        mut label: impl FnMut(Cow<'a, str>, Cow<'a, str>) -> Option<()>,
    ) -> Option<()> {
        // No text within holds it: there, a quotation mark comes after a backslash.
        let middle = memmem::find(body.as_bytes(), LABELS.as_bytes())?;
        let (counters, labels) = (&body[..=middle], body[middle..].strip_suffix('}')?);
        look_at(Left(counters.strip_prefix(COUNTERS)?), letters, Left::number, |it| counter(it.name, it.value))?;
        look_at(Left(labels.strip_prefix(LABELS)?), letters, Left::text, |it| label(it.name, it.value))
    }

    /// Their text.
    pub fn body(&self) -> String {
        let names = self.counters.iter().map(|(name, _)| name.len() + 12).sum::<usize>();
        let labels = self.labels.iter().map(|(name, text)| name.len() + text.len() + 8).sum::<usize>();
        let mut body = String::with_capacity(names + labels + 32);
        body.push_str(COUNTERS);
        for (name, number) in &self.counters {
            push_name(&mut body, name);
            push_number(&mut body, *number);
        }
        body.push_str(LABELS);
        for (name, text) in &self.labels {
            push_name(&mut body, name);
            push_text(&mut body, text);
        }
        body.push_str(END);
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
}

/// Looks at members whose names begin with one of these letters, or at all of them.
fn look_at<'a, V>(
    mut left: Left<'a>,
    letters: &[char],
    value: impl Fn(&mut Left<'a>) -> Option<V>,
    mut see: impl FnMut(Member<'a, V>) -> Option<()>,
) -> Option<()> {
    if letters.is_empty() {
        left.members(value, see)?;
        return (left.0 == "}").then_some(());
    }
    letters.iter().try_for_each(|letter| left.members_of(*letter, &value, &mut see))
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

        #[test]
        fn those_of_some_letters_are_found_among_all_others(
            counters in btree_map("[,\"a-d:{}\\\\]{1,3}", any::<i64>(), 0..12),
            labels in btree_map("[,\"a-d:{}\\\\]{1,3}", "[,\"a-d:{}\\\\]{0,3}", 0..8),
            letters in prop::sample::subsequence(vec!['a', 'c', 'd'], 1..=3),
        ) {
            let counts = Counts::new(
                counters.iter().map(|(name, number)| (Cow::from(name), *number)).collect(),
                labels.iter().map(|(name, text)| (Cow::from(name), Cow::from(text))).collect(),
            );
            let (body, mut found, mut told) = (counts.body(), Vec::new(), Vec::new());
            let counter = |name, _| { found.push(name); Some(()) };
            let label = |name, text| { told.push((name, text)); Some(()) };
            Counts::look_through(&body, &letters, counter, label).unwrap();
            let is_meant = |name: &&String| name.starts_with(letters.as_slice());
            prop_assert!(found.iter().eq(counters.keys().filter(is_meant)));
            prop_assert!(told.iter().map(|(name, _)| name).eq(labels.keys().filter(is_meant)));
            prop_assert!(told.iter().all(|(name, text)| labels[name.as_ref()] == *text));
        }
    }
}
