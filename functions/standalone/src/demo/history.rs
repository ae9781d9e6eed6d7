//! What the demo's help desk did before anybody looked: some months of sessions, the same in every run.
//!
//! They stand in the records and in the figures as the ends of real sessions put them there; there were no cases and nothing
//! happened in TeamViewer.

use casebridge_app::ports::Ids as _;
use casebridge_domain::people::PersonName;
use casebridge_domain::record::Outcome;
use casebridge_domain::service_case::{Actor, EndReason, Note};
use casebridge_domain::ticket::Facet;
use casebridge_domain::{
    AccountId, CaseId, CaseSubject, Instant, Malformed, SessionCode, SessionRecord, SessionType, Technician,
    TechnicianId, Text, Ticket, TicketId, TimeZone,
};
use casebridge_host::SystemIds;
use chrono::{Datelike as _, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone as _, Weekday};
use fastrand::Rng;

/// Days before today.
const DAYS: u64 = 160;

/// Minutes of a working day, from eight in the morning on.
const OPENS: u32 = 8 * 60;
const OPEN_MINUTES: u32 = 10 * 60;

/// A day's sessions on average: few at the weekend.
const SESSIONS_A_DAY: f64 = 14.0;

/// Who helps, and how much of the work is his or hers.
const TECHNICIANS: [(&str, &str, u32); 3] =
    [("anna", "Anna Becker", 45), ("ben", "Ben Okafor", 33), ("mei", "Mei Tanaka", 22)];

/// What is asked for: category, title, how many of a hundred, minutes that it takes.
const MATTERS: [(&str, &str, u32, u32); 8] = [
    ("Printer", "The printer does not print", 17, 9),
    ("Office", "A spreadsheet does not open", 21, 14),
    ("E-mail", "No mail arrives", 16, 12),
    ("Network", "The VPN does not connect", 15, 19),
    ("Accounts", "The password has expired", 13, 6),
    ("Mobile", "The tablet does not sync", 8, 16),
    ("Software", "The accounting program has to be set up", 7, 31),
    ("Hardware", "The second screen stays dark", 3, 11),
];

const PRIORITIES: [(&str, u32); 4] = [("Urgent", 8), ("High", 24), ("Medium", 47), ("Low", 21)];
const SOURCES: [(&str, u32); 4] = [("Portal", 48), ("Mail", 27), ("Phone", 20), ("Chat", 5)];

/// The sessions of the months before `now`, in the order of their ends.
pub(super) fn records(account: &AccountId, zone: TimeZone, now: Instant) -> Result<Vec<SessionRecord>, Malformed> {
    let mut random = Rng::with_seed(4711);
    let today = day_of(now, zone);
    let mut records = Vec::new();
    for back in (1..=DAYS).rev() {
        let Some(day) = today.checked_sub_days(Days::new(back)) else { continue };
        for _ in 0..sessions_of(day, back, &mut random) {
            let number = 1000 + records.len();
            records.push(Session { account, zone, day, number }.record(&mut random)?);
        }
    }
    records.sort_by_key(|record| record.ended_at);
    Ok(records)
}

/// A help desk grows, and has good days and bad ones.
fn sessions_of(day: NaiveDate, back: u64, random: &mut Rng) -> u32 {
    let of_weekday = match day.weekday() {
        Weekday::Mon => 1.4,
        Weekday::Fri => 0.8,
        Weekday::Sat => 0.15,
        Weekday::Sun => 0.05,
        _ => 1.0,
    };
    #[expect(clippy::cast_precision_loss, reason = "some hundred days")]
    let grown = 1.0 - 0.4 * back as f64 / DAYS as f64;
    let sessions = SESSIONS_A_DAY * of_weekday * grown * (0.7 + 0.6 * random.f64());
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 30")]
    let sessions = sessions.round() as u32;
    sessions
}

struct Session<'a> {
    account: &'a AccountId,
    zone: TimeZone,
    day: NaiveDate,
    number: usize,
}

