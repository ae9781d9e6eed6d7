//! `casebridge serve`: requests, letters and the watch, until told to stop.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use casebridge_app::admission::Admissions;
use casebridge_app::ports::Mailer;
use casebridge_app::push::Pushing;
use casebridge_domain::endpoint::Reach;
use casebridge_http::Api;
use casebridge_mail::{Credentials, Limits, Security, Sender, SmtpConfig, SmtpMailer};
use casebridge_push::HttpPusher;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::config::{Config, Mail, MailSecurity, Server};
use crate::installation::Installation;
use crate::{numbering, push, worker};

/// Requests that are being answered get this long to end.
const GRACE: Duration = Duration::from_secs(30);

/// A client that sends its head slower than this is let go.
const HEAD_TIME: Duration = Duration::from_secs(10);

pub(crate) async fn run(config: Config) -> anyhow::Result<()> {
    let mailer = config.mail.map(mailer).transpose()?.map(|mailer| Arc::new(mailer) as Arc<dyn Mailer>);
    let installation = Installation::open(&config.store, &config.key_file, config.teamviewer.as_str()).await?;
    let installation = installation.reached_at(config.server.public_url.clone());
    if config.server.public_url.is_none() {
        tracing::warn!("[server] public_url is not set: customers get TeamViewer's own links");
    }
    if installation.world.store.deliveries_held_since().await?.is_some() {
        tracing::warn!("deliveries are held after a restore: look around, then say `casebridge resume`");
    }
    let listener = bind(&config.server).await?;
    tracing::info!(address = %listener.local_addr()?, "serving");
    let outside = Ways { mailer, reach: config.push };
    serve(installation, outside, listener, &config.server, asked_to_stop()).await
}

/// Takes the address.
pub(crate) async fn bind(server: &Server) -> anyhow::Result<TcpListener> {
    let listen = server.listen;
    TcpListener::bind(listen).await.with_context(|| format!("can't listen on {listen}"))
}

/// The ways out of the process.
pub(crate) struct Ways {
    /// The mail server; `None` keeps letters queued.
    pub(crate) mailer: Option<Arc<dyn Mailer>>,
    /// Where events may be pushed to.
    pub(crate) reach: Reach,
}

/// Serves until `stop`, then finishes what is in hand: requests first, then letters and turns, then the numbers of what
/// happened by them, then the store.
pub(crate) async fn serve(
    installation: Installation,
    ways: Ways,
    listener: TcpListener,
    server: &Server,
    stop: impl Future<Output = ()>,
) -> anyhow::Result<()> {
    let (world, wakes) = (&installation.world, &installation.wakes);
    let Ways { mailer, reach } = ways;
    let options = casebridge_push::Options { reach: reach.clone(), ..casebridge_push::Options::default() };
    let pushing = Pushing {
        world: world.clone(),
        pusher: Arc::new(HttpPusher::new(&options, casebridge_http::events::message)?),
        news: wakes.feeds().clone(),
        feeds: Arc::default(),
    };
    let (stop_pushing, stopped) = watch::channel(false);
    let pushed = tokio::spawn(push::push(pushing, wakes.clone(), stopped));
    let (stop_numbering, stopped) = watch::channel(false);
    let numbering = tokio::spawn(numbering::number(world.clone(), wakes.clone(), stopped));
    let (stop_work, stopped) = watch::channel(false);
    let working = tokio::spawn(worker::work(world.clone(), wakes.clone(), mailer, stopped));
    let handle = Handle::new();
    let api = Api::new(Arc::new(Admissions::new(world.clone()))).with_changes(wakes.looks().clone()).with_reach(reach);
    let answering = tokio::spawn(answer(api, listener, server.tls.clone(), handle.clone()));
    tokio::select! {
        () = stop => tracing::info!("stopping: what is in hand is finished first"),
        () = installation.sweep() => {}
    }
    // Open widgets end first: they would hold the rest up for as long as their pages are open.
    wakes.looks().stop();
    handle.graceful_shutdown(Some(GRACE));
    answering.await.context("the server broke down")??;
    stop_work.send_replace(true);
    working.await.context("the worker broke down")?;
    stop_numbering.send_replace(true);
    numbering.await.context("numbering broke down")?;
    // Lanes have what was numbered until now, and are not kept in hand for more.
    wakes.feeds().stop();
    stop_pushing.send_replace(true);
    pushed.await.context("pushing broke down")?;
    installation.close().await
}

async fn answer(
    api: Api,
    listener: TcpListener,
    tls: Option<crate::config::Tls>,
    handle: Handle<SocketAddr>,
) -> anyhow::Result<()> {
    let app = casebridge_http::router_with(casebridge_pages::routes(), api).into_make_service();
    let listener = listener.into_std()?;
    if let Some(tls) = tls {
        let tls = RustlsConfig::from_pem_file(&tls.certificate, &tls.key)
            .await
            .context("the TLS certificate or key can't be used")?;
        let mut server = axum_server::from_tcp_rustls(listener, tls)?.handle(handle);
        limit_heads(server.http_builder());
        server.serve(app).await?;
    } else {
        let mut server = axum_server::from_tcp(listener)?.handle(handle);
        limit_heads(server.http_builder());
        server.serve(app).await?;
    }
    Ok(())
}

fn limit_heads(builder: &mut hyper_util::server::conn::auto::Builder<hyper_util::rt::TokioExecutor>) {
    builder.http1().timer(hyper_util::rt::TokioTimer::new()).header_read_timeout(HEAD_TIME);
}

/// The way to the mail server.
pub(crate) fn mailer(mail: Mail) -> anyhow::Result<SmtpMailer> {
    let sender =
        Sender::new(&mail.from, mail.reply_to.as_ref()).map_err(|fault| anyhow::anyhow!("[mail] from {fault}"))?;
    let security = match mail.security {
        MailSecurity::None => Security::None,
        MailSecurity::StartTls => Security::StartTls,
        MailSecurity::Tls => Security::Tls,
    };
    let extra_roots = match &mail.ca_file {
        Some(file) => Some(std::fs::read(file).with_context(|| format!("{} can't be read", file.display()))?),
        None => None,
    };
    let config = SmtpConfig {
        host: mail.host,
        port: mail.port,
        security,
        extra_roots,
        credentials: mail.login.map(|(username, password)| Credentials { username, password }),
        sender,
        limits: Limits::default(),
    };
    Ok(SmtpMailer::new(config)?)
}

/// SIGTERM, or Ctrl-C.
pub(crate) async fn asked_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut terminate) => tokio::select! {
            _ = interrupt => {}
            _ = terminate.recv() => {}
        },
        Err(_) => drop(interrupt.await),
    }
}
