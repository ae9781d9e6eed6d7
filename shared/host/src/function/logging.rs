//! What a function says: lines for people, and the metrics among them.

use std::io::stdout;

use lambda_http::tracing::subscriber::filter::LevelFilter;
use lambda_http::tracing::subscriber::layer::SubscriberExt as _;
use lambda_http::tracing::subscriber::util::SubscriberInitExt as _;
use lambda_http::tracing::subscriber::{Layer as _, fmt, registry};

use super::metrics::Metrics;

/// Lambda says by these how much it wants to hear, and in which form (its guide, "advanced logging controls"). What is deployed has
/// nothing to say below `INFO`.
const LEVEL: &str = "AWS_LAMBDA_LOG_LEVEL";
const FORMAT: &str = "AWS_LAMBDA_LOG_FORMAT";

/// Logs as the function's environment asks for.
pub fn start_logging() {
    let level = level(std::env::var(LEVEL).ok().as_deref());
    // Lambda stamps every line with its time.
    let lines = fmt::layer().with_target(false).without_time();
    let is_json = std::env::var(FORMAT).is_ok_and(|format| format.eq_ignore_ascii_case("json"));
    // The innermost span is the invocation: a list of all would say it twice in every line.
    let lines = if is_json { lines.json().with_span_list(false).boxed() } else { lines.boxed() };
    registry().with(level).with(lines).with(Metrics::from_environment(stdout)).init();
}

/// What can't be read is passed over: a function that says too little is better than one that doesn't start.
fn level(asked: Option<&str>) -> LevelFilter {
    asked.and_then(|level| level.parse().ok()).unwrap_or(LevelFilter::INFO)
}

#[cfg(test)]
mod tests {
    use super::{LevelFilter, level};

    #[test]
    fn as_much_is_said_as_lambda_wants_to_hear() {
        assert_eq!(level(Some("WARN")), LevelFilter::WARN);
        assert_eq!(level(Some("DEBUG")), LevelFilter::DEBUG);
    }

    #[test]
    fn what_cannot_be_read_is_passed_over() {
        assert_eq!(level(None), LevelFilter::INFO);
        assert_eq!(level(Some("loud")), LevelFilter::INFO);
    }
}
