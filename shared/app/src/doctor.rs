//! What is wrong with an account, and how to mend it: looked at from the outside in, without changing anything in TeamViewer.

use casebridge_domain::connection::{Connection, ConnectionState, Licence, Permission, Proof};
use casebridge_domain::key::Owner;
use casebridge_domain::service_case::{Invitation, InvitationState};
use casebridge_domain::time::rfc3339;
use casebridge_domain::{Account, Instant, VendorId};
use chrono::TimeDelta;
use futures::try_join;

use crate::connection::{CheckError, recheck};
use crate::ports::store::{CaseFilter, Due};
use crate::{Desk, Outside, World};

mod complaint;
mod devices;
mod endpoints;

pub use complaint::{Complaint, Severity};

/// What is due for longer than that is left undone. A lease, a pause between two looks and one more try fit into it.
const OVERDUE: TimeDelta = TimeDelta::minutes(3);

/// A case is settled within moments of its end; so long after it, nobody does it any more.
const UNSETTLED: TimeDelta = TimeDelta::minutes(15);

/// Overdue things that are looked at, of all accounts.
const MOST_DUE: usize = 1_000;

/// The newest cases, whose invitations are looked at.
const INVITATIONS: usize = 50;

/// One thing that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// What.
    pub complaint: Complaint,
    /// Where exactly: names, numbers, times.
    pub detail: Option<String>,
}

/// Looks at everything that an account needs, and keeps what TeamViewer says about the token.
pub async fn examine(desk: &Desk) -> Result<Vec<Finding>, Outside> {
    let owner = Owner::Account(desk.id().clone());
    let (mut findings, mail, due, cases, endpoints) = try_join!(
        connection(desk),
        invitations(desk),
        overdue(desk),
        unsettled(desk),
        endpoints::look(&desk.world, &owner)
    )?;
    let connected = !findings.iter().any(|finding| finding.complaint == Complaint::NotConnected);
    findings.retain(|finding| finding.complaint != Complaint::NotConnected);
    findings.extend(devices::look(desk, connected).await?);
    findings.extend(account(desk.account()));
    findings.extend(mail.into_iter().chain(due).chain(cases).chain(endpoints));
    findings.sort_by_key(|finding| finding.complaint.severity());
    Ok(findings)
}

/// Looks at what is a vendor's own: its endpoints. The worst comes first.
pub async fn examine_vendor(world: &World, vendor: &VendorId) -> Result<Vec<Finding>, Outside> {
    let mut findings = endpoints::look(world, &Owner::Vendor(vendor.clone())).await?;
    findings.sort_by_key(|finding| finding.complaint.severity());
    Ok(findings)
}

fn found(complaint: Complaint) -> Finding {
    Finding { complaint, detail: None }
}

fn detailed(complaint: Complaint, detail: impl Into<String>) -> Finding {
    Finding { complaint, detail: Some(detail.into()) }
}

async fn connection(desk: &Desk) -> Result<Vec<Finding>, Outside> {
    let desk = desk.with_fresh_connection().await?;
    let before = desk.connection().map(|connection| connection.value.clone());
    let paused = paused(&desk).await?;
    let checked = match recheck(&desk).await {
        Ok(checked) => checked,
        Err(CheckError::NotConnected) => return Ok(vec![found(Complaint::NotConnected)]),
        Err(CheckError::Outside(Outside::TeamViewer(error))) => {
            return Ok(vec![detailed(Complaint::TeamViewerFailed, error.to_string())]);
        }
        Err(CheckError::Outside(Outside::Vault(error))) => {
            return Ok(vec![detailed(Complaint::TokenSealed, error.to_string())]);
        }
        Err(CheckError::Outside(error)) => return Err(error),
    };
    let mut findings = of_token(&checked);
    let group_is_gone = before.is_some_and(|before| before.group_id().is_some()) && checked.group_id().is_none();
    findings.extend(group_is_gone.then(|| detailed(Complaint::GroupGone, checked.group_name.to_string())));
    findings.extend(paused);
    Ok(findings)
}

async fn paused(desk: &Desk) -> Result<Option<Finding>, Outside> {
    let until = desk.world.store.watch_notes(desk.id()).await?.pause_until.filter(|until| *until > desk.now());
    Ok(until.map(|until| detailed(Complaint::TeamViewerPaused, format!("until {}", rfc3339(until)))))
}

