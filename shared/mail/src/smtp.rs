//! The way to the mail server.

mod config;
mod failure;
mod line;

use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use casebridge_app::ports::Mailer;
use casebridge_app::ports::mail::{MailError, Post};
use lettre::Message;
use tokio::sync::Semaphore;
use tokio::time::timeout;

pub use self::config::{Credentials, Limits, Security, SmtpConfig, SmtpConfigError};
use self::failure::Failure;
use self::line::{Line, Server};
use crate::{Sender, compose};

/// Letters that are handed over at the same time; the others wait.
const LINES: usize = 4;
/// Connections kept for the next letters.
const IDLE: usize = 2;

/// Hands letters to one mail server.
///
/// A refusal counts as final only where it is about this letter or its recipient. Whatever the operator can put right
/// (connection, TLS, password, sender's address, relaying, quota) is temporary, so that his mistake loses no letter.
#[derive(Debug)]
pub struct SmtpMailer {
    server: Server,
    sender: Sender,
    limits: Limits,
    lines: Semaphore,
    idle: Mutex<Vec<Line>>,
}

impl SmtpMailer {
    /// Checks the configuration; connects with the first letter.
    pub fn new(config: SmtpConfig) -> Result<Self, SmtpConfigError> {
        let (sender, limits) = (config.sender.clone(), config.limits);
        let server = Server::new(config)?;
        Ok(Self { server, sender, limits, lines: Semaphore::new(LINES), idle: Mutex::default() })
    }

    /// Connects, secures the connection and signs in as for a letter, and sends none.
    pub async fn check(&self) -> Result<(), MailError> {
        match timeout(self.limits.whole, self.line()).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(failure)) => Err(MailError::Temporary(failure.into())),
            Err(_) => Err(MailError::Temporary(Failure::TooSlow.into())),
        }
    }

    async fn hand_over(&self, mail: &Message) -> Result<(), Failure> {
        let _turn = self.lines.acquire().await.map_err(|_| Failure::TooSlow)?;
        let mut line = self.line().await?;
        line.deliver(mail).await?;
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < IDLE {
            idle.push(line);
        }
        Ok(())
    }

    /// A connection that answers: one kept from before, else a new one.
    async fn line(&self) -> Result<Line, Failure> {
        while let Some(mut kept) = self.kept() {
            if kept.answers().await {
                return Ok(kept);
            }
        }
        self.server.connect(self.limits).await
    }

    fn kept(&self) -> Option<Line> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }
}

#[async_trait]
impl Mailer for SmtpMailer {
    async fn send(&self, post: &Post) -> Result<(), MailError> {
        let mail = compose(post, &self.sender).map_err(|error| MailError::Refused(error.into()))?;
        match timeout(self.limits.whole, self.hand_over(&mail)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(failure)) if failure.is_final() => Err(MailError::Refused(failure.into())),
            Ok(Err(failure)) => Err(MailError::Temporary(failure.into())),
            Err(_) => Err(MailError::Temporary(Failure::TooSlow.into())),
        }
    }
}

#[cfg(test)]
mod tests;
