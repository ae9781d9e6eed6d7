//! The function for play, stop, and the ticket's close guard.

use casebridge_host::function::{self, Error};

#[tokio::main(flavor = "local")]
async fn main() -> Result<(), Error> {
    function::run(casebridge_http::cases::router).await
}
