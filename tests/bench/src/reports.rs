//! How much longer a report takes over a hundred times as many sessions.

use std::fmt;
use std::time::Instant;

use crate::client::{Ask, Line};
use crate::figure::{Measured, Series, verdict};
use crate::full_store::{ACCOUNT, FullStore, technician};
use crate::product::serve_store;
use crate::{How, say};

const FEW: u32 = 10_000;

/// A report over many may take so many times as long as one over few.
const TARGET: f64 = 1.2;

const YEAR: &str = "from=2025-01-01&to=2026-01-01";
/// A year that lies worst: half a month at each end.
const ROLLING: &str = "from=2025-01-16&to=2026-01-16";
const WEEK: &str = "from=2025-06-10&to=2025-06-17";

/// How long one report takes over few sessions and over many.
pub(crate) struct Growth {
    name: &'static str,
    sessions: u32,
    has_target: bool,
    few: Series,
    many: Series,
    ratio: Series,
}

/// The path of a report.
pub(crate) fn path(query: &str) -> String {
    format!("/v1/accounts/{ACCOUNT}/reports/sessions?{query}")
}

/// The path of records.
pub(crate) fn path_of_records(query: &str) -> String {
    format!("/v1/accounts/{ACCOUNT}/reports/sessions/records?{query}")
}

/// A technician's report by category; the calendar year's has the target.
pub(crate) fn of_a_technician(span: &str, technician_number: u64) -> String {
    path(&format!("{span}&technician={}&group_by=category", technician(technician_number)))
}

pub(crate) async fn measure(how: &How) -> anyhow::Result<Vec<Growth>> {
    let mut few = open(how, FEW).await?;
    let mut many = open(how, how.sessions).await?;
    let times = how.pick(100, 20);
    say(&format!("reports: {FEW} and {} sessions a year, {times} of each report in a round, in turn", how.sessions));
    let questions = [
        ("a technician's calendar year by category", true, of_a_technician(YEAR, 7)),
        // With so few sessions, half of a technician's days have none: what is read of single days has not the same shape.
        ("a technician's year from the 16th by category", false, of_a_technician(ROLLING, 7)),
        ("a technician's year by day", false, path(&format!("{YEAR}&technician={}&group_by=day", technician(7)))),
        ("everyone's year by technician", false, path(&format!("{YEAR}&group_by=technician"))),
        ("everyone's year from the 16th by category", false, path(&format!("{ROLLING}&group_by=category"))),
        ("a technician's week by category", false, of_a_technician(WEEK, 7)),
    ];
    let mut growths = Vec::new();
    for (name, has_target, path) in questions {
        let mut growth = Growth::new(name, how.sessions, has_target);
        for round in 0..=how.rounds() {
            let [few, many] = in_turn(&mut few, &mut many, &path, times).await?.map(|series| series.median());
            // The first is to warm up.
            if round > 0 {
                growth.few.push(few);
                growth.many.push(many);
                growth.ratio.push(many / few);
            }
        }
        growths.push(growth);
    }
    Ok(growths)
}

async fn open(how: &How, sessions: u32) -> anyhow::Result<Line> {
    let store = FullStore::of(&how.folder, sessions).await?;
    Line::open(serve_store(&store.file).await?, &store.reader_key).await
}

/// Asks both, each first every other time: how many milliseconds each answer took.
async fn in_turn(few: &mut Line, many: &mut Line, path: &str, times: u32) -> anyhow::Result<[Series; 2]> {
    let [mut of_few, mut of_many] = [Series::default(), Series::default()];
    for turn in 0..times {
        if turn % 2 == 0 {
            of_few.push(milliseconds(few, path).await?);
            of_many.push(milliseconds(many, path).await?);
        } else {
            of_many.push(milliseconds(many, path).await?);
            of_few.push(milliseconds(few, path).await?);
        }
    }
    Ok([of_few, of_many])
}

async fn milliseconds(line: &mut Line, path: &str) -> anyhow::Result<f64> {
    let begun = Instant::now();
    line.ask(Ask::get(path.to_owned())).await?;
    Ok(begun.elapsed().as_secs_f64() * 1000.0)
}

impl Growth {
    fn new(name: &'static str, sessions: u32, has_target: bool) -> Self {
        let [few, many, ratio] = [(); 3].map(|()| Series::default());
        Self { name, sessions, has_target, few, many, ratio }
    }
}

impl Measured for Growth {
    fn is_met(&self) -> bool {
        !self.has_target || self.ratio.median() <= TARGET
    }
}

impl fmt::Display for Growth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "reports, {}: median (least to most) of the rounds' medians", self.name)?;
        writeln!(f, "  {:<36} {}", format!("ms over {FEW}"), self.few.show(2))?;
        writeln!(f, "  {:<36} {}", format!("ms over {}", self.sessions), self.many.show(2))?;
        write!(f, "  {:<36} {}", "ratio", self.ratio.show(3))?;
        if self.has_target {
            write!(f, ", target at most {TARGET:.2}: {}", verdict(self.is_met()))?;
        }
        writeln!(f)
    }
}
