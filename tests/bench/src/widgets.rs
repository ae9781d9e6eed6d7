//! What a thousand open widgets cost the one process, beside what it does without them.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use casebridge_tests::help_desk::HelpDesk;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, sleep};

use crate::figure::{Measured, verdict};
use crate::server::Server;
use crate::{How, say};

mod page;

use page::Page;

/// Open at once.
const WIDGETS: usize = 1000;

/// Of a core, in percent, that they may cost.
const MOST_OF_A_CORE: f64 = 5.0;

/// How often a widget asks where nothing tells it.
const ASKS_EVERY: Duration = Duration::from_secs(2);

/// One way of having them open.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// None is open: what the process does anyway.
    None,
    /// Streams, each of its own ticket; one of them is of the case that changes.
    Streams,
    /// Streams, all of the ticket whose case changes.
    StreamsOfOneTicket,
    /// Each asks by itself, with the view that it has.
    Asking,
}

impl Way {
    const ALL: [Self; 4] = [Self::None, Self::Streams, Self::StreamsOfOneTicket, Self::Asking];

    const fn name(self) -> &'static str {
        match self {
            Self::None => "none open",
            Self::Streams => "1,000 streams, a ticket each",
            Self::StreamsOfOneTicket => "1,000 streams of that one ticket",
            Self::Asking => "1,000 that ask every 2 s",
        }
    }

    fn ticket(self, number: usize) -> String {
        if self == Self::StreamsOfOneTicket { "T-0".to_owned() } else { format!("T-{number}") }
    }
}

/// What was seen of the process.
pub(crate) struct Crowd {
    seconds: u64,
    seen: Vec<Seen>,
}

struct Seen {
    way: Way,
    /// Percent of a core.
    processor: f64,
    /// Views that came, or answers.
    told: usize,
}

pub(crate) async fn measure(how: &How) -> anyhow::Result<Crowd> {
    let span = how.pick(Duration::from_secs(30), Duration::from_secs(5));
    let server = Server::start(&how.program, &how.folder).await?;
    let desk = server.help_desk("acme").await?;
    let case = desk.new_case("T-0").await?;
    let mut seen = Vec::new();
    for way in Way::ALL {
        say(&format!("widgets: {}", way.name()));
        seen.push(watch(&server, &desk, &case, way, span).await?);
    }
    server.stop().await?;
    Ok(Crowd { seconds: span.as_secs(), seen })
}

/// Has them open for a while, during which the case changes every second.
async fn watch(server: &Server, desk: &HelpDesk, case: &Value, way: Way, span: Duration) -> anyhow::Result<Seen> {
    let told = Arc::new(AtomicUsize::new(0));
    let mut pages = JoinSet::new();
    for number in (0..WIDGETS).filter(|_| way != Way::None) {
        let token = token(desk, &way.ticket(number)).await?;
        let page = Page::open(server.address(), token).await?;
        let told = Arc::clone(&told);
        match way {
            Way::None => {}
            Way::Streams | Way::StreamsOfOneTicket => drop(pages.spawn(page.listen(told))),
            Way::Asking => {
                // Each at a moment of its own.
                let first = ASKS_EVERY.mul_f64(f64::from(u32::try_from(number)?) / f64::from(u32::try_from(WIDGETS)?));
                drop(pages.spawn(page.ask(first, ASKS_EVERY, told)));
            }
        }
    }
    // What opening them cost is no part of it.
    sleep(Duration::from_secs(2)).await;
    ensure!(way == Way::None || told.load(Ordering::Relaxed) >= WIDGETS, "not every widget shows something");
    told.store(0, Ordering::Relaxed);
    let (begun, before) = (Instant::now(), server.processor_time()?);
    let mut second = interval(Duration::from_secs(1));
    second.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut turn = 0_usize;
    while begun.elapsed() < span {
        second.tick().await;
        let name = if turn.is_multiple_of(2) { "ben" } else { "anna" };
        desk.hand_over(case, &json!({ "technician": { "id": name, "name": name } })).await?.expect(200)?;
        turn += 1;
    }
    sleep(Duration::from_millis(200)).await;
    let spent = server.processor_time()?.checked_sub(before).context("processor time runs backwards")?;
    let processor = 100.0 * spent.as_secs_f64() / begun.elapsed().as_secs_f64();
    ensure!(pages.try_join_next().is_none(), "a widget lost its connection");
    pages.abort_all();
    Ok(Seen { way, processor, told: told.load(Ordering::Relaxed) })
}

async fn token(desk: &HelpDesk, ticket: &str) -> anyhow::Result<String> {
    let wish = json!({
        "ticket": { "id": ticket, "number": ticket, "title": "Printer on fire" },
        "requester": { "name": "Rita Requester" },
        "technician": { "id": "anna", "name": "Anna Becker" },
    });
    let made = desk.technician.post(&desk.path("/widget-tokens"), &wish).await?.expect(201)?;
    made["token"].as_str().map(str::to_owned).context("no token")
}

impl Crowd {
    /// What the streams of a ticket each cost, over what the process does anyway.
    fn cost(&self) -> f64 {
        let of = |way| self.seen.iter().find(|seen| seen.way == way).map_or(f64::NAN, |seen| seen.processor);
        of(Way::Streams) - of(Way::None)
    }
}

impl Measured for Crowd {
    fn is_met(&self) -> bool {
        self.cost() < MOST_OF_A_CORE
    }
}

impl fmt::Display for Crowd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "widgets: `casebridge serve` for {} s, while a case changes every second", self.seconds)?;
        for Seen { way, processor, told } in &self.seen {
            writeln!(f, "  {:<36} {processor:.1} % of a core, {told} views and answers", way.name())?;
        }
        let met = verdict(self.is_met());
        write!(
            f,
            "  {:<36} {:.1} % of a core, target below {MOST_OF_A_CORE:.0}: {met}",
            "so the streams cost",
            self.cost()
        )
    }
}
