//! An operator holds the figures of reports against the records, and puts them right, while the help desk works.

use anyhow::{Context as _, ensure};
use casebridge_tests::host::{Host, OnPrem};
use rusqlite::Connection;
use serde_json::json;

use crate::busy::Busy;
use crate::run::{Outcome, on_every_host, on_prem};

mod anywhere {
    use super::*;

    on_every_host![
        b11_a_rebuild_counts_sessions_on_their_days_in_the_present_time_zone,
        b11_all_accounts_of_a_vendor_are_looked_at,
        b11_what_can_not_be_checked_ends_with_two,
    ];
}

mod in_one_process {
    use super::*;

    on_prem![
        b11_figures_agree_with_the_records_while_sessions_end,
        b11_a_figure_that_is_off_is_named_and_put_right_while_sessions_end,
    ];
}

const VERIFY: [&str; 4] = ["rollups", "verify", "--account", "acme"];
const REBUILD: [&str; 4] = ["rollups", "rebuild", "--account", "acme"];

async fn b11_figures_agree_with_the_records_while_sessions_end(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let busy = Busy::begin(&desk);
    for _ in 0..5 {
        let checked = host.check(&VERIFY).await?;
        assert_eq!((checked.code, checked.complained.as_str()), (0, ""), "{checked:?}");
        assert!(
            checked.said.starts_with("account acme: ") && checked.said.contains("every figure is right"),
            "{checked:?}"
        );
    }
    let ended = busy.end().await?;
    assert!(ended > 0);
    let checked = host.check(&VERIFY).await?;
    assert!(checked.said.contains(&format!("{ended} record")), "{ended} sessions ended: {checked:?}");
    Ok(())
}

async fn b11_a_figure_that_is_off_is_named_and_put_right_while_sessions_end(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let case = desk.new_case("T-1").await?;
    desk.stop(&case).await?.expect(200)?;
    let server = host.one_process()?;
    count_one_more(server)?;
    let busy = Busy::begin(&desk);

    let checked = server.check(&VERIFY).await?;
    assert_eq!((checked.code, checked.complained.as_str()), (1, ""), "{checked:?}");
    let lines: Vec<&str> = checked.said.lines().collect();
    assert!(lines[0].starts_with("account acme: ") && lines[0].contains("off"), "{checked:?}");
    assert!(lines[1..].iter().all(|line| line.starts_with("  20") && line.contains(", but the records say ")));
    assert!(lines[1..].iter().any(|line| line.contains(", everyone, ")), "{checked:?}");

    let rebuilt = server.check(&REBUILD).await?;
    assert_eq!((rebuilt.code, rebuilt.complained.as_str()), (0, ""), "{rebuilt:?}");
    assert!(rebuilt.said.contains("put right"), "{rebuilt:?}");
    assert_eq!(rebuilt.said.lines().count(), lines.len(), "what was off is what was put right: {rebuilt:?}");
    let checked = server.check(&VERIFY).await?;
    assert_eq!(checked.code, 0, "{checked:?}");
    busy.end().await?;
    let again = server.check(&REBUILD).await?;
    assert!(again.code == 0 && again.said.contains("every figure was right"), "{again:?}");
    Ok(())
}

/// Somebody changes a figure behind our back.
fn count_one_more(server: &OnPrem) -> Outcome {
    let store = Connection::open(server.store())?;
    let counts = "pk = 'A#acme#F' AND json_extract(body, '$.counters') IS NOT NULL";
    let mut figures = store.prepare(&format!("SELECT pk, sk, body FROM item WHERE {counts} ORDER BY sk"))?;
    let figures = figures.query_map([], |row| Ok((row.get::<_, String>(1)?, row.get::<_, String>(2)?)))?;
    let (place, body) = figures.last().context("no figures are kept")??;
    let mut counts: serde_json::Value = serde_json::from_str(&body)?;
    let (_, counter) =
        counts["counters"].as_object_mut().and_then(|all| all.iter_mut().next()).context("no counter")?;
    *counter = json!(counter.as_i64().context("a counter is a number")? + 1);
    let changed =
        store.execute("UPDATE item SET body = ?1 WHERE pk = 'A#acme#F' AND sk = ?2", (counts.to_string(), place))?;
    ensure!(changed == 1, "no figure was changed");
    Ok(())
}

async fn b11_a_rebuild_counts_sessions_on_their_days_in_the_present_time_zone(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    for ticket in ["T-1", "T-2"] {
        let case = desk.new_case(ticket).await?;
        desk.stop(&case).await?.expect(200)?;
    }
    desk.set(&json!({ "time_zone": "Pacific/Kiritimati" })).await?;
    assert_eq!(host.check(&VERIFY).await?.code, 0, "older days stay as they are until a rebuild");
    let rebuilt = host.check(&REBUILD).await?;
    assert!(rebuilt.said.contains("2 sessions moved"), "{rebuilt:?}");
    let again = host.check(&REBUILD).await?;
    assert!(again.said.contains("no session moved") && again.said.contains("every figure was right"), "{again:?}");
    Ok(())
}

async fn b11_all_accounts_of_a_vendor_are_looked_at(host: &Host) -> Outcome {
    for account in ["acme", "globex"] {
        let desk = host.help_desk(account).await?;
        let case = desk.new_case("T-1").await?;
        desk.stop(&case).await?.expect(200)?;
    }
    let checked = host.check(&["rollups", "verify", "--vendor", "boss"]).await?;
    assert_eq!(checked.code, 0, "{checked:?}");
    for account in ["acme", "globex"] {
        assert!(checked.said.contains(&format!("account {account}: 1 record counted")), "{checked:?}");
    }
    Ok(())
}

async fn b11_what_can_not_be_checked_ends_with_two(host: &Host) -> Outcome {
    for (words, complaint) in [
        (&["rollups", "verify", "--account", "nobody"][..], "there is no account nobody"),
        (&["rollups", "rebuild", "--account", "nobody"], "there is no account nobody"),
        (&["rollups", "verify", "--vendor", "nobody"], "vendor nobody has no account"),
        (&["rollups", "verify", "--account", "Not An Id"], "--account"),
        (&["rollups", "verify"], "--vendor"),
        (&["rollups", "verify", "--vendor", "boss", "--account", "acme"], "--vendor"),
    ] {
        let checked = host.check(words).await?;
        assert_eq!(checked.code, 2, "{words:?}: {checked:?}");
        assert!(checked.complained.contains(complaint) && checked.said.is_empty(), "{words:?}: {checked:?}");
    }
    Ok(())
}
