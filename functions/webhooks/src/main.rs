//! The function for notices from outside.

use casebridge_host::function::{self, Error};

#[tokio::main(flavor = "local")]
async fn main() -> Result<(), Error> {
    function::run_without_teamviewer(casebridge_http::webhooks::router).await
}
