//! The function behind the table: it numbers what steps left in the journals, delivers letters, settles cases that nobody
//! else did, and passes on what there is to do for others.
//!
//! The table's stream wakes it, a queue brings letters, a schedule takes up what neither brought. None of them carries
//! anything: what is to be done stands in the table, and doing it twice changes nothing.

mod lapses;
mod letters;
mod numbering;
mod pushes;
mod relay;

use casebridge_app::push::Feeds;
use casebridge_host::function::{self, Answer, Error, Network, Queue, RelaySettings, Wake};
use casebridge_mail::SesMailer;
use lambda_runtime::{LambdaEvent, service_fn};

use relay::Relay;

#[tokio::main(flavor = "local")]
async fn main() -> Result<(), Error> {
    function::on_a_task(run()).await
}

async fn run() -> Result<(), Error> {
    function::start_logging();
    let RelaySettings { table, mail, mail_queue, watch_queue, push_queue } = RelaySettings::from_environment()?;
    let network = &Network::of_function()?;
    let relay = &Relay {
        letters: Queue::new(mail_queue, &table.access, network),
        turns: Queue::new(watch_queue, &table.access, network),
        lanes: Queue::new(push_queue, &table.access, network),
        feeds: Feeds::default(),
        mailer: SesMailer::new(mail, network.aws()),
        world: function::world_without_secrets(table, network).await?,
    };
    lambda_runtime::run(service_fn(async |event: LambdaEvent<Wake>| -> Result<Answer, Error> {
        match event.payload {
            Wake::Told(records) => Ok(Box::pin(relay.told(&records)).await),
            Wake::Due => {
                relay.look(function::time_limit(&event.context)).await?;
                Ok(Answer::default())
            }
        }
    }))
    .await
}
