//! An item that counts as attributes of the table: each counter and each label one of its own, so that the service can
//! add to it.

use std::borrow::Cow;

use casebridge_store::engine::Counts;

use crate::{
    failure::Failure,
    item::{Attributes, number, text},
    schema,
};

pub(crate) fn attributes(counts: &Counts<'_>) -> Attributes {
    let counters = counts.counters().map(|(name, counted)| (counter(name), number(&counted)));
    counters.chain(counts.labels().map(|(name, says)| (label(name), text(says)))).collect()
}

/// The body that these attributes stand for. Others are none of its business.
pub(crate) fn body(attributes: &Attributes) -> Result<String, Failure> {
    let (mut counters, mut labels) = (Vec::new(), Vec::new());
    for (name, value) in attributes {
        if let Some(name) = name.strip_prefix(schema::COUNTER) {
            let counted = value.as_n().ok().and_then(|digits| digits.parse().ok());
            let counted = counted.ok_or_else(|| Failure::unreadable("a counter is no number in its range"))?;
            counters.push((Cow::from(name), counted));
        } else if let Some(name) = name.strip_prefix(schema::LABEL) {
            let says = value.as_s().map_err(|_| Failure::unreadable("a label is no text"))?;
            labels.push((Cow::from(name), Cow::from(says)));
        }
    }
    Ok(Counts::new(counters, labels).body())
}

/// The name of a counter's attribute.
pub(crate) fn counter(name: &str) -> String {
    format!("{}{name}", schema::COUNTER)
}

/// The name of a label's attribute.
pub(crate) fn label(name: &str) -> String {
    format!("{}{name}", schema::LABEL)
}
