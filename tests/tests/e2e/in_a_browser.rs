//! The stories of widget and console in Chromium on the functions: `tests/browser` tells the same ones on the one process.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, ensure};
use casebridge_tests::host::Host;
use serde_json::json;

use crate::run::Outcome;

mod stories {
    use super::*;

    crate::run::cloud![
        b2_b4_b7_b9_the_widgets_stories_come_true_in_a_browser,
        b8_b15_b19_n7_signing_in_templates_and_settings_come_true_in_a_browser,
        b1_b13_b14_b16_the_connections_stories_come_true_in_a_browser,
        p1_p2_p9_the_stories_of_live_sessions_come_true_in_a_browser,
        b11_b12_the_reports_stories_come_true_in_a_browser,
        i4_i5_the_stories_of_devices_come_true_in_a_browser,
        b5_the_stories_of_expiry_come_true_in_a_browser,
        i9_p2_p7_the_stories_of_the_queue_come_true_in_a_browser,
        p3_the_stories_of_endpoints_come_true_in_a_browser,
    ];
}

async fn b2_b4_b7_b9_the_widgets_stories_come_true_in_a_browser(host: &Host) -> Outcome {
    come_true(host, "widget_stories.test.js").await
}

async fn b8_b15_b19_n7_signing_in_templates_and_settings_come_true_in_a_browser(host: &Host) -> Outcome {
    come_true(host, "console_stories.test.js").await
}

async fn b1_b13_b14_b16_the_connections_stories_come_true_in_a_browser(host: &Host) -> Outcome {
    come_true(host, "connection_stories.test.js").await
}

async fn p1_p2_p9_the_stories_of_live_sessions_come_true_in_a_browser(host: &Host) -> Outcome {
    come_true(host, "live_stories.test.js").await
}

async fn b11_b12_the_reports_stories_come_true_in_a_browser(host: &Host) -> Outcome {
    come_true(host, "report_stories.test.js").await
}

async fn i4_i5_the_stories_of_devices_come_true_in_a_browser(host: &Host) -> Outcome {
    come_true(host, "devices_stories.test.js").await
}

async fn i9_p2_p7_the_stories_of_the_queue_come_true_in_a_browser(host: &Host) -> Outcome {
    come_true(host, "queue_stories.test.js").await
}

async fn p3_the_stories_of_endpoints_come_true_in_a_browser(host: &Host) -> Outcome {
    come_true(host, "endpoint_stories.test.js").await
}

async fn b5_the_stories_of_expiry_come_true_in_a_browser(host: &Host) -> Outcome {
    come_true(host, "expiry_stories.test.js").await
}

/// Tells a file of stories of a help desk of this host.
async fn come_true(host: &Host, stories: &'static str) -> Outcome {
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
            .args(["--test", "--test-reporter=spec", stories])
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
