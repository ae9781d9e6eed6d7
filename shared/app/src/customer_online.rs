//! The customer is online: found by the watch or told by a notice, recorded once, told once.

use casebridge_domain::letter::LetterKind;
use casebridge_domain::{Instant, ServiceCase, SessionCode};

use crate::ports::store::{Commit, Idempotency, Remembered, Versioned};
use crate::settle::TRIES;
use crate::step::step;
use crate::{Desk, Outside, letters};

/// What a notice led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Noticed {
    /// The case as it stands now; a notice that says nothing new changes nothing.
    Case(Box<ServiceCase>),
    /// The account has no case with that code (yet).
    UnknownCode,
}

/// Takes a notice that the customer of a session is online.
pub async fn notice(desk: &Desk, code: &SessionCode, occurred_at: Instant) -> Result<Noticed, Outside> {
    step!("notice.begun");
    match desk.world.store.case_by_code(desk.id(), code).await? {
        None => Ok(Noticed::UnknownCode),
        Some(from) => Ok(Noticed::Case(Box::new(desk.customer_online(from, occurred_at).await?.value))),
    }
}

/// What came of recording it.
#[derive(Debug)]
pub(crate) enum Recorded {
    /// The case as it stands now.
    Done(Versioned<ServiceCase>),
    /// The same message said so before; nothing was written.
    Remembered(Remembered),
}

impl Desk {
    /// Records that the customer is online. Only the first time is told to anybody; the letters go with the record.
    pub(crate) async fn customer_online(
        &self,
        from: Versioned<ServiceCase>,
        seen_at: Instant,
    ) -> Result<Versioned<ServiceCase>, Outside> {
        match self.customer_online_once(from, seen_at, None).await? {
            Recorded::Done(case) => Ok(case),
            Recorded::Remembered(_) => Err(Outside::Contention),
        }
    }

    /// The same for a message that does something once: its memory is kept in the same step, also where nothing changes.
    pub(crate) async fn customer_online_once(
        &self,
        mut from: Versioned<ServiceCase>,
        seen_at: Instant,
        memory: Option<&Idempotency>,
    ) -> Result<Recorded, Outside> {
        for _ in 0..TRIES {
            let now = self.now();
            // A sender's clock may run ahead of ours; nothing happens later than now.
            let at = seen_at.min(now);
            let first = from.value.first_online_at().is_none();
            let Some(case) = from.value.clone().customer_online(at, now) else {
                let known = match memory {
                    Some(memory) => self.world.store.remember(memory).await?,
                    None => None,
                };
                return Ok(known.map_or(Recorded::Done(from), Recorded::Remembered));
            };
            let mut change = self.step(&case, &from);
            change.idempotency = memory;
            if first {
                let told = self.notices(LetterKind::CustomerOnline, &case, now);
                change.letters = told.into_iter().map(|letter| letters::owed(letter, now)).collect();
            }
            match self.world.store.commit(&change).await? {
                Commit::Done(revision) => {
                    step!("notice.recorded");
                    return Ok(Recorded::Done(Versioned { value: case, revision }));
                }
                Commit::Remembered(remembered) => return Ok(Recorded::Remembered(remembered)),
                Commit::Lost => {}
            }
            from = self.case(from.value.id()).await?.ok_or(Outside::Contention)?;
        }
        Err(Outside::Contention)
    }
}
