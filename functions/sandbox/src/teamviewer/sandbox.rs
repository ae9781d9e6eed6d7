//! The handle on a sandbox: what the control routes do, with types.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use super::api::Outcome;
use super::call::Call;
use super::calls::Calls;
use super::code::SessionCode;
use super::company::{Company, User};
use super::connection::{Connection, NewConnection};
use super::fault::Fault;
use super::group::Group;
use super::oauth_code::{Consent, OauthCode};
use super::seed::{OauthApp, Seed};
use super::session::Session;
use super::settings::Settings;
use super::token::{Level, Permission, Token};
use super::unknowns::Unknowns;
use super::world::World;
use crate::clock::Clock;

/// How long an authorization code serves; ten minutes are RFC 6749's advice.
const CODE_LIFETIME: TimeDelta = TimeDelta::minutes(10);

/// A sandbox. Clones are the same one.
#[derive(Clone, Debug)]
pub struct Sandbox(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    seed: Seed,
    world: Mutex<World>,
    changes: watch::Sender<u64>,
}

/// Why the sandbox does not do what it was told.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SandboxError {
    /// No session has this code.
    #[error("no session has this code")]
    UnknownSession,
    /// No user has this id.
    #[error("no user has this id")]
    UnknownUser,
    /// No company has this id.
    #[error("no company has this id")]
    UnknownCompany,
    /// No app has this client id.
    #[error("no app has this client id")]
    UnknownApp,
    /// No such token.
    #[error("no such token")]
    UnknownToken,
    /// The session is closed, or past its time.
    #[error("the session is closed, or past its time")]
    NotJoinable,
}

/// A token to be made.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewToken {
    /// What stands after `Bearer`; made up when not given.
    #[serde(default)]
    pub value: Option<String>,
    /// The id of the user who owns it.
    pub owner: String,
    /// Whose things it reaches.
    #[serde(default)]
    pub level: Level,
    /// What it may do; exactly the guide's permissions when not given.
    #[serde(default)]
    pub permissions: Option<Vec<Permission>>,
}

/// How a technician ends a session in TeamViewer.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EndSession {
    /// Who was connected; the one it is assigned to, or its creator, when not given.
    pub userid: Option<String>,
    /// How long he was connected; since the customer came online, or a minute, when not given.
    pub connected_seconds: Option<i64>,
}

/// Everything the sandbox shows of itself. Tokens are among it: it is a toy.
#[derive(Clone, Debug, Serialize)]
pub struct State {
    /// Its time.
    pub now: DateTime<Utc>,
    /// Companies.
    pub companies: Vec<Company>,
    /// Users.
    pub users: Vec<User>,
    /// Tokens.
    pub tokens: Vec<Token>,
    /// OAuth apps.
    pub apps: Vec<OauthApp>,
    /// Groups.
    pub groups: Vec<Group>,
    /// Sessions, oldest first.
    pub sessions: Vec<Session>,
    /// Connection reports, in the order they were added.
    pub connections: Vec<Connection>,
    /// How many effects are still to come.
    pub late_effects: usize,
}

impl Sandbox {
    /// A sandbox that starts with `seed`.
    pub fn new(seed: Seed) -> Self {
        let world = Mutex::new(World::seeded(&seed));
        Self(Arc::new(Shared { seed, world, changes: watch::Sender::new(0) }))
    }

    /// The clock of this sandbox.
    pub fn clock(&self) -> &Clock {
        &self.0.seed.clock
    }

    /// Everything, as it is now.
    pub fn state(&self) -> State {
        self.with(|world, now| {
            let mut sessions: Vec<Session> = world.sessions.values().cloned().collect();
            sessions.sort_by_key(|session| session.sequence);
            State {
                now,
                companies: world.companies.values().cloned().collect(),
                users: world.users.values().cloned().collect(),
                tokens: world.tokens.values().cloned().collect(),
                apps: world.apps.values().cloned().collect(),
                groups: world.groups.values().cloned().collect(),
                sessions,
                connections: world.connections.clone(),
                late_effects: world.late.len(),
            }
        })
    }

    /// The session of this code.
    pub fn session(&self, code: &str) -> Result<Session, SandboxError> {
        self.with(|world, _| world.session_mut(code).cloned())
    }

