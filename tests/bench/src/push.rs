//! How fast events reach a hundred endpoints, and whether bad ones among them, or an outage of all, cost the others anything.
//!
//! Ten accounts make twenty events a second each. Each has five endpoints that want all of them; the vendor has fifty, five for
//! each of ten types, at one address. So each event goes to ten endpoints, and both kinds of feed, of numbering and of
//! lane have work: a lane of the vendor's wants a tenth of a feed that grows by 200 a second.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};

use crate::figure::{Measured, verdict};
use crate::{How, say};

mod delays;
mod load;
mod receiver;
mod sides;
mod stage;

use delays::Delays;
use receiver::{Hook, Manner};
use sides::{Side, Sides};
use stage::{Stage, wanted};

/// From the request that makes an event to its receipt, of 99 in a hundred deliveries.
const MOST: Duration = Duration::from_secs(1);

/// How much longer that may be with the bad ones than without: no longer, but for what two turns of the same side differ by.
const MOST_RATIO: f64 = 1.1;

/// Events that are to happen in a second, and the share of them that has to.
const EVENTS: f64 = 200.0;
const SHARE: f64 = 0.98;

/// Attempts that are made at an event at most, replays aside.
const ATTEMPTS: u32 = 10;

/// Turns of each side, which are a minute together.
const PAIRS: usize = 4;
const TURN: Duration = Duration::from_secs(15);

/// What is played before something is measured.
const ALONE: Duration = Duration::from_secs(5);

/// What healthy endpoints did not get so long after it happened is counted as it stands.
const SETTLES: Duration = Duration::from_secs(30);

/// The third attempt at an event is made up to six minutes after the second.
const RECOVERS: Duration = Duration::from_mins(10);

/// After an outage of all.
struct Outage {
    span: Duration,
    events: usize,
    /// From its end to receipts, of everything that was not taken before.
    delays: Delays,
    /// To receivers, opened since its end.
    connections: usize,
}

pub(crate) struct Pushed {
    /// Percent of a core that the program takes for the same events where nobody follows them.
    alone: f64,
    sides: Sides,
    outage: Outage,
    events: usize,
    deliveries: usize,
    lost: usize,
    copies: u64,
    most_attempts: u32,
    verified: u64,
    badly_signed: u64,
}

pub(crate) async fn measure(how: &How) -> anyhow::Result<Pushed> {
    let (pairs, turn, outage) = how.pick((PAIRS, TURN, Duration::from_secs(20)), (2, ALONE, ALONE));
    say("push: accounts without endpoints");
    let mut stage = Stage::set(how).await?;
    let before = stage.server.processor_time()?;
    let begun = Instant::now();
    stage.play(how.pick(Duration::from_secs(20), ALONE)).await?;
    let alone = share(stage.server.processor_time()?.saturating_sub(before), begun.elapsed());
    stage.make_endpoints().await?;
    stage.play(ALONE).await?;
    // The first of the vendor's and the last of an account's.
    let [first, healthy @ .., last] = &*stage.hooks else { bail!("too few endpoints") };
    let (healthy, bad) = (healthy.to_vec(), [Arc::clone(first), Arc::clone(last)]);
    stage.all_taken(&healthy, SETTLES).await.context("nothing is pushed")?;
    let sides = Sides::measure(&mut stage, (&healthy, &bad), pairs, (ALONE, turn)).await?;
    let outage = out(&mut stage, outage).await?;
    let pushed = Pushed::of(&stage, alone, sides, outage);
    stage.server.stop().await?;
    Ok(pushed)
}

/// All endpoints hang up for a while, in which as much happens as before; then all take what they get.
async fn out(stage: &mut Stage, span: Duration) -> anyhow::Result<Outage> {
    say(&format!("push: an outage of all, {} s, and what is pushed after it", span.as_secs()));
    for hook in &stage.hooks {
        hook.be(Manner::HangsUp);
    }
    let happened = stage.play(span).await?;
    let (back, connections) = (Instant::now(), stage.connections.opened());
    for hook in &stage.hooks {
        hook.be(Manner::Takes);
    }
    stage.all_taken(&stage.hooks, RECOVERS).await;
    let since = |hook: &Arc<Hook>| {
        let taken = wanted(hook, &stage.happened).filter_map(|happened| hook.of(happened).first_taken);
        taken.filter_map(|at| at.checked_duration_since(back)).collect::<Vec<_>>()
    };
    let delays = stage.hooks.iter().flat_map(since).collect();
    Ok(Outage { span, events: happened.len(), delays, connections: stage.connections.opened() - connections })
}

