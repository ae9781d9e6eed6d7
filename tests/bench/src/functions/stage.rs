//! Where the functions run: a table behind TLS, an account in it, and events that cost one call of the table each.

use std::path::Path;

use anyhow::{Context as _, ensure};
use casebridge_store_dynamodb::create_table;
use casebridge_tests::dynamodb::DynamoDb;
use casebridge_tests::fault_proxy::FaultProxy;
use casebridge_tests::lambda_runtime_api::Function;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::process::Command;

use super::tls_front::TlsFront;

const TABLE: &str = "casebridge";

/// A UUID, so that no function has to look it up.
const ID: &str = "019a0000-0000-7000-8000-000000000000";

/// Nobody has it. A function has to ask the table to know that, each time.
const UNKNOWN_KEY: &str = "cb_account_acme_0000000000000000000000000000000000000000000000000000000000000000";

/// Ends when dropped.
pub(super) struct Stage {
    pub(super) table: FaultProxy,
    pub(super) front: TlsFront,
    // After what talks to it, so that it ends later.
    dynamodb: DynamoDb,
    _folder: TempDir,
}

impl Stage {
    pub(super) async fn set() -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let dynamodb = DynamoDb::start().await?;
        create_table(&dynamodb.client(), TABLE).await.context("the table can't be made")?;
        let table = FaultProxy::start(&dynamodb.url()).await?;
        let front = TlsFront::start(table.url().trim_start_matches("http://").parse()?, folder.path()).await?;
        Ok(Self { table, front, dynamodb, _folder: folder })
    }

    /// The function at that path, on the table.
    pub(super) fn function(&self, name: &str, program: &Path) -> Function {
        Function::new(name, program)
            .memory_mb(512)
            .env("SSL_CERT_FILE", &self.front.roots().to_string_lossy())
            .env("AWS_LAMBDA_LOG_LEVEL", "INFO")
            .env("AWS_ENDPOINT_URL_DYNAMODB", &self.front.url())
            .env("CASEBRIDGE_TABLE", TABLE)
            .env("CASEBRIDGE_INSTALLATION", ID)
            // What it is given on AWS and does not use here.
            .env("CASEBRIDGE_KMS_KEY", "arn:aws:kms:eu-central-1:123456789012:key/unused")
            .env("CASEBRIDGE_MAIL_FROM", "support@casebridge.example")
            .env("CASEBRIDGE_MAIL_QUEUE", "https://sqs.eu-central-1.amazonaws.com/123456789012/mail")
            .env("CASEBRIDGE_WATCH_QUEUE", "https://sqs.eu-central-1.amazonaws.com/123456789012/watch")
            .env("CASEBRIDGE_PUSH_QUEUE", "https://sqs.eu-central-1.amazonaws.com/123456789012/push")
    }

    /// An account's key that may read and write, made as a vendor does: by the operator's command, then by the API.
    pub(super) async fn account_key(&self, casebridge: &Path, accounts: &Path) -> anyhow::Result<String> {
        let mut command = Command::new(casebridge);
        command.args(["key", "add", "--vendor", "boss", "--table", TABLE]);
        command.env("AWS_REGION", "eu-central-1").env("AWS_ENDPOINT_URL_DYNAMODB", self.dynamodb.url());
        command.env("AWS_ACCESS_KEY_ID", "test").env("AWS_SECRET_ACCESS_KEY", "test");
        let made = command.output().await.with_context(|| format!("{} can't be started", casebridge.display()))?;
        ensure!(made.status.success(), "no vendor's key: {}", String::from_utf8_lossy(&made.stderr));
        let vendor = String::from_utf8(made.stdout)?;
        let accounts = self.function("casebridge-accounts", accounts).deploy();
        let new = json!({ "account": "acme", "name": "Acme", "time_zone": "Europe/Berlin", "languages": ["en"] });
        let account = request("POST", "/v1/accounts", vendor.trim(), Some(&new));
        answered(&accounts.invoke(&account).await?, 201)?;
        let wish = json!({ "scope": "technician" });
        let key = accounts.invoke(&request("POST", "/v1/accounts/acme/keys", vendor.trim(), Some(&wish))).await?;
        let key: Value = serde_json::from_str(&answered(&key, 201)?)?;
        Ok(key["key"].as_str().with_context(|| format!("no key: {key}"))?.to_owned())
    }
}

