//! What a function is told by its environment. Everything that is wrong is said at once.

use std::env;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use casebridge_domain::endpoint::{Network, Reach};
use casebridge_domain::{EmailAddress, InstallationId, PublicUrl};
use casebridge_mail::{Sender, SesConfig};
use casebridge_store_dynamodb::Access;
use casebridge_teamviewer::Options;
use casebridge_vault::{KeyRing, KmsConfig, MasterKey};

use super::QueueAt;

/// What a function behind the HTTP API has to know.
#[derive(Debug)]
pub struct Settings {
    /// Where everything is kept.
    pub table: Table,
    /// `CASEBRIDGE_TEAMVIEWER_URL`: where TeamViewer's Web API is; TeamViewer's own if not set.
    pub teamviewer: Options,
    /// `CASEBRIDGE_PUBLIC_URL`: where the world outside reaches the installation; without one, customers get TeamViewer's own links.
    pub public_url: Option<PublicUrl>,
    /// What secrets are sealed with.
    pub keys: Keys,
}

/// What secrets are sealed with.
#[derive(Debug)]
pub enum Keys {
    /// `CASEBRIDGE_KMS_KEY`, `AWS_ENDPOINT_URL_KMS`: a key in KMS. What was sealed with one of the others before is still opened
    /// where that one is given too.
    Kms(KmsConfig, Option<KeyRing>),
    /// `CASEBRIDGE_KEY` (32 bytes in base64) or `CASEBRIDGE_KEY_FILE`.
    Own(KeyRing),
}

/// What a function has to know that works on the table alone: it has no key to open secrets with.
#[derive(Debug)]
pub struct Table {
    /// `CASEBRIDGE_TABLE`: the table's name.
    pub name: String,
    /// `AWS_REGION`, credentials, `AWS_ENDPOINT_URL_DYNAMODB`: where the table is. Lambda sets all but the last.
    pub access: Access,
    /// `CASEBRIDGE_INSTALLATION`: the installation's id. If not set it is read from the table at every start.
    pub installation: Option<InstallationId>,
}

/// What the relay has to know. It has no key either.
#[derive(Debug)]
pub struct RelaySettings {
    /// Where everything is kept.
    pub table: Table,
    /// `CASEBRIDGE_MAIL_FROM`, `CASEBRIDGE_MAIL_REPLY_TO`, `CASEBRIDGE_CONFIGURATION_SET`, `AWS_ENDPOINT_URL_SES`: whom letters
    /// come from, where answers go if elsewhere, and how SES sends them. Only the first one has to be set.
    pub mail: SesConfig,
    /// `CASEBRIDGE_MAIL_QUEUE`: the URL of the queue for letters.
    pub mail_queue: QueueAt,
    /// `CASEBRIDGE_WATCH_QUEUE`: the URL of the queue for turns of the watch.
    pub watch_queue: QueueAt,
    /// `CASEBRIDGE_PUSH_QUEUE`: the URL of the queue for those who push events.
    pub push_queue: QueueAt,
}

/// What those have to know who look after endpoints, or push events to them.
#[derive(Debug)]
pub struct EndpointSettings {
    /// What every function has to know that opens secrets.
    pub settings: Settings,
    /// `CASEBRIDGE_PUSH_QUEUE`: the URL of the queue for those who push events.
    pub push_queue: QueueAt,
    /// `CASEBRIDGE_PUSH_NETWORKS`, `CASEBRIDGE_PUSH_HTTP`: networks that are reached besides the public internet, and whether plain
    /// HTTP is spoken (`allowed`).
    pub reach: Reach,
}

/// What the watch has to know.
#[derive(Debug)]
pub struct WatchSettings {
    /// What every function has to know that asks TeamViewer.
    pub settings: Settings,
    /// `CASEBRIDGE_WATCH_QUEUE`: the URL of the queue for turns of the watch.
    pub watch_queue: QueueAt,
}

