//! The function that pushes events to endpoints.
//!
//! A message brings a lane. Whoever takes it works on it until there is nothing to do, or until shortly before the function's end;
//! then another message brings it again, and no function waits for a retry. What no message brought, the relay's schedule finds.

mod lanes;

use std::sync::Arc;

use casebridge_app::push::{NoNews, Pushing};
use casebridge_host::function::{self, Answer, EndpointSettings, Error, Network, Queue, Wake};
use casebridge_push::HttpPusher;
use lambda_runtime::{LambdaEvent, service_fn};

use lanes::Lanes;

#[tokio::main(flavor = "local")]
async fn main() -> Result<(), Error> {
    function::on_a_task(run()).await
}

async fn run() -> Result<(), Error> {
    function::start_logging();
    let EndpointSettings { settings, push_queue, reach } = EndpointSettings::from_environment()?;
    let network = &Network::of_function()?;
    let tls = Some(network.tls().clone());
    let options = casebridge_push::Options { reach, tls, ..casebridge_push::Options::default() };
    let lanes = &Lanes {
        queue: Queue::new(push_queue, &settings.table.access, network),
        pushing: Pushing {
            world: function::world_without_teamviewer(settings, network).await?,
            pusher: Arc::new(HttpPusher::new(&options, casebridge_http::events::message)?),
            news: Arc::new(NoNews),
            feeds: Arc::default(),
        },
    };
    lambda_runtime::run(service_fn(async |event: LambdaEvent<Wake>| -> Result<Answer, Error> {
        match event.payload {
            Wake::Told(records) => Ok(lanes.told(&records, function::time_limit(&event.context)).await),
            // Its schedule is the relay's.
            Wake::Due => Ok(Answer::default()),
        }
    }))
    .await
}
