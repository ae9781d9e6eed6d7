//! The letters that a step owes.

use casebridge_domain::letter::{LetterKind, LetterState};
use casebridge_domain::{EmailAddress, Instant, Language, Letter, LetterId, ServiceCase};

use crate::ports::store::LetterChange;
use crate::{Desk, Outside};

impl Desk {
    /// The invitation to the requester; `None` if there is no address to write to.
    pub(crate) async fn invitation_letter(&self, case: &ServiceCase, now: Instant) -> Result<Option<Letter>, Outside> {
        let Some(to) = case.requester().email.clone() else { return Ok(None) };
        Ok(Some(Letter {
            id: self.letter_id(now),
            account: self.id().clone(),
            case: Some(case.id()),
            kind: LetterKind::Invitation,
            to,
            to_name: Some(case.requester().name.clone()),
            language: case.language(),
            queued_at: now,
            link: self.page_link(case).await?,
            state: LetterState::Queued { attempts: 0 },
        }))
    }

    /// One notice for everybody whom the account's setting names.
    pub(crate) fn notices(&self, kind: LetterKind, case: &ServiceCase, now: Instant) -> Vec<Letter> {
        self.notices_to(self.account().told.recipients(address_of(case)), kind, case, now)
    }

    /// That the customer is online, for a case that just changed hands: to those whom it was no concern of before.
    pub(crate) fn notices_to_new_hands(&self, case: &ServiceCase, now: Instant) -> Vec<Letter> {
        self.notices_to(self.account().told.newly_concerned(address_of(case)), LetterKind::CustomerOnline, case, now)
    }

    fn notices_to(&self, told: Vec<EmailAddress>, kind: LetterKind, case: &ServiceCase, now: Instant) -> Vec<Letter> {
        let technician = case.technician();
        told.into_iter()
            .map(|to| Letter {
                id: self.letter_id(now),
                account: self.id().clone(),
                case: Some(case.id()),
                kind,
                to_name: technician.filter(|t| t.email.as_ref() == Some(&to)).map(|t| t.name.clone()),
                to,
                language: self.account().language,
                queued_at: now,
                link: None,
                state: LetterState::Queued { attempts: 0 },
            })
            .collect()
    }

    /// A template's test.
    pub(crate) fn test_letter(&self, language: Language, to: EmailAddress, now: Instant) -> Letter {
        Letter {
            id: self.letter_id(now),
            account: self.id().clone(),
            case: None,
            kind: LetterKind::TemplateTest,
            to,
            to_name: None,
            language,
            queued_at: now,
            link: None,
            state: LetterState::Queued { attempts: 0 },
        }
    }

    fn letter_id(&self, now: Instant) -> LetterId {
        LetterId::new(self.world.ids.time_ordered(now))
    }
}

/// The technician's address.
fn address_of(case: &ServiceCase) -> Option<&EmailAddress> {
    case.technician().and_then(|technician| technician.email.as_ref())
}

/// A letter that is owed from now on.
pub(crate) fn owed(letter: Letter, now: Instant) -> LetterChange {
    LetterChange { letter, due_at: Some(now), read_at: None }
}
