//! A technician's sign-in to TeamViewer: the tokens that act for him, and how long they serve.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::connection::{Licence, Registrar};
use crate::journal::Principal;
use crate::key::KeyHash;
use crate::oauth::ClientId;
use crate::{AccountId, Instant, Lease, RegistrationId, Sealed, TechnicianId};

/// Minutes that TeamViewer's page may be left open before it has to be asked for again (our own choice; TeamViewer's code
/// itself serves for less).
pub const ASKING_MINUTES: i64 = 10;

/// Minutes before its end that an access token is renewed (our own choice: longer than any request takes).
const MARGIN_MINUTES: i64 = 10;

/// A technician who was sent to TeamViewer's page and has not come back yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorizationRequest {
    /// Whose technician.
    pub account: AccountId,
    /// Who signs in.
    pub technician: TechnicianId,
    /// How the `state` that comes back is recognised.
    pub state: KeyHash,
    /// What proves that we are who asked (RFC 7636).
    pub verifier: Sealed,
    /// Through which app.
    pub client_id: ClientId,
    /// Until when he may come back.
    pub until: Instant,
    /// Who had him sent.
    pub by: Principal,
}

/// What TeamViewer gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tokens {
    /// What calls are made with.
    pub access: Sealed,
    /// Until when it serves.
    pub access_until: Instant,
    /// Gives the next pair, once.
    pub refresh: Sealed,
}

/// Why a technician has to sign in again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhyAskedAgain {
    /// TeamViewer does not renew the sign-in: it was revoked there, or is too old.
    Refused,
    /// TeamViewer renewed it once, and what it answered was lost on the way: the tokens that we have serve no more.
    AnswerLost,
}

impl WhyAskedAgain {
    /// As it is called in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::AnswerLost => "answer_lost",
        }
    }
}

/// Where a sign-in stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum Standing {
    /// Calls can be made.
    Valid {
        /// With these.
        tokens: Tokens,
        /// Whose turn it is to renew them. A turn that lapsed may have used the refresh token up.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        renewing: Option<Lease>,
    },
    /// Only the technician himself can help.
    AskedAgain {
        /// Why.
        why: WhyAskedAgain,
        /// Since when.
        since: Instant,
    },
}

/// A technician who signed in to TeamViewer. The account's cases that he plays are made with his tokens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TechnicianSignIn {
    account: AccountId,
    technician: TechnicianId,
    registration: RegistrationId,
    user: Registrar,
    licence: Licence,
    signed_in_at: Instant,
    standing: Standing,
    /// It is being ended: no case begins with it any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    leaving_since: Option<Instant>,
}

/// A technician who comes back from TeamViewer's page.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// Whose technician.
    pub account: AccountId,
    /// Who.
    pub technician: TechnicianId,
    /// The sign-in's own id, if it is another one than before.
    pub registration: RegistrationId,
    /// As whom.
    pub user: Registrar,
    /// What TeamViewer says that he has.
    pub licence: Licence,
    /// What TeamViewer gave.
    pub tokens: Tokens,
    /// When.
    pub at: Instant,
}

impl TechnicianSignIn {
    /// A technician signs in for the first time, or as somebody else than before.
    pub fn new(signed_in: SignedIn) -> Self {
        Self {
            account: signed_in.account,
            technician: signed_in.technician,
            registration: signed_in.registration,
            user: signed_in.user,
            licence: signed_in.licence,
            signed_in_at: signed_in.at,
            standing: Standing::Valid { tokens: signed_in.tokens, renewing: None },
            leaving_since: None,
        }
    }

    /// The same TeamViewer user signs in again: his cases go on.
    #[must_use]
    pub fn again(&self, signed_in: SignedIn) -> Self {
        Self { registration: self.registration, ..Self::new(signed_in) }
    }

    /// Whether this is the TeamViewer user who signed in. One who is not known is nobody's equal.
    pub fn is_of(&self, user: &Registrar) -> bool {
        user.user.is_some() && self.user.user == user.user
    }

    /// Whose technician.
    pub fn account(&self) -> &AccountId {
        &self.account
    }

    /// Who signed in.
    pub fn technician(&self) -> &TechnicianId {
        &self.technician
    }

    /// What cases name it by. It stays for as long as the same TeamViewer user signs in.
    pub fn registration(&self) -> RegistrationId {
        self.registration
    }

    /// The TeamViewer user, as far as the token may tell.
    pub fn user(&self) -> &Registrar {
        &self.user
    }

    /// What TeamViewer says that he has.
    pub fn licence(&self) -> &Licence {
        &self.licence
    }

