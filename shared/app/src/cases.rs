//! Looking at cases, within one account.

use casebridge_domain::{CaseId, DeviceId, ServiceCase, SessionCode, TicketId};

use crate::ports::store::{CaseFilter, Page};
use crate::{Desk, Outside};

/// One case.
pub async fn case(desk: &Desk, id: CaseId) -> Result<Option<ServiceCase>, Outside> {
    Ok(desk.case(id).await?.map(|case| case.value))
}

/// The ticket's newest case.
pub async fn newest_case(desk: &Desk, ticket: &TicketId) -> Result<Option<ServiceCase>, Outside> {
    Ok(desk.world.store.newest_case(desk.id(), ticket).await?.map(|case| case.value))
}

/// The device's newest case.
pub async fn newest_device_case(desk: &Desk, device: &DeviceId) -> Result<Option<ServiceCase>, Outside> {
    Ok(desk.world.store.newest_device_case(desk.id(), device).await?.map(|case| case.value))
}

/// The case of a session code. May lag behind play by moments.
pub async fn case_by_code(desk: &Desk, code: &SessionCode) -> Result<Option<ServiceCase>, Outside> {
    Ok(desk.world.store.case_by_code(desk.id(), code).await?.map(|case| case.value))
}

/// Cases, newest first. A page may be short, or even empty, though more follow.
pub async fn cases(
    desk: &Desk,
    filter: &CaseFilter,
    after: Option<&str>,
    limit: usize,
) -> Result<Page<ServiceCase>, Outside> {
    Ok(desk.world.store.cases(desk.id(), filter, after, limit).await?)
}
