//! The configuration of `casebridge serve`: a TOML file, overlaid by the environment.
//!
//! Every problem is reported at once, each with the name to look for and what would be right.

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use casebridge_domain::endpoint::{Network, Reach};
use casebridge_domain::{EmailAddress, PublicUrl};
use secrecy::SecretString;

mod reader;

use reader::Reader;

/// Prefix of the environment variables: `CASEBRIDGE__MAIL__HOST` is `host` under `[mail]`.
pub const ENVIRONMENT_PREFIX: &str = "CASEBRIDGE__";

/// Everything that `serve` has to know.
#[derive(Debug)]
pub struct Config {
    /// Where requests come in.
    pub server: Server,
    /// The store's file.
    pub store: PathBuf,
    /// The file with the installation's key; made at the first start.
    pub key_file: PathBuf,
    /// The mail server; `None` keeps letters queued.
    pub mail: Option<Mail>,
    /// The base address of TeamViewer's Web API.
    pub teamviewer: url::Url,
    /// Where events may be pushed to.
    pub push: Reach,
    /// How it logs.
    pub log: Log,
}

/// Where requests come in.
#[derive(Debug)]
pub struct Server {
    /// Address and port.
    pub listen: SocketAddr,
    /// Where the world outside reaches it; without one, customers get TeamViewer's own links.
    pub public_url: Option<PublicUrl>,
    /// Certificate and key; without them plain HTTP is spoken (behind a proxy, or on loopback).
    pub tls: Option<Tls>,
}

/// PEM files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tls {
    /// The certificate chain.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

/// How the connection to the mail server is secured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailSecurity {
    /// Not at all; for a server on the same host.
    None,
    /// Upgraded after the greeting; required.
    StartTls,
    /// From the first byte.
    Tls,
}

/// The mail server.
#[derive(Debug)]
pub struct Mail {
    /// Its name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is secured.
    pub security: MailSecurity,
    /// Certificate authorities to trust besides the public ones (PEM); for a server inside the company.
    pub ca_file: Option<PathBuf>,
    /// Name and password, if it asks for them.
    pub login: Option<(String, SecretString)>,
    /// The sender's address.
    pub from: EmailAddress,
    /// Where answers go, if not there.
    pub reply_to: Option<EmailAddress>,
}

/// How the log is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Log {
    /// One JSON object a line instead of text.
    pub json: bool,
    /// A filter such as `info` or `casebridge=debug`.
    pub level: String,
}