/// What a function of that name is asked: first, where it has kept nothing, and then again and again. Each costs one call of the
/// table. A key that nobody has does so in every function behind the API, and is refused then; `cases` is asked something real
/// once it has kept who may ask.
pub(super) fn events(name: &str, key: &str) -> (Value, Value) {
    match name {
        "casebridge-cases" => (
            request("GET", "/v1/accounts/acme/tickets/T-1/closable", UNKNOWN_KEY, None),
            request("GET", "/v1/accounts/acme/tickets/T-1/closable", key, None),
        ),
        "casebridge-reports" => same(&request("GET", "/v1/accounts/acme/events", UNKNOWN_KEY, None)),
        "casebridge-relay" => same(&message(&json!({
            "eventType": "Delivery", "delivery": {},
            "mail": { "messageId": "1", "tags": { "casebridge-letter": [ID], "casebridge-account": ["acme"] } },
        }))),
        "casebridge-push" => same(&message(&json!({ "v": 1, "lane": { "owner": { "account": "acme" }, "id": ID } }))),
        "casebridge-watch" => same(&message(&json!({ "v": 1, "turn": { "account": "acme" } }))),
        "casebridge-webhooks" => {
            let notice = json!({ "type": "service_case.online", "session_code": "s123-456-789" });
            same(&request("POST", "/v1/webhooks/teamviewer/acme", UNKNOWN_KEY, Some(&notice)))
        }
        "casebridge-pages" => same(&request("GET", &format!("/c/acme/{ID}/x"), UNKNOWN_KEY, None)),
        "casebridge-connection" => same(&request("GET", "/v1/accounts/acme/connection", UNKNOWN_KEY, None)),
        "casebridge-devices" => same(&request("GET", "/v1/accounts/acme/devices", UNKNOWN_KEY, None)),
        _ => same(&request("GET", "/v1/accounts/acme", UNKNOWN_KEY, None)),
    }
}

fn same(event: &Value) -> (Value, Value) {
    (event.clone(), event.clone())
}

fn message(body: &Value) -> Value {
    json!({ "Records": [{
        "messageId": "1", "receiptHandle": "1", "body": body.to_string(), "attributes": { "ApproximateReceiveCount": "1" },
        "messageAttributes": {}, "md5OfBody": "0", "eventSource": "aws:sqs", "awsRegion": "eu-central-1",
        "eventSourceARN": "arn:aws:sqs:eu-central-1:123456789012:queue",
    }] })
}

/// A request as the HTTP API hands it on.
fn request(method: &str, path: &str, key: &str, body: Option<&Value>) -> Value {
    json!({
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {
            "host": "localhost", "authorization": format!("Bearer {key}"), "content-type": "application/json",
            "accept": "application/json", "user-agent": "bench",
        },
        "requestContext": {
            "accountId": "123456789012", "apiId": "bench", "domainName": "localhost", "domainPrefix": "bench",
            "http": { "method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": "" },
            "requestId": "bench", "routeKey": "$default", "stage": "$default", "time": "22/Nov/2026:12:00:00 +0000",
            "timeEpoch": 0,
        },
        "body": body.map(ToString::to_string),
        "isBase64Encoded": false,
    })
}

fn answered(answer: &Value, status: u16) -> anyhow::Result<String> {
    ensure!(answer["statusCode"] == status, "expected {status}: {answer}");
    Ok(answer["body"].as_str().unwrap_or_default().to_owned())
}
