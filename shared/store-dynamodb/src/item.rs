//! An item as attributes of the table, and back.

use std::{collections::HashMap, str::FromStr};

use aws_sdk_dynamodb::types::AttributeValue;
use casebridge_store::{IndexEntry, Item, Key, engine::Counts};

use crate::{counts, failure::Failure, schema};

pub(crate) type Attributes = HashMap<String, AttributeValue>;

pub(crate) fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

pub(crate) fn number(value: &impl ToString) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

pub(crate) fn key(key: &Key) -> Attributes {
    [(schema::PK, text(&key.partition)), (schema::SK, text(&key.sort))].map(named).into()
}

pub(crate) fn attributes(item: &Item) -> Attributes {
    let always = [
        (schema::KIND, text(&item.kind)),
        (schema::VERSION, number(&item.version)),
        (schema::REVISION, number(&item.revision)),
    ];
    let sometimes = [
        (schema::HOLDER, item.holder.as_deref().map(text)),
        (schema::HELD_UNTIL, item.held_until.as_ref().map(number)),
        (schema::TTL, item.expires.as_ref().map(number)),
    ];
    let mut attributes = key(&item.key);
    attributes.extend(always.map(named));
    match Counts::parse(&item.body) {
        Some(counts) => attributes.extend(counts::attributes(&counts)),
        None => attributes.extend([named((schema::BODY, text(&item.body)))]),
    }
    attributes.extend(sometimes.into_iter().filter_map(|(name, value)| Some(named((name, value?)))));
    for entry in &item.indexed {
        let names = schema::names(entry.index);
        attributes.extend([(names.pk, text(&entry.partition)), (names.sk, text(&entry.sort))].map(named));
    }
    attributes
}

/// The item, its index entries in the order of [`schema::INDEXES`].
pub(crate) fn item(mut attributes: Attributes) -> Result<Item, Failure> {
    let attributes = &mut attributes;
    let mut indexed = Vec::new();
    for index in schema::INDEXES {
        let names = schema::names(index);
        if let Some(partition) = take_text(attributes, names.pk)? {
            let sort = needed(take_text(attributes, names.sk)?, names.sk)?;
            indexed.push(IndexEntry { index, partition, sort });
        }
    }
    Ok(Item {
        key: Key {
            partition: needed(take_text(attributes, schema::PK)?, schema::PK)?,
            sort: needed(take_text(attributes, schema::SK)?, schema::SK)?,
        },
        kind: needed(take_text(attributes, schema::KIND)?, schema::KIND)?,
        version: needed(take_number(attributes, schema::VERSION)?, schema::VERSION)?,
        revision: needed(take_number(attributes, schema::REVISION)?, schema::REVISION)?,
        holder: take_text(attributes, schema::HOLDER)?,
        held_until: take_number(attributes, schema::HELD_UNTIL)?,
        expires: take_number(attributes, schema::TTL)?,
        indexed,
        body: take_text(attributes, schema::BODY)?.map_or_else(|| counts::body(attributes), Ok)?,
    })
}

fn named((name, value): (&str, AttributeValue)) -> (String, AttributeValue) {
    (name.to_owned(), value)
}

fn take_text(attributes: &mut Attributes, name: &str) -> Result<Option<String>, Failure> {
    match attributes.remove(name) {
        None => Ok(None),
        Some(AttributeValue::S(text)) => Ok(Some(text)),
        Some(_) => Err(unreadable(name, "is no text")),
    }
}

fn take_number<N: FromStr>(attributes: &mut Attributes, name: &str) -> Result<Option<N>, Failure> {
    match attributes.remove(name) {
        None => Ok(None),
        Some(AttributeValue::N(digits)) => {
            digits.parse().map(Some).map_err(|_| unreadable(name, "is out of its range"))
        }
        Some(_) => Err(unreadable(name, "is no number")),
    }
}

fn needed<T>(value: Option<T>, name: &str) -> Result<T, Failure> {
    value.ok_or_else(|| unreadable(name, "is missing"))
}

fn unreadable(name: &str, why: &str) -> Failure {
    Failure::unreadable(format!("its attribute {name} {why}"))
}

#[cfg(test)]
mod tests {
    use casebridge_store::Index;

    use super::*;
    use crate::failure::Remedy;

    fn full() -> Item {
        let entry = |index| IndexEntry { index, partition: "p".into(), sort: "s".into() };
        Item {
            key: Key { partition: "account/Zoë".into(), sort: "case/日本".into() },
            kind: "case".into(),
            version: 3,
            revision: u64::MAX,
            holder: Some(String::new()),
            held_until: Some(i64::MAX),
            expires: Some(-1),
            indexed: schema::INDEXES.map(entry).into(),
            body: r#"{"a":"\u0000"}"#.into(),
        }
    }

    fn bare() -> Item {
        Item { holder: None, held_until: None, expires: None, indexed: Vec::new(), ..full() }
    }

    #[test]
    fn an_item_comes_back_as_it_went() {
        for there in [full(), bare()] {
            assert_eq!(item(attributes(&there)).unwrap(), there);
        }
    }

    #[test]
    fn what_an_item_has_not_takes_no_attribute_so_that_the_indexes_stay_sparse() {
        let mut names: Vec<_> = attributes(&bare()).into_keys().collect();
        names.sort();
        assert_eq!(names, ["body", "kind", "pk", "rev", "sk", "v"]);
    }

    #[test]
    fn what_an_item_counts_are_attributes_of_their_own() {
        let body = r#"{"counters":{"":0,"body":-7},"labels":{"pk":"\u0001","z":""}}"#;
        let counting = Item { body: body.into(), ..bare() };
        let kept = attributes(&counting);
        let mut names: Vec<_> = kept.keys().map(String::as_str).collect();
        names.sort_unstable();
        assert_eq!(names, ["+", "+body", "=pk", "=z", "kind", "pk", "rev", "sk", "v"]);
        assert_eq!((&kept["+body"], &kept["=pk"]), (&number(&-7), &text("\u{1}")));
        assert_eq!(item(kept).unwrap(), counting);
        for (name, value, expected) in [
            ("+body", number(&"9223372036854775808"), "a counter is no number in its range"),
            ("+body", text("7"), "a counter is no number in its range"),
            ("=z", number(&7), "a label is no text"),
        ] {
            let mut attributes = attributes(&counting);
            attributes.insert(name.to_owned(), value);
            let failure = item(attributes).unwrap_err();
            assert_eq!((failure.remedy, failure.to_string().as_str()), (Remedy::Unreadable, expected));
        }
    }

    #[test]
    fn what_is_no_item_is_named_without_its_content() {
        let broken = [
            (schema::BODY, Some(number(&7)), "its attribute body is no text"),
            (schema::KIND, None, "its attribute kind is missing"),
            (schema::KIND, Some(number(&7)), "its attribute kind is no text"),
            (schema::REVISION, Some(number(&-7)), "its attribute rev is out of its range"),
            (schema::HELD_UNTIL, Some(text("noon")), "its attribute held_until is no number"),
            (schema::names(Index::Due).sk, None, "its attribute due_sk is missing"),
        ];
        for (name, value, expected) in broken {
            let mut attributes = attributes(&full());
            attributes.remove(name);
            attributes.extend(value.map(|value| (name.to_owned(), value)));
            let failure = item(attributes).unwrap_err();
            assert_eq!((failure.remedy, failure.to_string().as_str()), (Remedy::Unreadable, expected));
        }
    }
}
