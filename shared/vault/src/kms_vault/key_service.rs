//! What KMS is asked: to make a data key, and to open one.

use std::collections::HashMap;
use std::error::Error;
use std::fmt;
use std::iter::successors;
use std::time::Duration;

use aws_sdk_kms::Client;
use aws_sdk_kms::config::Credentials;
use aws_sdk_kms::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_kms::operation::RequestId;
use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::DataKeySpec;
use casebridge_app::ports::vault::SecretKind;
use casebridge_aws::{Service, SharedHttpClient, WhenNeeded};
use casebridge_domain::AccountId;
use zeroize::Zeroizing;

use crate::envelope::Key;

const TRY_WITHIN: Duration = Duration::from_secs(2);

/// All tries together: less than a request's time.
const PATIENCE: Duration = Duration::from_secs(5);

/// Both calls may be repeated: a data key that nobody got to know is worth nothing.
const TRIES: u32 = 3;

/// What no wrapped key is longer than (API reference, `Decrypt`, `CiphertextBlob`).
const LONGEST_WRAPPING: usize = 6144;

/// What has to be known to use a key in KMS.
#[derive(Debug, Clone)]
pub struct KmsConfig {
    /// In which the key is.
    pub region: String,
    /// Who we are there. Shows no secret when it is printed.
    pub credentials: Credentials,
    /// Where KMS is, if not at AWS.
    pub endpoint: Option<String>,
    /// The key's ARN or id.
    pub key: String,
}

pub(super) struct KeyService {
    client: WhenNeeded<Client>,
    key: String,
}

impl KeyService {
    pub(super) fn new(config: KmsConfig, http: SharedHttpClient) -> Self {
        let KmsConfig { region, credentials, endpoint, key } = config;
        let (try_within, answer_within) = (TRY_WITHIN, PATIENCE);
        let service = Service { region, credentials, endpoint, try_within, answer_within, tries: TRIES };
        Self { client: service.client(http, Client::new), key }
    }

    /// A new data key, in the clear and wrapped.
    pub(super) async fn fresh_key(&self, account: &AccountId, kind: SecretKind) -> Result<(Key, Vec<u8>), Failure> {
        let made = self
            .client
            .generate_data_key()
            .key_id(&self.key)
            .key_spec(DataKeySpec::Aes256)
            .set_encryption_context(Some(context(account, kind)))
            .send()
            .await
            .map_err(|error| Failure::of(&error))?;
        let wrapping = made.ciphertext_blob.ok_or(Failure::NoKey)?.into_inner();
        Ok((key(made.plaintext)?, wrapping))
    }

    /// The data key in its wrapping, if it was made for this secret.
    pub(super) async fn open_key(
        &self,
        account: &AccountId,
        kind: SecretKind,
        wrapping: Vec<u8>,
    ) -> Result<Key, Failure> {
        if wrapping.is_empty() || wrapping.len() > LONGEST_WRAPPING {
            return Err(Failure::NoWrapping);
        }
        let opened = self
            .client
            .decrypt()
            .key_id(&self.key)
            .ciphertext_blob(Blob::new(wrapping))
            .set_encryption_context(Some(context(account, kind)))
            .send()
            .await
            .map_err(|error| Failure::of(&error))?;
        key(opened.plaintext)
    }
}

impl fmt::Debug for KeyService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyService").field("key", &self.key).finish_non_exhaustive()
    }
}

/// What a data key is bound to, for everybody to see in `CloudTrail`. The names must never change, and the stack's policies ask
/// for the first one.
fn context(account: &AccountId, kind: SecretKind) -> HashMap<String, String> {
    let bound = [("casebridge:account", account.as_str()), ("casebridge:secret", kind.label())];
    bound.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn key(plain: Option<Blob>) -> Result<Key, Failure> {
    let plain = Zeroizing::new(plain.ok_or(Failure::NoKey)?.into_inner());
    Ok(Zeroizing::new(plain.as_slice().try_into().map_err(|_| Failure::NoKey)?))
}

/// What went wrong. Keeps only texts, and none of a key: an operator may read it in a log.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error("KMS answered {code}: {said} (request {request})")]
    Answer { code: String, said: String, request: String },
    #[error("KMS did not answer: {0}")]
    NoAnswer(String),
    #[error("KMS answered without a key of 256 bits")]
    NoKey,
    #[error("the envelope has no data key that KMS could have wrapped")]
    NoWrapping,
}

impl Failure {
    fn of<E: Error + ProvideErrorMetadata + 'static>(error: &SdkError<E>) -> Self {
        match error {
            SdkError::ServiceError(answer) => Self::Answer {
                code: answer.err().code().unwrap_or("an error without a code").to_owned(),
                said: answer.err().message().unwrap_or_default().to_owned(),
                request: error.request_id().unwrap_or("unknown").to_owned(),
            },
            _ => Self::NoAnswer(chain(error)),
        }
    }

    /// Whether the data key was wrapped by another key, for another secret, or was changed. Anything else may be put right.
    pub(super) fn is_about_the_wrapping(&self) -> bool {
        match self {
            Self::NoWrapping => true,
            Self::Answer { code, .. } => {
                matches!(code.as_str(), "InvalidCiphertextException" | "IncorrectKeyException")
            }
            Self::NoAnswer(_) | Self::NoKey => false,
        }
    }
}

fn chain(error: &dyn Error) -> String {
    let causes = successors(error.source(), |&cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}
