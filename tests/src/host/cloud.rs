//! The functions: the binaries that are deployed, behind an HTTP API, on one table, with the queues and the mail that they
//! have.

use std::{collections::BTreeMap, time::Duration};

use anyhow::Context as _;
use casebridge_app::ports::{Clock as _, Ids as _};
use casebridge_host::{SystemClock, SystemIds};
use casebridge_store_dynamodb::{create_table, enable_stream};

use super::{Checked, table::Table};
use crate::{
    api::Api,
    binaries,
    dynamodb::DynamoDb,
    fault_proxy::FaultProxy,
    http_api::{HttpApi, Stage},
    kms::{self, Kms},
    lambda_runtime_api::{Deployed, Function},
    port::Port,
    schedule::{self, Schedule},
    ses::Ses,
    sqs::{Mapping, Sqs},
    stream_pump::StreamPump,
    test_kit::TestKit,
};

/// The table's name.
pub const TABLE: &str = "casebridge";

/// Under which the functions count.
pub const METRICS: &str = "Casebridge/tests";

/// As the stack sets it, and as the use cases expect: longer than a call of TeamViewer, shorter than a lease.
const TIME_LIMIT: Duration = Duration::from_secs(25);

/// So many requests at once; more wait.
const ENVIRONMENTS: usize = 4;

/// As the stack sets it: shorter than the lease of a turn.
const WATCHES_FOR: Duration = Duration::from_secs(55);

/// As the stack sets it: long enough for several attempts.
const PUSHES_FOR: Duration = Duration::from_secs(90);

/// As the stack sets it: longer than the lease of a letter.
const RELAYS_FOR: Duration = Duration::from_mins(1);

const MAIL_QUEUE: &str = "casebridge-mail";
const REPORT_QUEUE: &str = "casebridge-mail-reports";
const WATCH_QUEUE: &str = "casebridge-watch";
const PUSH_QUEUE: &str = "casebridge-push";

/// As the stack sets them. The stream and the schedule find an environment, however slow the mail is.
const LETTERS: Mapping = Mapping { batch: 10, at_once: ENVIRONMENTS - 2, visibility: Duration::from_mins(6) };
const REPORTS_OF_MAIL: Mapping = Mapping { batch: 10, at_once: 2, visibility: Duration::from_mins(6) };
const TURNS: Mapping = Mapping { batch: 1, at_once: ENVIRONMENTS - 1, visibility: Duration::from_secs(330) };
const LANES: Mapping = Mapping { batch: 1, at_once: ENVIRONMENTS, visibility: Duration::from_mins(9) };

/// Which function answers what.
const ROUTES: [(&str, &str); 30] = [
    ("ANY /v1/accounts/{account}/tickets/{ticket+}", CASES),
    ("ANY /v1/accounts/{account}/devices/{device}/case", CASES),
    ("ANY /v1/accounts/{account}/devices/{device}/request", CASES),
    ("ANY /v1/accounts/{account}/cases", CASES),
    ("ANY /v1/accounts/{account}/cases/{case+}", CASES),
    ("ANY /v1/accounts/{account}/widget-tokens", CASES),
    ("ANY /v1/widget", CASES),
    ("ANY /v1/widget/{part+}", CASES),
    ("ANY /v1/accounts/{account}/connection", CONNECTION),
    ("ANY /v1/accounts/{account}/connection/{part+}", CONNECTION),
    ("ANY /v1/accounts/{account}/oauth-app", CONNECTION),
    ("ANY /v1/accounts/{account}/technicians/{technician+}", CONNECTION),
    ("GET /oauth/teamviewer", CONNECTION),
    ("GET /v1/accounts/{account}/doctor", CONNECTION),
    ("ANY /v1/accounts/{account}/activation", DEVICES),
    ("ANY /v1/accounts/{account}/devices", DEVICES),
    ("ANY /v1/accounts/{account}/devices/{device+}", DEVICES),
    ("ANY /v1/accounts/{account}/reports/{report+}", REPORTS),
    ("ANY /v1/accounts/{account}/events", REPORTS),
    ("ANY /v1/accounts/{account}/audit", REPORTS),
    ("ANY /v1/events", REPORTS),
    ("ANY /v1/webhooks/{sender+}", WEBHOOKS),
    ("ANY /c/{link+}", PAGES),
    ("ANY /pages/{file+}", PAGES),
    ("ANY /console", PAGES),
    ("ANY /console/sign-in", PAGES),
    ("ANY /console/{version}/{file+}", PAGES),
    ("ANY /widget.js", PAGES),
    ("ANY /widget/{file+}", PAGES),
    ("$default", ACCOUNTS),
];

