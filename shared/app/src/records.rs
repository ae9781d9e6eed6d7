//! The sessions behind the numbers: found, noted, taken out of the count and put back.

use casebridge_domain::journal::{AccountMatter, JournalEntry};
use casebridge_domain::record::{Exclusion, Outcome};
use casebridge_domain::report::{Days, Dimension};
use casebridge_domain::service_case::Note;
use casebridge_domain::{CaseId, Instant, SessionCode, SessionRecord};
use chrono::{NaiveTime, TimeDelta};

use crate::ports::store::{Page, RecordChange, Saved, Versioned};
use crate::settle::TRIES;
use crate::{Desk, Outside};

/// Local days begin at most so far from UTC's: no time zone is further from it.
const FURTHEST_ZONE: TimeDelta = TimeDelta::hours(26);

/// Stretches of records that are looked through for one page, so that a filter that hits nothing still answers soon.
const STRETCHES: usize = 20;

/// Records that are looked through at once.
const STRETCH: usize = 100;

/// Which of the sessions: one for each figure of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// Closed and expired ones.
    Sessions,
    /// Closed ones.
    Closed,
    /// Expired ones.
    Expired,
    /// Those whose customer was seen online.
    Joined,
    /// Those whose customer was never seen online.
    NeverJoined,
    /// Those that were taken out of the count.
    Excluded,
}

impl Counted {
    /// Whether the record is one of them.
    pub fn takes(self, record: &SessionRecord) -> bool {
        let counts = record.excluded.is_none();
        match self {
            Self::Sessions => counts,
            Self::Closed => counts && matches!(record.outcome, Outcome::Closed { .. }),
            Self::Expired => counts && record.outcome == Outcome::Expired,
            Self::Joined => counts && record.online_at.is_some(),
            Self::NeverJoined => counts && record.online_at.is_none(),
            Self::Excluded => !counts,
        }
    }
}

/// Which records are wanted.
#[derive(Debug, Clone)]
pub struct RecordFilter {
    /// That count on these days.
    pub days: Days,
    /// With these values; `None` are those without one.
    pub of: Vec<(Dimension, Option<String>)>,
    /// Those behind one figure; without it all of them.
    pub counted: Option<Counted>,
}

impl RecordFilter {
    fn takes(&self, record: &SessionRecord) -> bool {
        self.days.contains(record.day)
            && self.counted.is_none_or(|counted| counted.takes(record))
            && self.of.iter().all(|(dimension, value)| stands_there(record, *dimension, value.as_deref()))
    }

    /// The moments between which a session that counts on these days can have ended, in whatever time zone.
    fn moments(&self) -> (Instant, Instant) {
        let midnight = |day: chrono::NaiveDate| day.and_time(NaiveTime::MIN).and_utc();
        (midnight(self.days.from()) - FURTHEST_ZONE, midnight(self.days.to()) + FURTHEST_ZONE)
    }
}

/// Whether the record counts in that group. One for whose facts there was no room counts in no group of theirs.
fn stands_there(record: &SessionRecord, dimension: Dimension, value: Option<&str>) -> bool {
    !(record.coarse && dimension.is_fact()) && dimension.value(record).as_deref() == value
}

/// Records by the time they ended. A page may be short, or even empty, though more follow.
pub async fn records(
    desk: &Desk,
    filter: &RecordFilter,
    after: Option<&str>,
    limit: usize,
) -> Result<Page<SessionRecord>, Outside> {
    let (from, to) = filter.moments();
    let mut items = Vec::new();
    let mut next = after.map(str::to_owned);
    for _ in 0..STRETCHES {
        let stretch = STRETCH.min(limit - items.len());
        let page = desk.world.store.records(desk.id(), from, to, next.as_deref(), stretch).await?;
        items.extend(page.items.into_iter().map(|record| record.value).filter(|record| filter.takes(record)));
        next = page.next;
        if next.is_none() || items.len() >= limit {
            break;
        }
    }
    Ok(Page { items, next })
}

/// The newest record of a session code.
pub async fn record_by_code(desk: &Desk, code: &SessionCode) -> Result<Option<SessionRecord>, Outside> {
    Ok(desk.world.store.record_by_code(desk.id(), code).await?.map(|record| record.value))
}

/// One record.
pub async fn record(desk: &Desk, case: CaseId) -> Result<Option<SessionRecord>, Outside> {
    Ok(desk.world.store.record(desk.id(), case).await?.map(|record| record.value))
}

/// What is to be changed; what is `None` stays.
#[derive(Debug, Clone, Default)]
pub struct RecordWish {
    /// The note, or that there shall be none.
    pub note: Option<Option<Note>>,
    /// Whether it is out of the count.
    pub excluded: Option<bool>,
    /// Why it is.
    pub reason: Option<Note>,
}

/// Why a record is not changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeRecordError {
    /// The case has no record: there is no such case, or it has not ended with a session.
    #[error("there is no such record")]
    NotFound,
    /// Something else failed.
    #[error(transparent)]
    Outside(#[from] Outside),
}

/// Notes a record, takes it out of the count, or puts it back; the figures follow at the same moment.
pub async fn change_record(desk: &Desk, case: CaseId, wish: &RecordWish) -> Result<SessionRecord, ChangeRecordError> {
    for _ in 0..TRIES {
        let was = desk.world.store.record(desk.id(), case).await.map_err(Outside::from)?;
        let was = was.ok_or(ChangeRecordError::NotFound)?;
        let mut record = changed(desk, &was, wish);
        if record == was.value {
            return Ok(record);
        }
        // Later than the change before it, whatever the clocks say: the feed tells them in the order of their times.
        let at = was.value.changed_at.map_or(desk.now(), |before| desk.now().max(before + TimeDelta::milliseconds(1)));
        record.changed_at = Some(at);
        let matter =
            AccountMatter::RecordChanged { case, note: record.note.clone(), excluded: record.excluded.is_some() };
        let entry = Some(JournalEntry::Account { by: desk.by(), at, matter });
        let change = RecordChange { was: &was, record: &record, entry };
        match desk.world.store.change_record(&change).await.map_err(Outside::from)? {
            Saved::Done(_) => return Ok(record),
            Saved::Lost => {}
        }
    }
    Err(Outside::Contention.into())
}

fn changed(desk: &Desk, was: &Versioned<SessionRecord>, wish: &RecordWish) -> SessionRecord {
    let mut record = was.value.clone();
    if let Some(note) = &wish.note {
        record.note.clone_from(note);
    }
    match (wish.excluded, &record.excluded) {
        (Some(true), None) => {
            record.excluded = Some(Exclusion { at: desk.now(), by: desk.by(), reason: wish.reason.clone() });
        }
        (Some(true), Some(exclusion)) if wish.reason.is_some() => {
            record.excluded = Some(Exclusion { reason: wish.reason.clone(), ..exclusion.clone() });
        }
        (Some(false), _) => record.excluded = None,
        (Some(true) | None, _) => {}
    }
    record
}