/// The environment says too little, or what can't be.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the function's environment is not right: {}", .0.join("; "))]
pub struct BadSettings(Vec<String>);

impl Settings {
    /// As the environment has it.
    pub fn from_environment() -> Result<Self, BadSettings> {
        Self::from_variables(|name| env::var(name).ok())
    }

    /// On the table of this name, for an operator; the rest as the environment has it.
    pub fn on_table(table: &str) -> Result<Self, BadSettings> {
        Self::from_variables(of_operator(table))
    }

    /// As these variables have it.
    pub fn from_variables(variable: impl Fn(&str) -> Option<String>) -> Result<Self, BadSettings> {
        let mut wrong = Vec::new();
        let settings = Self::read(|name: &str| variable(name).filter(|value| !value.is_empty()), &mut wrong);
        settings.filter(|_| wrong.is_empty()).ok_or(BadSettings(wrong))
    }

    fn read(variable: impl Fn(&str) -> Option<String>, wrong: &mut Vec<String>) -> Option<Self> {
        let table = Table::read(&variable, wrong);
        let mut teamviewer = Options::default();
        if let Some(url) = variable("CASEBRIDGE_TEAMVIEWER_URL") {
            if !url.starts_with("https://") && !url.starts_with("http://") {
                wrong.push("CASEBRIDGE_TEAMVIEWER_URL must begin with https://".to_owned());
            }
            teamviewer.base_url = url;
        }
        let public_url = variable("CASEBRIDGE_PUBLIC_URL").and_then(|url| {
            let parsed = PublicUrl::parse(&url);
            parsed.map_err(|problem| wrong.push(format!("CASEBRIDGE_PUBLIC_URL {problem}"))).ok()
        });
        let ring = key_ring(&variable).unwrap_or_else(|problem| {
            wrong.push(problem);
            None
        });
        let keys = match (variable("CASEBRIDGE_KMS_KEY"), ring) {
            (Some(key), before) => table.as_ref().map(|table| Keys::Kms(kms(key, &table.access, variable), before)),
            (None, Some(ring)) => Some(Keys::Own(ring)),
            (None, None) if variable("CASEBRIDGE_KEY").or_else(|| variable("CASEBRIDGE_KEY_FILE")).is_none() => {
                wrong.push("CASEBRIDGE_KMS_KEY, CASEBRIDGE_KEY or CASEBRIDGE_KEY_FILE is not set".to_owned());
                None
            }
            (None, None) => None,
        };
        Some(Self { table: table?, teamviewer, public_url, keys: keys? })
    }
}

impl RelaySettings {
    /// As the environment has it.
    pub fn from_environment() -> Result<Self, BadSettings> {
        Self::from_variables(|name| env::var(name).ok())
    }

    /// As these variables have it.
    pub fn from_variables(variable: impl Fn(&str) -> Option<String>) -> Result<Self, BadSettings> {
        let variable = |name: &str| variable(name).filter(|value| !value.is_empty());
        let mut wrong = Vec::new();
        let table = Table::read(variable, &mut wrong);
        let sender = sender(variable, &mut wrong);
        let mail_queue = queue("CASEBRIDGE_MAIL_QUEUE", variable, &mut wrong);
        let watch_queue = queue("CASEBRIDGE_WATCH_QUEUE", variable, &mut wrong);
        let push_queue = queue("CASEBRIDGE_PUSH_QUEUE", variable, &mut wrong);
        match (table, sender, mail_queue, watch_queue, push_queue) {
            (Some(table), Some(sender), Some(mail_queue), Some(watch_queue), Some(push_queue)) if wrong.is_empty() => {
                let mail = SesConfig {
                    region: table.access.region.clone(),
                    credentials: table.access.credentials.clone(),
                    endpoint: endpoint("AWS_ENDPOINT_URL_SES", variable),
                    configuration_set: variable("CASEBRIDGE_CONFIGURATION_SET"),
                    sender,
                };
                Ok(Self { table, mail, mail_queue, watch_queue, push_queue })
            }
            _ => Err(BadSettings(wrong)),
        }
    }
}

