//! The same load with bad endpoints and without, in turns: whatever else the machine does meanwhile, it does to both.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;

use super::delays::Delays;
use super::receiver::{Hook, Manner};
use super::stage::{Stage, wanted};
use super::{SETTLES, per_second, share};
use crate::figure::Series;
use crate::say;
use crate::stopwatch::Stopwatch;

/// A turn of one side.
struct Turn {
    span: Duration,
    events: usize,
    /// From requests to receipts, at the healthy endpoints.
    delays: Delays,
    /// Of requests.
    requests: Delays,
    missing: usize,
    /// To receivers, opened in it.
    connections: usize,
    /// Percent of a core.
    program: f64,
    bench: f64,
}

/// All turns with the same endpoints healthy.
pub(super) struct Side {
    name: &'static str,
    turns: Vec<Turn>,
}

/// Both.
pub(super) struct Sides {
    without: Side,
    with: Side,
}

impl Sides {
    /// Lets the sides take turns: without, with, with, without, and again, so that neither has the better times. After each
    /// change, it is played for a while before anything is measured: what the other side left is not on this one.
    pub(super) async fn measure(
        stage: &mut Stage,
        (healthy, bad): (&[Arc<Hook>], &[Arc<Hook>; 2]),
        pairs: usize,
        (settling, span): (Duration, Duration),
    ) -> anyhow::Result<Self> {
        let mut sides = Self { without: Side::new("all healthy"), with: Side::new("one hangs, one fails") };
        for pair in 0..pairs {
            let order = if pair.is_multiple_of(2) { [false, true] } else { [true, false] };
            for is_bad in order {
                let manners = if is_bad { [Manner::Hangs, Manner::Fails] } else { [Manner::Takes; 2] };
                let mut changes = false;
                for (hook, manner) in bad.iter().zip(manners) {
                    changes |= hook.be(manner) != manner;
                }
                if changes {
                    stage.play(settling).await?;
                    stage.all_taken(healthy, SETTLES).await;
                }
                let side = if is_bad { &mut sides.with } else { &mut sides.without };
                say(&format!("push: {}, {} s, {} of {pairs}", side.name, span.as_secs(), pair + 1));
                side.turns.push(Turn::of(stage, healthy, span).await?);
            }
        }
        Ok(sides)
    }

    pub(super) fn both(&self) -> [&Side; 2] {
        [&self.without, &self.with]
    }

    /// Of the 99th percentiles with the bad ones to those without, pair by pair.
    pub(super) fn ratios(&self) -> Series {
        let mut ratios = Series::default();
        for (without, with) in self.without.turns.iter().zip(&self.with.turns) {
            let [without, with] = [without, with].map(|turn| turn.delays.percentile(99).as_secs_f64());
            ratios.push(with / without);
        }
        ratios
    }
}

impl Turn {
    async fn of(stage: &mut Stage, healthy: &[Arc<Hook>], span: Duration) -> anyhow::Result<Self> {
        let (begun, watch, before) = (Instant::now(), Stopwatch::start(), stage.server.processor_time()?);
        let connections = stage.connections.opened();
        let happened = stage.play(span).await?;
        let took = begun.elapsed();
        let spent = stage.server.processor_time()?.checked_sub(before).context("processor time runs backwards")?;
        let bench = watch.stop(1).processor.unwrap_or(f64::NAN) / 1e6;
        stage.all_taken(healthy, SETTLES).await;
        let now = Instant::now();
        let (mut delays, mut missing) = (Vec::new(), 0);
        for hook in healthy {
            for happened in wanted(hook, &happened) {
                let taken = hook.of(happened).first_taken;
                missing += usize::from(taken.is_none());
                delays.push(taken.unwrap_or(now).saturating_duration_since(happened.asked));
            }
        }
        Ok(Self {
            span: took,
            events: happened.len(),
            delays: delays.into_iter().collect(),
            requests: happened.iter().map(|happened| happened.took).collect(),
            missing,
            connections: stage.connections.opened() - connections,
            program: share(spent, took),
            bench: 100.0 * bench / took.as_secs_f64(),
        })
    }
}

impl Side {
    const fn new(name: &'static str) -> Self {
        Self { name, turns: Vec::new() }
    }

    /// Of all its turns together.
    pub(super) fn delays(&self) -> Delays {
        self.turns.iter().flat_map(|turn| turn.delays.iter()).collect()
    }

    /// What healthy endpoints never got.
    pub(super) fn missing(&self) -> usize {
        self.turns.iter().map(|turn| turn.missing).sum()
    }

    fn span(&self) -> Duration {
        self.turns.iter().map(|turn| turn.span).sum()
    }

    /// Events a second.
    pub(super) fn rate(&self) -> f64 {
        per_second(self.turns.iter().map(|turn| turn.events).sum(), self.span())
    }

    fn series(&self, of: impl Fn(&Turn) -> f64) -> Series {
        let mut series = Series::default();
        self.turns.iter().for_each(|turn| series.push(of(turn)));
        series
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, delays, missing) = (self.name, self.delays(), self.missing());
        let (rate, deliveries) = (self.rate(), per_second(delays.len(), self.span()));
        let requests: Delays = self.turns.iter().flat_map(|turn| turn.requests.iter()).collect();
        let connections: usize = self.turns.iter().map(|turn| turn.connections).sum();
        let turns = self.series(|turn| turn.delays.percentile(99).as_secs_f64() * 1000.0);
        let [program, bench] = [self.series(|turn| turn.program), self.series(|turn| turn.bench)];
        writeln!(f, "  {name:<36} {rate:.0} events a second, {deliveries:.0} deliveries a second to the healthy")?;
        writeln!(f, "    {:<34} {delays}, {missing} missing", "from request to receipt")?;
        writeln!(f, "    {:<34} {} ms", "p99 of its turns", turns.show(0))?;
        writeln!(f, "    {:<34} {requests}", "requests themselves")?;
        writeln!(f, "    {:<34} {connections}", "connections opened")?;
        writeln!(f, "    {:<34} program {:.0} %, bench {:.0} %", "of a core", program.median(), bench.median())
    }
}
