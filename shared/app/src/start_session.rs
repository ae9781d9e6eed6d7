//! Starting a session for a managed device: its readiness is looked at, then it is played like a ticket.

use casebridge_domain::device::{Circumstances, Device, DeviceSubject, Licences, Mode, ModeReadiness, Version};
use casebridge_domain::{CaseSubject, DeviceId, Requester, SessionType, Technician, Text};

use crate::Desk;
use crate::close_case::CloseCaseError;
use crate::device_sessions::stop_device_session;
use crate::open_case::{OpenCase, OpenCaseError, Opened, Request, open_under};
use crate::outside::Outside;
use crate::ports::store::{Inspection, StoreError};
use crate::settle::TRIES;

/// What is wished.
#[derive(Debug, Clone)]
pub struct StartSession {
    /// The vendor's device.
    pub device: DeviceId,
    /// Whether somebody is at it.
    pub mode: Mode,
    /// Who helps, if that is known.
    pub technician: Option<Technician>,
    /// Who is helped; else the device's user as he was reported, or whoever has the device.
    pub requester: Option<Requester>,
    /// Whether the requester is mailed the link too, if he has an address.
    pub invite: bool,
    /// The technician's TeamViewer client, if the caller says which.
    pub client: Option<Version>,
}

/// Why there is no session.
#[derive(Debug, thiserror::Error)]
pub enum StartSessionError {
    /// The device was never reported.
    #[error("there is no such device")]
    NotFound,
    /// What was found at the device keeps sessions of that mode from it.
    #[error("the device is not ready")]
    NotReady(Box<NotReady>),
    /// Nobody knows by which name the device's user could be called.
    #[error("there is no name for the requester")]
    Nameless,
    /// As on a ticket.
    #[error(transparent)]
    Play(#[from] OpenCaseError),
}

/// What keeps sessions from a device.
#[derive(Debug, Clone)]
pub struct NotReady {
    /// The mode that was asked for, with everything that was found.
    pub readiness: ModeReadiness,
    /// The account's unattended licences.
    pub licences: Licences,
}

impl From<StoreError> for StartSessionError {
    fn from(error: StoreError) -> Self {
        Self::Play(error.into())
    }
}

impl From<Outside> for StartSessionError {
    fn from(error: Outside) -> Self {
        Self::Play(error.into())
    }
}

/// Starts a session for a device, or returns the one that is live, in whichever mode that is. None begins behind the removal of the
/// activation: it is looked at again where it moved before the session was claimed, and once more when the session is there.
pub async fn start_session(desk: &Desk, mut request: Request<'_, StartSession>) -> Result<Opened, StartSessionError> {
    for _ in 0..TRIES {
        match start_as_it_stands(desk, &request).await {
            Err(StartSessionError::Play(OpenCaseError::ActivationMoved)) => {}
            Ok(Opened::New(case)) => {
                if case.is_settled() || desk.world.store.fleet(desk.id()).await?.activation.is_some() {
                    return Ok(Opened::New(case));
                }
                if let Err(CloseCaseError::Outside(error)) = stop_device_session(desk, case.id()).await {
                    return Err(error.into());
                }
                // What was remembered of the request has ended: it is refused like a new one.
                request.memory = None;
            }
            started => return started,
        }
    }
    Err(Outside::Contention.into())
}

async fn start_as_it_stands(desk: &Desk, request: &Request<'_, StartSession>) -> Result<Opened, StartSessionError> {
    let wish = &request.wish;
    let Inspection { device, fleet } = desk.world.store.inspection(desk.id(), &wish.device).await?;
    let device = device.ok_or(StartSessionError::NotFound)?;
    let licences = Licences { used: fleet.counts.licences, limit: desk.account().unattended_licences };
    let read_at = fleet.activation.as_ref().map(|activation| activation.revision);
    let activated = fleet.activation.map(|activation| activation.value.extent);
    let circumstances = Circumstances { activated, licences, client: wish.client.clone() };
    let readiness = ModeReadiness::of(wish.mode, &device.facts, &circumstances);
    let not_ready = |readiness| StartSessionError::NotReady(Box::new(NotReady { readiness, licences }));
    let Some(subject) = subject(&device, &readiness) else { return Err(not_ready(readiness)) };
    if !readiness.is_possible() && !desk.was_asked_before(request).await? {
        // A session that is live already is none the worse for what was reported since.
        return match desk.live_session(&wish.device).await? {
            Some(live) => Ok(live),
            None => Err(not_ready(readiness)),
        };
    }
    let requester = match wish.requester.clone().or_else(|| device.facts.requester.clone()) {
        Some(requester) => requester,
        None => whoever_has_it(&device).ok_or(StartSessionError::Nameless)?,
    };
    let play = OpenCase {
        subject,
        requester,
        technician: wish.technician.clone(),
        session_type: SessionType::Default,
        invite: wish.invite,
    };
    Ok(Box::pin(open_under(desk, Request { wish: play, memory: request.memory }, read_at)).await?)
}

/// The device as the case keeps it; `None` where nobody knows how an unattended one is reached.
fn subject(device: &Device, readiness: &ModeReadiness) -> Option<CaseSubject> {
    let (id, name, view_only) = (device.id.clone(), device.facts.name.clone(), readiness.is_view_only());
    Some(CaseSubject::Device(match readiness.mode {
        Mode::Attended => DeviceSubject::attended(id, name, device.facts.platform, view_only),
        Mode::Unattended => DeviceSubject::unattended(id, name, device.facts.host.teamviewer_id.clone()?, view_only),
    }))
}

/// The device's name stands for a user whom nobody named.
fn whoever_has_it(device: &Device) -> Option<Requester> {
    let name = device.facts.name.clone().or_else(|| Text::parse(device.id.as_str()).ok())?;
    Some(Requester { name, email: None, language: None })
}

impl Desk {
    /// A request that came before gets the answer that it got then, whatever was reported since.
    async fn was_asked_before(&self, request: &Request<'_, StartSession>) -> Result<bool, StartSessionError> {
        let Some(memory) = request.memory else { return Ok(false) };
        Ok(self.world.store.remembered(&memory.key, self.now()).await?.is_some())
    }

    async fn live_session(&self, device: &DeviceId) -> Result<Option<Opened>, StartSessionError> {
        let newest = self.world.store.newest_device_case(self.id(), device).await?;
        let live = newest.map(|case| case.value).filter(|case| case.is_live(self.now()));
        Ok(live.map(Opened::Already))
    }
}
