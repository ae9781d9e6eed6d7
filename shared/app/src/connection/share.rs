//! Sharing the group, so that other support users get TeamViewer's own notifications.

use casebridge_domain::connection::Share;
use casebridge_domain::{Connection, EmailAddress, GroupId, RegistrationId, TeamViewerUserId, Text};

use crate::Desk;
use crate::open_case::{OpenCaseError, ensure_group};
use crate::outside::Outside;
use crate::ports::store::{Saved, Versioned};
use crate::ports::teamviewer::{ListedUser, ScriptToken, TeamViewerError};
use crate::settle::TRIES;

/// A support user, as an administrator names him.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UserRef {
    /// By TeamViewer's id.
    Id(TeamViewerUserId),
    /// By address; needs a token that can list the company's users.
    Email(EmailAddress),
}

/// Why the group is not shared as wished.
#[derive(Debug, thiserror::Error)]
pub enum ShareError {
    /// The group can't be had.
    #[error(transparent)]
    Group(#[from] OpenCaseError),
    /// These are no users of the TeamViewer company (positions in the wish).
    #[error("some are no users of the TeamViewer company")]
    Outsiders(Vec<usize>),
    /// The token can't list users: these have to be named by id (positions in the wish).
    #[error("the token can't list users")]
    IdsNeeded(Vec<usize>),
    /// TeamViewer took the call, but these are not shared with (positions in the wish).
    #[error("TeamViewer did not share with some")]
    NotTaken(Vec<usize>),
    /// Somebody else changed the connection at the same time.
    #[error("the connection was changed at the same time")]
    Overtaken,
    /// Something else failed.
    #[error(transparent)]
    Outside(#[from] Outside),
}

impl From<TeamViewerError> for ShareError {
    fn from(error: TeamViewerError) -> Self {
        Self::Outside(error.into())
    }
}

/// Shares the group with exactly these users: whoever is not named loses it.
pub async fn share_with(desk: &Desk, users: &[UserRef]) -> Result<Connection, ShareError> {
    let desk = desk.with_fresh_connection().await?;
    let connection = &desk.connection().ok_or(OpenCaseError::NotConnected)?.value;
    let registration = connection.registration;
    let token = desk.token(connection).await?;
    let wished = resolve(&desk, &token, users).await?;
    let group = ensure_group(&desk, &token).await?;
    let teamviewer = &desk.world.teamviewer;
    let present = teamviewer.group(&token, &group).await?.map(|group| group.shared_with).unwrap_or_default();
    let has = |id: &TeamViewerUserId| present.iter().any(|user| user.id == *id);
    let wanted = |id: &TeamViewerUserId| wished.iter().any(|user| user.id == *id);
    let added: Vec<_> = wished.iter().filter(|user| !has(&user.id)).map(|user| user.id.clone()).collect();
    let removed: Vec<_> = present.iter().filter(|user| !wanted(&user.id)).map(|user| user.id.clone()).collect();
    if !added.is_empty() {
        match teamviewer.share_group(&token, &group, &added).await {
            Err(TeamViewerError::Refused { .. }) => return Err(ShareError::Outsiders(places(&wished, &added))),
            answer => answer?,
        }
    }
    if !removed.is_empty() {
        teamviewer.unshare_group(&token, &group, &removed).await?;
    }
    let shared = desk.keep_shares(registration, &token, &group, &wished).await?;
    let is_shared = |id: &TeamViewerUserId| shared.shares.iter().any(|share| share.user == *id);
    let not_taken: Vec<_> = wished.iter().map(|user| user.id.clone()).filter(|id| !is_shared(id)).collect();
    if not_taken.is_empty() { Ok(shared) } else { Err(ShareError::NotTaken(places(&wished, &not_taken))) }
}

impl Desk {
    /// Writes down what TeamViewer says by now. What else is noted of the connection meanwhile stays as it is.
    async fn keep_shares(
        &self,
        registration: RegistrationId,
        token: &ScriptToken,
        group: &GroupId,
        wished: &[ListedUser],
    ) -> Result<Connection, ShareError> {
        for _ in 0..TRIES {
            let desk = self.with_fresh_connection().await?;
            let Some(Versioned { value: connection, revision }) = desk.connection() else {
                return Err(OpenCaseError::NotConnected.into());
            };
            if connection.registration != registration {
                break;
            }
            let users = desk.world.teamviewer.group(token, group).await?.map(|group| group.shared_with);
            let shares = users.unwrap_or_default().into_iter().map(|user| share(&user, wished)).collect();
            let shared = Connection { shares, ..connection.clone() };
            let entry = desk.connection_entry(connection, &shared);
            let saved = desk.world.store.save_connection(&shared, Some(*revision), entry.as_ref()).await;
            if let Saved::Done(_) = saved.map_err(Outside::from)? {
                return Ok(shared);
            }
        }
        Err(ShareError::Overtaken)
    }
}

/// Who is meant. Where users can be listed everybody is checked; where they can't, ids are taken as they are.
async fn resolve(desk: &Desk, token: &ScriptToken, users: &[UserRef]) -> Result<Vec<ListedUser>, ShareError> {
    let company = match desk.world.teamviewer.users(token).await {
        Ok(company) => Some(company),
        Err(TeamViewerError::PermissionMissing | TeamViewerError::Refused { .. }) => None,
        Err(error) => return Err(error.into()),
    };
    let mut found = Vec::with_capacity(users.len());
    let mut unresolved = Vec::new();
    for (place, user) in users.iter().enumerate() {
        let listed = company.as_ref().and_then(|company| company.iter().find(|listed| matches(user, listed)).cloned());
        match (listed, user) {
            (Some(listed), _) => found.push(listed),
            (None, UserRef::Id(id)) if company.is_none() => {
                found.push(ListedUser { id: id.clone(), name: None, email: None });
            }
            (None, _) => unresolved.push(place),
        }
    }
    match (unresolved.is_empty(), company.is_some()) {
        (true, _) => Ok(found),
        (false, true) => Err(ShareError::Outsiders(unresolved)),
        (false, false) => Err(ShareError::IdsNeeded(unresolved)),
    }
}

fn matches(user: &UserRef, listed: &ListedUser) -> bool {
    match user {
        UserRef::Id(id) => listed.id == *id,
        UserRef::Email(email) => {
            listed.email.as_ref().is_some_and(|known| known.as_str().eq_ignore_ascii_case(email.as_str()))
        }
    }
}

fn places(wished: &[ListedUser], ids: &[TeamViewerUserId]) -> Vec<usize> {
    wished.iter().enumerate().filter(|(_, user)| ids.contains(&user.id)).map(|(place, _)| place).collect()
}

fn share(user: &ListedUser, wished: &[ListedUser]) -> Share {
    let named = wished.iter().find(|wished| wished.id == user.id).and_then(|wished| wished.name.as_ref());
    let name = user.name.as_ref().or(named).and_then(|name| Text::parse(name).ok());
    Share { user: user.id.clone(), name }
}
