//! What is added among what is there, as text.

use super::body::{Left, push_comma, push_name};

/// Copies an object's members to the body, with the added ones in their places; `push` writes an added one onto what is
/// there. What stays is copied in stretches rather than taken apart: an item may have thousands of counters.
pub(super) fn merge<'a, 'b, V, W: Copy>(
    left: &mut Left<'a>,
    added: impl Iterator<Item = (&'b str, W)>,
    body: &mut String,
    value: impl Fn(&mut Left<'a>) -> Option<V>,
    push: impl Fn(&mut String, Option<V>, W) -> Option<()>,
) -> Option<()> {
    let mut added: Vec<(&str, W)> = added.collect();
    added.sort_unstable_by_key(|(name, _)| *name);
    let mut added = added.into_iter().peekable();
    let mut stretch = Stretch(None);
    left.members(value, |member| {
        while let Some((name, value)) = added.next_if(|(name, _)| **name < *member.name) {
            stretch.copy(body);
            push_name(body, name);
            push(body, None, value)?;
        }
        match added.next_if(|(name, _)| *name == member.name) {
            Some((_, value)) => {
                stretch.copy(body);
                push_comma(body);
                body.push_str(member.start.until(member.value_start));
                push(body, Some(member.value), value)?;
            }
            None => stretch.extend(member.start, member.end),
        }
        Some(())
    })?;
    stretch.copy(body);
    for (name, value) in added {
        push_name(body, name);
        push(body, None, value)?;
    }
    Some(())
}

/// Members that stay as they are: where they begin and what follows them.
struct Stretch<'a>(Option<(Left<'a>, Left<'a>)>);

impl<'a> Stretch<'a> {
    fn extend(&mut self, start: Left<'a>, end: Left<'a>) {
        self.0 = Some((self.0.map_or(start, |(start, _)| start), end));
    }

    fn copy(&mut self, body: &mut String) {
        if let Some((start, end)) = self.0.take() {
            push_comma(body);
            body.push_str(start.until(end));
        }
    }
}
