//! `casebridge demo`: everything on embedded defaults, with something to try.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use casebridge_app::accounts::{self, AccountError, NewAccount};
use casebridge_app::admission::Admissions;
use casebridge_app::connection::{self, RegisterToken};
use casebridge_app::{Desk, World};
use casebridge_domain::account::{CaseLifetime, WhoIsTold};
use casebridge_domain::endpoint::{Network, Reach};
use casebridge_domain::journal::Principal;
use casebridge_domain::key::{Owner, Scope};
use casebridge_domain::{AccountId, EmailAddress, Language, PublicUrl, Text, TimeZone, VendorId};
use casebridge_http::Api;
use casebridge_sandbox::teamviewer::DEMO_TOKEN;
use secrecy::{ExposeSecret as _, SecretString};

use crate::cli;
use crate::config::{Mail, MailSecurity, Server};
use crate::installation::Installation;
use crate::sandbox::{self, TestKit};
use crate::serve::{Ways, asked_to_stop, bind, mailer, serve};

mod help_desk;
mod history;

/// The keys that the demo gives out.
struct Keys {
    admin: SecretString,
    technician: SecretString,
    read: SecretString,
}

pub(crate) async fn run(how: cli::Demo) -> anyhow::Result<()> {
    let passing = tempfile::tempdir().context("no folder for passing data")?;
    let folder = how.data.as_deref().unwrap_or(passing.path());
    std::fs::create_dir_all(folder).with_context(|| format!("{} can't be made", folder.display()))?;
    let free = SocketAddr::from(([127, 0, 0, 1], 0));
    let kit = sandbox::start(free, free, free, Some(&folder.join("mail"))).await?;
    let server = Server { listen: how.listen, public_url: None, tls: None };
    let listener = bind(&server).await?;
    let url = format!("http://{}", listener.local_addr()?);
    let installation =
        Installation::open(&folder.join("casebridge.db"), &folder.join("casebridge.key"), &kit.teamviewer()).await?;
    // Who listens to the whole network has no address that mails may lead to: they lead straight to the sandbox then.
    let installation = installation.reached_at(PublicUrl::parse(&url).ok());
    let keys = furnish(&installation).await?;
    let api = casebridge_http::router(Api::new(Arc::new(Admissions::new(installation.world.clone()))));
    let desk_url = help_desk::start(free, &url, api, keys.admin.clone(), &kit).await?;
    if how.json {
        say(&ready(&url, &desk_url, &kit, &keys).to_string());
    } else {
        say(&what_to_try(&url, &desk_url, &kit, &keys, how.data.as_deref()));
    }
    let mail = Mail {
        host: kit.smtp.ip().to_string(),
        port: kit.smtp.port(),
        security: MailSecurity::None,
        ca_file: None,
        login: None,
        from: EmailAddress::parse("support@casebridge.example")?,
        reply_to: None,
    };
    // Whoever tries it has his receiver on the same machine.
    let reach = Reach::new(true, vec![Network::parse("127.0.0.0/8")?]);
    let ways = Ways { mailer: Some(Arc::new(mailer(mail)?)), reach };
    serve(installation, ways, listener, &server, asked_to_stop()).await
}

/// One account of one vendor, connected to the sandbox, with some months behind it.
async fn furnish(installation: &Installation) -> anyhow::Result<Keys> {
    let world = &installation.world;
    let account = AccountId::parse("demo")?;
    let wish = NewAccount {
        id: account.clone(),
        name: Text::parse("Northwind Help Desk")?,
        time_zone: TimeZone::parse("Europe/Paris")?,
        language: Language::English,
        case_lifetime: CaseLifetime::default(),
        told: WhoIsTold {
            without_technician: vec![EmailAddress::parse("help-desk@northwind.example")?],
            ..WhoIsTold::default()
        },
    };
    match accounts::make_account(world, &VendorId::parse("demo")?, wish, Principal::Operator, None).await {
        Ok(made) => {
            let records = history::records(&made.id, made.time_zone, world.now())?;
            installation.take_over(&records).await?;
        }
        Err(AccountError::Exists) => {}
        Err(error) => return Err(error.into()),
    }
    let desk = Desk::open(world, &account, Principal::Operator).await?.context("the demo account is gone")?;
    let token = SecretString::from(DEMO_TOKEN);
    connection::register(&desk, RegisterToken { token, group_name: None }).await?;
    let owner = Owner::Account(account);
    Ok(Keys {
        admin: new_key(world, &owner, Scope::Admin).await?,
        technician: new_key(world, &owner, Scope::Technician).await?,
        read: new_key(world, &owner, Scope::Read).await?,
    })
}

async fn new_key(world: &World, owner: &Owner, scope: Scope) -> anyhow::Result<SecretString> {
    let label = Text::parse("demo")?;
    accounts::make_key(world, owner, scope, Some(label), Principal::Operator, None)
        .await?
        .text
        .context("a new key has a text")
}

fn ready(url: &str, desk_url: &str, kit: &TestKit, keys: &Keys) -> serde_json::Value {
    serde_json::json!({
        "url": url,
        "desk_url": desk_url,
        "account": "demo",
        "keys": {
            "admin": keys.admin.expose_secret(),
            "technician": keys.technician.expose_secret(),
            "read": keys.read.expose_secret(),
        },
        "sandbox_url": kit.sandbox_url,
        "mail_url": kit.mail_url,
    })
}

fn what_to_try(url: &str, desk_url: &str, kit: &TestKit, keys: &Keys, data: Option<&Path>) -> String {
    let text = include_str!("demo/what_to_try.txt");
    let kept = match data {
        Some(folder) => format!("Everything is kept in {}.", folder.display()),
        None => "Nothing is kept when this ends; --data DIR keeps it.".to_owned(),
    };
    text.replace("{url}", url)
        .replace("{desk}", desk_url)
        .replace("{sandbox}", &kit.sandbox_url)
        .replace("{mail}", &kit.mail_url)
        .replace("{key}", keys.technician.expose_secret())
        .replace("{kept}", &kept)
}

#[expect(clippy::print_stdout, reason = "the command line's own voice")]
fn say(text: &str) {
    println!("{text}");
}