    /// When he last came back from TeamViewer's page.
    pub fn signed_in_at(&self) -> Instant {
        self.signed_in_at
    }

    /// Where it stands.
    pub fn standing(&self) -> &Standing {
        &self.standing
    }

    /// The tokens, as long as they serve.
    pub fn tokens(&self) -> Option<&Tokens> {
        match &self.standing {
            Standing::Valid { tokens, .. } => Some(tokens),
            Standing::AskedAgain { .. } => None,
        }
    }

    /// Whether play may use it.
    pub fn serves(&self) -> bool {
        self.tokens().is_some() && self.leaving_since.is_none()
    }

    /// Whether it is being ended.
    pub fn is_leaving(&self) -> bool {
        self.leaving_since.is_some()
    }

    /// Takes the turn to renew the tokens; `None` if somebody else has it, or there is nothing to renew. The generation is
    /// what the turn ends with.
    #[must_use]
    pub fn renewing(&self, now: Instant, until: Instant) -> Option<(Self, u32)> {
        let Standing::Valid { tokens, renewing } = &self.standing else { return None };
        let lease = match renewing {
            None => Lease::first(until),
            Some(lease) if lease.lapsed(now) => lease.taken_over(until),
            Some(_) => return None,
        };
        let standing = Standing::Valid { tokens: tokens.clone(), renewing: Some(lease) };
        Some((Self { standing, ..self.clone() }, lease.generation))
    }

    /// TeamViewer renewed them. `None` if the turn was somebody else's by then.
    #[must_use]
    pub fn renewed(&self, generation: u32, tokens: Tokens) -> Option<Self> {
        self.lease_of(generation)?;
        Some(Self { standing: Standing::Valid { tokens, renewing: None }, ..self.clone() })
    }

    /// TeamViewer was not reached: whoever comes next need not wait. `None` if the turn was somebody else's by then.
    #[must_use]
    pub fn not_renewed(&self, generation: u32, outcome: NotRenewed, now: Instant) -> Option<Self> {
        let lease = self.lease_of(generation)?;
        let tokens = self.tokens()?.clone();
        // An earlier turn that nobody ended leaves its doubt behind, whatever came of this one.
        let renewing = match outcome {
            NotRenewed::Untouched if generation == 1 => None,
            NotRenewed::Untouched | NotRenewed::Unknown => Some(Lease { until: now, ..lease }),
        };
        Some(Self { standing: Standing::Valid { tokens, renewing }, ..self.clone() })
    }

    /// TeamViewer does not renew it (any more). `None` if the turn was somebody else's by then.
    #[must_use]
    pub fn refused(&self, generation: u32, since: Instant) -> Option<Self> {
        self.lease_of(generation)?;
        let why = if generation > 1 { WhyAskedAgain::AnswerLost } else { WhyAskedAgain::Refused };
        Some(self.asked_again(why, since))
    }

    /// The technician has to sign in again. The first time is kept.
    #[must_use]
    pub fn asked_again(&self, why: WhyAskedAgain, since: Instant) -> Self {
        match &self.standing {
            Standing::AskedAgain { .. } => self.clone(),
            Standing::Valid { .. } => Self { standing: Standing::AskedAgain { why, since }, ..self.clone() },
        }
    }

    /// No case begins with it any more; those that are live may end.
    #[must_use]
    pub fn leaving(&self, since: Instant) -> Self {
        Self { leaving_since: self.leaving_since.or(Some(since)), ..self.clone() }
    }

    /// Ending it was refused: cases may begin with it again.
    #[must_use]
    pub fn staying(&self) -> Self {
        Self { leaving_since: None, ..self.clone() }
    }

    fn lease_of(&self, generation: u32) -> Option<Lease> {
        match &self.standing {
            Standing::Valid { renewing, .. } => renewing.filter(|lease| lease.generation == generation),
            Standing::AskedAgain { .. } => None,
        }
    }
}

impl Tokens {
    /// Whether they are to be renewed before they are used.
    pub fn are_due(&self, now: Instant) -> bool {
        now >= self.access_until - TimeDelta::minutes(MARGIN_MINUTES)
    }
}

