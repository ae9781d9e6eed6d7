//! Sessions of a busy help desk: 50 technicians, 30 values in each of the ticket's four facts, every day of a year and of
//! the month after it.

use casebridge_app::ports::Ids as _;
use casebridge_domain::people::PersonName;
use casebridge_domain::record::Outcome;
use casebridge_domain::service_case::{Actor, EndReason, Note};
use casebridge_domain::ticket::Facet;
use casebridge_domain::{
    AccountId, CaseId, Malformed, SessionCode, SessionRecord, SessionType, Technician, TechnicianId, Text, Ticket,
    TicketId, TimeZone,
};
use casebridge_host::SystemIds;
use chrono::{NaiveDate, NaiveTime, TimeDelta};

const TECHNICIANS: u64 = 50;
const VALUES: u64 = 30;

const DAYS_OF_THE_YEAR: u64 = 365;

/// A range of a year that begins within a month reaches into the next year.
const DAYS: u64 = DAYS_OF_THE_YEAR + 31;

/// From eight in the morning on.
const OPENS: TimeDelta = TimeDelta::hours(8);
const OPEN_MILLIS: u64 = 10 * 60 * 60 * 1000;

/// A day on which so many sessions were begun before, and the sessions of that day.
#[derive(Debug, Clone, Copy)]
pub(super) struct Day {
    pub(super) date: NaiveDate,
    first: u64,
    count: u64,
}

/// The days, over the first 365 of which so many sessions are spread.
pub(super) fn days(sessions: u32) -> impl Iterator<Item = Day> {
    let until = move |day: u64| day * u64::from(sessions) / DAYS_OF_THE_YEAR;
    let first = NaiveDate::from_ymd_opt(2025, 1, 1).unwrap_or_default();
    (0..DAYS).zip(first.iter_days()).map(move |(day, date)| Day {
        date,
        first: until(day),
        count: until(day + 1) - until(day),
    })
}

/// The vendor's id of the n-th technician.
pub(crate) fn technician(n: u64) -> String {
    format!("0b9f7b2e-6c1d-4f0e-9d53-{n:012}")
}

impl Day {
    /// In the order of their ends.
    pub(super) fn records(self, account: &AccountId) -> Result<Vec<SessionRecord>, Malformed> {
        (0..self.count).map(|n| self.record(account, n)).collect()
    }

    fn record(self, account: &AccountId, n: u64) -> Result<SessionRecord, Malformed> {
        let mut chance = Chance(self.first + n);
        let technician_number = chance.below(TECHNICIANS);
        let mut fact = |of: &str| Facet::parse(&format!("{of} {:02}", chance.below(VALUES))).map(Some);
        let (category, kind) = (fact("Hardware, model")?, fact("Incident")?);
        let (priority, source) = (fact("Priority")?, fact("Portal of department")?);
        let since_opening = TimeDelta::milliseconds(span(n * OPEN_MILLIS / self.count));
        let ended_at = self.date.and_time(NaiveTime::MIN).and_utc() + OPENS + since_opening;
        let started_at = ended_at - TimeDelta::seconds(span(120 + chance.below(3600)));
        let closed = chance.below(10) > 0;
        let joined = closed && chance.below(20) > 0;
        let number = self.first + n;
        let words = "The tray was bent. It was straightened, and the printer started anew.";
        Ok(SessionRecord {
            account: account.clone(),
            case: CaseId::new(SystemIds.time_ordered(started_at)),
            subject: Ticket {
                id: TicketId::parse(&format!("T{number}"))?,
                number: Text::parse(&format!("INC-{number}"))?,
                title: Text::parse("Printer on the second floor does not print")?,
                category,
                kind,
                priority,
                source,
            }
            .into(),
            technician: Some(Technician {
                id: TechnicianId::parse(&technician(technician_number))?,
                name: PersonName::parse(&format!("Anna Becker {technician_number}"))?,
                email: None,
            }),
            code: Some(SessionCode::parse(&format!("s{number:09}"))?),
            session_type: SessionType::Default,
            started_at,
            online_at: joined.then(|| started_at + TimeDelta::seconds(span(chance.below(100)))),
            ended_at,
            day: self.date,
            time_zone: TimeZone::UTC,
            outcome: if closed {
                Outcome::Closed { by: Actor::Vendor, reason: EndReason::Stopped }
            } else {
                Outcome::Expired
            },
            note: closed.then(|| Note::parse(words)).transpose()?,
            picked_up_at: Some(started_at),
            asked_at: None,
            excluded: None,
            changed_at: None,
            coarse: false,
        })
    }
}

fn span(length: u64) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

/// Numbers that are the same in every run (`SplitMix64`).
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(0xd134_2543_de82_ef95).wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }
}
