//! Figures that AWS does not have, as lines of the log that CloudWatch makes metrics of (embedded metric format).
//!
//! What is counted are events of the log that have a name of their own; what they mean as a metric stands here, once.

use std::fmt::Debug;
use std::io::Write;

use casebridge_app::ports::Clock as _;
use serde_json::{Value, json};
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::Context;

use crate::SystemClock;

/// The namespace that the stack's alarms and dashboard look at. Without it no metrics are written.
const NAMESPACE: &str = "CASEBRIDGE_METRICS";

/// A named event of the log, and the metric that is made of it.
struct Metric {
    /// The event's name.
    event: &'static str,
    /// Only of events whose field `kind` says so.
    kind: Option<&'static str>,
    name: &'static str,
    unit: &'static str,
    /// The field that is the value; without one, each event counts as one.
    value: Option<&'static str>,
}

const METRICS: [Metric; 5] = [
    Metric {
        event: "letter.left",
        kind: Some("Invitation"),
        name: "InvitationDelay",
        unit: "Milliseconds",
        value: Some("delay_ms"),
    },
    Metric {
        event: "letter.left",
        kind: Some("CustomerOnline"),
        name: "ToldDelay",
        unit: "Milliseconds",
        value: Some("delay_ms"),
    },
    Metric { event: "letter.refused", kind: None, name: "LettersRefused", unit: "Count", value: None },
    Metric { event: "found_late", kind: None, name: "FoundLate", unit: "Count", value: Some("found") },
    Metric { event: "teamviewer.refused", kind: None, name: "TeamViewerRefusals", unit: "Count", value: None },
];

/// Writes a line for each event that is a metric.
pub(super) struct Metrics<W> {
    namespace: String,
    writer: W,
}

impl<W> Metrics<W> {
    /// As the function's environment asks for.
    pub(super) fn from_environment(writer: W) -> Option<Self> {
        std::env::var(NAMESPACE).ok().map(|namespace| Self { namespace, writer })
    }
}

impl<S: Subscriber, W: for<'a> MakeWriter<'a> + 'static> Layer<S> for Metrics<W> {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let of_name = METRICS.iter().filter(|metric| metric.event == event.metadata().name());
        for metric in of_name {
            let mut seen = Seen { metric, kind: None, value: None };
            event.record(&mut seen);
            if let Some(value) = seen.counted() {
                let line = line(&self.namespace, metric, value, SystemClock.now().timestamp_millis());
                // Where the log can't be written, there is nobody to tell.
                let _ = writeln!(self.writer.make_writer(), "{line}");
            }
        }
    }
}

/// What an event says, as far as a metric asks for it.
struct Seen<'a> {
    metric: &'a Metric,
    kind: Option<String>,
    value: Option<i64>,
}

impl Seen<'_> {
    fn counted(&self) -> Option<i64> {
        let is_meant = self.metric.kind.is_none_or(|kind| self.kind.as_deref() == Some(kind));
        let value = if self.metric.value.is_none() { Some(1) } else { self.value };
        value.filter(|_| is_meant)
    }
}

impl Visit for Seen<'_> {
    fn record_i64(&mut self, field: &Field, value: i64) {
        if Some(field.name()) == self.metric.value {
            self.value = Some(value);
        }
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.record_i64(field, i64::try_from(value).unwrap_or(i64::MAX));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if field.name() == "kind" {
            self.kind = Some(format!("{value:?}"));
        }
    }
}

/// One line in the embedded metric format (CloudWatch's user guide, "Specification: Embedded metric format").
fn line(namespace: &str, metric: &Metric, value: i64, at_millis: i64) -> Value {
    let metrics = json!([{ "Name": metric.name, "Unit": metric.unit }]);
    let mut line = json!({
        "_aws": {
            "Timestamp": at_millis,
            "CloudWatchMetrics": [{ "Namespace": namespace, "Dimensions": [[]], "Metrics": metrics }],
        },
    });
    line[metric.name] = json!(value);
    line
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use tracing_subscriber::layer::SubscriberExt as _;

    use super::*;

    /// What is written, kept.
    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn lines_of(log: impl FnOnce()) -> Vec<Value> {
        let kept = Kept::default();
        let writer = kept.clone();
        let metrics = Metrics { namespace: "Casebridge/test".to_owned(), writer: move || writer.clone() };
        tracing::subscriber::with_default(tracing_subscriber::registry().with(metrics), log);
        let text = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    #[test]
    fn an_event_with_a_name_is_a_line_that_cloudwatch_makes_a_metric_of() {
        let lines = lines_of(|| tracing::info!(name: "letter.left", kind = ?"x", delay_ms = 3_i64, "a letter left"));
        assert_eq!(lines, Vec::<Value>::new(), "of a kind that nobody counts");
        let mut lines = lines_of(|| {
            #[derive(Debug)]
            struct Invitation;
            tracing::info!(name: "letter.left", account = "acme", kind = ?Invitation, delay_ms = 40_i64, "a letter left");
        });
        assert!(lines[0]["_aws"]["Timestamp"].take().as_i64().is_some_and(|at| at > 1_700_000_000_000));
        let metrics = json!([{ "Namespace": "Casebridge/test", "Dimensions": [[]],
            "Metrics": [{ "Name": "InvitationDelay", "Unit": "Milliseconds" }] }]);
        let expected = json!({ "_aws": { "Timestamp": null, "CloudWatchMetrics": metrics }, "InvitationDelay": 40 });
        assert_eq!(lines, [expected]);
    }

    #[test]
    fn what_has_no_value_of_its_own_counts_as_one() {
        let lines = lines_of(|| tracing::warn!(name: "letter.refused", "a letter was refused"));
        assert_eq!(lines.iter().map(|line| &line["LettersRefused"]).collect::<Vec<_>>(), [&json!(1)]);
        let lines = lines_of(|| tracing::info!(name: "found_late", found = 7_usize, "the schedule found some"));
        assert_eq!(lines.iter().map(|line| &line["FoundLate"]).collect::<Vec<_>>(), [&json!(7)]);
    }

    #[test]
    fn the_stacks_dashboard_shows_every_metric() {
        let template = include_str!("../../../../infra/aws/template.yaml");
        for Metric { name, .. } in METRICS {
            assert!(template.contains(&format!("[\"Casebridge/${{AWS::StackName}}\", \"{name}\"]")), "{name}");
        }
    }

    #[test]
    fn an_event_without_a_name_is_no_metric() {
        assert_eq!(lines_of(|| tracing::info!(delay_ms = 3_i64, "a letter left")), Vec::<Value>::new());
    }
}
