//! Letters leave: each is leased, rendered, sent and recorded.

use casebridge_domain::journal::Principal;
use casebridge_domain::letter::{LetterKind, LetterState, MailReport, Undelivered, retry_after_seconds};
use casebridge_domain::service_case::{InvitationState, State};
use casebridge_domain::{AccountId, Instant, Letter, LetterId, ServiceCase};
use chrono::TimeDelta;

use crate::outside::Outside;
use crate::ports::Mailer;
use crate::ports::mail::{MailError, Occasion, Post};
use crate::ports::store::{Commit, LetterChange, Posting, Revision, Saved, Versioned};
use crate::settle::TRIES;
use crate::step::step;
use crate::{Desk, World};

mod occasion;

/// Seconds that a courier may take for one letter; longer than any mail transport's own limit.
const LEASE_SECONDS: i64 = 45;

/// Hours after which a letter that the mail server does not take is given up (an invitation is worthless by then).
const GIVE_UP_HOURS: i64 = 24;

/// What became of a letter.
enum Fate {
    Accepted,
    Undelivered(Undelivered),
    Again,
}

/// Delivers one letter that is due. Whoever else tries at the same time loses the lease. Gives when the letter is due again,
/// if it could not leave.
///
/// A crash between the end of the mail and its record makes a second copy, with the same `Message-ID`.
pub async fn deliver(world: &World, mailer: &dyn Mailer, due: &Versioned<Letter>) -> Result<Option<Instant>, Outside> {
    let lease_until = world.now() + TimeDelta::seconds(LEASE_SECONDS);
    let Saved::Done(revision) = world.store.lease_letter(due, lease_until).await? else {
        return Ok(None);
    };
    step!("mail.leased");
    let letter = &due.value;
    let Posting { admission, case, template } = world.store.posting(letter).await?;
    let Some(desk) = Desk::of(world.clone(), admission, Principal::Casebridge) else {
        return drop_letter(world, letter, revision).await;
    };
    let about = case.as_ref().map(|case| &case.value);
    let invitation = about.and_then(ServiceCase::invitation).filter(|invitation| invitation.letter == letter.id);
    let fate = match desk.occasion(letter, about, template) {
        // It left, as the mail service reported, and nobody could write it down.
        _ if invitation.is_some_and(|invitation| invitation.state.has_left()) => Fate::Accepted,
        // A stop under way may yet fail and leave the case open.
        None if about.is_some_and(|case| matches!(case.state(), State::Closing(_))) => Fate::Again,
        None => Fate::Undelivered(Undelivered::CaseEnded),
        Some(occasion) => desk.send(mailer, letter, &occasion).await,
    };
    let change = desk.next_letter(letter, revision, &fate);
    desk.record(&change, case, &fate).await?;
    step!("mail.recorded");
    if matches!(fate, Fate::Accepted) {
        log_accepted(letter, world.now());
    }
    Ok(change.due_at)
}

/// An operator's figures are made of this line: how long letters wait, and how many leave.
fn log_accepted(letter: &Letter, at: Instant) {
    let Letter { account, id, kind, queued_at, .. } = letter;
    let delay_ms = (at - *queued_at).num_milliseconds();
    tracing::info!(name: "letter.left", %account, letter = %id, ?kind, delay_ms, "a letter left");
}

async fn drop_letter(world: &World, letter: &Letter, revision: Revision) -> Result<Option<Instant>, Outside> {
    let state = LetterState::Undelivered { at: world.now(), why: Undelivered::CaseEnded };
    let change =
        LetterChange { letter: Letter { state, link: None, ..letter.clone() }, due_at: None, read_at: Some(revision) };
    let _: Saved = world.store.save_letter(&change).await?;
    Ok(None)
}

/// Puts on record what the mail service reports of a letter. Reports that come again, late or out of order change nothing,
/// nor do those of letters that nobody follows.
pub async fn reported(world: &World, account: &AccountId, id: LetterId, report: MailReport) -> Result<(), Outside> {
    let Some(letter) = world.store.letter(account, id).await? else { return Ok(()) };
    let Some(case) = letter.value.case.filter(|_| letter.value.kind == LetterKind::Invitation) else { return Ok(()) };
    let Some(desk) = Desk::open(world, account, Principal::Casebridge).await? else { return Ok(()) };
    for _ in 0..TRIES {
        let Some(from) = desk.case(case).await? else { return Ok(()) };
        let Some(case) = from.value.clone().invitation_reported(id, report, desk.now()) else { return Ok(()) };
        if let Commit::Done(_) = world.store.commit(&desk.step(&case, &from)).await? {
            return Ok(());
        }
    }
    Err(Outside::Contention)
}

