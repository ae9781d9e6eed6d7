//! What reports count: which session adds what to which figures.

mod cell;
mod cover;
mod definitions;
mod period;
mod tally;

pub use cell::{Cell, Dimension, Scope};
pub use cover::{Cover, Days};
pub use definitions::{DEFINITIONS, Definition};
pub use period::{Month, Period, Year};
pub use tally::{Measure, Tally};
