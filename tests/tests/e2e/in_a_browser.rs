//! The widget's stories in Chromium on the functions: `tests/browser` tells the same ones on the one process.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, ensure};
use casebridge_tests::host::Host;
use serde_json::json;

use crate::run::Outcome;

mod stories {
    use super::*;

    crate::run::cloud![b2_b4_b7_b9_the_widgets_stories_come_true_in_a_browser];
}

async fn b2_b4_b7_b9_the_widgets_stories_come_true_in_a_browser(host: &Host) -> Outcome {
    let desk = host.help_desk("browser").await?;
    let key = |api: &casebridge_tests::api::Api| api.key().map(str::to_owned).context("every role has a key");
    let ready = json!({
        "url": host.vendor().base(),
        "account": desk.account,
        "keys": { "admin": key(&desk.admin)?, "technician": key(&desk.technician)?, "read": key(&desk.reader)? },
        "sandbox_url": host.kit().sandbox.url(),
        "mail_url": host.kit().mail.url(),
    });
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("browser");
    let told = tokio::task::spawn_blocking(move || {
        Command::new("node")
            .args(["--test", "--test-reporter=spec", "widget_stories.test.js"])
            .env("CASEBRIDGE_HOST", ready.to_string())
            .current_dir(folder)
            .output()
    });
    let told = told.await?.context("node can't be started")?;
    ensure!(
        told.status.success(),
        "{}{}",
        String::from_utf8_lossy(&told.stdout),
        String::from_utf8_lossy(&told.stderr)
    );
    Ok(())
}
