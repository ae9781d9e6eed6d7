//! The use cases on a world with behaviour: a store in memory, a TeamViewer that answers and fails as told, a mail server,
//! and one clock that only moves when told. Nothing sleeps.
//!
//! `histories` makes up what people, workers and networks do and holds the promises against it; a history is the same
//! in every run unless `PROPTEST_CASES` asks for more of them, or `PROPTEST_RNG_SEED` for others. `scenarios` has one
//! sentence per corner.

#[cfg(test)]
mod histories;
#[cfg(test)]
mod oracle;
#[cfg(test)]
mod scenarios;
#[cfg(test)]
mod world;
