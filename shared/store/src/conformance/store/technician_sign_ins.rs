//! Technicians who sign in to TeamViewer, and the cases that their sign-ins make.

use casebridge_app::ports::store::{ClaimOutcome, Due, Maker, Saved, Versioned};
use casebridge_domain::connection::{Licence, Registrar};
use casebridge_domain::journal::{AccountMatter, JournalEntry, Principal};
use casebridge_domain::key::KeyHash;
use casebridge_domain::oauth::ClientId;
use casebridge_domain::technician_sign_in::{AuthorizationRequest, SignedIn, TechnicianSignIn, Tokens, WhyAskedAgain};
use casebridge_domain::{Instant, RegistrationId, Sealed, ServiceCase, TeamViewerUserId, TechnicianId};
use chrono::TimeDelta;
use futures::future::join_all;
use uuid::Uuid;

use crate::conformance::Stage;
use crate::conformance::fixtures::{acme, after_noon, claim, globex, noon, said};

fn anna() -> TechnicianId {
    TechnicianId::parse("anna").unwrap()
}

fn ben() -> TechnicianId {
    TechnicianId::parse("ben").unwrap()
}

fn request() -> AuthorizationRequest {
    AuthorizationRequest {
        account: acme(),
        technician: anna(),
        state: KeyHash::new("a".repeat(64)),
        verifier: Sealed::new("sealed".to_owned()),
        client_id: ClientId::parse("1-app").unwrap(),
        until: after_noon(10),
        by: Principal::Operator,
    }
}

fn sign_in(technician: &TechnicianId) -> TechnicianSignIn {
    let sealed = |what: &str| Sealed::new(what.to_owned());
    let user = TeamViewerUserId::parse("u1").ok();
    TechnicianSignIn::new(SignedIn {
        account: acme(),
        technician: technician.clone(),
        registration: RegistrationId::new(Uuid::from_u128(77)),
        user: Registrar { user, name: None, email: None, company: None },
        licence: Licence::Premium,
        tokens: Tokens { access: sealed("access"), access_until: after_noon(1440), refresh: sealed("refresh") },
        at: noon(),
    })
}

fn entry() -> JournalEntry {
    said(noon(), AccountMatter::TechnicianSignedIn { technician: anna(), user: None })
}

impl Stage {
    /// The technician has signed in.
    async fn signed_in(&self, sign_in: TechnicianSignIn) -> Versioned<TechnicianSignIn> {
        let saved = self.store().save_technician_sign_in(&sign_in, None, None, Some(&entry())).await.unwrap();
        let Saved::Done(revision) = saved else { panic!("there is one already") };
        Versioned { value: sign_in, revision }
    }

    /// Play by a technician's sign-in.
    fn played_by(&self, id: &str, by: &TechnicianSignIn, at: Instant) -> ServiceCase {
        let subject = self.play(id, at).subject().clone();
        let mut play = self.playing(&acme(), subject, None, at);
        play.registration = by.registration();
        play.made_by = Some(by.technician().clone());
        ServiceCase::claim(play)
    }
}

/// Of many who bring the same `state` back, one is let in; nobody afterwards.
pub async fn a_technician_comes_back_from_teamviewer_once(stage: &Stage) {
    let store = stage.store();
    store.make_authorization(&request()).await.unwrap();
    assert_eq!(store.authorization(&globex(), &request().state).await.unwrap(), None);
    let kept = store.authorization(&acme(), &request().state).await.unwrap().unwrap();
    assert_eq!(kept.value, request());
    let uses = join_all((0..8).map(|_| store.use_authorization(&kept))).await;
    assert_eq!(uses.iter().filter(|used| matches!(used, Ok(Saved::Done(_)))).count(), 1);
    assert_eq!(store.authorization(&acme(), &request().state).await.unwrap(), None);
}

