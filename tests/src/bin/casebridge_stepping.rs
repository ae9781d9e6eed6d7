//! The one process, telling each named step it reaches, and standing still at one of them.
//!
//! A stand-in for a crash at exactly that point: whoever started it kills it there. All else is the product's own code.

use std::io::Write as _;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU32, Ordering};

use casebridge_app::step::TARGET;
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;

/// Names the step at which to stand still.
const STAND_STILL_AT: &str = "CASEBRIDGE_STAND_STILL_AT";

/// How often that step is passed before; never, if it is not set.
const AFTER_PASSING: &str = "CASEBRIDGE_AFTER_PASSING";

fn main() -> ExitCode {
    let stand_still_at = std::env::var(STAND_STILL_AT).ok();
    let passes = std::env::var(AFTER_PASSING).ok().and_then(|passes| passes.parse().ok()).unwrap_or(0);
    casebridge::run(Some(Box::new(Steps { stand_still_at, passes: AtomicU32::new(passes) })))
}

struct Steps {
    stand_still_at: Option<String>,
    passes: AtomicU32,
}

impl Steps {
    fn ends_at(&self, step: &str) -> bool {
        let once_less = |passes: u32| passes.checked_sub(1);
        self.stand_still_at.as_deref() == Some(step)
            && self.passes.fetch_update(Ordering::Relaxed, Ordering::Relaxed, once_less).is_err()
    }
}

impl<S: Subscriber> Layer<S> for Steps {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() != TARGET {
            return;
        }
        let mut step = Step(String::new());
        event.record(&mut step);
        let mut out = std::io::stdout().lock();
        // Nobody who listens any more is no reason to stop working.
        let _ = writeln!(out, "step {}", step.0).and_then(|()| out.flush());
        if self.ends_at(&step.0) {
            let _ = writeln!(out, "stands still at {}", step.0).and_then(|()| out.flush());
            drop(out);
            loop {
                std::thread::park();
            }
        }
    }
}

struct Step(String);

impl Visit for Step {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "step" {
            value.clone_into(&mut self.0);
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
}
