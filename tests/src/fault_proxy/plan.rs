//! Which call gets which fault.

use std::collections::{HashMap, VecDeque};

use super::Operation;

/// What can happen to a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Another transaction holds an item: nothing is written. In a transaction it is the item at that place, counted
    /// round where there are fewer.
    Conflict {
        /// The place of the item in the transaction.
        item: usize,
    },
    /// Refused with `ThrottlingException`: nothing is read or written.
    Throttled,
    /// Refused with `ProvisionedThroughputExceededException`: nothing is read or written.
    OverThroughput,
    /// The connection ends before the call has reached the service: nothing is read or written.
    RequestLost,
    /// The call has its effect, and then the connection ends without an answer.
    AnswerLost,
    /// The call has its effect, and the answer is a 500.
    AnswerIsInternalError,
    /// A query of an index gets what the same query got so many times ago. Passed on as it is where there is no such time.
    EarlierIndexAnswer {
        /// 1 is the last time.
        times_ago: usize,
    },
    /// A query of an index gets its answer without the items that were among the so many last written ones.
    /// A query that asks for the count alone is passed on as it is.
    NewestMissingFromIndex {
        /// How many of the last written items the index has not heard of.
        items: usize,
    },
}

/// How often each kind of fault hits, of a thousand calls that it can hit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rates {
    /// [`Fault::Conflict`], of writes and transactions.
    pub conflicts: u16,
    /// [`Fault::Throttled`] or [`Fault::OverThroughput`], of reads and writes.
    pub throttles: u16,
    /// [`Fault::RequestLost`], of reads and writes.
    pub lost_requests: u16,
    /// [`Fault::AnswerLost`] or [`Fault::AnswerIsInternalError`], of writes.
    pub lost_answers: u16,
    /// [`Fault::EarlierIndexAnswer`] or [`Fault::NewestMissingFromIndex`], of queries of an index.
    pub stale_index_reads: u16,
}

/// The scripted faults come first, each at the next call of its operation; then chance, if there is any.
#[derive(Debug, Default)]
pub(super) struct Plan {
    scripted: HashMap<Operation, VecDeque<Fault>>,
    chance: Option<(u64, Rates)>,
}

impl Plan {
    pub(super) fn script(&mut self, operation: Operation, fault: Fault) {
        self.scripted.entry(operation).or_default().push_back(fault);
    }

    pub(super) fn at_random(&mut self, seed: u64, rates: Rates) {
        self.chance = Some((seed, rates));
    }

    pub(super) fn fault_for(&mut self, call: &Call) -> Option<Fault> {
        let script = self.scripted.get_mut(&call.operation);
        if let Some(fault) = script.and_then(VecDeque::pop_front) {
            return Some(fault);
        }
        let (seed, rates) = self.chance?;
        by_chance(&mut Dice::new(seed, call), rates, call)
    }
}

/// What decides over a call's fault: the same seed and the same place in the row of its operation's calls give the same.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) operation: Operation,
    /// The how-manieth call of that operation it is.
    pub(super) number: u64,
    pub(super) reads_index: bool,
}

fn by_chance(dice: &mut Dice, rates: Rates, call: &Call) -> Option<Fault> {
    let operation = call.operation;
    let on_items = operation.is_read() || operation.is_write();
    if operation.can_conflict() && dice.hit(rates.conflicts) {
        return Some(Fault::Conflict { item: dice.below(100) });
    }
    if on_items && dice.hit(rates.throttles) {
        return Some(dice.either(Fault::Throttled, Fault::OverThroughput));
    }
    if on_items && dice.hit(rates.lost_requests) {
        return Some(Fault::RequestLost);
    }
    if operation.is_write() && dice.hit(rates.lost_answers) {
        return Some(dice.either(Fault::AnswerLost, Fault::AnswerIsInternalError));
    }
    if call.reads_index && dice.hit(rates.stale_index_reads) {
        let earlier = Fault::EarlierIndexAnswer { times_ago: 1 + dice.below(4) };
        let newest = Fault::NewestMissingFromIndex { items: 1 + dice.below(4) };
        return Some(dice.either(earlier, newest));
    }
    None
}

/// `SplitMix64`: repeatable, and good enough for dice.
struct Dice(u64);

impl Dice {
    fn new(seed: u64, call: &Call) -> Self {
        let mut dice = Self(seed ^ ((call.operation as u64) << 48) ^ call.number);
        dice.roll();
        dice
    }

    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn hit(&mut self, of_a_thousand: u16) -> bool {
        self.roll() % 1000 < u64::from(of_a_thousand)
    }

    fn below(&mut self, bound: u16) -> usize {
        usize::try_from(self.roll() % u64::from(bound)).unwrap_or_default()
    }

    fn either(&mut self, one: Fault, other: Fault) -> Fault {
        if self.roll().is_multiple_of(2) { one } else { other }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(seed: u64, rates: Rates) -> Vec<Option<Fault>> {
        let mut plan = Plan::default();
        plan.at_random(seed, rates);
        let call = |number| Call { operation: Operation::PutItem, number, reads_index: false };
        (0..1000).map(|number| plan.fault_for(&call(number))).collect()
    }

    #[test]
    fn the_same_seed_gives_the_same_faults_and_another_seed_others() {
        let rates = Rates { conflicts: 300, ..Rates::default() };
        assert_eq!(faults(1, rates), faults(1, rates));
        assert_ne!(faults(1, rates), faults(2, rates));
    }

    #[test]
    fn a_rate_is_of_a_thousand_calls() {
        let rates = Rates { lost_answers: 100, ..Rates::default() };
        let hits = faults(7, rates).into_iter().flatten().count();
        assert!((70..130).contains(&hits), "{hits} of 1000");
    }

    #[test]
    fn without_rates_nothing_happens() {
        assert!(faults(7, Rates::default()).iter().all(Option::is_none));
    }
}
