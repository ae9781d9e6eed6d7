//! The function that numbers: what steps left in the journals comes into the feeds and the audit trails.
//!
//! The table's stream wakes it, a schedule takes up what the stream did not bring. Neither carries anything: what is to
//! be done stands in the table, and doing it twice changes nothing.

mod event;
mod numbering;

use casebridge_host::function::{self, Error, Table};
use lambda_runtime::{LambdaEvent, service_fn};

use event::{Answer, Wake};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    function::start_logging();
    let world = &function::world_without_secrets(Table::from_environment()?).await?;
    lambda_runtime::run(service_fn(async |event: LambdaEvent<Wake>| -> Result<Answer, Error> {
        match event.payload {
            Wake::Stream { records } => Ok(numbering::woken(world, &records).await),
            Wake::Schedule { .. } | Wake::Asked { .. } => {
                numbering::due(world).await?;
                Ok(Answer::default())
            }
        }
    }))
    .await
}
