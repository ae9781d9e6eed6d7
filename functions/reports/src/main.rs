//! The function for reports, the event feed and the audit trail.

use casebridge_host::function::{self, Error};

#[tokio::main(flavor = "local")]
async fn main() -> Result<(), Error> {
    function::run_on_the_table(casebridge_http::reports::router).await
}
