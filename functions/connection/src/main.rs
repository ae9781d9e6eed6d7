//! The function for registering, checking, sharing and revoking the TeamViewer token, and for technicians who sign in.

use casebridge_host::function::{self, Error};

#[tokio::main(flavor = "local")]
async fn main() -> Result<(), Error> {
    function::run(casebridge_pages::connection_router).await
}
