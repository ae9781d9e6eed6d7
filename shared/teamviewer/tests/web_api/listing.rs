//! Complete listings.

use casebridge_app::ports::TeamViewer;
use casebridge_app::ports::teamviewer::TeamViewerError;
use casebridge_domain::GroupId;
use serde_json::{Value, json};

use crate::fake::{Fake, Reply, Seen, error, ok, status, text, token};

fn entry(number: usize) -> Value {
    json!({ "code": format!("s119-457-{number:03}"), "state": "Open", "online": false })
}

fn page(numbers: std::ops::Range<usize>, next: Option<usize>, remaining: Option<usize>) -> Reply {
    let mut page = json!({ "sessions": numbers.map(entry).collect::<Vec<_>>() });
    if let Some(next) = next {
        page["next_offset"] = json!(format!("s119-457-{next:03}"));
    }
    if let Some(remaining) = remaining {
        page["sessions_remaining"] = json!(remaining);
    }
    ok(&page)
}

fn offset(seen: &Seen) -> &str {
    seen.query.get("offset").map_or("", String::as_str)
}

async fn listed(fake: &Fake) -> Result<Vec<String>, TeamViewerError> {
    let sessions = fake.client().open_sessions(&token(), None).await?;
    Ok(sessions.iter().map(|listed| listed.session.code.to_string()).collect())
}

#[tokio::test]
async fn the_open_sessions_are_asked_for_in_full_and_by_group() {
    let fake = Fake::with(text(200, include_str!("../../shapes/session-list-open.json"))).await;
    let client = fake.client();
    assert_eq!(client.open_sessions(&token(), None).await.unwrap().len(), 2);
    client.open_sessions(&token(), Some(&GroupId::parse("g272032545").unwrap())).await.unwrap();
    let queries: Vec<Value> = fake.seen().iter().map(|seen| json!(seen.query)).collect();
    assert_eq!(fake.lines(), ["GET /sessions", "GET /sessions"]);
    assert_eq!(queries[0], json!({ "state": "open", "full_list": "true" }));
    assert_eq!(queries[1], json!({ "state": "open", "full_list": "true", "groupid": "g272032545" }));
}

#[tokio::test]
async fn pages_are_followed_to_the_end_and_a_session_met_twice_is_as_found_last() {
    let fake = Fake::answering(|seen| match offset(seen) {
        "" => page(0..3, Some(2), Some(4)),
        "s119-457-002" => page(3..5, Some(4), None),
        "s119-457-004" => {
            let mut again = entry(4);
            again["online"] = json!(true);
            ok(&json!({ "sessions": [again, entry(5)], "next_offset": null, "sessions_remaining": 0 }))
        }
        _ => status(500),
    })
    .await;
    let sessions = fake.client().open_sessions(&token(), None).await.unwrap();
    let codes: Vec<_> = sessions.iter().map(|listed| listed.session.code.to_string()).collect();
    assert_eq!(codes, (0..6).map(|number| format!("s119-457-{number:03}")).collect::<Vec<_>>());
    assert!(sessions[4].online);
    assert_eq!(fake.seen().len(), 3);
    assert!(fake.seen().iter().all(|seen| seen.query["state"] == "open" && seen.query["full_list"] == "true"));
}

#[tokio::test]
async fn a_listing_that_breaks_off_is_an_error_and_never_a_short_list() {
    for then in [
        status(500),
        error(400, "invalid_request"),
        status(404),
        error(403, "rate_limit_reached"),
        status(204),
        text(200, "<html>"),
        ok(&json!({})),
        page(0..0, None, None),
        page(3..4, None, Some(6)),
    ] {
        let then_again = then.clone();
        let fake = Fake::answering(move |seen| match offset(seen) {
            "" => page(0..3, Some(2), Some(7)),
            _ => then_again.clone(),
        })
        .await;
        assert!(listed(&fake).await.is_err(), "{then:?}");
    }
}

#[tokio::test]
async fn a_listing_in_circles_ends_in_an_error() {
    let same = Fake::with(page(0..3, Some(2), Some(3))).await;
    assert_eq!(listed(&same).await, Err(TeamViewerError::OutcomeUnknown));
    assert_eq!(same.seen().len(), 2);

    let endless = Fake::answering(|seen| page(0..1, Some(seen.number), None)).await;
    assert_eq!(listed(&endless).await, Err(TeamViewerError::OutcomeUnknown));
    assert_eq!(endless.seen().len(), 200);
}

#[tokio::test]
async fn a_page_that_fails_is_repeated_by_itself() {
    let fake = Fake::answering(|seen| match (offset(seen), seen.number) {
        ("", 0) => page(0..2, Some(1), Some(1)),
        (_, 1 | 2) => status(502),
        _ => page(2..3, None, None),
    })
    .await;
    assert_eq!(listed(&fake).await.unwrap().len(), 3);
    assert_eq!(fake.seen().len(), 4);
}

#[tokio::test]
async fn a_listing_without_sessions_is_empty() {
    let fake = Fake::with(page(0..0, None, None)).await;
    assert_eq!(listed(&fake).await, Ok(Vec::new()));
}
