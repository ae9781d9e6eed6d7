//! Every number opens the sessions behind it.

use std::collections::BTreeSet;

use casebridge_app::Desk;
use casebridge_app::records::{Counted, RecordFilter, record, record_by_code, records};
use casebridge_app::reports::{ReportWish, report};
use casebridge_domain::report::{Dimension, Scope};
use casebridge_domain::{AccountId, CaseId, SessionRecord};

use super::plain_count::Count;
use super::{Broken, promise};
use crate::world::TestWorld;

/// Records on a page, in turn.
const LIMITS: [usize; 4] = [1, 2, 3, 100];

/// Opens every number of these reports, and finds every record by its code and its case.
pub(crate) async fn every_number_opens(
    world: &TestWorld,
    account: &AccountId,
    kept: &[SessionRecord],
    wishes: impl IntoIterator<Item = ReportWish>,
) -> Result<(), Broken> {
    let desk = world.desk(account).await;
    for wish in wishes {
        opens(&desk, &wish).await?;
    }
    for one in kept {
        let by_code = record_by_code(&desk, one.code.as_ref().unwrap()).await.unwrap();
        promise!(by_code.as_ref() == Some(one), "{:?} gives {by_code:?}, not {one:?}", one.code);
        let by_case = record(&desk, one.case).await.unwrap();
        promise!(by_case.as_ref() == Some(one), "{} gives {by_case:?}, not {one:?}", one.case);
    }
    Ok(())
}

/// Opens every number of a report.
pub(crate) async fn opens(desk: &Desk, wish: &ReportWish) -> Result<(), Broken> {
    let told = report(desk, wish).await.unwrap();
    let of_scope = match &wish.scope {
        Scope::Everyone => Vec::new(),
        Scope::Technician(id) => vec![(Dimension::Technician, id.as_ref().map(ToString::to_string))],
    };
    let total = (of_scope.clone(), Count::told_by(&told.total));
    let groups = told.groups.iter().map(|group| {
        let of_group = wish.group_by.map(|by| (by, group.value.clone()));
        (of_scope.iter().cloned().chain(of_group).collect(), Count::told_by(&group.tally))
    });
    for (place, (of, count)) in std::iter::once(total).chain(groups).enumerate() {
        for (more, (counted, number)) in figures(&count).into_iter().enumerate() {
            let filter = RecordFilter { days: wish.days, of: of.clone(), counted: Some(counted) };
            let found = in_pages(desk, &filter, LIMITS[(place + more) % LIMITS.len()]).await?;
            promise!(i64::try_from(found) == Ok(number), "{number} are told, {found} are found: {filter:?}");
        }
    }
    Ok(())
}

fn figures(count: &Count) -> [(Counted, i64); 6] {
    [
        (Counted::Sessions, count.sessions),
        (Counted::Closed, count.closed),
        (Counted::Expired, count.expired),
        (Counted::Joined, count.joined),
        (Counted::NeverJoined, count.never_joined),
        (Counted::Excluded, count.excluded),
    ]
}

/// How many there are; each on one page only, by the time they ended.
async fn in_pages(desk: &Desk, filter: &RecordFilter, limit: usize) -> Result<usize, Broken> {
    let mut seen: BTreeSet<CaseId> = BTreeSet::new();
    let mut last = None;
    let mut next: Option<String> = None;
    loop {
        let page = records(desk, filter, next.as_deref(), limit).await.unwrap();
        promise!(page.items.len() <= limit, "{} records on a page of {limit}", page.items.len());
        for record in page.items {
            promise!(last <= Some(record.ended_at), "not by the time they ended: {filter:?}");
            promise!(seen.insert(record.case), "on two pages: {record:?}");
            last = Some(record.ended_at);
        }
        next = page.next;
        if next.is_none() {
            return Ok(seen.len());
        }
    }
}
