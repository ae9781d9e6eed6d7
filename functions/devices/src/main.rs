//! The function for managed devices: activation, what is known of each, readiness.

use casebridge_host::function::{self, Error};

#[tokio::main(flavor = "local")]
async fn main() -> Result<(), Error> {
    function::run(casebridge_http::devices::router).await
}
