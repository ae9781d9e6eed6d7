//! The test kit: a TeamViewer sandbox and a mail catcher, on listeners of their own.

use std::net::SocketAddr;
use std::path::Path;

use anyhow::Context as _;
use casebridge_sandbox::clock::Clock;
use casebridge_sandbox::mailbox::{self, Mailbox};
use casebridge_sandbox::teamviewer::{self, Sandbox, Seed, Settings};
use tokio::net::TcpListener;

use crate::cli;
use crate::serve::asked_to_stop;

/// A test kit that runs.
pub(crate) struct TestKit {
    /// The sandbox's page; its Web API begins at `/api/v1`.
    pub(crate) sandbox_url: String,
    /// The mail catcher's page.
    pub(crate) mail_url: String,
    /// The mail catcher's SMTP side.
    pub(crate) smtp: SocketAddr,
    /// The sandbox itself.
    pub(crate) sandbox: Sandbox,
    /// What the mail catcher caught.
    pub(crate) mailbox: Mailbox,
}

impl TestKit {
    /// The base address of the sandbox's Web API.
    pub(crate) fn teamviewer(&self) -> String {
        format!("{}/api/v1", self.sandbox_url)
    }
}

/// Starts a test kit in the background of this process.
pub(crate) async fn start(
    sandbox: SocketAddr,
    mail: SocketAddr,
    smtp: SocketAddr,
    mail_folder: Option<&Path>,
) -> anyhow::Result<TestKit> {
    let (sandbox, mail, smtp) = (bind(sandbox).await?, bind(mail).await?, bind(smtp).await?);
    let (sandbox_url, mail_url) =
        (format!("http://{}", sandbox.local_addr()?), format!("http://{}", mail.local_addr()?));
    let smtp_address = smtp.local_addr()?;
    let clock = Clock::real();
    let settings = Settings { link_base: Some(sandbox_url.clone()), ..Settings::default() };
    let mailbox = match mail_folder {
        Some(folder) => Mailbox::in_folder(folder, clock.clone())
            .with_context(|| format!("mail can't be kept in {}", folder.display()))?,
        None => Mailbox::in_memory(clock.clone()),
    };
    let teamviewer = Sandbox::new(Seed::demo().clock(clock).settings(settings));
    tokio::spawn(teamviewer::serve(sandbox, teamviewer.clone()));
    tokio::spawn(mailbox::serve_smtp(smtp, mailbox.clone()));
    tokio::spawn(axum::serve(mail, mailbox::router(mailbox.clone())).into_future());
    Ok(TestKit { sandbox_url, mail_url, smtp: smtp_address, sandbox: teamviewer, mailbox })
}

async fn bind(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| format!("can't listen on {address}"))
}

#[expect(clippy::print_stdout, reason = "the command line's own voice")]
pub(crate) async fn run(how: cli::Sandbox) -> anyhow::Result<()> {
    let kit = start(how.listen, how.mail, how.smtp, how.mail_folder.as_deref()).await?;
    if how.json {
        let ready = serde_json::json!({
            "sandbox_url": kit.sandbox_url,
            "teamviewer_url": kit.teamviewer(),
            "mail_url": kit.mail_url,
            "smtp": kit.smtp,
            "script_token": teamviewer::DEMO_TOKEN,
        });
        println!("{ready}");
    } else {
        println!("TeamViewer sandbox   {}  (Web API at {})", kit.sandbox_url, kit.teamviewer());
        println!("  script token       {}", teamviewer::DEMO_TOKEN);
        println!("Mail catcher         {}  (SMTP at {})", kit.mail_url, kit.smtp);
        println!("Ctrl-C ends both.");
    }
    asked_to_stop().await;
    Ok(())
}
