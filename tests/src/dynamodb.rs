//! A stand-in for `DynamoDB`: the program `dynoxide`, which speaks its wire protocol over a file.
//!
//! What it does not do: it never answers with a conflict or a throttle, its indexes are never behind (the
//! [fault proxy](crate::fault_proxy) adds all three), items past their time to live are not removed, IAM is not checked,
//! and nothing about its speed says anything about the service.

use std::{io, time::Duration};

use aws_sdk_dynamodb::{
    Client,
    config::{BehaviorVersion, Credentials, Region, retry::RetryConfig},
};
use casebridge_aws::{Roots, http_client, tls};
use tempfile::TempDir;

use crate::{
    binaries,
    child::{Child, NotReady, Program},
    port::Port,
};

const READY_WITHIN: Duration = Duration::from_secs(20);

/// A running stand-in with a data file of its own, which lives as long as this does.
#[derive(Debug)]
pub struct DynamoDb {
    port: Port,
    data: TempDir,
    child: Child,
}

/// The stand-in did not start.
#[derive(Debug, thiserror::Error)]
pub enum NoDynamoDb {
    /// No program, no port or no folder for it.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// It ended, or did not answer in time.
    #[error(transparent)]
    NotReady(#[from] NotReady),
}

impl DynamoDb {
    /// Starts it on a free port, without tables.
    pub async fn start() -> Result<Self, NoDynamoDb> {
        let port = Port::reserve()?;
        let data = tempfile::tempdir()?;
        let child = run(&port, &data).await?;
        Ok(Self { port, data, child })
    }

    /// Its endpoint.
    pub fn url(&self) -> String {
        format!("http://{}", self.port.address())
    }

    /// A client of it, which never retries by itself.
    pub fn client(&self) -> Client {
        client(&self.url())
    }

    /// Kills it as a power cut would; its data stay.
    pub async fn kill(&self) {
        self.child.kill().await;
    }

    /// Starts it again on the same port and data, killing it first if it still runs.
    pub async fn restart(&mut self) -> Result<(), NoDynamoDb> {
        self.child.kill().await;
        self.child = run(&self.port, &self.data).await?;
        Ok(())
    }
}

/// A client of any endpoint, with made-up credentials. It never retries by itself, so that a test sees every fault;
/// for the SDK's own retries see [`retrying_client`].
pub fn client(url: &str) -> Client {
    Client::from_conf(config(url).retry_config(RetryConfig::disabled()).build())
}

/// As [`client`], with the SDK's standard retries but hardly a pause between them.
pub fn retrying_client(url: &str, attempts: u32) -> Client {
    let retries = RetryConfig::standard()
        .with_max_attempts(attempts)
        .with_initial_backoff(Duration::from_millis(1))
        .with_max_backoff(Duration::from_millis(20));
    Client::from_conf(config(url).retry_config(retries).build())
}

#[expect(clippy::expect_used, reason = "a test ends where it is surprised")]
fn config(url: &str) -> aws_sdk_dynamodb::config::Builder {
    aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-central-1"))
        .credentials_provider(Credentials::new("test", "test", None, None, "tests"))
        .endpoint_url(url)
        .http_client(http_client(tls(Roots::CompiledIn).expect("roots that can be read")))
}

async fn run(port: &Port, data: &TempDir) -> Result<Child, NoDynamoDb> {
    let child = Program::new(binaries::tool("dynoxide")?)
        .arg("serve")
        .arg("--port")
        .arg(port.number().to_string())
        .arg("--db-path")
        .arg(data.path().join("dynamodb.sqlite"))
        .start()?;
    child.answers_on(port.address(), READY_WITHIN).await?;
    Ok(child)
}