impl Session<'_> {
    fn record(self, random: &mut Rng) -> Result<SessionRecord, Malformed> {
        let (category, title, _, minutes) = drawn(&MATTERS, |matter| matter.2, random);
        let (id, name, _) = drawn(&TECHNICIANS, |technician| technician.2, random);
        let started_at = self.started_at(random);
        let (joined, closed) = (random.u32(0..100) >= 6, random.u32(0..100) >= 3);
        let online_at = joined.then(|| started_at + TimeDelta::seconds(i64::from(random.u32(15..240))));
        let worked = TimeDelta::seconds(i64::from(minutes * random.u32(25..110)));
        let ended_at =
            if closed { online_at.unwrap_or(started_at) + worked } else { started_at + TimeDelta::hours(24) };
        let is_request = *category == "Software" || random.u32(0..100) < 18;
        Ok(SessionRecord {
            account: self.account.clone(),
            case: CaseId::new(SystemIds.time_ordered(started_at)),
            subject: CaseSubject::Ticket(Ticket {
                id: TicketId::parse(&format!("H{}", self.number))?,
                number: Text::parse(&format!("{}-{}", if is_request { "REQ" } else { "INC" }, self.number))?,
                title: Text::parse(title)?,
                category: Some(Facet::parse(category)?),
                kind: Some(Facet::parse(if is_request { "Request" } else { "Incident" })?),
                priority: Some(Facet::parse(drawn(&PRIORITIES, |priority| priority.1, random).0)?),
                source: Some(Facet::parse(drawn(&SOURCES, |source| source.1, random).0)?),
            }),
            technician: Some(Technician { id: TechnicianId::parse(id)?, name: PersonName::parse(name)?, email: None }),
            code: Some(SessionCode::parse(&format!("s{}", random.u32(100_000_000..=999_999_999)))?),
            session_type: SessionType::Default,
            started_at,
            online_at,
            ended_at,
            day: day_of(ended_at, self.zone),
            time_zone: self.zone,
            outcome: if closed {
                Outcome::Closed { by: Actor::Vendor, reason: EndReason::Stopped }
            } else {
                Outcome::Expired
            },
            note: (closed && !joined).then(|| Note::parse("Solved on the phone.")).transpose()?,
            picked_up_at: Some(started_at),
            asked_at: None,
            excluded: None,
            changed_at: None,
            coarse: false,
        })
    }

    /// Most come in the morning and after lunch.
    fn started_at(&self, random: &mut Rng) -> Instant {
        let minute = OPENS + random.u32(0..OPEN_MINUTES).min(random.u32(0..OPEN_MINUTES + 120));
        let since_midnight = TimeDelta::minutes(i64::from(minute)) + TimeDelta::seconds(i64::from(random.u32(0..60)));
        let local = self.day.and_time(NaiveTime::MIN) + since_midnight;
        self.zone.rules().from_local_datetime(&local).earliest().map_or_else(|| local.and_utc(), |at| at.to_utc())
    }
}

fn day_of(at: Instant, zone: TimeZone) -> NaiveDate {
    at.with_timezone(&zone.rules()).date_naive()
}

/// One of them, each as often as it weighs.
fn drawn<'a, T>(all: &'a [T], weight: impl Fn(&T) -> u32, random: &mut Rng) -> &'a T {
    let mut left = random.u32(0..all.iter().map(&weight).sum());
    let fits = |one: &&T| {
        let weight = weight(one);
        let fits = left < weight;
        left = left.saturating_sub(weight);
        fits
    };
    all.iter().find(fits).unwrap_or(&all[0])
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn some_months() -> Vec<SessionRecord> {
        let now = DateTime::from_timestamp(1_795_000_000, 0).unwrap();
        records(&AccountId::parse("demo").unwrap(), TimeZone::parse("Europe/Paris").unwrap(), now).unwrap()
    }

    #[test]
    fn there_are_some_months_of_sessions_by_everybody_about_everything() {
        let records = some_months();
        assert!((1000..2500).contains(&records.len()), "{}", records.len());
        let days = records.last().unwrap().day - records[0].day;
        assert!(days.num_days() >= 150, "{days}");
        for (id, ..) in TECHNICIANS {
            assert!(records.iter().any(|record| record.technician.as_ref().unwrap().id.as_str() == id), "{id}");
        }
        for (category, ..) in MATTERS {
            let is_it = |record: &SessionRecord| {
                let ticket = record.subject.ticket().unwrap();
                ticket.category.as_ref().unwrap().as_str() == category
            };
            assert!(records.iter().any(is_it), "{category}");
        }
    }

    #[test]
    fn every_session_could_have_been() {
        let records = some_months();
        assert!(records.is_sorted_by_key(|record| record.ended_at));
        for record in &records {
            assert!(record.started_at < record.ended_at && record.ended_at - record.started_at <= TimeDelta::hours(24));
            assert!(record.online_at.is_none_or(|at| record.started_at <= at && at <= record.ended_at));
        }
        assert!(records.iter().any(|record| record.outcome == Outcome::Expired));
        assert!(records.iter().any(|record| record.online_at.is_none()));
    }
}
