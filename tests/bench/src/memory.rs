//! How fast the program starts on a million sessions, and the memory that it takes then.

use std::fmt;
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::time::sleep;

use crate::client::{Ask, Line};
use crate::figure::{Measured, Series, verdict};
use crate::full_store::FullStore;
use crate::reports;
use crate::{How, say};

mod program;

use program::{Program, Resident};

const MOST_MILLISECONDS: f64 = 100.0;
const MOST_MEGABYTES: f64 = 64.0;

const STARTS: usize = 5;

/// Reports, and pages of records.
const ASKED: u64 = 50;

const YEAR: &str = "from=2025-01-01&to=2026-01-01";

/// What was seen of the process.
pub(crate) struct Footprint {
    sessions: u32,
    starts: Series,
    after: Vec<(&'static str, Resident)>,
    /// Lines of the year's table in a second.
    lines: f64,
}

pub(crate) async fn measure(how: &How) -> anyhow::Result<Footprint> {
    let store = FullStore::of(&how.folder, how.sessions).await?;
    let mut starts = Series::default();
    for _ in 1..STARTS {
        let program = Program::start(&how.program, &store, &how.folder)?;
        starts.push(milliseconds(program.start));
        program.stop()?;
    }
    let program = Program::start(&how.program, &store, &how.folder)?;
    starts.push(milliseconds(program.start));
    sleep(Duration::from_secs(1)).await;
    let mut after = vec![("start", program.resident()?)];
    let mut line = Line::open(program.address, &store.reader_key).await?;

    for n in 0..ASKED {
        line.ask(Ask::get(reports::of_a_technician(YEAR, n))).await?;
    }
    after.push(("50 reports", program.resident()?));
    read_pages(&mut line).await?;
    after.push(("50 pages of records", program.resident()?));
    say("memory: the table of a year");
    let begun = Instant::now();
    let lines = line.read_away(Ask::table(reports::path_of_records(YEAR))).await?;
    let seconds = begun.elapsed().as_secs_f64();
    after.push(("the table of a year", program.resident()?));
    program.stop()?;
    Ok(Footprint { sessions: how.sessions, starts, after, lines: f64::from(u32::try_from(lines)?) / seconds })
}

/// One page after the other.
async fn read_pages(line: &mut Line) -> anyhow::Result<()> {
    let first = reports::path_of_records(&format!("{YEAR}&limit=100"));
    let mut path = first.clone();
    for _ in 0..ASKED {
        let page: Value = serde_json::from_slice(&line.ask(Ask::get(path)).await?)?;
        path = match page["next"].as_str() {
            Some(next) => format!("{first}&cursor={next}"),
            None => first.clone(),
        };
    }
    Ok(())
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

impl Footprint {
    fn peak(&self) -> f64 {
        self.after.iter().map(|(_, resident)| resident.peak).fold(0.0, f64::max)
    }

    fn starts_in_time(&self) -> bool {
        self.starts.median() <= MOST_MILLISECONDS
    }

    fn is_small(&self) -> bool {
        self.peak() <= MOST_MEGABYTES
    }
}

impl Measured for Footprint {
    fn is_met(&self) -> bool {
        self.starts_in_time() && self.is_small()
    }
}

impl fmt::Display for Footprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "memory: the program on {} sessions a year", self.sessions)?;
        let (start, in_time) = (self.starts.show(0), verdict(self.starts_in_time()));
        writeln!(f, "  {:<36} {start}, target at most {MOST_MILLISECONDS:.0}: {in_time}", "ms to the first answer")?;
        for (after, Resident { now, peak }) in &self.after {
            writeln!(f, "  {:<36} {now:.1} (peak {peak:.1})", format!("MB after {after}"))?;
        }
        let (peak, small) = (self.peak(), verdict(self.is_small()));
        writeln!(f, "  {:<36} {peak:.1}, target at most {MOST_MEGABYTES:.0}: {small}", "MB at most")?;
        writeln!(f, "  {:<36} {:.0}", "lines of the table per second", self.lines)
    }
}