/// Where SES reports what becomes of mail.
pub const CONFIGURATION_SET: &str = "casebridge";

const ACCOUNTS: &str = "casebridge-accounts";
const CASES: &str = "casebridge-cases";
const CONNECTION: &str = "casebridge-connection";
const DEVICES: &str = "casebridge-devices";
const PAGES: &str = "casebridge-pages";
const PUSH: &str = "casebridge-push";
const RELAY: &str = "casebridge-relay";
const REPORTS: &str = "casebridge-reports";
const WATCH: &str = "casebridge-watch";
const WEBHOOKS: &str = "casebridge-webhooks";

/// The running functions with a table of their own.
#[derive(Debug)]
pub struct Cloud {
    // Before what they talk to, so that they end first.
    http_api: HttpApi,
    _port: Port,
    functions: [Deployed; 7],
    stream: StreamPump,
    schedules: [Schedule; 2],
    sqs: Sqs,
    relay: Deployed,
    watch: Deployed,
    push: Deployed,
    ses: Ses,
    kms: Kms,
    table: FaultProxy,
    relays_table: FaultProxy,
    watchs_table: FaultProxy,
    operators_table: Table,
    dynamodb: DynamoDb,
    vendor_key: String,
    rival_key: String,
}

impl Cloud {
    /// Makes the table and the vendor's key, then deploys.
    pub async fn start(kit: &TestKit) -> anyhow::Result<Self> {
        let dynamodb = DynamoDb::start().await?;
        create_table(&dynamodb.client(), TABLE).await.context("the table can't be made")?;
        enable_stream(&dynamodb.client(), TABLE).await.context("the table can't have a stream")?;
        let operators_table = Table::at(&dynamodb.url(), TABLE);
        let vendor_key = operators_table.make_key(super::VENDOR).await?;
        let rival_key = operators_table.make_key(super::RIVAL).await?;
        let table = FaultProxy::start(&dynamodb.url()).await?;
        let relays_table = FaultProxy::start(&dynamodb.url()).await?;
        let watchs_table = FaultProxy::start(&dynamodb.url()).await?;
        let mut sqs = Sqs::start().await?;
        let ses = Ses::start(kit.smtp(), sqs.letterbox(REPORT_QUEUE)).await?;
        let kms = Kms::start().await?;
        let operators_table = operators_table.with(vec![
            ("AWS_ENDPOINT_URL_KMS", kms.url()),
            ("CASEBRIDGE_KMS_KEY", kms::KEY.to_owned()),
            ("AWS_ENDPOINT_URL_SQS", sqs.endpoint()),
            ("CASEBRIDGE_PUSH_QUEUE", sqs.url(PUSH_QUEUE)),
        ]);
        let port = Port::reserve()?;
        let public_url = format!("http://{}", port.address());
        let installation = SystemIds.time_ordered(SystemClock.now()).to_string();
        let on_the_table = |name: &str, table: &FaultProxy| -> anyhow::Result<Function> {
            Ok(on_a_table(name, &table.url(), TABLE)?.env("CASEBRIDGE_INSTALLATION", &installation))
        };
        let with_secrets = |name: &str, table: &FaultProxy| -> anyhow::Result<Function> {
            Ok(on_the_table(name, table)?.env("AWS_ENDPOINT_URL_KMS", &kms.url()).env("CASEBRIDGE_KMS_KEY", kms::KEY))
        };
        let with_teamviewer = |name: &str, table: &FaultProxy| -> anyhow::Result<Function> {
            let function = with_secrets(name, table)?.env("CASEBRIDGE_TEAMVIEWER_URL", kit.teamviewer_url());
            Ok(function.env("CASEBRIDGE_PUBLIC_URL", &public_url))
        };
        let functions = [
            with_lanes(with_secrets(ACCOUNTS, &table)?, &sqs).env("CASEBRIDGE_PUBLIC_URL", &public_url).deploy(),
            with_teamviewer(CASES, &table)?.deploy(),
            with_teamviewer(CONNECTION, &table)?.deploy(),
            with_secrets(WEBHOOKS, &table)?.deploy(),
            on_the_table(REPORTS, &table)?.deploy(),
            with_teamviewer(PAGES, &table)?.deploy(),
            with_teamviewer(DEVICES, &table)?.deploy(),
        ];
        // It opens no secret and asks no TeamViewer, and its calls are nobody's request.
        let relay = as_relay(on_the_table(RELAY, &relays_table)?, &ses, &sqs).deploy();
        let watch = with_teamviewer(WATCH, &watchs_table)?
            .env("AWS_ENDPOINT_URL_SQS", &sqs.endpoint())
            .env("CASEBRIDGE_WATCH_QUEUE", &sqs.url(WATCH_QUEUE))
            .time_limit(WATCHES_FOR)
            .deploy();
        let push = with_lanes(with_secrets(PUSH, &watchs_table)?, &sqs).time_limit(PUSHES_FOR).deploy();
        sqs.map(PUSH_QUEUE, LANES, push.clone());
        sqs.map(MAIL_QUEUE, LETTERS, relay.clone());
        sqs.map(REPORT_QUEUE, REPORTS_OF_MAIL, relay.clone());
        sqs.map(WATCH_QUEUE, TURNS, watch.clone());
        let schedules = [Schedule::start(relay.clone()), Schedule::start(watch.clone())];
        let stream = StreamPump::start(&dynamodb.url(), TABLE, relay.clone()).await?;
        let mut stage = Stage::new(functions.clone());
        for (key, function) in ROUTES {
            stage = stage.route(key, function)?;
        }
        let http_api = stage.start_on(port.address()).await?;
        Ok(Self {
            http_api,
            _port: port,
            functions,
            stream,
            schedules,
            sqs,
            relay,
            watch,
            push,
            ses,
            kms,
            table,
            relays_table,
            watchs_table,
            operators_table,
            dynamodb,
            vendor_key,
            rival_key,
        })
    }