    /// The customer opens the link, or leaves.
    pub fn customer_online(&self, code: &str, online: bool) -> Result<(), SandboxError> {
        self.with(|world, now| {
            let reading = world.unknowns.online_after_leaving;
            let session = world.session_mut(code)?;
            if !online {
                session.customer_leaves(reading);
            } else if session.can_be_joined(now) {
                session.customer_joins(now);
            } else {
                return Err(SandboxError::NotJoinable);
            }
            Ok(())
        })
    }

    /// A technician ends the session in TeamViewer: it is closed, and the connection report has a row more.
    pub fn end_session(&self, code: &str, end: &EndSession) -> Result<Connection, SandboxError> {
        self.with(|world, now| {
            let reading = world.unknowns.online_after_leaving;
            let session = world.session_mut(code)?;
            if !session.can_be_joined(now) {
                return Err(SandboxError::NotJoinable);
            }
            let connected = match (end.connected_seconds, session.online_since) {
                (Some(seconds), _) => TimeDelta::seconds(seconds),
                (None, Some(since)) => now - since,
                (None, None) => TimeDelta::minutes(1),
            };
            let userid = end.userid.clone().or_else(|| session.assigned_userid.clone());
            let row = NewConnection {
                userid: userid.unwrap_or_else(|| session.created_by.clone()),
                session_code: Some(code.to_owned()),
                start_date: Some(now - connected),
                end_date: Some(now),
                ..NewConnection::default()
            };
            let row = world.add_connection(row, now)?;
            world.session_mut(code)?.close(now, reading);
            Ok(row)
        })
    }

    /// Adds a row to the connection report.
    pub fn add_connection(&self, row: NewConnection) -> Result<Connection, SandboxError> {
        self.with(|world, now| world.add_connection(row, now))
    }

    /// Adds a company, or replaces the one of the same id.
    pub fn add_company(&self, company: Company) {
        self.with(|world, _| world.companies.insert(company.id.clone(), company));
    }

    /// Adds a user, or replaces the one of the same id.
    pub fn add_user(&self, user: User) -> Result<(), SandboxError> {
        self.with(|world, _| {
            if !world.companies.contains_key(&user.company) {
                return Err(SandboxError::UnknownCompany);
            }
            world.users.insert(user.id.clone(), user);
            Ok(())
        })
    }

    /// Adds a script token, or replaces the one of the same value.
    pub fn add_token(&self, token: NewToken) -> Result<Token, SandboxError> {
        self.with(|world, _| {
            if !world.users.contains_key(&token.owner) {
                return Err(SandboxError::UnknownUser);
            }
            let value = token.value.unwrap_or_else(|| world.random.token());
            let permissions = token.permissions.unwrap_or_else(|| Permission::GUIDE.to_vec());
            let mut made = Token::script(value, token.owner, permissions);
            made.level = token.level;
            world.tokens.insert(made.value.clone(), made.clone());
            Ok(made)
        })
    }

    /// Revokes a token, as its owner does in the Management Console.
    pub fn revoke_token(&self, value: &str) -> Result<(), SandboxError> {
        self.with(|world, _| {
            let token = world.tokens.get_mut(value).ok_or(SandboxError::UnknownToken)?;
            token.revoked = true;
            token.refresh_token = None;
            Ok(())
        })
    }

    /// Adds an OAuth app, or replaces the one of the same client id.
    pub fn add_app(&self, app: OauthApp) {
        self.with(|world, _| world.apps.insert(app.client_id.clone(), app));
    }

    /// A user consents to an app; the answer is the authorization code.
    pub fn consent(&self, consent: &Consent) -> Result<String, SandboxError> {
        self.with(|world, now| {
            if !world.users.contains_key(&consent.userid) {
                return Err(SandboxError::UnknownUser);
            }
            if !world.apps.contains_key(&consent.client_id) {
                return Err(SandboxError::UnknownApp);
            }
            let code = world.random.letters(32);
            let kept = OauthCode {
                client_id: consent.client_id.clone(),
                userid: consent.userid.clone(),
                redirect_uri: consent.redirect_uri.clone(),
                challenge: consent.challenge(),
                expires_at: now + CODE_LIFETIME,
            };
            world.oauth_codes.insert(code.clone(), kept);
            Ok(code)
        })
    }

