//! What all Lambda functions behind the HTTP API share: each is only a router.

use std::sync::Arc;

use axum::Router;
use casebridge_app::World;
use casebridge_app::admission::Admissions;
use casebridge_app::ports::{Clock as _, Ids as _, Store as _};
use casebridge_domain::InstallationId;
use casebridge_http::Api;
use casebridge_mail::Words;
use casebridge_store::ItemStore;
use casebridge_store_dynamodb::{DynamoEngine, client, http_client};
use casebridge_teamviewer::WebApi;
use casebridge_vault::KeyFileVault;
use lambda_http::tracing::init_default_subscriber;
use tower::util::MapRequest;

use crate::{SystemClock, SystemIds};

mod request;
mod settings;

pub use lambda_http::Error;
pub use settings::{BadSettings, Settings};

/// Serves a router for as long as Lambda wants.
pub async fn run(router: fn(Api) -> Router) -> Result<(), Error> {
    init_default_subscriber();
    let world = world(Settings::from_environment()?).await?;
    let router = router(Api::new(Arc::new(Admissions::new(world))));
    lambda_http::run(MapRequest::new(router, request::as_sent)).await
}

/// Puts the adapters together, and opens the connection to the store while start-up time is free.
pub async fn world(settings: Settings) -> Result<World, Error> {
    let ids = Arc::new(SystemIds);
    let teamviewer = WebApi::new(&settings.teamviewer, ids.clone())?;
    let engine = DynamoEngine::new(client(&settings.access, http_client()), settings.table, ids.clone());
    engine.connect_eagerly().await;
    let store = ItemStore::new(engine, ids.clone());
    let installation = match settings.installation {
        Some(installation) => installation,
        None => store.installation(InstallationId::new(ids.time_ordered(SystemClock.now()))).await?,
    };
    Ok(World {
        store: Arc::new(store),
        teamviewer: Arc::new(teamviewer),
        vault: Arc::new(KeyFileVault::new(settings.keys, ids.clone())),
        renderer: Arc::new(Words),
        clock: Arc::new(SystemClock),
        ids,
        installation,
    })
}