/// Everything that is wrong with a configuration.
#[derive(Debug, PartialEq, Eq)]
pub struct Problems(Vec<String>);

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "the configuration has {} problem(s):", self.0.len())?;
        for problem in &self.0 {
            writeln!(f, "  - {problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

impl Config {
    /// Reads the file and the process's environment.
    pub fn load(file: &Path) -> Result<Self, Problems> {
        let text = std::fs::read_to_string(file)
            .map_err(|error| Problems(vec![format!("{} can't be read: {error}", file.display())]))?;
        Self::parse(&text, std::env::vars())
    }

    /// Reads a configuration from text and variables.
    pub fn parse(text: &str, environment: impl IntoIterator<Item = (String, String)>) -> Result<Self, Problems> {
        let mut table: toml::Table = text.parse().map_err(|error| Problems(vec![format!("not TOML: {error}")]))?;
        overlay(&mut table, environment);
        let mut reader = Reader::new(table);
        let server = read_server(&mut reader);
        let store = reader.needed("store", "path", "the store's file, such as /var/lib/casebridge/casebridge.db", path);
        let key_file = reader.needed("vault", "key_file", "the key's file; it is made at the first start", path);
        let mail = read_mail(&mut reader);
        let teamviewer = reader.optional("teamviewer", "base_url", web_address);
        let push = read_push(&mut reader);
        let log = Log {
            json: reader.optional("log", "format", log_format).unwrap_or(false),
            level: reader.optional("log", "level", |raw| Ok(raw.to_owned())).unwrap_or_else(|| "info".to_owned()),
        };
        match (reader.finish(), server, store, key_file) {
            (problems, Some(server), Some(store), Some(key_file)) if problems.is_empty() => Ok(Self {
                server,
                store,
                key_file,
                mail,
                teamviewer: match teamviewer {
                    Some(url) => url,
                    None => default_teamviewer()?,
                },
                push,
                log,
            }),
            (problems, ..) => Err(Problems(problems)),
        }
    }
}

fn default_teamviewer() -> Result<url::Url, Problems> {
    url::Url::parse("https://webapi.teamviewer.com/api/v1").map_err(|error| Problems(vec![error.to_string()]))
}

fn read_server(reader: &mut Reader) -> Option<Server> {
    let listen = reader.needed("server", "listen", "address and port, such as 0.0.0.0:8080", |raw| {
        raw.parse().map_err(|_| "must be an address and port, such as 0.0.0.0:8080".to_owned())
    });
    let public_url =
        reader.optional("server", "public_url", |raw| PublicUrl::parse(raw).map_err(|malformed| malformed.to_string()));
    let certificate = reader.optional("server", "tls_certificate", file_that_exists);
    let key = reader.optional("server", "tls_key", file_that_exists);
    let tls = match (certificate, key) {
        (Some(certificate), Some(key)) => Some(Tls { certificate, key }),
        (None, None) => None,
        _ => {
            reader.problem("[server] tls_certificate and tls_key belong together: give both, or neither");
            None
        }
    };
    listen.map(|listen| Server { listen, public_url, tls })
}

/// The public internet, by HTTPS, unless the operator says otherwise.
fn read_push(reader: &mut Reader) -> Reach {
    let allow_http = reader.optional("push", "allow_http", yes_or_no).unwrap_or(false);
    let networks = reader.optional("push", "networks", |raw| {
        let parts = raw.split(',').map(str::trim).filter(|part| !part.is_empty());
        parts.map(|part| Network::parse(part).map_err(|malformed| malformed.to_string())).collect()
    });
    Reach::new(allow_http, networks.unwrap_or_default())
}

fn yes_or_no(raw: &str) -> Result<bool, String> {
    raw.parse().map_err(|_| "must be true or false".to_owned())
}

/// `None` without the section, or with problems, which the reader keeps.
fn read_mail(reader: &mut Reader) -> Option<Mail> {
    if !reader.has("mail") {
        return None;
    }
    let host = reader.needed("mail", "host", "the mail server's name", |raw| Ok(raw.to_owned()));
    let security = reader.optional("mail", "security", mail_security).unwrap_or(MailSecurity::StartTls);
    let port = reader.optional("mail", "port", |raw| raw.parse::<u16>().map_err(|_| "must be 1 to 65535".to_owned()));
    let from = reader.needed("mail", "from", "the sender's address", email);
    let reply_to = reader.optional("mail", "reply_to", email);
    let ca_file = reader.optional("mail", "ca_file", file_that_exists);
    let username = reader.optional("mail", "username", |raw| Ok(raw.to_owned()));
    let password = reader.optional("mail", "password", |raw| Ok(SecretString::from(raw)));
    let password_file = reader.optional("mail", "password_file", |raw| {
        let text = std::fs::read_to_string(raw).map_err(|error| format!("can't be read: {error}"))?;
        Ok(SecretString::from(text.trim_end_matches(['\r', '\n'])))
    });
    if password.is_some() && password_file.is_some() {
        reader.problem("[mail] password and password_file are both given: give one");
    }
    let login = match (username, password.or(password_file)) {
        (Some(username), Some(password)) => Some((username, password)),
        (None, None) => None,
        _ => {
            reader.problem("[mail] username and password (or password_file) belong together: give both, or neither");
            None
        }
    };
    let port = port.unwrap_or(match security {
        MailSecurity::None => 25,
        MailSecurity::StartTls => 587,
        MailSecurity::Tls => 465,
    });
    Some(Mail { host: host?, port, security, ca_file, login, from: from?, reply_to })
}

/// Lays variables over the file's values; each wins over the file.
fn overlay(table: &mut toml::Table, environment: impl IntoIterator<Item = (String, String)>) {
    let sorted: BTreeMap<String, String> = environment.into_iter().collect();
    for (name, value) in sorted {
        let Some(place) = name.strip_prefix(ENVIRONMENT_PREFIX) else { continue };
        let Some((section, key)) = place.split_once("__") else { continue };
        let section =
            table.entry(section.to_ascii_lowercase()).or_insert_with(|| toml::Value::Table(toml::Table::new()));
        if let toml::Value::Table(section) = section {
            section.insert(key.to_ascii_lowercase(), toml::Value::String(value));
        }
    }
}

#[expect(clippy::unnecessary_wraps, reason = "the shape that the reader calls")]
fn path(raw: &str) -> Result<PathBuf, String> {
    Ok(PathBuf::from(raw))
}

fn file_that_exists(raw: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(raw);
    if path.is_file() { Ok(path) } else { Err(format!("there is no file {raw}")) }
}

fn email(raw: &str) -> Result<EmailAddress, String> {
    EmailAddress::parse(raw).map_err(|malformed| malformed.to_string())
}

fn web_address(raw: &str) -> Result<url::Url, String> {
    match url::Url::parse(raw) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => Ok(url),
        _ => Err("must be an http or https address".to_owned()),
    }
}

fn log_format(raw: &str) -> Result<bool, String> {
    match raw {
        "json" => Ok(true),
        "text" => Ok(false),
        _ => Err("must be text or json".to_owned()),
    }
}

fn mail_security(raw: &str) -> Result<MailSecurity, String> {
    match raw {
        "none" => Ok(MailSecurity::None),
        "starttls" => Ok(MailSecurity::StartTls),
        "tls" => Ok(MailSecurity::Tls),
        _ => Err("must be none, starttls or tls".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"
        [server]
        listen = "127.0.0.1:8080"
        [store]
        path = "/tmp/casebridge.db"
        [vault]
        key_file = "/tmp/casebridge.key"
        [mail]
        host = "mail.example.org"
        from = "support@example.org"
    "#;

    fn none() -> [(String, String); 0] {
        []
    }

    #[test]
    fn a_small_file_suffices() {
        let config = Config::parse(GOOD, none()).unwrap();
        assert_eq!(config.server.listen.port(), 8080);
        let mail = config.mail.unwrap();
        assert_eq!((mail.port, mail.security), (587, MailSecurity::StartTls));
        assert_eq!(config.teamviewer.as_str(), "https://webapi.teamviewer.com/api/v1");
    }

    #[test]
    fn the_example_that_operators_copy_has_no_problem() {
        let example = include_str!("../../../infra/on-prem/casebridge.toml");
        let config = Config::parse(example, none()).unwrap();
        assert!(config.log.json && config.mail.is_some() && config.server.public_url.is_some());
    }

    #[test]
    fn every_problem_is_reported_at_once() {
        let bad = r#"
            [server]
            listen = "here"
            public_url = "help.example.com"
            tls_key = "/nowhere/key.pem"
            [store]
            pth = "x"
            [mail]
            port = 99999
            security = "maybe"
            from = "not an address"
            username = "me"
            [log]
            format = 7
            [extra]
            a = 1
        "#;
        let problems = Config::parse(bad, none()).unwrap_err().to_string();
        for expected in [
            "[server] listen must be an address and port",
            "[server] public_url must be an address such as https://help.example.com",
            "[server] tls_key there is no file /nowhere/key.pem",
            "[store] path is missing",
            "[store] pth is not known",
            "[vault] key_file is missing",
            "[mail] host is missing",
            "[mail] port must be 1 to 65535",
            "[mail] security must be none, starttls or tls",
            "[mail] from must be a mail address",
            "[mail] username and password",
            "[log] format must be text or json",
            "[extra] is not known",
        ] {
            assert!(problems.contains(expected), "{expected} is not in\n{problems}");
        }
    }

    #[test]
    fn a_variable_wins_over_the_file_and_a_password_is_not_printed() {
        let variables = [
            ("CASEBRIDGE__SERVER__LISTEN", "[::1]:9000"),
            ("CASEBRIDGE__MAIL__USERNAME", "me"),
            ("CASEBRIDGE__MAIL__PASSWORD", "hunter2"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
        let config = Config::parse(GOOD, variables).unwrap();
        assert_eq!(config.server.listen.port(), 9000);
        assert!(!format!("{config:?}").contains("hunter2"));
    }
}