fn of_token(connection: &Connection) -> Vec<Finding> {
    match connection.state {
        // Nothing else that is known of it is of use.
        ConnectionState::TokenRefused { since } => {
            return vec![detailed(Complaint::TokenRefused, format!("since {}", rfc3339(since)))];
        }
        ConnectionState::Draining { .. } | ConnectionState::Active => {}
    }
    let draining = matches!(connection.state, ConnectionState::Draining { .. });
    let mut findings: Vec<Finding> = draining.then(|| found(Complaint::Draining)).into_iter().collect();
    findings.extend(licence(&connection.licence));
    findings.extend(permissions(connection));
    let shared = !connection.shares.is_empty();
    findings.extend((!shared).then(|| found(Complaint::GroupNotShared)));
    let unfinished = |module: &&casebridge_domain::connection::Module| {
        (module.id.is_none() || module.per_session_refused) && !(module.bound_to_group && module.assignee_unassigned)
    };
    findings.extend(connection.module.as_ref().filter(unfinished).map(|_| found(Complaint::ModuleUnfinished)));
    findings
}

fn licence(licence: &Licence) -> Option<Finding> {
    match licence {
        Licence::Unknown(_) => Some(detailed(Complaint::LicenceUnknown, licence.name())),
        _ if !licence.suffices() => Some(detailed(Complaint::LicenceTooSmall, licence.name())),
        _ => None,
    }
}

/// Those that are missing one by one, those that are not known together.
fn permissions(connection: &Connection) -> Vec<Finding> {
    let with = |wanted: Proof| {
        let of_proof = connection.permissions.iter().filter(move |(_, proof)| *proof == wanted);
        of_proof.map(|(permission, _)| permission)
    };
    let missing = |permission: Permission| {
        let complaint = if permission.needed() { Complaint::PermissionMissing } else { Complaint::PermissionAdvised };
        detailed(complaint, permission.in_the_console())
    };
    let mut findings: Vec<Finding> = with(Proof::Missing).map(missing).collect();
    let unknown: Vec<&str> = with(Proof::Unknown).map(Permission::in_the_console).collect();
    findings.extend((!unknown.is_empty()).then(|| detailed(Complaint::PermissionUnknown, unknown.join(", "))));
    findings
}

fn account(account: &Account) -> Option<Finding> {
    account.told.recipients(None).is_empty().then(|| found(Complaint::NobodyTold))
}

/// Whether those who were invited of late got their invitations.
async fn invitations(desk: &Desk) -> Result<Vec<Finding>, Outside> {
    let cases = desk.world.store.cases(desk.id(), &CaseFilter::default(), None, INVITATIONS).await?;
    let invited: Vec<&Invitation> = cases.items.iter().filter_map(|case| case.invitation()).collect();
    let is_lost =
        |state| matches!(state, InvitationState::Failed | InvitationState::Bounced | InvitationState::Complained);
    let lost = invited.iter().filter(|invitation| is_lost(invitation.state)).count();
    let long_ago = desk.now() - OVERDUE;
    let waits = |invitation: &&&Invitation| invitation.state == InvitationState::Queued && invitation.at < long_ago;
    let waiting: Vec<Instant> = invited.iter().filter(waits).map(|invitation| invitation.at).collect();
    let mut findings = Vec::new();
    if let (Some(oldest), None) = (waiting.iter().min(), desk.world.store.deliveries_held_since().await?) {
        let detail = format!("{} waiting, since {}", waiting.len(), rfc3339(*oldest));
        findings.push(detailed(Complaint::LettersWait, detail));
    }
    if lost > 0 {
        let detail = format!("{lost} of the last {} did not arrive", invited.len());
        findings.push(detailed(Complaint::InvitationsLost, detail));
    }
    Ok(findings)
}

/// What of the account should have been done some time ago.
async fn overdue(desk: &Desk) -> Result<Vec<Finding>, Outside> {
    let store = &desk.world.store;
    let (due, held) = try_join!(store.due(desk.now() - OVERDUE, MOST_DUE), store.deliveries_held_since())?;
    let own: Vec<&Due> = due.iter().filter(|due| due.owner() == Owner::Account(desk.id().clone())).collect();
    let mut findings: Vec<Finding> =
        held.map(|since| since_when(Complaint::DeliveriesHeld, since)).into_iter().collect();
    let complaint = |due: &&Due| match due {
        Due::Tick(_) => Some(found(Complaint::WatchStands)),
        Due::Journal(_) => Some(found(Complaint::FeedStands)),
        Due::Letter(_) | Due::VendorFeed(_) => None,
    };
    findings.extend(own.iter().filter_map(complaint));
    Ok(findings)
}

fn since_when(complaint: Complaint, since: Instant) -> Finding {
    detailed(complaint, format!("since {}", rfc3339(since)))
}

async fn unsettled(desk: &Desk) -> Result<Option<Finding>, Outside> {
    let cases = desk.world.store.unsettled_cases(desk.id()).await?;
    let long_ago = desk.now() - UNSETTLED;
    let count = cases.iter().filter(|case| case.value.valid_until() < long_ago).count();
    Ok((count > 0).then(|| detailed(Complaint::CasesUnsettled, count.to_string())))
}
