//! Collects everything that is wrong with a request, so that it is told at once.

use casebridge_domain::Malformed;

use crate::problem::{FieldError, Kind, Problem};

/// The faults found so far.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<FieldError>);

impl Faults {
    /// The value, or a fault.
    pub(crate) fn take<T>(&mut self, field: &str, parsed: Result<T, Malformed>) -> Option<T> {
        parsed.map_err(|fault| self.add(field, fault.to_string())).ok()
    }

    /// The value if there is one that parses; one that does not is a fault.
    pub(crate) fn maybe<T>(
        &mut self,
        field: &str,
        raw: Option<&str>,
        parse: impl FnOnce(&str) -> Result<T, Malformed>,
    ) -> Option<T> {
        self.take(field, parse(raw?))
    }

    pub(crate) fn add(&mut self, field: &str, message: impl Into<String>) {
        self.0.push(FieldError { field: field.to_owned(), message: message.into() });
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes the faults of something that stands within a field.
    pub(crate) fn extend_within(&mut self, field: &str, inner: Self) {
        let within = inner.0.into_iter().map(|fault| FieldError { field: format!("{field}.{}", fault.field), ..fault });
        self.0.extend(within);
    }

    pub(crate) fn into_errors(self) -> Vec<FieldError> {
        self.0
    }

    pub(crate) fn problem(self) -> Problem {
        Problem::new(Kind::InvalidFields).and_fields(self.0)
    }
}