impl Pushed {
    fn of(stage: &Stage, alone: f64, sides: Sides, outage: Outage) -> Self {
        let mut pushed = Self {
            alone,
            sides,
            outage,
            events: stage.happened.len(),
            deliveries: 0,
            lost: 0,
            copies: 0,
            most_attempts: 0,
            verified: 0,
            badly_signed: 0,
        };
        for hook in &stage.hooks {
            for happened in wanted(hook, &stage.happened) {
                let got = hook.of(happened);
                pushed.deliveries += usize::from(got.taken > 0);
                pushed.lost += usize::from(got.taken == 0);
                pushed.copies += u64::from(got.taken.saturating_sub(1));
                pushed.most_attempts = pushed.most_attempts.max(got.attempts);
            }
            let (_, verified, badly_signed) = hook.messages();
            pushed.verified += verified;
            pushed.badly_signed += badly_signed;
        }
        pushed
    }

    /// The middle one of the pairs' ratios.
    fn ratio(&self) -> f64 {
        self.sides.ratios().median()
    }

    /// Whether as much happened as should, and all of it came in time.
    fn is_fast(&self) -> bool {
        let is_fast =
            |side: &Side| side.missing() == 0 && side.delays().percentile(99) <= MOST && side.rate() >= EVENTS * SHARE;
        self.sides.both().into_iter().all(is_fast)
    }

    fn is_complete(&self) -> bool {
        self.lost == 0 && self.badly_signed == 0 && self.verified > 0
    }
}

/// Percent of a core.
fn share(spent: Duration, span: Duration) -> f64 {
    100.0 * spent.as_secs_f64() / span.as_secs_f64()
}

fn per_second(count: usize, span: Duration) -> f64 {
    u32::try_from(count).map_or(f64::NAN, f64::from) / span.as_secs_f64()
}

impl Measured for Pushed {
    fn is_met(&self) -> bool {
        self.is_fast() && self.ratio() <= MOST_RATIO && self.is_complete() && self.most_attempts <= ATTEMPTS
    }
}

impl fmt::Display for Pushed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "push: 100 endpoints, of which each event matches 10; {} events", self.events)?;
        writeln!(f, "  {:<36} program {:.0} % of a core", "the same events without endpoints", self.alone)?;
        for side in self.sides.both() {
            write!(f, "{side}")?;
        }
        let met = verdict(self.is_fast());
        writeln!(f, "  {:<36} at most {} ms, {EVENTS:.0} events a second: {met}", "target of both", MOST.as_millis())?;
        let (ratios, met) = (self.sides.ratios(), verdict(self.ratio() <= MOST_RATIO));
        let name = "p99 with the bad ones to without";
        writeln!(f, "  {name:<36} {} of {} pairs, target at most {MOST_RATIO}: {met}", ratios.show(2), ratios.len())?;
        let Outage { span, events, delays, connections } = &self.outage;
        writeln!(f, "  {:<36} {} s, {events} events in it", "an outage of all", span.as_secs())?;
        writeln!(f, "    {:<34} {} deliveries: {delays}", "from its end to receipt", delays.len())?;
        writeln!(f, "    {:<34} {connections}", "connections opened")?;
        let met = verdict(self.is_complete());
        let Self { deliveries, lost, copies, verified, badly_signed, most_attempts, .. } = self;
        writeln!(f, "  {:<36} {lost} of {}: {met}", "lost", deliveries + lost)?;
        writeln!(f, "  {:<36} {copies}", "taken more than once")?;
        writeln!(f, "  {:<36} {verified}, {badly_signed} of them wrong", "signatures verified")?;
        let met = verdict(*most_attempts <= ATTEMPTS);
        write!(f, "  {:<36} {most_attempts}, target at most {ATTEMPTS}: {met}", "most attempts at an event")
    }
}