    /// Its API, without a key.
    pub fn api(&self) -> Api {
        Api::at(&self.http_api.url())
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
        self.operators_table.kept().await
    }

    /// What the functions' calls of the table go through.
    pub fn table(&self) -> &FaultProxy {
        &self.table
    }

    /// What the relay's calls of the table go through.
    pub fn relays_table(&self) -> &FaultProxy {
        &self.relays_table
    }

    /// What hands the table's stream to the relay.
    pub fn stream(&self) -> &StreamPump {
        &self.stream
    }

    /// What the watch's calls of the table go through.
    pub fn watchs_table(&self) -> &FaultProxy {
        &self.watchs_table
    }

    /// The mail service.
    pub fn ses(&self) -> &Ses {
        &self.ses
    }

    /// What the table is in, past the fault proxies.
    pub fn dynamodb(&self) -> &DynamoDb {
        &self.dynamodb
    }

    /// The key service.
    pub fn kms(&self) -> &Kms {
        &self.kms
    }

    /// Somebody leaves a message for the relay.
    pub fn leave_mail_message(&self, body: &str) {
        self.sqs.leave(MAIL_QUEUE, body);
    }

    /// Somebody leaves a message for the watch.
    pub fn leave_watch_message(&self, body: &str) {
        self.sqs.leave(WATCH_QUEUE, body);
    }

    /// The messages that nobody could make anything of.
    pub fn dead_letters(&self) -> Vec<String> {
        [MAIL_QUEUE, REPORT_QUEUE, WATCH_QUEUE, PUSH_QUEUE]
            .into_iter()
            .flat_map(|queue| self.sqs.dead_letters(queue))
            .collect()
    }

    /// Nobody brings the relay letters any more, and its schedule stops.
    pub async fn hold_letters(&self) {
        self.schedules[0].stop();
        self.sqs.hold(MAIL_QUEUE).await;
    }

    /// Nobody asks TeamViewer any more but who serves a request.
    pub async fn hold_the_watch(&self) {
        self.schedules[1].stop();
        self.sqs.hold(WATCH_QUEUE).await;
    }

    /// The function that numbers and sends.
    pub fn relay(&self) -> &Deployed {
        &self.relay
    }

    /// The schedule of the relay strikes.
    pub async fn relay_is_due(&self) -> anyhow::Result<()> {
        self.is_due(&self.relay).await
    }

    /// The schedule of a function strikes.
    pub async fn is_due(&self, function: &Deployed) -> anyhow::Result<()> {
        function.invoke(&schedule::event()).await.map(drop).context("the function failed")
    }

