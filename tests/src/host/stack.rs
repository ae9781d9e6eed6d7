//! The stack as it is deployed: the template itself and the functions' binaries in ministack, a stand-in for AWS, which
//! brings its own HTTP API, table, stream, queues, schedules and SES.
//!
//! Every call of a function is signed with the credentials of its role and held against the role's policies.
//!
//! What it does not do: its SES reports nothing through a configuration set, a batch of the stream of which a part failed counts
//! as done, and it hands over one batch of the stream at a time.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, ensure};
use aws_sdk_dynamodb::types::AttributeValue;
use casebridge_store_dynamodb::schema;
use serde_json::Value;
use tempfile::TempDir;

use super::{Checked, table::Table};
use crate::{
    api::Api,
    binaries,
    child::{Child, Program},
    port::Port,
    test_kit::{READY_WITHIN, TestKit},
};

const NAME: &str = "casebridge";
const TEMPLATE: &str = include_str!("../../../infra/aws/template.yaml");
const SCRIPTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/stack");
const MAIL_FROM: &str = "support@casebridge.example";

/// The deployed stack, with a stand-in of its own.
#[derive(Debug)]
pub struct Stack {
    stand_in: Child,
    port: Port,
    _folder: TempDir,
    api: Api,
    table: Table,
    vendor_key: String,
    rival_key: String,
}

impl Stack {
    /// Starts the stand-in, deploys the template and makes the vendors' keys.
    pub async fn start(kit: &TestKit) -> anyhow::Result<Self> {
        let port = Port::reserve()?;
        let folder = tempfile::tempdir()?;
        let stand_in = start(&port, &folder, kit)?;
        stand_in.answers_on(port.address(), READY_WITHIN).await?;
        let outputs = deploy(&port, kit).await.with_context(|| stand_in.output())?;
        let text = |name: &str| outputs[name].as_str().with_context(|| format!("no {name}: {outputs}"));
        let api = Api::at(&url(&port)).with_host(text("api")?.trim_start_matches("http://"));
        let table = Table::at(&url(&port), text("table")?);
        let (vendor_key, rival_key) = (table.make_key(super::VENDOR).await?, table.make_key(super::RIVAL).await?);
        Ok(Self { stand_in, port, _folder: folder, api, table, vendor_key, rival_key })
    }

    /// Its API, without a key.
    pub fn api(&self) -> Api {
        self.api.clone()
    }

    /// The key that was made with the table.
    pub fn vendor_key(&self) -> &str {
        &self.vendor_key
    }

    /// The other vendor's key.
    pub fn rival_key(&self) -> &str {
        &self.rival_key
    }

    /// Every item in the table, by its place.
    pub async fn kept(&self) -> anyhow::Result<BTreeMap<String, String>> {
        self.table.kept().await
    }

    /// Runs a command of the operator's on the table.
    pub async fn check(&self, words: &[&str]) -> anyhow::Result<Checked> {
        self.table.operate(words).await
    }

    /// The mails that its SES took, oldest first.
    pub async fn mails(&self) -> anyhow::Result<Vec<Value>> {
        let taken = Api::at(&url(&self.port)).get("/_ministack/ses/messages").await?.expect(200)?;
        let accounts = taken["messages"].as_object().into_iter().flatten();
        Ok(accounts.filter_map(|(_, mails)| mails.as_array()).flatten().cloned().collect())
    }

    /// Neither its queue nor its schedule wakes the watch any more.
    pub async fn silence_the_watch(&self) -> anyhow::Result<()> {
        script(&self.port, &["silence", NAME, "watch"]).await.map(drop)
    }

    /// Does what DynamoDB does when it restores: another table, with the items and the indexes alone.
    pub async fn restore_table(&self, name: &str) -> anyhow::Result<()> {
        self.table.restore_to(name).await
    }

    /// Runs a command of the operator's on another table.
    pub async fn check_on(&self, table: &str, words: &[&str]) -> anyhow::Result<Checked> {
        Table::at(&url(&self.port), table).operate(words).await
    }

    /// Deploys it once more, with other parameters (`NAME=VALUE`).
    pub async fn change(&self, parameters: &[&str]) -> anyhow::Result<()> {
        let words = ["change", NAME].into_iter().chain(parameters.iter().copied());
        script(&self.port, &words.collect::<Vec<_>>()).await.map(drop)
    }

