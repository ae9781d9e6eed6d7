//! The process's log, on standard error.

use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer, Registry};

use crate::config::Log;

/// A layer that whoever embeds the process adds to its log.
pub type ExtraLayer = Box<dyn Layer<Registry> + Send + Sync>;

/// Starts the log. `RUST_LOG` wins over the configured level.
pub(crate) fn start(log: &Log, extra: Option<ExtraLayer>) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(&log.level));
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_target(true);
    let lines = if log.json {
        lines.json().flatten_event(true).with_filter(filter).boxed()
    } else {
        lines.with_ansi(false).with_filter(filter).boxed()
    };
    // A second start (in a process that embeds several) keeps the first log.
    let started = tracing_subscriber::registry().with(extra).with(lines).try_init();
    if started.is_err() {
        tracing::debug!("the log was started before");
    }
}
