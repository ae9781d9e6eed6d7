//! The way to Amazon SES.

mod failure;

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_ses::Client;
use aws_sdk_ses::config::Credentials;
use aws_sdk_ses::error::BuildError;
use aws_sdk_ses::primitives::Blob;
use aws_sdk_ses::types::{MessageTag, RawMessage};
use casebridge_app::ports::Mailer;
use casebridge_app::ports::mail::{MailError, Post};
use casebridge_aws::{Service, SharedHttpClient, WhenNeeded};

use self::failure::Failure;
use crate::{Sender, compose};

/// The message tag with the letter's id: by it SES's events name the letter.
pub const LETTER_TAG: &str = "casebridge-letter";

/// The message tag with the account's id: letters are kept by account.
pub const ACCOUNT_TAG: &str = "casebridge-account";

/// For all of one letter: well within a courier's lease.
const ANSWER_WITHIN: Duration = Duration::from_secs(15);

/// What has to be known to send through SES.
#[derive(Debug, Clone)]
pub struct SesConfig {
    /// In which the sender's identity is verified.
    pub region: String,
    /// Who we are there. Shows no secret when it is printed.
    pub credentials: Credentials,
    /// Where SES is, if not at AWS.
    pub endpoint: Option<String>,
    /// Says where SES reports what became of a mail; without one it reports nothing.
    pub configuration_set: Option<String>,
    /// Who the letters come from.
    pub sender: Sender,
}

/// Hands letters to Amazon SES.
///
/// A refusal counts as final only where it is about this letter or its recipient; see [`SmtpMailer`](crate::SmtpMailer).
/// It never tries again by itself: a call whose answer got lost may have sent the mail, and the courier comes again.
#[derive(Clone)]
pub struct SesMailer {
    client: WhenNeeded<Client>,
    sender: Sender,
    configuration_set: Option<String>,
}

impl fmt::Debug for SesMailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SesMailer").field("configuration_set", &self.configuration_set).finish_non_exhaustive()
    }
}

impl SesMailer {
    /// Connects with the first letter, over the connections that all services of the process share.
    pub fn new(config: SesConfig, http: SharedHttpClient) -> Self {
        let SesConfig { region, credentials, endpoint, configuration_set, sender } = config;
        let (try_within, answer_within) = (ANSWER_WITHIN, ANSWER_WITHIN);
        let service = Service { region, credentials, endpoint, try_within, answer_within, tries: 1 };
        Self { client: service.client(http, Client::new), sender, configuration_set }
    }
}

#[async_trait]
impl Mailer for SesMailer {
    async fn send(&self, post: &Post) -> Result<(), MailError> {
        let mail = compose(post, &self.sender).map_err(|error| MailError::Refused(error.into()))?;
        let envelope = mail.envelope();
        let recipients: Vec<String> = envelope.to().iter().map(ToString::to_string).collect();
        if !recipients.iter().all(|to| to.is_ascii()) {
            return Err(MailError::Refused(Failure::UnicodeAddress.into()));
        }
        let (raw, tags) = parts(post, mail.formatted()).map_err(|error| MailError::Refused(error.into()))?;
        let sent = self
            .client
            .send_raw_email()
            .set_source(envelope.from().map(ToString::to_string))
            .set_destinations(Some(recipients))
            .set_configuration_set_name(self.configuration_set.clone())
            .raw_message(raw)
            .set_tags(Some(tags))
            .send()
            .await;
        match sent {
            Ok(_) => Ok(()),
            Err(error) => {
                let failure = Failure::of(&error);
                let is_final = failure.is_final();
                let failure = Box::new(failure);
                Err(if is_final { MailError::Refused(failure) } else { MailError::Temporary(failure) })
            }
        }
    }
}

fn parts(post: &Post, mail: Vec<u8>) -> Result<(RawMessage, Vec<MessageTag>), BuildError> {
    let tag = |name: &str, value: String| MessageTag::builder().name(name).value(value).build();
    let tags = vec![tag(LETTER_TAG, post.id.to_string())?, tag(ACCOUNT_TAG, post.account.to_string())?];
    Ok((RawMessage::builder().data(Blob::new(mail)).build()?, tags))
}

#[cfg(test)]
mod tests;
