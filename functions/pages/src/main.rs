//! The function for the customer's page and for static files.

use casebridge_host::function::{self, Error};

#[tokio::main(flavor = "local")]
async fn main() -> Result<(), Error> {
    function::run(casebridge_pages::router).await
}
