//! `casebridge sign-in`: a link that lets one person in to the console, once.

use anyhow::Context as _;
use casebridge_app::sign_in::{SignInWish, make_link};
use casebridge_domain::key::Scope;
use casebridge_domain::sign_in::LinkLifetime;
use casebridge_domain::{PublicUrl, Technician, TechnicianId, Text};
use clap::{Args, ValueEnum};
use secrecy::ExposeSecret as _;

use super::{Where, beside_the_server, desk, parse_account, say};

/// For whom.
#[derive(Debug, Args)]
pub struct SignIn {
    #[command(flatten)]
    at: Where,
    /// Whose console.
    #[arg(long)]
    account: String,
    /// The person's name, for the console and the audit trail.
    #[arg(long)]
    name: String,
    /// Which support user that is, by the vendor's id: cases that he or she takes are theirs.
    #[arg(long)]
    technician: Option<String>,
    /// Settings as well, or cases and reports.
    #[arg(long, value_enum, default_value_t = Role::Admin)]
    role: Role,
    /// How many minutes the link waits to be used.
    #[arg(long, default_value_t = 10)]
    minutes: u8,
    /// Where the installation is reached; `public_url` of the configuration file if left out.
    #[arg(long)]
    url: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Role {
    Admin,
    Technician,
}

pub(crate) async fn run(how: SignIn) -> anyhow::Result<()> {
    let account = parse_account(&how.account)?;
    let name = Text::parse(&how.name).map_err(|fault| anyhow::anyhow!("--name {fault}"))?;
    let technician = how.technician.as_deref().map(TechnicianId::parse).transpose();
    let technician = technician.map_err(|fault| anyhow::anyhow!("--technician {fault}"))?;
    let wish = SignInWish {
        scope: if how.role == Role::Admin { Scope::Admin } else { Scope::Technician },
        technician: technician.map(|id| Technician { id, name: name.clone(), email: None }),
        name,
        lifetime: LinkLifetime::of_minutes(how.minutes).map_err(|fault| anyhow::anyhow!("--minutes {fault}"))?,
    };
    let told =
        how.url.as_deref().map(PublicUrl::parse).transpose().map_err(|fault| anyhow::anyhow!("--url {fault}"))?;
    let configured = how.at.load()?.and_then(|config| config.server.public_url);
    let address = told.or(configured).context("say where the installation is reached: --url")?;
    beside_the_server(&how.at, async |world| {
        let code = make_link(&desk(&world, &account).await?, wish).await?;
        say(&format!("{address}{}", code.path().expose_secret()));
        Ok(())
    })
    .await
}
