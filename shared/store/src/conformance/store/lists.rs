//! Cases, many at a time.

use casebridge_app::ports::store::{CaseChange, CaseFilter, Versioned};
use casebridge_domain::{CaseId, ServiceCase, Technician, TechnicianId, Text};
use chrono::TimeDelta;

use crate::conformance::Stage;
use crate::conformance::fixtures::{acme, after_noon, closed, code, ending, globex, noon};

fn ids<'a>(cases: impl IntoIterator<Item = &'a Versioned<ServiceCase>>) -> Vec<CaseId> {
    let mut ids: Vec<_> = cases.into_iter().map(|case| case.value.id()).collect();
    ids.sort();
    ids
}

async fn all_pages(stage: &Stage, filter: &CaseFilter, limit: usize) -> Vec<ServiceCase> {
    let (mut cases, mut after) = (Vec::new(), None);
    loop {
        let page = stage.store().cases(&acme(), filter, after.as_deref(), limit).await.unwrap();
        assert!(page.items.len() <= limit);
        cases.extend(page.items);
        after = page.next;
        if after.is_none() {
            return cases;
        }
    }
}

/// Those that are not settled, of this account.
pub async fn unsettled_cases_are_listed(stage: &Stage) {
    let store = stage.store();
    stage.connect(&acme()).await;
    stage.connect(&globex()).await;
    let opening = stage.claimed(stage.play("T1", noon())).await;
    let open = stage.open("T2", 2, after_noon(1)).await;
    stage.ended("T3", 3, after_noon(2), after_noon(3)).await;
    stage.claimed(stage.play_of(&globex(), "T1", noon())).await;
    stage.settle_indexes().await;
    let mut listed = store.unsettled_cases(&acme()).await.unwrap();
    listed.sort_by_key(|case| case.value.id());
    assert_eq!(listed, [opening, open]);
}

/// Without waiting for any index.
pub async fn unsettled_cases_for_certain_sees_a_case_just_claimed(stage: &Stage) {
    stage.connect(&acme()).await;
    let mut expected = Vec::new();
    for n in 0..20 {
        expected.push(stage.claimed(stage.play(&format!("T{n}"), after_noon(n))).await);
        let seen = stage.store().unsettled_cases_for_certain(&acme()).await.unwrap();
        assert_eq!(seen, expected);
    }
}

/// Without waiting for any index.
pub async fn unsettled_cases_for_certain_does_not_see_a_case_just_settled(stage: &Stage) {
    stage.connect(&acme()).await;
    let mut live = stage.open("T0", 1, noon()).await;
    for n in 1..10 {
        let next = stage.open(&format!("T{n}"), 1, after_noon(n)).await;
        stage.stepped(ending(&closed(&live.value, after_noon(n)), &live)).await;
        live = next;
        assert_eq!(stage.store().unsettled_cases_for_certain(&acme()).await.unwrap(), [live.clone()]);
    }
}

/// One that nobody settled for weeks, behind more than a page of newer ones.
pub async fn unsettled_cases_for_certain_sees_a_case_that_was_left_lying(stage: &Stage) {
    stage.connect(&acme()).await;
    let left_lying = stage.claimed(stage.play("old", noon() - TimeDelta::days(20))).await;
    let settled_since = stage.claimed(stage.play("settled", noon() - TimeDelta::days(19))).await;
    let mut expected = vec![left_lying.value.id()];
    for n in 0..130 {
        let case = stage.claimed(stage.play(&format!("T{n}"), after_noon(n))).await;
        expected.push(case.value.id());
    }
    stage.settle_indexes().await;
    let until = settled_since.value.valid_until();
    let ended = settled_since.value.clone().expired(until, crate::conformance::fixtures::voice()).unwrap();
    stage.stepped(ending(&ended, &settled_since)).await;
    let seen = stage.store().unsettled_cases_for_certain(&acme()).await.unwrap();
    assert_eq!(ids(&seen), expected);
    stage.settle_indexes().await;
    assert_eq!(ids(&stage.store().unsettled_cases(&acme()).await.unwrap()), expected, "more than a page");
}