    /// Makes the time to live of a ticket's hold one that is over.
    pub async fn let_hold_lapse(&self, account: &str, ticket: &str) -> anyhow::Result<()> {
        let text = |text: String| AttributeValue::S(text);
        let update = self.table.client().update_item().table_name(self.table.name());
        let update = update.key(schema::PK, text(format!("A#{account}#T#{ticket}")));
        let update = update.key(schema::SK, text("HOLD".to_owned()));
        let update = update.update_expression("SET #ttl = :over").condition_expression("attribute_exists(#ttl)");
        let update = update.expression_attribute_names("#ttl", schema::TTL);
        update.expression_attribute_values(":over", AttributeValue::N("1".to_owned())).send().await?;
        Ok(())
    }

    /// What the function was seen to call, as the names of permissions.
    pub fn called(&self, function: &str) -> BTreeSet<String> {
        let call = format!("called {NAME}-{function} ");
        let output = self.stand_in.output();
        output
            .lines()
            .filter_map(|line| line.trim().strip_prefix("out| ")?.strip_prefix(&call))
            .map(str::to_owned)
            .collect()
    }

    /// What the function's role may call, as the template says.
    pub fn may_call(function: &str) -> BTreeSet<String> {
        let role = format!("\n  {}{}Role:\n", function[..1].to_ascii_uppercase(), &function[1..]);
        let (_, policies) = TEMPLATE.split_once(&role).unwrap_or_default();
        let (_, policies) = policies.split_once("      Policies:\n").unwrap_or_default();
        let (policies, _) = policies.split_once("\n\n").unwrap_or_default();
        let words = policies.split([' ', ',', '[', ']', '\n']).filter(|word| {
            // Condition keys end with a colon.
            let parts = word.split_once(':').filter(|(_, action)| !action.contains(':'));
            matches!(parts, Some(("dynamodb" | "kms" | "logs" | "ses" | "sqs", action)) if !action.is_empty())
        });
        words.map(str::to_owned).collect()
    }

    /// What the stand-in and the functions have printed.
    pub fn output(&self) -> String {
        self.stand_in.output()
    }
}

/// The stand-in on the loopback address alone. Mail that it takes goes on to the test kit.
fn start(port: &Port, folder: &TempDir, kit: &TestKit) -> anyhow::Result<Child> {
    let (host, smtp) = kit.smtp();
    let program = python("stand_in.py", port)?
        .env("BIND_HOST", "127.0.0.1")
        .env("GATEWAY_PORT", port.number().to_string())
        .env("IOT_MTLS_ENABLED", "0")
        .env("LAMBDA_EXECUTOR", "local")
        .env("LOG_LEVEL", "INFO")
        .env("MINISTACK_HOST", "localhost")
        .env("MINISTACK_REGION", "eu-central-1")
        .env("AUTH", "true")
        .env("SMTP_HOST", format!("{host}:{smtp}"))
        .env("STATE_DIR", folder.path())
        .env("TMPDIR", folder.path());
    Ok(program.start()?)
}

async fn deploy(port: &Port, kit: &TestKit) -> anyhow::Result<Value> {
    let function = binaries::function("casebridge-cases")?;
    let functions = function.ancestors().nth(2).context("no folder of functions")?.canonicalize()?;
    let architecture = if cfg!(target_arch = "aarch64") { "arm64" } else { "x86_64" };
    let parameters = [
        format!("Architecture={architecture}"),
        format!("MailFrom={MAIL_FROM}"),
        format!("TeamViewerUrl={}", kit.teamviewer_url()),
    ];
    let functions = functions.to_string_lossy();
    let words = ["deploy", NAME, &functions].into_iter().chain(parameters.iter().map(String::as_str));
    let said = script(port, &words.collect::<Vec<_>>()).await?;
    serde_json::from_str(&said).with_context(|| said)
}

/// Runs `stack.py` to its end, and gives the last line it printed.
async fn script(port: &Port, words: &[&str]) -> anyhow::Result<String> {
    let program = words.iter().fold(python("stack.py", port)?, Program::arg);
    let running = program.start()?;
    let status = running.exited().await;
    ensure!(status.success(), "{words:?}: {status}\n{}", running.output());
    let output = running.output();
    Ok(output.lines().last().unwrap_or_default().trim().trim_start_matches("out| ").to_owned())
}

fn python(file: &str, port: &Port) -> anyhow::Result<Program> {
    let program = Program::new(binaries::stack_python()?).without_environment();
    Ok(program
        .arg("-B")
        .arg(format!("{SCRIPTS}/{file}"))
        .env("AWS_REGION", "eu-central-1")
        .env("AWS_DEFAULT_REGION", "eu-central-1")
        .env("AWS_ACCESS_KEY_ID", "test")
        .env("AWS_SECRET_ACCESS_KEY", "test")
        .env("AWS_ENDPOINT_URL", url(port)))
}

fn url(port: &Port) -> String {
    format!("http://{}", port.address())
}
