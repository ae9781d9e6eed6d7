//! The turns of the watch.

use casebridge_app::ports::store::{Due, Listed, Saved, Tick, Versioned, WatchNotes};
use casebridge_domain::{AccountId, Instant};
use chrono::TimeDelta;

use crate::conformance::Stage;
use crate::conformance::fixtures::{acme, after_noon, code, globex, noon};

async fn ticks(stage: &Stage, now: Instant) -> Vec<Versioned<Tick>> {
    stage.settle_indexes().await;
    let due = stage.store().due(now, 100).await.unwrap();
    due.into_iter()
        .filter_map(|due| match due {
            Due::Tick(tick) => Some(tick),
            _ => None,
        })
        .collect()
}

/// The account is due, and its turn is taken until `until`.
async fn taken(stage: &Stage, now: Instant, until: Instant) -> Versioned<Tick> {
    let due = ticks(stage, now).await;
    let [tick] = &due[..] else { panic!("{due:?}") };
    let leased = stage.store().lease_tick(tick, until).await.unwrap();
    let Saved::Done(revision) = leased else { panic!("nobody was faster") };
    Versioned { value: tick.value.clone(), revision }
}

async fn played(stage: &Stage, account: &AccountId, ticket: &str, at: Instant) {
    stage.claimed(stage.play_of(account, ticket, at)).await;
}

fn notes(pauses: u32) -> WatchNotes {
    WatchNotes {
        budget: Some(17.25),
        filled_at: Some(noon()),
        missing: vec![code(123_456_789)],
        pause_until: Some(after_noon(1)),
        pauses,
        listed: vec![Listed { technician: None, at: noon() }],
        reports_due: Some(after_noon(2)),
    }
}

/// Whoever is looking has lost his turn: he may have looked before the play.
pub async fn play_during_a_tick_makes_it_due_again(stage: &Stage) {
    let store = stage.store();
    stage.connect(&acme()).await;
    played(stage, &acme(), "T1", noon()).await;
    let turn = taken(stage, noon(), after_noon(5)).await;
    assert_eq!(ticks(stage, after_noon(1)).await, [], "while somebody looks");
    played(stage, &acme(), "T2", after_noon(1)).await;
    let due = ticks(stage, after_noon(1)).await;
    let [again] = &due[..] else { panic!("{due:?}") };
    assert!(again.value.keep_until >= after_noon(11));
    assert_eq!(store.end_tick(&turn, &notes(1), Some(after_noon(9))).await.unwrap(), Saved::Lost);
    assert_eq!(ticks(stage, after_noon(1)).await, due, "still due");
    assert_eq!(store.watch_notes(&acme()).await.unwrap(), notes(1), "the notes are kept all the same");
}

/// The notes, and the next turn at its time.
pub async fn a_turn_ends_with_notes_and_the_next_turn(stage: &Stage) {
    let store = stage.store();
    stage.connect(&acme()).await;
    assert_eq!(store.watch_notes(&acme()).await.unwrap(), WatchNotes::default());
    played(stage, &acme(), "T1", noon()).await;
    let turn = taken(stage, noon(), after_noon(5)).await;
    let ended = store.end_tick(&turn, &notes(2), Some(after_noon(1))).await.unwrap();
    let Saved::Done(revision) = ended else { panic!("nobody was faster") };
    assert_eq!(store.watch_notes(&acme()).await.unwrap(), notes(2));
    assert_eq!(store.watch_notes(&globex()).await.unwrap(), WatchNotes::default());
    assert_eq!(ticks(stage, after_noon(1) - TimeDelta::milliseconds(1)).await, []);
    assert_eq!(ticks(stage, after_noon(1)).await, [Versioned { value: turn.value.clone(), revision }]);
    assert_eq!(store.end_tick(&turn, &notes(3), None).await.unwrap(), Saved::Lost, "ended twice");
}

/// Nothing is due then until the next play.
pub async fn a_last_turn_leaves_nothing_due(stage: &Stage) {
    stage.connect(&acme()).await;
    played(stage, &acme(), "T1", noon()).await;
    let turn = taken(stage, noon(), after_noon(5)).await;
    assert!(matches!(stage.store().end_tick(&turn, &notes(0), None).await.unwrap(), Saved::Done(_)));
    assert_eq!(ticks(stage, after_noon(6000)).await, []);
    played(stage, &acme(), "T2", after_noon(7)).await;
    assert_eq!(ticks(stage, after_noon(7)).await.len(), 1);
}

/// Whoever took the turn may have gone: it is due again when his lease ends.
pub async fn a_turn_that_nobody_ends_is_due_again(stage: &Stage) {
    stage.connect(&acme()).await;
    stage.connect(&globex()).await;
    played(stage, &acme(), "T1", noon()).await;
    let turn = taken(stage, noon(), after_noon(5)).await;
    played(stage, &globex(), "T1", after_noon(1)).await;
    let due = ticks(stage, after_noon(5)).await;
    assert_eq!(due.iter().map(|tick| tick.value.account.clone()).collect::<Vec<_>>(), [globex(), acme()]);
    assert_eq!(due[1], turn);
}

/// Without waiting for any index: from play on, until somebody looks, and again when the next turn is due.
pub async fn whoever_is_told_of_a_turn_learns_for_certain_whether_it_is_due(stage: &Stage) {
    let store = stage.store();
    stage.connect(&acme()).await;
    assert_eq!(store.due_tick(&acme(), after_noon(9)).await.unwrap(), None);
    played(stage, &acme(), "T1", noon()).await;
    assert_eq!(store.due_tick(&acme(), noon() - TimeDelta::milliseconds(1)).await.unwrap(), None);
    assert!(store.due_tick(&acme(), noon()).await.unwrap().is_some());
    assert_eq!(store.due_tick(&globex(), noon()).await.unwrap(), None, "nobody else's");
    let turn = taken(stage, noon(), after_noon(5)).await;
    assert_eq!(store.due_tick(&acme(), after_noon(4)).await.unwrap(), None, "while somebody looks");
    let ended = store.end_tick(&turn, &notes(1), Some(after_noon(6))).await.unwrap();
    assert_ne!(ended, Saved::Lost);
    assert_eq!(store.due_tick(&acme(), after_noon(5)).await.unwrap(), None);
    assert!(store.due_tick(&acme(), after_noon(6)).await.unwrap().is_some());
}