    /// Orders a fault. Of several that fit a call, the oldest strikes.
    pub fn add_fault(&self, fault: Fault) {
        self.with(|world, _| world.faults.add(fault));
    }

    /// The faults that are still to strike.
    pub fn faults(&self) -> Vec<Fault> {
        self.with(|world, _| world.faults.list())
    }

    /// Calls off every fault. Effects that are on their way still come.
    pub fn clear_faults(&self) {
        self.with(|world, _| world.faults.clear());
    }

    /// How the sandbox reads what is undocumented.
    pub fn unknowns(&self) -> Unknowns {
        self.with(|world, _| world.unknowns.clone())
    }

    /// Changes how the sandbox reads what is undocumented.
    pub fn set_unknowns(&self, unknowns: Unknowns) {
        self.with(|world, _| world.unknowns = unknowns);
    }

    /// The settings.
    pub fn settings(&self) -> Settings {
        self.with(|world, _| world.settings.clone())
    }

    /// Changes the settings.
    pub fn set_settings(&self, settings: Settings) {
        self.with(|world, _| world.settings = settings);
    }

    /// The calls so far.
    pub fn calls(&self) -> Calls {
        self.with(|world, _| world.calls.clone())
    }

    /// Forgets the calls so far.
    pub fn clear_calls(&self) {
        self.with(|world, _| world.calls = Calls::default());
    }

    /// Goes back to the seed. The clock stays as it is.
    pub fn reset(&self) {
        self.with(|world, _| *world = World::seeded(&self.0.seed));
    }

    /// Waits until the calls fulfil a condition.
    pub async fn until_calls(&self, holds: impl Fn(&Calls) -> bool) -> Calls {
        let mut changes = self.0.changes.subscribe();
        loop {
            let calls = self.calls_unannounced();
            if holds(&calls) || changes.changed().await.is_err() {
                return calls;
            }
        }
    }

    pub(crate) fn receive(&self, call: Call) -> Outcome {
        self.with(|world, now| world.receive(call, now))
    }

    pub(crate) fn name_of(&self, userid: &str) -> String {
        self.with(|world, _| world.name_of(userid).to_owned())
    }

    fn calls_unannounced(&self) -> Calls {
        self.0.world.lock().unwrap_or_else(PoisonError::into_inner).calls.clone()
    }

    fn with<T>(&self, act: impl FnOnce(&mut World, DateTime<Utc>) -> T) -> T {
        let done = {
            let mut world = self.0.world.lock().unwrap_or_else(PoisonError::into_inner);
            let now = self.0.seed.clock.now();
            world.settle(now);
            act(&mut world, now)
        };
        self.0.changes.send_modify(|count| *count += 1);
        done
    }
}

impl World {
    fn session_mut(&mut self, code: &str) -> Result<&mut Session, SandboxError> {
        let code = SessionCode::parse(code).ok_or(SandboxError::UnknownSession)?;
        self.sessions.get_mut(&code).ok_or(SandboxError::UnknownSession)
    }

    fn add_connection(&mut self, row: NewConnection, now: DateTime<Utc>) -> Result<Connection, SandboxError> {
        let company = self.company_of(&row.userid).ok_or(SandboxError::UnknownUser)?.to_owned();
        let session = match &row.session_code {
            Some(code) => Some(self.session_mut(code)?.clone()),
            None => None,
        };
        let groupid = session.as_ref().map(|session| session.groupid.clone());
        let groupname = groupid.as_ref().and_then(|id| self.groups.get(id)).map(|group| group.name.clone());
        let row = Connection {
            id: self.random.uuid(),
            company,
            username: self.name_of(&row.userid).to_owned(),
            userid: row.userid,
            deviceid: self.random.id('d'),
            devicename: row.devicename.unwrap_or_else(|| "Customer's computer".to_owned()),
            groupid,
            groupname,
            support_session_type: row.support_session_type.unwrap_or(if session.is_some() { 2 } else { 1 }),
            start_date: row.start_date.unwrap_or(now),
            end_date: row.end_date.unwrap_or(now),
            billing_state: None,
            notes: None,
            session,
        };
        self.connections.push(row.clone());
        Ok(row)
    }
}
