//! What all Lambda functions share: those behind the HTTP API are only routers, the others only answer events.

use std::sync::Arc;

use axum::Router;
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_ENCODING};
use axum::response::Response;
use casebridge_app::World;
use casebridge_app::admission::Admissions;
use casebridge_app::ports::{Clock as _, Ids as _, Store as _, TeamViewer, Vault};
use casebridge_aws::{ClientConfig, Roots, SharedHttpClient, http_client};
use casebridge_domain::{InstallationId, Instant};
use casebridge_http::Api;
use casebridge_mail::Words;
use casebridge_store::ItemStore;
use casebridge_store_dynamodb::{DynamoEngine, client};
use casebridge_teamviewer::{Options, WebApi};
use casebridge_vault::{KeyFileVault, KmsVault};
use lambda_http::Context;
use tokio::task::spawn_local;
use tower::util::{MapRequest, MapResponse};

use crate::{SystemClock, SystemIds};

mod logging;
mod mail_report;
mod message;
mod metrics;
mod no_teamviewer;
mod no_vault;
mod queue;
mod request;
mod settings;
mod wake;

use no_teamviewer::NoTeamViewer;
use no_vault::NoVault;

pub use lambda_http::Error;
pub use logging::start_logging;
pub use mail_report::Reported;
pub use queue::{Queue, QueueAt};
pub use settings::{
    BadSettings, EndpointSettings, Keys, RelaySettings, Settings, Table, WatchSettings, push_queue_from_environment,
    reach_from_environment,
};
pub use wake::{Answer, Record, Told, Wake};

/// What the process's clients of TLS have in common. Make one for a process.
#[derive(Debug, Clone)]
pub struct Network {
    tls: ClientConfig,
    aws: SharedHttpClient,
}

impl Network {
    /// For a function: it trusts whom Mozilla does, and has nothing to read for it.
    pub fn of_function() -> Result<Self, Error> {
        Self::trusting(Roots::CompiledIn)
    }

    /// For an operator's command: it trusts whom the operator's machine does.
    pub fn of_operator() -> Result<Self, Error> {
        Self::trusting(Roots::System)
    }

    /// The connections that the clients of all AWS services share.
    pub fn aws(&self) -> SharedHttpClient {
        self.aws.clone()
    }

    /// How the process speaks TLS and whom it trusts.
    pub fn tls(&self) -> &ClientConfig {
        &self.tls
    }

    fn trusting(roots: Roots) -> Result<Self, Error> {
        let tls = casebridge_aws::tls(roots)?;
        Ok(Self { aws: http_client(tls.clone()), tls })
    }
}

/// Serves a router for as long as Lambda wants.
pub async fn run(router: fn(Api) -> Router) -> Result<(), Error> {
    start_logging();
    let world = world(Settings::from_environment()?, &Network::of_function()?).await?;
    serve(router(api(world))).await
}

/// The same for a router that has secrets, but nothing to ask TeamViewer.
pub async fn run_without_teamviewer(router: fn(Api) -> Router) -> Result<(), Error> {
    start_logging();
    let world = world_without_teamviewer(Settings::from_environment()?, &Network::of_function()?).await?;
    serve(router(api(world))).await
}

/// The same for a router that has endpoints: what is asked of one of their lanes is passed on to those who push.
pub async fn run_with_endpoints(router: fn(Api) -> Router) -> Result<(), Error> {
    start_logging();
    let EndpointSettings { settings, push_queue, reach } = EndpointSettings::from_environment()?;
    let network = &Network::of_function()?;
    let lanes = Queue::new(push_queue, &settings.table.access, network);
    let world = world_without_teamviewer(settings, network).await?;
    serve(router(api(world).with_reach(reach).with_lane_notifier(Arc::new(lanes)))).await
}

/// The same for a router that works on the table alone.
pub async fn run_on_the_table(router: fn(Api) -> Router) -> Result<(), Error> {
    start_logging();
    let world = world_without_secrets(Table::from_environment()?, &Network::of_function()?).await?;
    serve(router(api(world))).await
}

fn api(world: World) -> Api {
    Api::new(Arc::new(Admissions::new(world)))
}

async fn serve(router: Router) -> Result<(), Error> {
    on_a_task(lambda_http::run(MapResponse::new(MapRequest::new(router, request::as_sent), as_it_is))).await
}

