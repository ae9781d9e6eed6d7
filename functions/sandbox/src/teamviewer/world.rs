//! Everything the sandbox knows.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::answer::Refusal;
use super::calls::Calls;
use super::code::SessionCode;
use super::company::{Company, User};
use super::connection::{AddressBookEntry, Connection};
use super::fault::{Faults, LateCall};
use super::group::Group;
use super::oauth_code::OauthCode;
use super::orders::SandboxError;
use super::random::Random;
use super::rate::RateLimits;
use super::seed::{OauthApp, Seed};
use super::session::Session;
use super::session_view::Looks;
use super::settings::Settings;
use super::token::{Level, Permission, Token};
use super::unknowns::Unknowns;

/// The sandbox's state.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) random: Random,
    pub(crate) settings: Settings,
    pub(crate) unknowns: Unknowns,
    pub(crate) companies: BTreeMap<String, Company>,
    pub(crate) users: BTreeMap<String, User>,
    pub(crate) tokens: BTreeMap<String, Token>,
    pub(crate) apps: BTreeMap<String, OauthApp>,
    pub(crate) oauth_codes: BTreeMap<String, OauthCode>,
    pub(crate) groups: BTreeMap<String, Group>,
    pub(crate) sessions: BTreeMap<SessionCode, Session>,
    pub(crate) connections: Vec<Connection>,
    pub(crate) address_book: Vec<AddressBookEntry>,
    pub(crate) faults: Faults,
    pub(crate) late: Vec<LateCall>,
    pub(crate) limits: RateLimits,
    pub(crate) calls: Calls,
    pub(crate) sequence: u64,
}

impl World {
    pub(crate) fn seeded(seed: &Seed) -> Self {
        Self {
            random: Random::seeded(seed.random),
            settings: seed.settings.clone(),
            unknowns: seed.unknowns.clone(),
            companies: seed.companies.iter().map(|company| (company.id.clone(), company.clone())).collect(),
            users: seed.users.iter().map(|user| (user.id.clone(), user.clone())).collect(),
            tokens: seed.tokens.iter().map(|token| (token.value.clone(), token.clone())).collect(),
            apps: seed.apps.iter().map(|app| (app.client_id.clone(), app.clone())).collect(),
            oauth_codes: BTreeMap::new(),
            groups: BTreeMap::new(),
            sessions: BTreeMap::new(),
            connections: Vec::new(),
            address_book: Vec::new(),
            faults: Faults::default(),
            late: Vec::new(),
            limits: RateLimits::default(),
            calls: Calls::default(),
            sequence: 0,
        }
    }

    pub(crate) fn next_sequence(&mut self) -> u64 {
        self.sequence += 1;
        self.sequence
    }

    /// A code that no session has had.
    pub(crate) fn fresh_code(&mut self) -> SessionCode {
        loop {
            let code = self.random.code(self.settings.code_digits);
            if !self.sessions.contains_key(&code) {
                return code;
            }
        }
    }

    /// A group id that no group has.
    pub(crate) fn fresh_group_id(&mut self) -> String {
        loop {
            let id = self.random.id('g');
            if !self.groups.contains_key(&id) {
                return id;
            }
        }
    }

    pub(crate) fn add_group(&mut self, name: &str, owner: &str, policy_id: Option<String>) -> Group {
        let group = Group {
            id: self.fresh_group_id(),
            name: name.to_owned(),
            owner: owner.to_owned(),
            policy_id,
            shares: BTreeMap::new(),
        };
        self.groups.insert(group.id.clone(), group.clone());
        group
    }

    pub(crate) fn company_of(&self, userid: &str) -> Option<&str> {
        self.users.get(userid).map(|user| user.company.as_str())
    }

    pub(crate) fn name_of(&self, userid: &str) -> &str {
        self.users.get(userid).map_or("", |user| &user.name)
    }

    /// What the views of this session depend on.
    pub(crate) fn looks(&self, session: &Session, now: DateTime<Utc>) -> Looks<'_> {
        Looks {
            now,
            unknowns: &self.unknowns,
            settings: &self.settings,
            display_name: self.name_of(&session.created_by),
        }
    }

    /// Who calls: the token's owner, if the token is good.
    pub(crate) fn caller(&self, bearer: Option<&str>, now: DateTime<Utc>) -> Result<Caller, Refusal> {
        let bearer = bearer.ok_or(Refusal::MissingToken)?;
        let token = self.tokens.get(bearer).filter(|token| !token.revoked).ok_or(Refusal::InvalidToken)?;
        if token.expires_at.is_some_and(|at| at <= now) {
            return Err(Refusal::TokenExpired);
        }
        let user = self.users.get(&token.owner).ok_or(Refusal::InvalidToken)?;
        Ok(Caller { token: token.clone(), user: user.clone(), now })
    }
}

impl World {
    pub(crate) fn session_mut(&mut self, code: &str) -> Result<&mut Session, SandboxError> {
        let code = SessionCode::parse(code).ok_or(SandboxError::UnknownSession)?;
        self.sessions.get_mut(&code).ok_or(SandboxError::UnknownSession)
    }
}

/// Who calls, and when.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub(crate) token: Token,
    pub(crate) user: User,
    pub(crate) now: DateTime<Utc>,
}

impl Caller {
    pub(crate) fn needs(&self, permission: Permission) -> Result<(), Refusal> {
        if self.token.may(permission) { Ok(()) } else { Err(Refusal::MissingPermission(permission)) }
    }

    /// One of two permissions, the wider one first; says whether it is the wider one.
    pub(crate) fn needs_all_or_own(&self, all: Permission, own: Permission) -> Result<bool, Refusal> {
        if self.token.may(all) {
            return Ok(true);
        }
        self.needs(own).map(|()| false)
    }

    /// Whether a session is the caller's to reach.
    ///
    /// A company-level token with an "all" permission reaches the company's sessions, a user-level one its owner's
    /// (manual p.40). That "own" means made by him, assigned to him, or (with "all") in a group he sees, is our assumption.
    pub(crate) fn reaches(&self, session: &Session, all: bool, groups: &BTreeMap<String, Group>) -> bool {
        if session.company != self.user.company {
            return false;
        }
        let own = session.created_by == self.user.id || session.assigned_userid.as_deref() == Some(&self.user.id);
        let by_group = || groups.get(&session.groupid).is_some_and(|group| group.is_seen_by(&self.user.id));
        match (all, self.token.level) {
            (true, Level::Company) => true,
            (true, Level::User) => own || by_group(),
            (false, _) => own,
        }
    }
}
