//! The audit trail.

use std::collections::BTreeSet;

use casebridge_domain::AccountId;
use casebridge_domain::audit::{AuditEntry, AuditHash, Broken};
use casebridge_domain::journal::AccountMatter;
use futures::future::join_all;

use crate::conformance::Stage;
use crate::conformance::fixtures::{acme, after_noon, globex, said};

/// Ten links, made three at a time.
async fn ten_links(stage: &Stage, account: &AccountId) -> Vec<AuditEntry> {
    stage.sign_up(account).await;
    for n in 0..9 {
        let entries = u64::try_from(n).unwrap();
        stage.store().note(account, &said(after_noon(n), AccountMatter::AuditErased { entries })).await.unwrap();
    }
    stage.number(account, 3).await;
    let links = stage.store().audit(account, 0, 100).await.unwrap();
    assert_eq!(links.iter().map(|link| link.number).collect::<Vec<_>>(), (1..=10).collect::<Vec<_>>());
    links
}

fn verified(links: &[AuditEntry]) -> Result<AuditHash, Broken> {
    let (mut before, mut number) = (AuditHash::beginning(), 0);
    for link in links {
        link.check(&before, number)?;
        (before, number) = (link.hash.clone(), link.number);
    }
    Ok(before)
}

fn some(numbers: &[u64]) -> BTreeSet<u64> {
    numbers.iter().copied().collect()
}

async fn erased(stage: &Stage) -> Vec<u64> {
    let links = stage.store().audit(&acme(), 0, 100).await.unwrap();
    links.into_iter().filter(|link| link.details.is_none()).map(|link| link.number).collect()
}

/// From any link on, and it ends where the journal's head says.
pub async fn a_trail_is_kept_as_it_was_linked(stage: &Stage) {
    let links = ten_links(stage, &acme()).await;
    let head = stage.store().journal_head(&acme()).await.unwrap().unwrap();
    assert_eq!(verified(&links), Ok(head.hash));
    for after in 0..=10 {
        let rest = stage.store().audit(&acme(), after, 4).await.unwrap();
        let from = usize::try_from(after).unwrap();
        assert_eq!(rest, links[from..links.len().min(from + 4)]);
    }
    assert_eq!(stage.store().audit(&globex(), 0, 10).await.unwrap(), []);
}

/// The links that are meant, in whatever step they were made, and no others; the chain holds.
pub async fn erased_details_are_gone_and_the_chain_holds(stage: &Stage) {
    let links = ten_links(stage, &acme()).await;
    let others = ten_links(stage, &globex()).await;
    let numbers = some(&[2, 3, 9, 10, 11, u64::MAX]);
    for _ in 0..2 {
        stage.store().erase_audit(&acme(), &numbers).await.unwrap();
        let left = stage.store().audit(&acme(), 0, 100).await.unwrap();
        let expected: Vec<AuditEntry> = links
            .iter()
            .cloned()
            .map(|link| if numbers.contains(&link.number) { link.erased() } else { link })
            .collect();
        assert_eq!(left, expected);
        assert_eq!(verified(&left), verified(&links));
    }
    assert_eq!(stage.store().audit(&globex(), 0, 100).await.unwrap(), others);
    stage.store().erase_audit(&acme(), &BTreeSet::new()).await.unwrap();
    assert_eq!(stage.store().events(&acme(), 0, 100).await.unwrap().len(), 10, "the feed forgets by itself");
}

/// Who erases at the same time brings nothing back.
pub async fn many_who_erase_undo_nothing_of_each_others(stage: &Stage) {
    ten_links(stage, &acme()).await;
    let numbers: Vec<BTreeSet<u64>> = (1..=4).map(|n| some(&[n, n + 4])).collect();
    let account = acme();
    let done = join_all(numbers.iter().map(|numbers| stage.store().erase_audit(&account, numbers))).await;
    assert!(done.iter().all(Result::is_ok), "{done:?}");
    assert_eq!(erased(stage).await, [1, 2, 3, 4, 5, 6, 7, 8]);
}