/// And belongs to one technician of one account.
pub async fn a_sign_in_is_made_once_and_saved_over_what_was_read(stage: &Stage) {
    let store = stage.store();
    let made = stage.signed_in(sign_in(&anna())).await;
    assert_eq!(store.save_technician_sign_in(&made.value, None, None, None).await.unwrap(), Saved::Lost);
    assert_eq!(store.technician_sign_in(&acme(), &anna()).await.unwrap(), Some(made.clone()));
    assert_eq!(store.technician_sign_in(&acme(), &ben()).await.unwrap(), None);
    assert_eq!(store.technician_sign_in(&globex(), &anna()).await.unwrap(), None);
    let asked = made.value.asked_again(WhyAskedAgain::Refused, noon());
    let saved = store.save_technician_sign_in(&asked, Some(made.revision), None, None).await.unwrap();
    assert!(matches!(saved, Saved::Done(_)));
    let late = store.save_technician_sign_in(&made.value, Some(made.revision), None, None).await.unwrap();
    assert_eq!(late, Saved::Lost);
    assert_eq!(store.technician_sign_in(&acme(), &anna()).await.unwrap().unwrap().value, asked);
}

/// A refresh token serves once: two who use it at the same time would end the sign-in.
pub async fn one_of_many_takes_the_turn_to_renew(stage: &Stage) {
    let made = stage.signed_in(sign_in(&anna())).await;
    let (turn, _) = made.value.renewing(noon(), after_noon(1)).unwrap();
    let store = stage.store();
    let turns = join_all((0..16).map(|_| store.save_technician_sign_in(&turn, Some(made.revision), None, None))).await;
    assert_eq!(turns.iter().filter(|turn| matches!(turn, Ok(Saved::Done(_)))).count(), 1);
}

/// Who read it before can't bring it back.
pub async fn a_sign_in_that_is_gone_is_nobodys(stage: &Stage) {
    let store = stage.store();
    let made = stage.signed_in(sign_in(&anna())).await;
    let out = said(noon(), AccountMatter::TechnicianSignedOut { technician: anna() });
    let newer = store.save_technician_sign_in(&made.value, Some(made.revision), None, None).await.unwrap();
    let Saved::Done(newer) = newer else { panic!("nobody else saved") };
    assert_eq!(store.delete_technician_sign_in(&acme(), &anna(), made.revision, &out).await.unwrap(), Saved::Lost);
    let gone = store.delete_technician_sign_in(&acme(), &anna(), newer, &out).await.unwrap();
    assert!(matches!(gone, Saved::Done(_)));
    assert_eq!(store.technician_sign_in(&acme(), &anna()).await.unwrap(), None);
    let late = store.save_technician_sign_in(&made.value, Some(newer), None, None).await.unwrap();
    assert_eq!(late, Saved::Lost);
}

/// What was left behind while TeamViewer could not be asked is looked at.
pub async fn a_sign_in_that_serves_again_makes_the_account_due(stage: &Stage) {
    let store = stage.store();
    let saved = store.save_technician_sign_in(&sign_in(&anna()), None, Some(noon()), None).await.unwrap();
    assert!(matches!(saved, Saved::Done(_)));
    let due = store.due(noon(), 10).await.unwrap();
    assert!(matches!(&due[..], [Due::Tick(tick)] if tick.value.account == acme()), "{due:?}");
}

/// It is the technician's own.
pub async fn a_claim_by_a_sign_in_needs_no_connection(stage: &Stage) {
    let made = stage.signed_in(sign_in(&anna())).await;
    let case = stage.claimed(stage.played_by("T1", &made.value, noon())).await;
    assert_eq!(stage.store().case(&acme(), case.value.id()).await.unwrap().unwrap().value.made_by(), Some(&anna()));
    let by_the_connection = stage.play("T2", noon());
    assert_eq!(stage.store().claim(&claim(&by_the_connection)).await.unwrap(), ClaimOutcome::NotServed);
}