/// By its code, settled or not, in its own account only; a code given out twice means the newer one.
pub async fn a_case_is_found_by_its_code(stage: &Stage) {
    let store = stage.store();
    stage.connect(&acme()).await;
    let ended = stage.ended("T1", 119_457_589, noon(), after_noon(1)).await;
    stage.settle_indexes().await;
    assert_eq!(store.case_by_code(&acme(), &code(119_457_589)).await.unwrap(), Some(ended));
    assert_eq!(store.case_by_code(&globex(), &code(119_457_589)).await.unwrap(), None);
    assert_eq!(store.case_by_code(&acme(), &code(119_457_588)).await.unwrap(), None);
    let again = stage.open("T2", 119_457_589, after_noon(2)).await;
    stage.settle_indexes().await;
    assert_eq!(store.case_by_code(&acme(), &code(119_457_589)).await.unwrap(), Some(again));
}

/// Newest first, page by page, none twice.
pub async fn cases_come_newest_first_in_pages(stage: &Stage) {
    stage.connect(&acme()).await;
    stage.connect(&globex()).await;
    let mut expected = Vec::new();
    for n in 0..7 {
        expected.insert(0, stage.claimed(stage.play(&format!("T{n}"), after_noon(n))).await.value);
    }
    stage.claimed(stage.play_of(&globex(), "T1", noon())).await;
    for limit in [1, 3, 7, 100] {
        assert_eq!(all_pages(stage, &CaseFilter::default(), limit).await, expected, "{limit} a page");
    }
}

/// By state and by technician, together too.
pub async fn cases_are_filtered(stage: &Stage) {
    stage.connect(&acme()).await;
    let tess = Technician { id: TechnicianId::parse("tess").unwrap(), name: Text::parse("Tess").unwrap(), email: None };
    let mut expected = [Vec::new(), Vec::new(), Vec::new(), Vec::new()];
    for n in 0..8 {
        let mut case = stage.open(&format!("T{n}"), 1, after_noon(n)).await;
        if n % 2 == 1 {
            let ticket = case.value.ticket().unwrap().clone();
            let handed_over = case.value.clone().with_facts(ticket, Some(tess.clone()), after_noon(n)).unwrap();
            case = stage.stepped(CaseChange::of(&handed_over, &case)).await;
        }
        if n >= 4 {
            case = stage.stepped(ending(&closed(&case.value, after_noon(n + 1)), &case)).await;
        }
        expected[usize::from(n % 2 == 1) + 2 * usize::from(n >= 4)].insert(0, case.value);
    }
    stage.settle_indexes().await;
    let [live, live_of_tess, ended, ended_of_tess] = expected;
    let filter = |unsettled, technician: Option<&Technician>| CaseFilter {
        unsettled,
        technician: technician.map(|technician| technician.id.clone()),
        unassigned: false,
    };
    let queue = CaseFilter { unassigned: true, ..filter(Some(true), None) };
    assert_eq!(all_pages(stage, &queue, 3).await, live);
    assert_eq!(all_pages(stage, &filter(Some(true), Some(&tess)), 3).await, live_of_tess);
    assert_eq!(all_pages(stage, &filter(Some(false), Some(&tess)), 3).await, ended_of_tess);
    assert_eq!(all_pages(stage, &filter(None, Some(&tess)), 3).await.len(), 4);
    assert_eq!(all_pages(stage, &filter(Some(true), None), 3).await.len(), live.len() + live_of_tess.len());
    assert_eq!(all_pages(stage, &filter(Some(false), None), 3).await.len(), ended.len() + ended_of_tess.len());
}

/// A cursor that no list gave out is refused, rather than taken for the beginning or the end.
pub async fn a_cursor_of_somebodys_own_making_is_refused(stage: &Stage) {
    stage.connect(&acme()).await;
    stage.claimed(stage.play("T1", noon())).await;
    for cursor in ["", "x", "!!", "QQ", "MDAwMA"] {
        let page = stage.store().cases(&acme(), &CaseFilter::default(), Some(cursor), 10).await;
        assert!(page.is_err(), "{cursor}");
        let page = stage.store().records(&acme(), noon(), after_noon(1), Some(cursor), 10).await;
        assert!(page.is_err(), "{cursor}");
    }
}
