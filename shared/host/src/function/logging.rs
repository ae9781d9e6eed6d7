//! What a function says: lines for people, and the metrics among them.

use std::io::stdout;

use lambda_http::tracing::subscriber::filter::{LevelFilter, Targets};
use lambda_http::tracing::subscriber::layer::SubscriberExt as _;
use lambda_http::tracing::subscriber::util::SubscriberInitExt as _;
use lambda_http::tracing::subscriber::{Layer as _, fmt, registry};

use super::metrics::Metrics;

/// Lambda says by these how much it wants to hear, and in which form (its guide, "advanced logging controls").
const LEVEL: &str = "AWS_LAMBDA_LOG_LEVEL";
const FORMAT: &str = "AWS_LAMBDA_LOG_FORMAT";
/// An operator's own wish for some modules, such as `casebridge_app=debug`: what Rust programs use.
const TARGETS: &str = "RUST_LOG";

/// Logs as the function's environment asks for.
pub fn start_logging() {
    let filter = filter(std::env::var(LEVEL).ok().as_deref(), std::env::var(TARGETS).ok().as_deref());
    // Lambda stamps every line with its time.
    let lines = fmt::layer().with_target(false).without_time();
    let is_json = std::env::var(FORMAT).is_ok_and(|format| format.eq_ignore_ascii_case("json"));
    let lines = if is_json { lines.json().boxed() } else { lines.boxed() };
    registry().with(filter).with(lines).with(Metrics::from_environment(stdout)).init();
}

/// What can't be read is passed over: a function that says too little is better than one that doesn't start.
fn filter(level: Option<&str>, targets: Option<&str>) -> Targets {
    let asked = level.and_then(|level| level.parse().ok()).unwrap_or(LevelFilter::INFO);
    let targets: Targets = targets.and_then(|targets| targets.parse().ok()).unwrap_or_default();
    let default = targets.default_level().unwrap_or(asked);
    targets.with_default(default)
}

#[cfg(test)]
mod tests {
    use lambda_http::tracing::Level;

    use super::filter;

    #[test]
    fn what_lambda_was_told_holds_for_all_that_nothing_else_is_said_of() {
        let filter = filter(Some("WARN"), Some("casebridge_app=debug"));

        assert!(filter.would_enable("hyper", &Level::WARN));
        assert!(!filter.would_enable("hyper", &Level::INFO));
        assert!(filter.would_enable("casebridge_app::open_case", &Level::DEBUG));
    }

    #[test]
    fn a_level_for_all_modules_comes_before_lambdas() {
        let filter = filter(Some("WARN"), Some("info"));

        assert!(filter.would_enable("hyper", &Level::INFO));
    }

    #[test]
    fn what_cannot_be_read_is_passed_over() {
        for (level, targets) in [(None, None), (Some("loud"), Some("casebridge=loud"))] {
            let filter = filter(level, targets);

            assert!(filter.would_enable("casebridge_app", &Level::INFO));
            assert!(!filter.would_enable("casebridge_app", &Level::DEBUG));
        }
    }
}
