//! Who holds a ticket.

use casebridge_app::ports::store::CaseChange;
use casebridge_domain::TicketHold;
use casebridge_domain::journal::AccountMatter;
use chrono::TimeDelta;
use futures::future::join_all;

use crate::conformance::Stage;
use crate::conformance::fixtures::{acme, after_noon, closed, ending, globex, noon, said, ticket};

/// Of many who close a free ticket, one may.
pub async fn a_free_ticket_is_taken_once(stage: &Stage) {
    let reserved = TicketHold::Closing { until: after_noon(1) };
    let on = ticket("T1");
    let taken = join_all(
        (0..32).map(|_| async { stage.store().take_hold(&acme(), &on, &reserved, None, noon(), None).await.unwrap() }),
    )
    .await;
    assert_eq!(taken.iter().filter(|taken| taken.is_ok()).count(), 1);
    assert_eq!(taken.into_iter().filter(|taken| *taken == Err(reserved.clone())).count(), 31);
    assert_eq!(stage.store().hold(&globex(), &on).await.unwrap(), None);
}

/// A reservation ends by itself, and not a millisecond early.
pub async fn a_lapsed_reservation_is_taken_over(stage: &Stage) {
    let store = stage.store();
    let (first, second) = (TicketHold::Closing { until: after_noon(1) }, TicketHold::Closing { until: after_noon(2) });
    store.take_hold(&acme(), &ticket("T1"), &first, None, noon(), None).await.unwrap().unwrap();
    let early = after_noon(1) - TimeDelta::milliseconds(1);
    assert_eq!(store.take_hold(&acme(), &ticket("T1"), &second, None, early, None).await.unwrap(), Err(first));
    store.take_hold(&acme(), &ticket("T1"), &second, None, after_noon(1), None).await.unwrap().unwrap();
    assert_eq!(store.hold(&acme(), &ticket("T1")).await.unwrap(), Some(second));
}

/// Reserved, then confirmed: whoever knows the holder takes its place; so he does if nobody holds the ticket.
pub async fn a_hold_is_replaced_by_whoever_knows_it(stage: &Stage) {
    let store = stage.store();
    let (reserved, closed) = (TicketHold::Closing { until: after_noon(1) }, TicketHold::Closed { since: noon() });
    let take = |hold, replacing| async move {
        store.take_hold(&acme(), &ticket("T1"), hold, replacing, noon(), None).await.unwrap()
    };
    take(&reserved, None).await.unwrap();
    take(&closed, Some(&reserved)).await.unwrap();
    assert_eq!(store.hold(&acme(), &ticket("T1")).await.unwrap(), Some(closed.clone()));
    assert_eq!(take(&reserved, Some(&reserved)).await, Err(closed.clone()), "somebody else holds it");
    assert_eq!(take(&reserved, None).await, Err(closed.clone()));
    store.release_hold(&acme(), &ticket("T1"), &closed, None).await.unwrap();
    take(&closed, Some(&reserved)).await.unwrap();
    store.release_hold(&acme(), &ticket("T1"), &closed, None).await.unwrap();
    take(&reserved, None).await.unwrap();
    let (lapsed, late) = (TicketHold::Closed { since: after_noon(9) }, after_noon(9));
    let taken = store.take_hold(&acme(), &ticket("T1"), &lapsed, Some(&closed), late, None).await.unwrap();
    assert_eq!(taken, Ok(()), "somebody else's, but it lapsed");
}

/// Letting go of what somebody else holds, or nobody, changes nothing.
pub async fn only_the_holder_lets_go(stage: &Stage) {
    let store = stage.store();
    let (reserved, closed) = (TicketHold::Closing { until: after_noon(1) }, TicketHold::Closed { since: noon() });
    store.release_hold(&acme(), &ticket("T1"), &closed, None).await.unwrap();
    store.take_hold(&acme(), &ticket("T1"), &closed, None, noon(), None).await.unwrap().unwrap();
    store.release_hold(&acme(), &ticket("T1"), &reserved, None).await.unwrap();
    assert_eq!(store.hold(&acme(), &ticket("T1")).await.unwrap(), Some(closed.clone()));
    store.release_hold(&acme(), &ticket("T1"), &closed, None).await.unwrap();
    assert_eq!(store.hold(&acme(), &ticket("T1")).await.unwrap(), None);
}

/// The step that ends the case leaves no moment in which play could take the ticket; what it notes beside is in the journal.
pub async fn a_ticket_that_was_closed_beside_its_case_stays_closed_after_it(stage: &Stage) {
    let store = stage.store();
    stage.connect(&acme()).await;
    let open = stage.open("T1", 1, noon()).await;
    let marked = open.value.clone().with_ticket_closed(after_noon(1)).unwrap();
    let before = store.backlog(&acme(), 100).await.unwrap().pending.len();
    let entry = said(after_noon(1), AccountMatter::TicketClosed { ticket: ticket("T1") });
    let marked = stage.stepped(CaseChange { beside: Some(entry), ..CaseChange::of(&marked, &open) }).await;
    assert_eq!(store.backlog(&acme(), 100).await.unwrap().pending.len(), before + 1);
    assert!(matches!(store.hold(&acme(), &ticket("T1")).await.unwrap(), Some(TicketHold::Case { .. })));

    let ended = closed(&marked.value, after_noon(2));
    stage.stepped(ending(&ended, &marked)).await;
    let hold = TicketHold::Closed { since: after_noon(1) };
    assert_eq!(store.hold(&acme(), &ticket("T1")).await.unwrap(), Some(hold.clone()));
    store.release_hold(&acme(), &ticket("T1"), &hold, None).await.unwrap();
    assert_eq!(store.hold(&acme(), &ticket("T1")).await.unwrap(), None);
}
