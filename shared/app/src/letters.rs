//! The letters that a step owes.

use casebridge_domain::letter::{LetterKind, LetterState};
use casebridge_domain::{EmailAddress, Instant, Language, Letter, LetterId, ServiceCase};

use crate::Desk;
use crate::ports::store::LetterChange;

impl Desk {
    /// The invitation to the requester; `None` if there is no address to write to.
    pub(crate) fn invitation_letter(&self, case: &ServiceCase, now: Instant) -> Option<Letter> {
        let to = case.requester().email.clone()?;
        Some(Letter {
            id: self.letter_id(now),
            account: self.id().clone(),
            case: Some(case.id()),
            kind: LetterKind::Invitation,
            to,
            to_name: Some(case.requester().name.clone()),
            language: case.language(),
            queued_at: now,
            state: LetterState::Queued { attempts: 0 },
        })
    }

    /// One notice for everybody whom the account's setting names.
    pub(crate) fn online_letters(&self, case: &ServiceCase, now: Instant) -> Vec<Letter> {
        self.letters_of_online(case, self.account().told.recipients(address_of(case)), now)
    }

    /// The same for a case that just changed hands: a notice to those whom it was no concern of before.
    pub(crate) fn letters_to_new_hands(&self, case: &ServiceCase, now: Instant) -> Vec<Letter> {
        self.letters_of_online(case, self.account().told.newly_concerned(address_of(case)), now)
    }

    fn letters_of_online(&self, case: &ServiceCase, told: Vec<EmailAddress>, now: Instant) -> Vec<Letter> {
        let technician = case.technician();
        told.into_iter()
            .map(|to| Letter {
                id: self.letter_id(now),
                account: self.id().clone(),
                case: Some(case.id()),
                kind: LetterKind::CustomerOnline,
                to_name: technician.filter(|t| t.email.as_ref() == Some(&to)).map(|t| t.name.clone()),
                to,
                language: self.account().language,
                queued_at: now,
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
