//! Who holds a ticket.

use casebridge_domain::TicketHold;
use chrono::TimeDelta;
use futures::future::join_all;

use crate::conformance::Stage;
use crate::conformance::fixtures::{acme, after_noon, globex, noon, ticket};

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
