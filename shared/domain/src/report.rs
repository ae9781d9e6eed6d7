//! What reports count: which session adds what to which figures.

mod cell;
mod cover;
mod definitions;
mod tally;

pub use cell::{Cell, Dimension, Scope};
pub use cover::{Cover, Days, Month};
pub use definitions::{DEFINITIONS, Definition};
pub use tally::{Measure, Tally};
