//! What a sandbox starts with, and goes back to on reset.

use super::company::{Company, Licence, User};
use super::settings::Settings;
use super::token::{Permission, Token};
use super::unknowns::Unknowns;
use crate::clock::Clock;

/// The script token of [`Seed::demo`], of the look `<digits>-<20 characters>`.
pub const DEMO_TOKEN: &str = "7294015-CasebridgeDemoToken1";
/// The administrator of [`Seed::demo`], who owns the token.
pub const DEMO_ADMIN: &str = "u11293276";
/// The technicians of [`Seed::demo`].
pub const DEMO_TECHNICIANS: [&str; 2] = ["u11293277", "u11293278"];
/// The OAuth app of [`Seed::demo`].
pub const DEMO_CLIENT_ID: &str = "1029384-CasebridgeDemoApp001";
/// The secret of [`DEMO_CLIENT_ID`].
pub const DEMO_CLIENT_SECRET: &str = "demo-client-secret";

/// An OAuth app, as made in the Management Console.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct OauthApp {
    /// Looks like a token.
    pub client_id: String,
    /// The secret.
    pub client_secret: String,
    /// What its tokens may do.
    pub permissions: Vec<Permission>,
}

/// What a sandbox starts with.
#[derive(Clone, Debug)]
pub struct Seed {
    pub(crate) random: u64,
    pub(crate) clock: Clock,
    pub(crate) settings: Settings,
    pub(crate) unknowns: Unknowns,
    pub(crate) companies: Vec<Company>,
    pub(crate) users: Vec<User>,
    pub(crate) tokens: Vec<Token>,
    pub(crate) apps: Vec<OauthApp>,
}

impl Seed {
    /// Nothing at all, in real time.
    pub fn empty() -> Self {
        Self {
            random: 1,
            clock: Clock::real(),
            settings: Settings::default(),
            unknowns: Unknowns::default(),
            companies: Vec::new(),
            users: Vec::new(),
            tokens: Vec::new(),
            apps: Vec::new(),
        }
    }

    /// One company with a Premium licence: an administrator with a script token that has exactly the guide's permissions,
    /// two technicians, and an OAuth app.
    pub fn demo() -> Self {
        let [anna, ben] = DEMO_TECHNICIANS;
        Self::empty()
            .company("northwind", "Northwind Support")
            .user("northwind", DEMO_ADMIN, "Alex Admin", "alex.admin@northwind.example", Licence::Premium)
            .user("northwind", anna, "Anna Becker", "anna.becker@northwind.example", Licence::Premium)
            .user("northwind", ben, "Ben Okafor", "ben.okafor@northwind.example", Licence::Premium)
            .token(Token::script(DEMO_TOKEN, DEMO_ADMIN, Permission::GUIDE))
            .app(OauthApp {
                client_id: DEMO_CLIENT_ID.to_owned(),
                client_secret: DEMO_CLIENT_SECRET.to_owned(),
                permissions: Permission::GUIDE.to_vec(),
            })
    }

    /// Seeds codes, link tokens and ids, so that a run can be repeated.
    #[must_use]
    pub fn random(mut self, seed: u64) -> Self {
        self.random = seed;
        self
    }

    /// Uses this clock. A reset puts everything back but the clock.
    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Starts with these settings.
    #[must_use]
    pub fn settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }

    /// Starts with these readings of what is undocumented.
    #[must_use]
    pub fn unknowns(mut self, unknowns: Unknowns) -> Self {
        self.unknowns = unknowns;
        self
    }

    /// Adds a company.
    #[must_use]
    pub fn company(mut self, id: &str, name: &str) -> Self {
        self.companies.push(Company { id: id.to_owned(), name: name.to_owned() });
        self
    }

    /// Adds a user to a company.
    #[must_use]
    pub fn user(mut self, company: &str, id: &str, name: &str, email: &str, licence: Licence) -> Self {
        let [id, name, email, company] = [id, name, email, company].map(str::to_owned);
        self.users.push(User { id, name, email, company, licence });
        self
    }

    /// Adds a token.
    #[must_use]
    pub fn token(mut self, token: Token) -> Self {
        self.tokens.push(token);
        self
    }

    /// Adds an OAuth app.
    #[must_use]
    pub fn app(mut self, app: OauthApp) -> Self {
        self.apps.push(app);
        self
    }
}
