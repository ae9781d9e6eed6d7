//! What the functions cost as they are deployed: their size, their start, a request, their memory.

use std::fmt;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, ensure};
use casebridge_tests::lambda_runtime_api::{Deployed, Function};
use serde_json::{Value, json};

use crate::figure::{Measured, Series, verdict};
use crate::{How, say};

mod one_processor;
mod process;
mod stage;
mod tls_front;

use one_processor::OneProcessor;
use stage::{Stage, events};

/// What each is, and the most that its archive may have, in megabytes: more where KMS, SES or the client of TeamViewer joins.
const FUNCTIONS: [(&str, f64); 10] = [
    ("casebridge-accounts", 4.0),
    ("casebridge-cases", 4.0),
    ("casebridge-connection", 4.0),
    ("casebridge-devices", 4.0),
    ("casebridge-pages", 4.0),
    ("casebridge-push", 4.0),
    ("casebridge-relay", 4.0),
    ("casebridge-reports", 3.5),
    ("casebridge-watch", 4.0),
    ("casebridge-webhooks", 4.0),
];
const EMPTY: &str = "casebridge-empty";

const MOST_FIRST_CPU: f64 = 7.0;
/// First poll, of the empty function's; the connection comes on top.
const MOST_POLL_RATIO: f64 = 3.0;
const MOST_WARM_CPU: f64 = 0.3;
const MOST_MEGABYTES: f64 = 24.0;
/// What the allocator may take and give back at any time.
const MOST_GROWTH: f64 = 0.25;

/// Asked before anything is counted.
const WARM_UP: u32 = 100;
/// Invocations whose mean is one reading: half of the readings may be disturbed by what else the machine does.
const PORTION: u32 = 100;

/// What was seen of one function.
#[derive(Debug, Default)]
struct Footprint {
    name: String,
    most_zipped: f64,
    /// Megabytes, as an archive.
    zipped: f64,
    /// Milliseconds from exec to the end of the first invocation, and to the first poll.
    first_cpu: Series,
    init_cpu: Series,
    first_poll: Series,
    /// Milliseconds that the connection to the table took, with its first answer.
    connection: Series,
    /// Calls of the table in the first invocation, and in each one afterwards.
    first_calls: Series,
    warm_calls: f64,
    /// Milliseconds of an invocation, in the mean of each portion of them.
    warm_cpu: Series,
    /// Megabytes after a tenth of the invocations, and after all.
    early: f64,
    late: f64,
}

/// All functions beside the empty one.
pub(crate) struct Functions {
    empty: Footprint,
    all: Vec<Footprint>,
    invocations: u32,
}

pub(crate) async fn measure(how: &How) -> anyhow::Result<Functions> {
    let program = |name: &str| how.functions.join(name).join("bootstrap");
    let stage = Stage::set().await?;
    let key = stage.account_key(&how.program, &program("casebridge-accounts")).await?;
    let (starts, invocations) = how.pick((40, 10_000), (5, 1_000));
    let plain = json!({});
    let empty = Function::new(EMPTY, program(EMPTY));
    let empty = footprint(&stage, (EMPTY, f64::INFINITY), empty, (&plain, &plain), (starts, invocations)).await?;
    let mut all = Vec::new();
    let is_asked = |name: &str| how.only.is_empty() || how.only.iter().any(|only| name.ends_with(only));
    for (name, most_zipped) in FUNCTIONS.into_iter().filter(|(name, _)| is_asked(name)) {
        say(&format!("{name} ..."));
        let function = stage.function(name, &program(name));
        let (first, again) = events(name, &key);
        let seen = footprint(&stage, (name, most_zipped), function, (&first, &again), (starts, invocations)).await?;
        all.push(Footprint { zipped: zipped_megabytes(&program(name))?, ..seen });
    }
    Ok(Functions { empty: Footprint { zipped: zipped_megabytes(&program(EMPTY))?, ..empty }, all, invocations })
}

