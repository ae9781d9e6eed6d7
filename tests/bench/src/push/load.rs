//! What happens: accounts that go through the life of a case again and again, evenly, by the API.

use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use bytes::Bytes;
use casebridge_tests::help_desk::HelpDesk;
use casebridge_tests::until::until;
use serde_json::json;
use tokio::time::sleep_until;

use crate::client::{Ask, Line, text_of};
use crate::product::play;

/// Each of them is an event of every round, once.
pub(super) const KINDS: [&str; 10] = [
    "case.opened",
    "technician.changed",
    "ticket.changed",
    "case.closing",
    "case.closed",
    "record.changed",
    "ticket.closed",
    "ticket.reopened",
    "key.made",
    "key.deleted",
];

/// From one event of an account to its next: twenty a second.
const EVENT: Duration = Duration::from_millis(50);

/// Events of a round.
const ROUND: u32 = 10;

/// How long numbering may take at the beginning.
const PATIENCE: Duration = Duration::from_secs(10);

/// An event, as whoever caused it knows of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Happened {
    pub(super) account: usize,
    /// In the account's feed.
    pub(super) number: u64,
    pub(super) kind: &'static str,
    /// When its request was sent: it was committed later than that.
    pub(super) asked: Instant,
    /// How long its request took.
    pub(super) took: Duration,
}

/// Somebody who lets things happen in an account, one after the other.
pub(super) struct Player {
    account: usize,
    desk: HelpDesk,
    line: Line,
    /// The number of the account's last event.
    last: u64,
    rounds: u32,
}

impl Player {
    /// Whoever has not played yet does not know the account's numbers: [`Self::begin`].
    pub(super) fn new(account: usize, desk: HelpDesk, line: Line) -> Self {
        Self { account, desk, line, last: 0, rounds: 0 }
    }

    pub(super) fn desk(&self) -> &HelpDesk {
        &self.desk
    }

    /// Plays a round, so that everything is there that a first one makes, and finds out which number was the last.
    pub(super) async fn begin(&mut self) -> anyhow::Result<()> {
        let before = self.last;
        self.round(Instant::now(), &mut Vec::new()).await?;
        let events = self.desk.path(&format!("/events?limit=100&after={before}"));
        let numbered = until(PATIENCE, async || {
            let page = self.desk.reader.get(&events).await.ok()?.body;
            let newest = page["items"].as_array()?.last()?;
            if newest["type"] == KINDS[9] { newest["number"].as_u64() } else { None }
        });
        self.last = numbered.await.context("what happened gets no numbers")?;
        Ok(())
    }

    /// Whose events they are.
    pub(super) const fn account(&self) -> usize {
        self.account
    }

    /// Plays so many rounds, of which the first one begins then. What happened.
    pub(super) async fn play(mut self, begin: Instant, rounds: u32) -> anyhow::Result<(Self, Vec<Happened>)> {
        let mut happened = Vec::new();
        for round in 0..rounds {
            self.round(begin + EVENT * ROUND * round, &mut happened).await?;
        }
        Ok((self, happened))
    }

    async fn round(&mut self, begin: Instant, happened: &mut Vec<Happened>) -> anyhow::Result<()> {
        let at = |slot: u32| begin + EVENT * slot;
        let path = self.desk.path("");
        let ticket = format!("{path}/tickets/T-{}", self.rounds);
        self.rounds += 1;
        let play = Ask::make(format!("{ticket}/case"), &play(None));
        let case = text_of(&self.step(at(0), play, &KINDS[..1], happened).await?, "id")?;
        let ben = json!({ "technician": { "id": "ben", "name": "Ben Carter", "email": "ben@northwind.example" } });
        let hand_over = Ask::post(format!("{path}/cases/{case}/technician"), &ben);
        self.step(at(1), hand_over, &KINDS[1..2], happened).await?;
        let facts = json!({ "ticket": { "number": "INC-4711", "title": "Printer put out", "category": "Printer" } });
        self.step(at(2), Ask::put(ticket.clone(), &facts), &KINDS[2..3], happened).await?;
        let note = json!({ "note": "The tray was bent. It was straightened, and the printer started anew." });
        let stop = Ask::post(format!("{path}/cases/{case}/close"), &note);
        self.step(at(3), stop, &KINDS[3..5], happened).await?;
        let note = json!({ "note": "The tray was bent." });
        let record = Ask::patch(format!("{path}/reports/sessions/records/{case}"), &note);
        self.step(at(5), record, &KINDS[5..6], happened).await?;
        let state = |state: &str| Ask::put(ticket.clone(), &json!({ "state": state }));
        self.step(at(6), state("closed"), &KINDS[6..7], happened).await?;
        self.step(at(7), state("open"), &KINDS[7..8], happened).await?;
        let key = Ask::make(format!("{path}/keys"), &json!({ "scope": "read" }));
        let key = text_of(&self.step(at(8), key, &KINDS[8..9], happened).await?, "id")?;
        self.step(at(9), Ask::delete(format!("{path}/keys/{key}")), &KINDS[9..], happened).await?;
        Ok(())
    }

    /// One request, at its time, and the events that it makes.
    async fn step(
        &mut self,
        at: Instant,
        ask: Ask,
        kinds: &[&'static str],
        happened: &mut Vec<Happened>,
    ) -> anyhow::Result<Bytes> {
        sleep_until(at.into()).await;
        let asked = Instant::now();
        let answer = self.line.ask(ask).await?;
        let took = asked.elapsed();
        for kind in kinds {
            self.last += 1;
            happened.push(Happened { account: self.account, number: self.last, kind, asked, took });
        }
        Ok(answer)
    }
}

/// How many rounds a span has.
pub(super) fn rounds(span: Duration) -> anyhow::Result<u32> {
    let rounds = u32::try_from(span.as_millis() / (EVENT * ROUND).as_millis())?;
    ensure!(rounds > 0, "too short");
    Ok(rounds)
}

/// When an account begins: they take turns.
pub(super) fn offset(account: usize, of: usize) -> anyhow::Result<Duration> {
    Ok(EVENT * u32::try_from(account)? / u32::try_from(of)?)
}
