//! The function for accounts, their settings, keys, mail templates and endpoints.

use casebridge_host::function::{self, Error};

#[tokio::main(flavor = "local")]
async fn main() -> Result<(), Error> {
    function::run_with_endpoints(casebridge_http::accounts::router).await
}