/// What a turn that renewed nothing left behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotRenewed {
    /// TeamViewer did nothing: the refresh token still serves.
    Untouched,
    /// TeamViewer may have used the refresh token up.
    Unknown,
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use uuid::Uuid;

    use super::*;
    use crate::TeamViewerUserId;

    fn at(seconds: i64) -> Instant {
        DateTime::from_timestamp(4_107_585_600 + seconds, 0).unwrap()
    }

    fn tokens(name: &str) -> Tokens {
        let sealed = |what: &str| Sealed::new(format!("{what} {name}"));
        Tokens { access: sealed("access"), access_until: at(86_400), refresh: sealed("refresh") }
    }

    fn user(id: &str) -> Registrar {
        Registrar { user: TeamViewerUserId::parse(id).ok(), name: None, email: None, company: None }
    }

    fn comes_back(registration: u128, as_whom: &str) -> SignedIn {
        SignedIn {
            account: AccountId::parse("acme").unwrap(),
            technician: TechnicianId::parse("anna").unwrap(),
            registration: RegistrationId::new(Uuid::from_u128(registration)),
            user: user(as_whom),
            licence: Licence::Premium,
            tokens: tokens("1"),
            at: at(0),
        }
    }

    fn signed_in() -> TechnicianSignIn {
        TechnicianSignIn::new(comes_back(1, "u1"))
    }

    #[test]
    fn tokens_are_renewed_in_one_turn_at_a_time() {
        let (turn, generation) = signed_in().renewing(at(0), at(30)).unwrap();
        assert_eq!(turn.renewing(at(29), at(60)), None);
        let renewed = turn.renewed(generation, tokens("2")).unwrap();
        assert_eq!(renewed.standing(), &Standing::Valid { tokens: tokens("2"), renewing: None });
        assert_eq!(renewed.renewed(generation, tokens("3")), None, "a turn ends once");
    }

    #[test]
    fn a_turn_that_was_overtaken_changes_nothing() {
        let (turn, first) = signed_in().renewing(at(0), at(30)).unwrap();
        let (taken, second) = turn.renewing(at(30), at(60)).unwrap();
        assert_eq!((first, second), (1, 2));
        assert_eq!(taken.renewed(first, tokens("2")), None);
        assert_eq!(taken.refused(first, at(31)), None);
        assert_eq!(taken.not_renewed(first, NotRenewed::Unknown, at(31)), None);
    }

    #[test]
    fn a_refusal_after_a_turn_that_nobody_ended_says_that_an_answer_was_lost() {
        let why = |refused: &TechnicianSignIn| match refused.standing() {
            Standing::AskedAgain { why, .. } => *why,
            Standing::Valid { .. } => panic!("it serves"),
        };
        let (turn, generation) = signed_in().renewing(at(0), at(30)).unwrap();
        assert_eq!(why(&turn.refused(generation, at(1)).unwrap()), WhyAskedAgain::Refused);

        let unknown = turn.not_renewed(generation, NotRenewed::Unknown, at(8)).unwrap();
        assert_eq!(unknown.tokens(), Some(&tokens("1")), "a lost answer alone asks nobody");
        let (turn, generation) = unknown.renewing(at(8), at(38)).unwrap();
        let still = turn.not_renewed(generation, NotRenewed::Untouched, at(9)).unwrap();
        let (turn, generation) = still.renewing(at(9), at(39)).unwrap();
        assert_eq!(why(&turn.refused(generation, at(10)).unwrap()), WhyAskedAgain::AnswerLost);
    }

    #[test]
    fn a_teamviewer_that_was_not_reached_leaves_nothing_behind() {
        let (turn, generation) = signed_in().renewing(at(0), at(30)).unwrap();
        assert_eq!(turn.not_renewed(generation, NotRenewed::Untouched, at(3)), Some(signed_in()));
    }

    #[test]
    fn only_the_same_teamviewer_user_goes_on_with_his_cases() {
        let asked = signed_in().asked_again(WhyAskedAgain::Refused, at(5));
        assert!(!asked.serves() && asked.asked_again(WhyAskedAgain::AnswerLost, at(9)) == asked);
        assert!(asked.is_of(&user("u1")) && !asked.is_of(&user("u2")));
        let again = asked.again(comes_back(2, "u1"));
        assert!(again.serves());
        assert_eq!(again.registration(), asked.registration());
        let nobody = TechnicianSignIn::new(SignedIn { user: user("?"), ..comes_back(3, "u1") });
        assert!(!nobody.is_of(&user("?")), "who is not known is nobody's equal");
    }

    #[test]
    fn a_sign_in_that_is_being_ended_serves_again_when_that_is_refused() {
        let leaving = signed_in().leaving(at(1));
        assert!(!leaving.serves() && leaving.tokens().is_some() && leaving.leaving(at(2)) == leaving);
        assert_eq!(leaving.staying(), signed_in());
    }

    #[test]
    fn an_access_token_is_renewed_before_it_ends() {
        assert!(!tokens("1").are_due(at(86_400 - 601)));
        assert!(tokens("1").are_due(at(86_400 - 600)));
    }
}
