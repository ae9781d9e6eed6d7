//! What a function is told by its environment. Everything that is wrong is said at once.

use std::env;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use casebridge_domain::InstallationId;
use casebridge_store_dynamodb::Access;
use casebridge_teamviewer::Options;
use casebridge_vault::{KeyRing, MasterKey};

/// What a function behind the HTTP API has to know.
#[derive(Debug)]
pub struct Settings {
    /// Where everything is kept.
    pub table: Table,
    /// `CASEBRIDGE_TEAMVIEWER_URL`: where TeamViewer's Web API is; TeamViewer's own if not set.
    pub teamviewer: Options,
    /// `CASEBRIDGE_KEY` (32 bytes in base64) or `CASEBRIDGE_KEY_FILE`: what secrets are sealed with.
    pub keys: KeyRing,
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

/// The environment says too little, or what can't be.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the function's environment is not right: {}", .0.join("; "))]
pub struct BadSettings(Vec<String>);

impl Settings {
    /// As the environment has it.
    pub fn from_environment() -> Result<Self, BadSettings> {
        Self::from_variables(|name| env::var(name).ok())
    }

    /// As these variables have it.
    pub fn from_variables(variable: impl Fn(&str) -> Option<String>) -> Result<Self, BadSettings> {
        let variable = |name: &str| variable(name).filter(|value| !value.is_empty());
        let mut wrong = Vec::new();
        let table = Table::read(variable, &mut wrong);
        let mut teamviewer = Options::default();
        if let Some(url) = variable("CASEBRIDGE_TEAMVIEWER_URL") {
            if !url.starts_with("https://") && !url.starts_with("http://") {
                wrong.push("CASEBRIDGE_TEAMVIEWER_URL must begin with https://".to_owned());
            }
            teamviewer.base_url = url;
        }
        let keys = keys(variable).map_err(|problem| wrong.push(problem)).ok();
        match (table, keys) {
            (Some(table), Some(keys)) if wrong.is_empty() => Ok(Self { table, teamviewer, keys }),
            _ => Err(BadSettings(wrong)),
        }
    }
}

impl Table {
    /// As the environment has it.
    pub fn from_environment() -> Result<Self, BadSettings> {
        Self::from_variables(|name| env::var(name).ok())
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

/// Says what is wrong without repeating any of the key.
fn keys(variable: impl Fn(&str) -> Option<String>) -> Result<KeyRing, String> {
    match (variable("CASEBRIDGE_KEY"), variable("CASEBRIDGE_KEY_FILE")) {
        (Some(key), None) => {
            let bytes = STANDARD.decode(key.trim()).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
            let bytes = bytes.ok_or("CASEBRIDGE_KEY must be 32 bytes in base64")?;
            Ok(KeyRing::new(MasterKey::new(bytes)))
        }
        (None, Some(path)) => {
            KeyRing::load(Path::new(&path)).map_err(|error| format!("CASEBRIDGE_KEY_FILE can't be used: {error}"))
        }
        (None, None) => Err("CASEBRIDGE_KEY or CASEBRIDGE_KEY_FILE is not set".to_owned()),
        (Some(_), Some(_)) => Err("only one of CASEBRIDGE_KEY and CASEBRIDGE_KEY_FILE may be set".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=";

    const ENOUGH: [(&str, &str); 5] = [
        ("CASEBRIDGE_TABLE", "casebridge"),
        ("CASEBRIDGE_KEY", KEY),
        ("AWS_REGION", "eu-central-1"),
        ("AWS_ACCESS_KEY_ID", "id"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
    ];

    fn settings(variables: &[(&str, &str)]) -> Result<Settings, BadSettings> {
        let value = |name: &str| variables.iter().rev().find(|(known, _)| *known == name).map(|(_, value)| *value);
        Settings::from_variables(|name| value(name).map(str::to_owned))
    }

    #[test]
    fn a_table_and_a_key_are_enough_on_lambda() {
        let settings = settings(&ENOUGH).unwrap();
        assert_eq!(settings.table.name, "casebridge");
        assert_eq!(settings.teamviewer.base_url, Options::default().base_url);
        assert!(!format!("{settings:?}").contains(KEY));
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once_and_no_key_is_repeated() {
        let said = settings(&[
            ("CASEBRIDGE_KEY", "c2VjcmV0"),
            ("CASEBRIDGE_TEAMVIEWER_URL", "webapi.teamviewer.com"),
            ("CASEBRIDGE_INSTALLATION", "one"),
        ])
        .unwrap_err()
        .to_string();
        for name in [
            "CASEBRIDGE_TABLE is not set",
            "AWS_REGION",
            "AWS_ACCESS_KEY_ID",
            "AWS_SECRET_ACCESS_KEY",
            "CASEBRIDGE_KEY must be",
            "CASEBRIDGE_TEAMVIEWER_URL",
            "CASEBRIDGE_INSTALLATION must be a UUID",
        ] {
            assert!(said.contains(name), "{name}: {said}");
        }
        assert!(!said.contains("c2VjcmV0"), "{said}");
    }

    #[test]
    fn a_function_on_the_table_alone_needs_no_key_and_names_what_is_missing() {
        let table = |variables: &[(&'static str, &'static str)]| {
            let value = |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
            Table::from_variables(|name| value(name).map(str::to_owned))
        };
        let without_key: Vec<_> = ENOUGH.into_iter().filter(|(name, _)| *name != "CASEBRIDGE_KEY").collect();
        assert_eq!(table(&without_key).unwrap().name, "casebridge");
        let said = table(&without_key[1..]).unwrap_err().to_string();
        assert!(said.contains("CASEBRIDGE_TABLE is not set") && !said.contains("CASEBRIDGE_KEY"), "{said}");
    }

    #[test]
    fn a_key_and_a_key_file_exclude_each_other() {
        let both = [&ENOUGH[..], &[("CASEBRIDGE_KEY_FILE", "/keys")]].concat();
        assert!(settings(&both).unwrap_err().to_string().contains("only one of"));
    }
}
