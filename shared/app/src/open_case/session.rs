//! Asking TeamViewer for the session of a claimed case.

use casebridge_domain::connection::GroupName;
use casebridge_domain::device::host_link;
use casebridge_domain::session::HostLink;
use casebridge_domain::{CaseId, CaseSubject, Connection, GroupId, ServiceCase, Session, SessionCode, Way};
use chrono::TimeDelta;

use super::{OpenCaseError, serving};
use crate::access::Access;
use crate::outside::Outside;
use crate::ports::store::{Saved, Versioned};
use crate::ports::teamviewer::{FiledIn, ListedSession, Marker, NewSession, ScriptToken, TeamViewerError};
use crate::settle::TRIES;
use crate::{Desk, World};

/// Seconds that making the group may take.
const GROUP_LEASE_SECONDS: i64 = 25;

/// Seconds after which to ask again while somebody makes it.
const GROUP_WAIT_SECONDS: i64 = 2;

/// How the technician of a new case comes in.
pub(super) enum Means {
    /// By the Host of a device where nobody is: TeamViewer is not asked for anything.
    Host(Way),
    /// By a session that is filed there.
    Session(FiledIn),
}

/// What a case about this needs, before it is claimed.
pub(super) async fn means_for(desk: &Desk, access: &Access, about: &CaseSubject) -> Result<Means, OpenCaseError> {
    match host_of(about) {
        Some(way) => Ok(Means::Host(way)),
        None => place_for(desk, access).await.map(Means::Session),
    }
}

/// Where a new session is filed: in the connection's group; a technician's own in the group of that name that he sees, which
/// TeamViewer makes for him where there is none.
async fn place_for(desk: &Desk, access: &Access) -> Result<FiledIn, OpenCaseError> {
    if access.signed_in.is_none() {
        return ensure_group(desk, &access.token).await.map(FiledIn::Group);
    }
    let named = desk.connection().map(|connection| connection.value.group_name.clone());
    let default = || GroupName::parse(Connection::DEFAULT_GROUP_NAME).map_err(|_| Outside::Contention);
    Ok(FiledIn::Named(named.map_or_else(default, Ok)?))
}

/// Finds the way in.
pub(super) async fn open(
    desk: &Desk,
    access: &Access,
    means: Means,
    case: &ServiceCase,
) -> Result<Way, TeamViewerError> {
    match means {
        Means::Host(way) => Ok(way),
        Means::Session(place) => open_session(desk, access, place, case).await.map(Way::from),
    }
}

/// Opens the session. An answer that got lost is looked for; a group that is gone is made anew, once.
async fn open_session(
    desk: &Desk,
    access: &Access,
    place: FiledIn,
    case: &ServiceCase,
) -> Result<Session, TeamViewerError> {
    let (teamviewer, token) = (&desk.world.teamviewer, &access.token);
    let mut wish = new_session(&desk.world, access, case, place);
    match teamviewer.open_session(token, &wish).await {
        Err(TeamViewerError::OutcomeUnknown) => {
            marked(desk, token, case.id()).await?.ok_or(TeamViewerError::OutcomeUnknown)
        }
        Err(refused @ TeamViewerError::Refused { .. }) => {
            let FiledIn::Group(group) = &wish.filed_in else { return Err(refused) };
            if teamviewer.group(token, group).await?.is_some() {
                return Err(refused);
            }
            wish.filed_in = FiledIn::Group(remake_group(desk, token, group).await.ok_or(refused)?);
            teamviewer.open_session(token, &wish).await
        }
        answer => answer,
    }
}

/// The way to the Host of a device where nobody is.
pub(crate) fn host_of(subject: &CaseSubject) -> Option<Way> {
    let host = subject.device()?.host()?.clone();
    let link = host_link(&host).ok()?;
    Some(Way::Host(HostLink { host, link }))
}

/// What a worker who is gone may have found for the case.
pub(super) async fn find(desk: &Desk, token: &ScriptToken, case: &ServiceCase) -> Result<Option<Way>, TeamViewerError> {
    match host_of(case.subject()) {
        Some(way) => Ok(Some(way)),
        None => Ok(marked(desk, token, case.id()).await?.map(Way::from)),
    }
}

/// The open session that carries the case's mark, if TeamViewer shows one.
async fn marked(desk: &Desk, token: &ScriptToken, case: CaseId) -> Result<Option<Session>, TeamViewerError> {
    let sessions = desk.world.teamviewer.open_sessions(token, None).await?;
    Ok(sessions.into_iter().find(|listed| carries(listed, desk, case)).map(|listed| listed.session))
}

fn carries(listed: &ListedSession, desk: &Desk, case: CaseId) -> bool {
    listed.marker.as_ref().is_some_and(|marker| {
        marker.installation == desk.world.installation && marker.account == *desk.id() && marker.case == case
    })
}

