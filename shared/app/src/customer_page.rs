//! The account's page about a case: what its customer sees there, and what he presses.

use casebridge_domain::journal::Principal;
use casebridge_domain::letter::LetterKind;
use casebridge_domain::service_case::State;
use casebridge_domain::session::Link;
use casebridge_domain::{Account, AccountId, CaseId, Instant, ServiceCase, Session};
use chrono::TimeDelta;

use crate::courier::chain;
use crate::customer_link::is_secret_of;
use crate::outside::Outside;
use crate::ports::store::{Commit, Versioned, Visit};
use crate::settle::TRIES;
use crate::{Desk, World, letters};

mod renew;

pub use renew::{NotRenewed, Renewed};

/// Days after a case's time in which its link still asks for a new one (our own choice).
const RENEWABLE_DAYS: i64 = 7;

/// A customer who has the link of a case.
pub struct Visitor {
    desk: Desk,
    case: Versioned<ServiceCase>,
}

/// What the page is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing<'a> {
    /// TeamViewer has not answered play yet.
    Preparing,
    /// The customer can come.
    Ready(&'a Session),
    /// It has ended, or is about to.
    Ended {
        /// Whether the customer may ask for a new link.
        renewable: bool,
    },
}

/// Lets in whoever has a case's link. Nobody learns what else is wrong with a wrong one: an account, a case or a secret that is not
/// there takes the same one read and the same comparison.
pub async fn let_in(
    world: &World,
    account: &AccountId,
    case: CaseId,
    secret: &str,
) -> Result<Option<Visitor>, Outside> {
    let Visit { admission, case } = world.store.visit(account, case).await?;
    let knows = is_secret_of(case.as_ref().map(|case| &case.value), secret);
    let desk = Desk::of(world.clone(), admission, Principal::Customer);
    Ok(desk.zip(case).filter(|_| knows).map(|(desk, case)| Visitor { desk, case }))
}

impl Visitor {
    /// Whoever has another way to know that it is his case.
    pub(crate) fn of(desk: Desk, case: Versioned<ServiceCase>) -> Self {
        Self { desk, case }
    }

    /// Whose page it is.
    pub fn account(&self) -> &Account {
        self.desk.account()
    }

    /// The case, as it was last settled.
    pub fn case(&self) -> &ServiceCase {
        &self.case.value
    }

    /// Where the case stands by the clock.
    pub fn standing(&self) -> Standing<'_> {
        let now = self.desk.now();
        match self.case().state() {
            State::Opening(_) if self.case().is_live(now) => Standing::Preparing,
            State::Open(open) if self.case().is_live(now) => match open.way.session() {
                Some(session) => Standing::Ready(session),
                None => Standing::Ended { renewable: false },
            },
            _ => Standing::Ended { renewable: self.renewable(now) },
        }
    }

    /// The customer presses the button: he is about to come. Gives where TeamViewer takes him; `None` if the case is not open. He is
    /// let go on whether or not the press could be written down.
    pub async fn join(&self) -> Option<Link> {
        let Standing::Ready(session) = self.standing() else { return None };
        if let Err(error) = self.opened().await {
            let (account, case) = (self.desk.id(), self.case().id());
            tracing::warn!(%account, %case, error = chain(&error), "a customer's press could not be written down");
        }
        Some(session.customer_link.clone())
    }

    /// The customer says that he did not ask for this: those who are told of customers are told, once.
    pub async fn disown(&self) -> Result<(), Outside> {
        let mut from = self.case.clone();
        for _ in 0..TRIES {
            let now = self.desk.now();
            let Some(case) = from.value.clone().disowned(now) else { return Ok(()) };
            let mut change = self.desk.step(&case, &from);
            let told = self.desk.notices(LetterKind::Disowned, &case, now);
            change.letters = told.into_iter().map(|letter| letters::owed(letter, now)).collect();
            if let Commit::Done(_) = self.desk.world.store.commit(&change).await? {
                return Ok(());
            }
            from = self.desk.case(case.id()).await?.ok_or(Outside::Contention)?;
        }
        Err(Outside::Contention)
    }

    /// Writes the press down, and has the watch look soon.
    async fn opened(&self) -> Result<(), Outside> {
        let mut from = self.case.clone();
        for _ in 0..TRIES {
            let now = self.desk.now();
            let Some(case) = from.value.clone().link_opened(now) else { return Ok(()) };
            let mut change = self.desk.step(&case, &from);
            change.watch_at = Some(now);
            if let Commit::Done(_) = self.desk.world.store.commit(&change).await? {
                return Ok(());
            }
            from = self.desk.case(case.id()).await?.ok_or(Outside::Contention)?;
        }
        Err(Outside::Contention)
    }

    /// Expired by the clock, not long ago, and there is an address to write to. A device's session is started from the device's side:
    /// whether it may be is looked at anew each time.
    fn renewable(&self, now: Instant) -> bool {
        let case = self.case();
        let expired = match case.state() {
            State::Open(_) => !case.is_live(now),
            State::Expired(_) => true,
            State::Asked | State::Opening(_) | State::Closing(_) | State::Closed(_) | State::Failed(_) => false,
        };
        expired
            && case.ticket().is_some()
            && case.requester().email.is_some()
            && now < case.valid_until() + TimeDelta::days(RENEWABLE_DAYS)
    }
}