/// Runs it as a task of its own: to wake the future that a current-thread runtime blocks on takes two calls of the kernel, several
/// times in a request; to wake a task takes none.
pub async fn on_a_task(run: impl Future<Output = Result<(), Error>> + 'static) -> Result<(), Error> {
    spawn_local(run).await?
}

/// A file is passed on byte by byte. What is taken for text loses the mark by which spreadsheets know UTF-8.
fn as_it_is(mut response: Response) -> Response {
    if response.headers().contains_key(CONTENT_DISPOSITION) {
        response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("identity"));
    }
    response
}

/// Puts the adapters together, and opens the connection to the store while start-up time is free.
pub async fn world(settings: Settings, network: &Network) -> Result<World, Error> {
    let Settings { table, teamviewer, public_url, keys } = settings;
    let teamviewer = Options { tls: Some(network.tls.clone()), ..teamviewer };
    let teamviewer = WebApi::new(&teamviewer, Arc::new(SystemIds))?;
    let world = assemble(table, Arc::new(teamviewer), vault(keys, network), network).await?;
    Ok(World { public_url, ..world })
}

/// The same for a function that has secrets, but nothing to ask TeamViewer.
pub async fn world_without_teamviewer(settings: Settings, network: &Network) -> Result<World, Error> {
    let Settings { table, keys, public_url, .. } = settings;
    let world = assemble(table, Arc::new(NoTeamViewer), vault(keys, network), network).await?;
    Ok(World { public_url, ..world })
}

/// The same for a function that works on the table alone. Without a key it opens no TeamViewer token, and so can ask
/// TeamViewer for nothing.
pub async fn world_without_secrets(table: Table, network: &Network) -> Result<World, Error> {
    assemble(table, Arc::new(NoTeamViewer), Arc::new(NoVault), network).await
}

/// What the table lacks, in words, each with how to mend it.
pub async fn examine_table(table: &Table, network: &Network) -> Result<Vec<String>, Error> {
    let faults = casebridge_store_dynamodb::examine_table(&client(&table.access, network.aws()), &table.name).await?;
    Ok(faults.iter().map(ToString::to_string).collect())
}

/// The name of the table's stream. A table that was just restored has none, and so wakes nobody.
pub async fn stream_of(table: &Table, network: &Network) -> Result<Option<String>, Error> {
    Ok(casebridge_store_dynamodb::stream_of(&client(&table.access, network.aws()), &table.name).await?)
}

/// Turns on what a table that was just restored lacks; its stream last.
pub async fn prepare_table(table: &Table, network: &Network) -> Result<(), Error> {
    Ok(casebridge_store_dynamodb::prepare_table(&client(&table.access, network.aws()), &table.name).await?)
}

/// When Lambda ends the function's work on an event.
pub fn time_limit(context: &Context) -> Instant {
    let millis = i64::try_from(context.deadline).ok();
    millis.and_then(chrono::DateTime::from_timestamp_millis).unwrap_or_else(|| SystemClock.now())
}

/// An error with its causes, for the log.
pub fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

fn vault(keys: Keys, network: &Network) -> Arc<dyn Vault> {
    let own = |ring| KeyFileVault::new(ring, Arc::new(SystemIds));
    match keys {
        Keys::Own(ring) => Arc::new(own(ring)),
        Keys::Kms(kms, before) => {
            let vault = KmsVault::new(kms, network.aws(), Arc::new(SystemIds));
            Arc::new(match before {
                Some(ring) => vault.and_opens_of(own(ring)),
                None => vault,
            })
        }
    }
}

async fn assemble(
    table: Table,
    teamviewer: Arc<dyn TeamViewer>,
    vault: Arc<dyn Vault>,
    network: &Network,
) -> Result<World, Error> {
    let ids = Arc::new(SystemIds);
    let engine = DynamoEngine::new(client(&table.access, network.aws()), table.name, ids.clone());
    engine.connect_eagerly().await;
    let store = ItemStore::new(engine, ids.clone());
    let installation = match table.installation {
        Some(installation) => installation,
        None => store.installation(InstallationId::new(ids.time_ordered(SystemClock.now()))).await?,
    };
    Ok(World {
        store: Arc::new(store),
        teamviewer,
        vault,
        renderer: Arc::new(Words),
        clock: Arc::new(SystemClock),
        ids,
        installation,
        public_url: None,
    })
}
