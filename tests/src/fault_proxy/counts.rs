//! How many calls came over the wire.

use std::collections::BTreeMap;

use super::Operation;

/// Calls by operation, every try of a retried call included.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    calls: BTreeMap<Operation, u64>,
    faults: u64,
}

impl Counts {
    pub(super) fn call(&mut self, operation: Operation) -> u64 {
        let calls = self.calls.entry(operation).or_default();
        *calls += 1;
        *calls
    }

    pub(super) fn fault(&mut self) {
        self.faults += 1;
    }

    /// Calls of one operation.
    pub fn of(&self, operation: Operation) -> u64 {
        self.calls.get(&operation).copied().unwrap_or_default()
    }

    /// Calls that read items: a page, a batch or a transaction counts once.
    pub fn reads(&self) -> u64 {
        self.all(Operation::is_read)
    }

    /// Calls that write items: a batch or a transaction counts once.
    pub fn writes(&self) -> u64 {
        self.all(Operation::is_write)
    }

    /// Calls that got a fault instead of their plain answer.
    pub fn faults(&self) -> u64 {
        self.faults
    }

    fn all(&self, which: impl Fn(Operation) -> bool) -> u64 {
        let counted = self.calls.iter().filter(|(operation, _)| which(**operation));
        counted.map(|(_, calls)| calls).sum()
    }
}