    /// The function that asks TeamViewer.
    pub fn watch(&self) -> &Deployed {
        &self.watch
    }

    /// The schedule of the watch strikes.
    pub async fn watch_is_due(&self) -> anyhow::Result<()> {
        self.is_due(&self.watch).await
    }

    /// The function for play and stop.
    pub fn cases(&self) -> &Deployed {
        &self.functions[1]
    }

    /// The function for notices.
    pub fn webhooks(&self) -> &Deployed {
        &self.functions[3]
    }

    /// The function for reports and feeds.
    pub fn reports(&self) -> &Deployed {
        &self.functions[4]
    }

    /// The function for the customer's page.
    pub fn pages(&self) -> &Deployed {
        &self.functions[5]
    }

    /// The function for managed devices.
    pub fn devices(&self) -> &Deployed {
        &self.functions[6]
    }

    /// Ends every process, so that the next request finds nothing kept in one.
    pub async fn grow_cold(&self) -> anyhow::Result<()> {
        for function in &self.functions {
            function.kill().await;
        }
        for function in [self.cases(), self.webhooks(), self.reports(), self.pages(), self.devices()] {
            function.warm().await?;
        }
        Ok(())
    }

    /// Runs a command of the operator's on the table, past the fault proxy.
    pub async fn check(&self, words: &[&str]) -> anyhow::Result<Checked> {
        self.operators_table.operate(words).await
    }

    /// A copy of the table, as the service restores one: with its items and indexes, and nothing else.
    pub async fn restore_table(&self, name: &str) -> anyhow::Result<()> {
        self.operators_table.restore_to(name).await
    }

    /// Runs a command of the operator's on another table than the functions'.
    pub async fn check_on(&self, table: &str, words: &[&str]) -> anyhow::Result<Checked> {
        Table::at(&self.dynamodb.url(), table).operate(words).await
    }

    /// A relay on another table, which its schedule wakes when somebody says so.
    pub fn relay_on(&self, table: &str) -> anyhow::Result<Deployed> {
        Ok(as_relay(on_a_table(RELAY, &self.dynamodb.url(), table)?, &self.ses, &self.sqs).deploy())
    }

    /// What the functions have printed.
    pub fn output(&self) -> String {
        let outputs = self
            .functions
            .iter()
            .chain([&self.relay, &self.watch, &self.push])
            .map(|function| format!("{}:\n{}", function.name(), function.output()));
        outputs.collect::<Vec<_>>().join("\n")
    }
}

fn on_a_table(name: &str, url: &str, table: &str) -> anyhow::Result<Function> {
    Ok(Function::new(name, binaries::function(name)?)
        .env("AWS_REGION", "eu-central-1")
        .env("AWS_ACCESS_KEY_ID", "test")
        .env("AWS_SECRET_ACCESS_KEY", "test")
        .env("AWS_ENDPOINT_URL_DYNAMODB", url)
        .env("CASEBRIDGE_METRICS", METRICS)
        .env("CASEBRIDGE_TABLE", table)
        .time_limit(TIME_LIMIT)
        .environments(ENVIRONMENTS))
}

/// Endpoints of the tests are on this machine.
fn with_lanes(function: Function, sqs: &Sqs) -> Function {
    function
        .env("AWS_ENDPOINT_URL_SQS", &sqs.endpoint())
        .env("CASEBRIDGE_PUSH_QUEUE", &sqs.url(PUSH_QUEUE))
        .env("CASEBRIDGE_PUSH_NETWORKS", "127.0.0.0/8")
        .env("CASEBRIDGE_PUSH_HTTP", "allowed")
}

fn as_relay(function: Function, ses: &Ses, sqs: &Sqs) -> Function {
    function
        .env("AWS_ENDPOINT_URL_SES", &ses.url())
        .env("AWS_ENDPOINT_URL_SQS", &sqs.endpoint())
        .env("CASEBRIDGE_MAIL_FROM", "support@casebridge.example")
        .env("CASEBRIDGE_CONFIGURATION_SET", CONFIGURATION_SET)
        .env("CASEBRIDGE_MAIL_QUEUE", &sqs.url(MAIL_QUEUE))
        .env("CASEBRIDGE_WATCH_QUEUE", &sqs.url(WATCH_QUEUE))
        .env("CASEBRIDGE_PUSH_QUEUE", &sqs.url(PUSH_QUEUE))
        .time_limit(RELAYS_FOR)
}

#[cfg(test)]
mod template;
