//! The handle on a sandbox: what the control routes do, with types.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::watch;

use super::api::Outcome;
use super::call::Call;
use super::calls::Calls;
use super::company::{Company, User};
use super::connection::{Connection, NewConnection};
use super::fault::Fault;
use super::oauth_code::{Consent, OauthCode};
use super::orders::{EndSession, NewToken, SandboxError, State};
use super::seed::{OauthApp, Seed};
use super::session::Session;
use super::settings::Settings;
use super::token::{Permission, Token};
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
