//! One connection to the mail server.

use std::fmt;
use std::future::Future;
use std::time::Duration;

use lettre::Message;
use lettre::transport::smtp;
use lettre::transport::smtp::authentication::{self, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use secrecy::ExposeSecret;
use tokio::time::timeout;

use super::config::{Credentials, Limits, Security, SmtpConfig, SmtpConfigError};
use super::failure::{Failure, Stage};

/// How to reach the server.
pub(super) struct Server {
    host: String,
    port: u16,
    security: Security,
    tls: Option<TlsParameters>,
    credentials: Option<Credentials>,
    /// What we call ourselves: the domain we send from.
    name: ClientId,
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{} ({:?})", self.host, self.port, self.security)
    }
}

impl Server {
    pub(super) fn new(config: SmtpConfig) -> Result<Self, SmtpConfigError> {
        let SmtpConfig { host, port, security, extra_roots, credentials, sender, limits: _ } = config;
        let here = matches!(host.as_str(), "localhost" | "127.0.0.1" | "::1");
        if security == Security::None && credentials.is_some() && !here {
            return Err(SmtpConfigError::PasswordInTheClear(host));
        }
        let tls = match security {
            Security::None => None,
            Security::StartTls | Security::Tls => {
                let mut tls = TlsParameters::builder(host.clone());
                if let Some(pem) = extra_roots {
                    tls = tls.add_root_certificate(roots(&pem)?);
                }
                Some(tls.build().map_err(SmtpConfigError::Tls)?)
            }
        };
        Ok(Self { host, port, security, tls, credentials, name: ClientId::Domain(sender.domain().to_owned()) })
    }

    /// Connects, encrypts and logs in, all within the limit for connecting.
    pub(super) async fn connect(&self, limits: Limits) -> Result<Line, Failure> {
        let connection = timeout(limits.connect, self.log_in()).await.map_err(|_| Failure::TooSlow)??;
        Ok(Line { connection, limit: limits.command })
    }

    async fn log_in(&self) -> Result<AsyncSmtpConnection, Failure> {
        let at_once = self.tls.clone().filter(|_| self.security == Security::Tls);
        let address = (self.host.as_str(), self.port);
        let mut connection = AsyncSmtpConnection::connect_tokio1(address, None, &self.name, at_once, None)
            .await
            .map_err(|error| Failure::new(Stage::Connect, &error))?;
        if let (Security::StartTls, Some(tls)) = (self.security, &self.tls) {
            if !connection.can_starttls() {
                return Err(Failure::NoStartTls);
            }
            let encrypted = connection.starttls(tls.clone(), &self.name).await;
            encrypted.map_err(|error| Failure::new(Stage::Encrypt, &error))?;
        }
        if let Some(Credentials { username, password }) = &self.credentials {
            let known = [Mechanism::Plain, Mechanism::Login];
            if connection.server_info().get_auth_mechanism(&known).is_none() {
                return Err(Failure::NoLogIn);
            }
            let credentials = authentication::Credentials::new(username.clone(), password.expose_secret().to_owned());
            let logged_in = connection.auth(&known, &credentials).await;
            logged_in.map_err(|error| Failure::new(Stage::LogIn, &error))?;
        }
        Ok(connection)
    }
}

fn roots(pem: &[u8]) -> Result<Certificate, SmtpConfigError> {
    const BEGIN: &[u8] = b"-----BEGIN CERTIFICATE-----";
    if !pem.windows(BEGIN.len()).any(|window| window == BEGIN) {
        return Err(SmtpConfigError::Roots(None));
    }
    Certificate::from_pem(pem).map_err(|error| SmtpConfigError::Roots(Some(error)))
}

/// A connection that is ready for letters. Dropped after any failure: what it would say next is anybody's guess.
pub(super) struct Line {
    connection: AsyncSmtpConnection,
    limit: Duration,
}

impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Line")
    }
}

impl Line {
    /// Whether the server still listens.
    pub(super) async fn answers(&mut self) -> bool {
        timeout(self.limit, self.connection.test_connected()).await.unwrap_or(false)
    }

    /// Hands over one mail; on `Ok` the server has taken it.
    pub(super) async fn deliver(&mut self, mail: &Message) -> Result<(), Failure> {
        let envelope = mail.envelope();
        let mut options = Vec::new();
        if !envelope.to().iter().all(|to| AsRef::<str>::as_ref(to).is_ascii()) {
            if !self.connection.server_info().supports_feature(Extension::SmtpUtfEight) {
                return Err(Failure::NoUnicodeAddress);
            }
            options.extend([MailParameter::SmtpUtfEight, MailParameter::Body(MailBodyParameter::EightBitMime)]);
        }
        let limit = self.limit;
        let connection = &mut self.connection;
        let from = Mail::new(envelope.from().cloned(), options);
        within(limit, Stage::Sender, connection.command(from)).await?;
        for to in envelope.to() {
            within(limit, Stage::Recipient, connection.command(Rcpt::new(to.clone(), Vec::new()))).await?;
        }
        within(limit, Stage::Content, connection.command(Data)).await?;
        within(limit, Stage::Content, connection.message(&mail.formatted())).await
    }
}

async fn within<T>(
    limit: Duration,
    stage: Stage,
    answer: impl Future<Output = Result<T, smtp::Error>>,
) -> Result<(), Failure> {
    match timeout(limit, answer).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) => Err(Failure::new(stage, &error)),
        Err(_) => Err(Failure::TooSlow),
    }
}