impl Desk {
    async fn send(&self, mailer: &dyn Mailer, letter: &Letter, occasion: &Occasion) -> Fate {
        let post = Post {
            id: letter.id,
            account: letter.account.clone(),
            written_at: letter.queued_at,
            from_name: self.account().name.clone(),
            to: letter.to.clone(),
            to_name: letter.to_name.clone(),
            language: letter.language,
            words: self.world.renderer.render(letter.language, occasion),
        };
        step!("mail.sending");
        let sent = mailer.send(&post).await;
        step!("mail.sent");
        match sent {
            Ok(()) => Fate::Accepted,
            Err(error @ MailError::Refused(_)) => {
                tracing::warn!(name: "letter.refused", account = %self.id(), letter = %letter.id, error = chain(&error), "a letter was refused");
                Fate::Undelivered(Undelivered::Refused)
            }
            Err(error @ MailError::Temporary(_)) => {
                tracing::info!(account = %self.id(), letter = %letter.id, error = chain(&error), "a letter waits");
                if self.now() < letter.queued_at + TimeDelta::hours(GIVE_UP_HOURS) {
                    Fate::Again
                } else {
                    Fate::Undelivered(Undelivered::GivenUp)
                }
            }
        }
    }

    /// Puts the letter's fate on record, and with it the invitation of its case.
    async fn record(
        &self,
        change: &LetterChange,
        mut from: Option<Versioned<ServiceCase>>,
        fate: &Fate,
    ) -> Result<(), Outside> {
        let state = match fate {
            Fate::Accepted => InvitationState::Accepted,
            Fate::Undelivered(Undelivered::CaseEnded) => InvitationState::Cancelled,
            Fate::Undelivered(_) => InvitationState::Failed,
            Fate::Again => InvitationState::Queued,
        };
        for _ in 0..TRIES {
            let moved = from.and_then(|from| {
                let case = from.value.clone().invitation_moved(change.letter.id, state, self.now())?;
                Some((case, from))
            });
            let Some((case, before)) = moved else {
                let _: Saved = self.world.store.save_letter(change).await?;
                return Ok(());
            };
            let mut step = self.step(&case, &before);
            step.letters = vec![change.clone()];
            if let Commit::Done(_) = self.world.store.commit(&step).await? {
                return Ok(());
            }
            from = self.case(case.id()).await?;
        }
        Err(Outside::Contention)
    }

    fn next_letter(&self, letter: &Letter, revision: Revision, fate: &Fate) -> LetterChange {
        let at = self.now();
        let attempts = match letter.state {
            LetterState::Queued { attempts } => attempts.saturating_add(1),
            LetterState::Accepted { .. } | LetterState::Undelivered { .. } => 1,
        };
        let (state, due_at) = match fate {
            Fate::Accepted => (LetterState::Accepted { at }, None),
            Fate::Undelivered(why) => (LetterState::Undelivered { at, why: *why }, None),
            Fate::Again => (LetterState::Queued { attempts }, Some(self.next_try(at, attempts))),
        };
        // What is done needs its link no more: a store that is read gives no link away.
        let link = letter.link.clone().filter(|_| due_at.is_some());
        LetterChange { letter: Letter { state, link, ..letter.clone() }, due_at, read_at: Some(revision) }
    }

    /// Full wait plus up to a quarter of it.
    fn next_try(&self, at: Instant, attempts: u32) -> Instant {
        let seconds = retry_after_seconds(attempts);
        let whole = TimeDelta::seconds(seconds);
        #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "at most 225 seconds")]
        let jitter = TimeDelta::milliseconds((self.world.ids.fraction() * 250.0 * seconds as f64) as i64);
        at + whole + jitter
    }
}

/// An error with its causes, for the log.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
