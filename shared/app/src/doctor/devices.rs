//! Whether devices can be helped: the activation, the licences, and whoever is to play.

use casebridge_domain::device::{Licences, Mode};
use futures::try_join;

use super::{Complaint, Finding, detailed, found};
use crate::devices::licences;
use crate::{Desk, Outside};

/// What is said of devices and technicians. `connected` is whether a token is registered, whatever became of it.
pub(super) async fn look(desk: &Desk, connected: bool) -> Result<Vec<Finding>, Outside> {
    let store = &desk.world.store;
    let (fleet, technicians) = try_join!(store.fleet(desk.id()), store.technician_sign_ins(desk.id()))?;
    let signed_in = technicians.iter().any(|sign_in| sign_in.value.serves());
    let mut findings = Vec::new();
    if !connected && !signed_in {
        findings.push(found(Complaint::NotConnected));
        findings.extend(fleet.activation.as_ref().map(|_| found(Complaint::ActivationUnconnected)));
    } else if !connected {
        findings.push(found(Complaint::OnlyTechnicians));
    }
    let unattended = fleet.activation.as_ref().is_some_and(|kept| kept.value.extent.includes(Mode::Unattended));
    let fresh = desk.with_fresh_connection().await?;
    let unseen = unattended && fresh.connection().is_some() && fresh.is_known_to_lack_reports();
    findings.extend(unseen.then(|| found(Complaint::EndsUnseen)));
    let lonely = desk.account().oauth_app.is_some() && !signed_in;
    findings.extend(lonely.then(|| found(Complaint::NobodySignedIn)));
    let Licences { used, limit } = licences(&fleet);
    let over = limit.filter(|limit| used > u64::from(*limit));
    findings.extend(over.map(|limit| detailed(Complaint::LicencesExceeded, format!("{used} of {limit}"))));
    Ok(findings)
}
