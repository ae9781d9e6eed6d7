//! The function for registering, checking, sharing and revoking the TeamViewer token.

use casebridge_host::function::{self, Error};

#[tokio::main(flavor = "local")]
async fn main() -> Result<(), Error> {
    function::run(casebridge_http::connection::router).await
}