impl WatchSettings {
    /// As the environment has it.
    pub fn from_environment() -> Result<Self, BadSettings> {
        Self::from_variables(|name| env::var(name).ok())
    }

    /// As these variables have it.
    pub fn from_variables(variable: impl Fn(&str) -> Option<String>) -> Result<Self, BadSettings> {
        let variable = |name: &str| variable(name).filter(|value| !value.is_empty());
        let mut wrong = Vec::new();
        let settings = Settings::read(variable, &mut wrong);
        let watch_queue = queue("CASEBRIDGE_WATCH_QUEUE", variable, &mut wrong);
        match (settings, watch_queue) {
            (Some(settings), Some(watch_queue)) if wrong.is_empty() => Ok(Self { settings, watch_queue }),
            _ => Err(BadSettings(wrong)),
        }
    }
}

impl EndpointSettings {
    /// As the environment has it.
    pub fn from_environment() -> Result<Self, BadSettings> {
        Self::from_variables(|name| env::var(name).ok())
    }

    /// As these variables have it.
    pub fn from_variables(variable: impl Fn(&str) -> Option<String>) -> Result<Self, BadSettings> {
        let variable = |name: &str| variable(name).filter(|value| !value.is_empty());
        let mut wrong = Vec::new();
        let settings = Settings::read(variable, &mut wrong);
        let push_queue = queue("CASEBRIDGE_PUSH_QUEUE", variable, &mut wrong);
        let reach = reach(variable, &mut wrong);
        match (settings, push_queue) {
            (Some(settings), Some(push_queue)) if wrong.is_empty() => Ok(Self { settings, push_queue, reach }),
            _ => Err(BadSettings(wrong)),
        }
    }
}

/// `CASEBRIDGE_PUSH_NETWORKS`, `CASEBRIDGE_PUSH_HTTP`: where events may be pushed to, for an operator.
pub fn reach_from_environment() -> Result<Reach, BadSettings> {
    let mut wrong = Vec::new();
    let reach = reach(|name: &str| env::var(name).ok().filter(|value| !value.is_empty()), &mut wrong);
    if wrong.is_empty() { Ok(reach) } else { Err(BadSettings(wrong)) }
}

/// `CASEBRIDGE_PUSH_QUEUE`: the queue of those who push, for an operator who may leave messages in it.
pub fn push_queue_from_environment() -> Option<QueueAt> {
    let variable = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
    queue("CASEBRIDGE_PUSH_QUEUE", variable, &mut Vec::new())
}

fn reach(variable: impl Fn(&str) -> Option<String>, wrong: &mut Vec<String>) -> Reach {
    let raw = variable("CASEBRIDGE_PUSH_NETWORKS").unwrap_or_default();
    let parts = raw.split(',').map(str::trim).filter(|part| !part.is_empty());
    let mut networks = Vec::new();
    for part in parts {
        match Network::parse(part) {
            Ok(network) => networks.push(network),
            Err(malformed) => wrong.push(format!("CASEBRIDGE_PUSH_NETWORKS {malformed}")),
        }
    }
    Reach::new(variable("CASEBRIDGE_PUSH_HTTP").as_deref() == Some("allowed"), networks)
}

/// A stand-in for one service goes before one for all.
fn endpoint(name: &str, variable: impl Fn(&str) -> Option<String>) -> Option<String> {
    variable(name).or_else(|| variable("AWS_ENDPOINT_URL"))
}

fn queue(name: &str, variable: impl Fn(&str) -> Option<String>, wrong: &mut Vec<String>) -> Option<QueueAt> {
    let Some(url) = variable(name) else {
        wrong.push(format!("{name} is not set"));
        return None;
    };
    Some(QueueAt { url, endpoint: endpoint("AWS_ENDPOINT_URL_SQS", variable) })
}

