//! What a function says: lines for people, and the metrics among them.

use std::io::stdout;

use lambda_http::tracing::subscriber::filter::{EnvFilter, LevelFilter};
use lambda_http::tracing::subscriber::layer::SubscriberExt as _;
use lambda_http::tracing::subscriber::util::SubscriberInitExt as _;
use lambda_http::tracing::subscriber::{Layer as _, fmt, registry};

use super::metrics::Metrics;

/// Lambda says by these how much it wants to hear, and in which form (its guide, "advanced logging controls").
const LEVEL: &str = "AWS_LAMBDA_LOG_LEVEL";
const FORMAT: &str = "AWS_LAMBDA_LOG_FORMAT";

/// Logs as the function's environment asks for.
pub fn start_logging() {
    let asked = std::env::var(LEVEL).ok().and_then(|level| level.parse().ok());
    let filter =
        EnvFilter::builder().with_default_directive(asked.unwrap_or(LevelFilter::INFO).into()).from_env_lossy();
    // Lambda stamps every line with its time.
    let lines = fmt::layer().with_target(false).without_time();
    let is_json = std::env::var(FORMAT).is_ok_and(|format| format.eq_ignore_ascii_case("json"));
    let lines = if is_json { lines.json().boxed() } else { lines.boxed() };
    registry().with(filter).with(lines).with(Metrics::from_environment(stdout)).init();
}
