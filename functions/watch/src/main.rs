//! The function that asks TeamViewer: who came online, what ended, what was left half done.
//!
//! An account has one chain of turns. A message brings a turn; whoever takes it leaves the message for the next one before
//! this one is acknowledged. A message that finds its turn taken, or not yet due, was one too many and ends there. A schedule
//! begins chains that broke.

mod turns;

use casebridge_host::function::{self, Answer, Error, Network, Queue, Wake, WatchSettings};
use lambda_runtime::{LambdaEvent, service_fn};

use turns::Watch;

#[tokio::main(flavor = "local")]
async fn main() -> Result<(), Error> {
    function::on_a_task(run()).await
}

async fn run() -> Result<(), Error> {
    function::start_logging();
    let WatchSettings { settings, watch_queue } = WatchSettings::from_environment()?;
    let network = &Network::of_function()?;
    let watch = &Watch {
        turns: Queue::new(watch_queue, &settings.table.access, network),
        world: function::world(settings, network).await?,
    };
    lambda_runtime::run(service_fn(async |event: LambdaEvent<Wake>| -> Result<Answer, Error> {
        match event.payload {
            Wake::Told(records) => Ok(watch.told(&records).await),
            Wake::Due => {
                watch.look(function::time_limit(&event.context)).await?;
                Ok(Answer::default())
            }
        }
    }))
    .await
}