fn sender(variable: impl Fn(&str) -> Option<String>, wrong: &mut Vec<String>) -> Option<Sender> {
    let mut address = |name: &str| {
        let parsed = EmailAddress::parse(&variable(name)?);
        parsed.map_err(|problem| wrong.push(format!("{name} {problem}"))).ok()
    };
    let (from, reply_to) = (address("CASEBRIDGE_MAIL_FROM"), address("CASEBRIDGE_MAIL_REPLY_TO"));
    if variable("CASEBRIDGE_MAIL_FROM").is_none() {
        wrong.push("CASEBRIDGE_MAIL_FROM is not set".to_owned());
    }
    Sender::new(&from?, reply_to.as_ref()).map_err(|problem| wrong.push(format!("CASEBRIDGE_MAIL_FROM {problem}"))).ok()
}

impl Table {
    /// As the environment has it.
    pub fn from_environment() -> Result<Self, BadSettings> {
        Self::from_variables(|name| env::var(name).ok())
    }

    /// The table of this name, for an operator; region and credentials as the environment has them.
    pub fn named(table: &str) -> Result<Self, BadSettings> {
        Self::from_variables(of_operator(table))
    }

    /// As these variables have it.
    pub fn from_variables(variable: impl Fn(&str) -> Option<String>) -> Result<Self, BadSettings> {
        let mut wrong = Vec::new();
        let table = Self::read(|name: &str| variable(name).filter(|value| !value.is_empty()), &mut wrong);
        table.filter(|_| wrong.is_empty()).ok_or(BadSettings(wrong))
    }

    fn read(variable: impl Fn(&str) -> Option<String>, wrong: &mut Vec<String>) -> Option<Self> {
        let name = variable("CASEBRIDGE_TABLE");
        for name in ["CASEBRIDGE_TABLE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] {
            if variable(name).is_none() {
                wrong.push(format!("{name} is not set"));
            }
        }
        if variable("AWS_REGION").or_else(|| variable("AWS_DEFAULT_REGION")).is_none() {
            wrong.push("AWS_REGION is not set".to_owned());
        }
        let installation = variable("CASEBRIDGE_INSTALLATION").and_then(|id| {
            let parsed = InstallationId::parse(&id);
            parsed.map_err(|problem| wrong.push(format!("CASEBRIDGE_INSTALLATION {problem}"))).ok()
        });
        Some(Self { name: name?, access: Access::from_variables(variable).ok()?, installation })
    }
}

/// The environment's variables, but for the table, which an operator names.
fn of_operator(table: &str) -> impl Fn(&str) -> Option<String> {
    move |name| if name == "CASEBRIDGE_TABLE" { Some(table.to_owned()) } else { env::var(name).ok() }
}

fn kms(key: String, access: &Access, variable: impl Fn(&str) -> Option<String>) -> KmsConfig {
    KmsConfig {
        region: access.region.clone(),
        credentials: access.credentials.clone(),
        endpoint: endpoint("AWS_ENDPOINT_URL_KMS", variable),
        key,
    }
}

/// Says what is wrong without repeating any of the key.
fn key_ring(variable: impl Fn(&str) -> Option<String>) -> Result<Option<KeyRing>, String> {
    match (variable("CASEBRIDGE_KEY"), variable("CASEBRIDGE_KEY_FILE")) {
        (Some(key), None) => {
            let bytes = STANDARD.decode(key.trim()).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
            let bytes = bytes.ok_or("CASEBRIDGE_KEY must be 32 bytes in base64")?;
            Ok(Some(KeyRing::new(MasterKey::new(bytes))))
        }
        (None, Some(path)) => {
            let ring = KeyRing::load(Path::new(&path));
            ring.map(Some).map_err(|error| format!("CASEBRIDGE_KEY_FILE can't be used: {error}"))
        }
        (None, None) => Ok(None),
        (Some(_), Some(_)) => Err("only one of CASEBRIDGE_KEY and CASEBRIDGE_KEY_FILE may be set".to_owned()),
    }
}

#[cfg(test)]
mod tests;