fn new_session(world: &World, access: &Access, case: &ServiceCase, filed_in: FiledIn) -> NewSession {
    NewSession {
        filed_in,
        description: description(case.subject()),
        customer_name: case.requester().name.clone(),
        customer_email: case.requester().email.clone(),
        // A code that ends sooner than the session does is ended by us, so that it does not take the session with it.
        valid_until: case.latest_end(),
        assignee: access.assignee(),
        marker: Marker { installation: world.installation, account: case.account().clone(), case: case.id() },
        session_type: case.session_type(),
    }
}

/// What technicians read in TeamViewer. Nothing there keeps them from controlling a device that is only to be viewed: so it says so.
fn description(subject: &CaseSubject) -> String {
    match subject {
        CaseSubject::Ticket(ticket) => format!("{}: {}", ticket.number, ticket.title),
        CaseSubject::Device(device) if device.is_view_only() => {
            format!("{} ({}, view only)", device.name(), device.platform().name())
        }
        CaseSubject::Device(device) => format!("{} ({})", device.name(), device.platform().name()),
    }
}

/// The id of the account's group; the first case makes it.
pub(crate) async fn ensure_group(desk: &Desk, token: &ScriptToken) -> Result<GroupId, OpenCaseError> {
    if let Some(id) = serving(desk)?.group_id() {
        return Ok(id.clone());
    }
    for _ in 0..TRIES {
        let fresh = desk.with_fresh_connection().await?;
        let connection = serving(&fresh)?;
        if let Some(id) = connection.group_id() {
            return Ok(id.clone());
        }
        let now = desk.now();
        let Some(making) = connection.making_group(now, now + TimeDelta::seconds(GROUP_LEASE_SECONDS)) else {
            // Somebody is at it, and is through long before the lease ends.
            return Err(OpenCaseError::GroupPending { until: now + TimeDelta::seconds(GROUP_WAIT_SECONDS) });
        };
        let Some(read_at) = fresh.connection().map(|connection| connection.revision) else { continue };
        match desk.world.store.save_connection(&making, Some(read_at), None).await? {
            Saved::Lost => {}
            Saved::Done(revision) => return make_group(desk, token, Versioned { value: making, revision }).await,
        }
    }
    Err(Outside::Contention.into())
}

/// Finds the group by its name, or makes it, and keeps its id. A group whose making was not answered is found by name
/// the next time.
async fn make_group(
    desk: &Desk,
    token: &ScriptToken,
    connection: Versioned<Connection>,
) -> Result<GroupId, OpenCaseError> {
    let name = connection.value.group_name.as_str();
    let teamviewer = &desk.world.teamviewer;
    let found = async {
        match teamviewer.group_named(token, name).await? {
            Some(group) => Ok(group.id),
            None => teamviewer.make_group(token, name).await.map(|group| group.id),
        }
    };
    match found.await {
        Ok(id) => {
            let made = connection.value.with_group(id.clone());
            // Lost only to a revocation or a newer turn: the claim's own check decides about those.
            let entry = desk.connection_entry(&connection.value, &made);
            let store = &desk.world.store;
            let _: Saved = store.save_connection(&made, Some(connection.revision), entry.as_ref()).await?;
            Ok(id)
        }
        Err(error) => {
            if error == TeamViewerError::TokenRefused {
                desk.note_token_refused().await?;
            } else {
                let _: Saved = desk
                    .world
                    .store
                    .save_connection(&connection.value.without_group(), Some(connection.revision), None)
                    .await?;
            }
            Err(OpenCaseError::NoSession(super::cause_of(&error), error))
        }
    }
}

/// The group was deleted in TeamViewer: forgets it and makes it again. `None` if that does not work out.
async fn remake_group(desk: &Desk, token: &ScriptToken, gone: &GroupId) -> Option<GroupId> {
    let fresh = desk.with_fresh_connection().await.ok()?;
    let connection = fresh.connection()?;
    if connection.value.group_id() == Some(gone) {
        let forgotten = connection.value.without_group();
        let _: Saved = desk.world.store.save_connection(&forgotten, Some(connection.revision), None).await.ok()?;
    }
    let fresh = desk.with_fresh_connection().await.ok()?;
    ensure_group(&fresh, token).await.ok()
}

impl Desk {
    /// Sets the account's QuickSupport module on a session. Best effort: play does not wait for branding to be right.
    pub(super) async fn set_module(&self, access: &Access, code: &SessionCode) {
        let Some(connection) = self.connection() else { return };
        let Some(module) = &connection.value.module else { return };
        let Some(id) = module.id.as_ref().filter(|_| !module.per_session_refused) else { return };
        match self.world.teamviewer.set_module(&access.token, code, id).await {
            Ok(()) => {}
            // What a technician may not do says nothing about the connection.
            Err(TeamViewerError::Refused { .. }) if access.signed_in.is_none() => self.note_module_refused().await,
            Err(error) => tracing::warn!(account = %self.id(), %error, "the module was not set on a session"),
        }
    }
}