async fn footprint(
    stage: &Stage,
    (name, most_zipped): (&str, f64),
    function: Function,
    (first, again): (&Value, &Value),
    (starts, invocations): (u32, u32),
) -> anyhow::Result<Footprint> {
    // What was opened until now is not of this one.
    stage.front.opened();
    let mut seen = Footprint { name: name.to_owned(), most_zipped, ..Footprint::default() };
    for _ in 0..starts {
        let deployed = function.clone().deploy();
        let first_poll = deployed.warm().await?;
        seen.first_poll.push(first_poll.as_secs_f64() * 1e3);
        seen.init_cpu.push(process::processor_milliseconds(only_process(&deployed)?)?);
        stage.table.reset_counts();
        deployed.invoke(first).await?;
        seen.first_cpu.push(process::processor_milliseconds(only_process(&deployed)?)?);
        seen.first_calls.push(calls(stage));
        stage.front.opened().iter().for_each(|took| seen.connection.push(took.as_secs_f64() * 1e3));
    }
    let _shared = OneProcessor::share()?;
    let deployed = function.deploy();
    for _ in 0..WARM_UP {
        deployed.invoke(again).await?;
    }
    let process = only_process(&deployed)?;
    stage.table.reset_counts();
    let portions = (invocations - WARM_UP) / PORTION;
    for portion in 0..portions {
        if portion == portions / 10 {
            seen.early = process::resident_megabytes(process)?;
        }
        let before = process::processor_milliseconds(process)?;
        for _ in 0..PORTION {
            deployed.invoke(again).await?;
        }
        seen.warm_cpu.push((process::processor_milliseconds(process)? - before) / f64::from(PORTION));
    }
    seen.warm_calls = calls(stage) / f64::from(portions * PORTION);
    seen.late = process::resident_megabytes(process)?;
    ensure!(deployed.starts() == 1, "{name} was started anew: {}", deployed.output());
    Ok(seen)
}

fn only_process(deployed: &Deployed) -> anyhow::Result<u32> {
    deployed.idle_processes().first().copied().with_context(|| format!("it has ended: {}", deployed.output()))
}

#[expect(clippy::cast_precision_loss, reason = "some thousands")]
fn calls(stage: &Stage) -> f64 {
    let counts = stage.table.counts();
    (counts.reads() + counts.writes()) as f64
}

/// As deflate has it at its best; an archive adds some hundred bytes.
#[expect(clippy::cast_precision_loss, reason = "some megabytes")]
fn zipped_megabytes(program: &Path) -> anyhow::Result<f64> {
    let gzip = Command::new("gzip").args(["-9", "--stdout"]).arg(program).stderr(Stdio::inherit()).output()?;
    ensure!(gzip.status.success(), "{} can't be read", program.display());
    Ok(gzip.stdout.len() as f64 / 1e6)
}

impl Footprint {
    /// Each thing that has a target: what it is, what was seen, the most that it may be.
    fn judged(&self, empty: &Self) -> [(&'static str, f64, f64); 7] {
        let most_poll = MOST_POLL_RATIO * empty.first_poll.least() + self.connection.least();
        [
            ("zip MB", self.zipped, self.most_zipped),
            ("CPU ms to the end of the first", self.first_cpu.median(), MOST_FIRST_CPU),
            ("ms to the first poll", self.first_poll.least(), most_poll),
            ("warm CPU ms", self.warm_cpu.median(), MOST_WARM_CPU),
            ("MB", self.late, MOST_MEGABYTES),
            ("MB grown", self.late - self.early, MOST_GROWTH),
            ("calls of the table", self.warm_calls.max(self.first_calls.median()), 1.0),
        ]
    }
}

/// What could not be measured is not.
fn is_within((_, seen, most): &(&str, f64, f64)) -> bool {
    seen <= most
}

impl Measured for Functions {
    fn is_met(&self) -> bool {
        self.all.iter().all(|one| one.judged(&self.empty).iter().all(is_within))
    }
}

impl fmt::Display for Functions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { empty, all, invocations } = self;
        writeln!(f, "functions: {} starts, {invocations} invocations each", empty.first_poll.len())?;
        writeln!(
            f,
            "  {:<22} zip MB | CPU ms: poll, first, warm | poll ms, least | connection ms | MB | grown | calls: first, warm",
            ""
        )?;
        for one in std::iter::once(empty).chain(all) {
            writeln!(
                f,
                "  {:<22} {:.2} | {}, {}, {} | {:.1} | {:.1} | {:.1} | {:+.2} | {:.0}, {:.2}",
                one.name,
                one.zipped,
                one.init_cpu.show(1),
                one.first_cpu.show(1),
                one.warm_cpu.show(3),
                one.first_poll.least(),
                one.connection.least(),
                one.late,
                one.late - one.early,
                one.first_calls.median(),
                one.warm_calls,
            )?;
        }
        for one in all {
            let judged = one.judged(empty);
            let missed: Vec<_> = judged.iter().filter(|one| !is_within(one)).collect();
            for (what, seen, most) in &missed {
                writeln!(f, "  {:<22} {what}: {seen:.2}, target at most {most:.2}: {}", one.name, verdict(false))?;
            }
            if missed.is_empty() {
                writeln!(f, "  {:<22} every target: {}", one.name, verdict(true))?;
            }
        }
        Ok(())
    }
}