/// One that asks again, that is being ended, of another registration, or of somebody else.
pub async fn a_claim_by_a_sign_in_that_does_not_serve_is_refused(stage: &Stage) {
    let store = stage.store();
    stage.connect(&acme()).await;
    let case = stage.played_by("T1", &sign_in(&anna()), noon());
    let bens = stage.played_by("T2", &sign_in(&ben()), noon());
    assert_eq!(store.claim(&claim(&case)).await.unwrap(), ClaimOutcome::NotServed, "nobody signed in");
    let mut kept = stage.signed_in(sign_in(&anna())).await;
    assert_eq!(store.claim(&claim(&bens)).await.unwrap(), ClaimOutcome::NotServed, "somebody else signed in");
    for other in [
        kept.value.asked_again(WhyAskedAgain::AnswerLost, noon()),
        kept.value.leaving(noon()),
        TechnicianSignIn::new(SignedIn {
            registration: RegistrationId::new(Uuid::from_u128(78)),
            ..again(&kept.value)
        }),
    ] {
        let saved = store.save_technician_sign_in(&other, Some(kept.revision), None, None).await.unwrap();
        let Saved::Done(revision) = saved else { panic!("nobody else saved") };
        kept.revision = revision;
        assert_eq!(store.claim(&claim(&case)).await.unwrap(), ClaimOutcome::NotServed, "{other:?}");
    }
    assert_eq!(store.makers(&acme(), noon()).await.unwrap(), []);
}

fn again(sign_in: &TechnicianSignIn) -> SignedIn {
    SignedIn {
        account: acme(),
        technician: sign_in.technician().clone(),
        registration: sign_in.registration(),
        user: sign_in.user().clone(),
        licence: sign_in.licence().clone(),
        tokens: sign_in.tokens().unwrap().clone(),
        at: noon(),
    }
}

/// Each technician once, with the time of his latest case.
pub async fn whose_sign_in_made_sessions_is_known_for_an_hour_after_their_time(stage: &Stage) {
    let store = stage.store();
    let annas = stage.signed_in(sign_in(&anna())).await.value;
    let bens = stage.signed_in(sign_in(&ben())).await.value;
    stage.claimed(stage.played_by("T1", &annas, noon())).await;
    stage.claimed(stage.played_by("T2", &annas, after_noon(30))).await;
    stage.claimed(stage.played_by("T3", &bens, noon())).await;
    let maker = |technician, minutes| Maker { technician, valid_until: after_noon(minutes) + TimeDelta::hours(24) };
    let known = store.makers(&acme(), after_noon(40)).await.unwrap();
    assert_eq!(known, [maker(anna(), 30), maker(ben(), 0)]);
    let later = after_noon(0) + TimeDelta::hours(25);
    assert_eq!(store.makers(&acme(), later).await.unwrap(), [maker(anna(), 30)]);
    assert_eq!(store.makers(&acme(), later + TimeDelta::minutes(30)).await.unwrap(), []);
    assert_eq!(store.makers(&globex(), noon()).await.unwrap(), []);
}

/// Each of one account, whatever letters their ids begin with.
pub async fn everybody_who_signed_in_is_listed(stage: &Stage) {
    let store = stage.store();
    assert_eq!(store.technician_sign_ins(&acme()).await.unwrap(), []);
    let mut signed_in = Vec::new();
    for id in ["0", "anna", "~", "\u{e9}lise", "\u{5b89}\u{5a1c}"] {
        let Ok(technician) = TechnicianId::parse(id) else { continue };
        signed_in.push(stage.signed_in(sign_in(&technician)).await);
    }
    assert!(signed_in.len() > 3);
    let listed = store.technician_sign_ins(&acme()).await.unwrap();
    assert_eq!(listed.len(), signed_in.len());
    assert!(signed_in.iter().all(|sign_in| listed.contains(sign_in)));
    assert_eq!(store.technician_sign_ins(&globex()).await.unwrap(), []);
}
