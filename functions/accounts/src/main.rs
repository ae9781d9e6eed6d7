//! The function for accounts, their settings, keys and mail templates.

use casebridge_host::function::{self, Error};

#[tokio::main(flavor = "local")]
async fn main() -> Result<(), Error> {
    function::run_without_teamviewer(casebridge_http::accounts::router).await
}
