//! Input that is wrong: a clear refusal that names the field, and nothing written.

use casebridge_tests::{
    api::{Answer, Api},
    help_desk::usual_play,
    host::Host,
};
use http::Method;
use serde_json::{Value, json};

use crate::run::{Outcome, on_every_host};

mod anywhere {
    use super::*;

    on_every_host![
        bodies_that_are_not_json_or_not_the_shape_are_refused_with_the_field,
        fields_that_break_a_rule_are_told_all_at_once,
        settings_that_break_a_rule_are_told_all_at_once,
        bodies_that_are_too_large_or_not_said_to_be_json_are_refused,
        addresses_and_methods_that_are_not_there_are_refused,
        keys_that_are_no_keys_are_refused,
        queries_that_are_misspelt_are_refused,
        unusual_ticket_ids_and_texts_come_back_as_they_were,
    ];

    crate::run::stack![
        addresses_and_methods_that_are_not_there_are_refused,
        unusual_ticket_ids_and_texts_come_back_as_they_were
    ];
}

mod one_process {
    use super::*;

    crate::run::on_prem![a_body_that_comes_too_slowly_is_refused_and_delays_nobody];
}

/// Asks, and holds everything that is kept before against what is kept afterwards.
async fn nothing_written(host: &Host, ask: impl AsyncFnOnce() -> Outcome) -> Outcome {
    host.kit().sandbox.forget_calls().await?;
    let before = host.kept().await?;
    ask().await?;
    let after = host.kept().await?;
    let changed: Vec<_> = after.iter().filter(|(place, item)| before.get(*place) != Some(item)).collect();
    assert!(changed.is_empty() && before.len() == after.len(), "written: {changed:#?}");
    assert_eq!(host.kit().sandbox.calls().await?.changes(), 0, "TeamViewer was told");
    Ok(())
}

/// A refusal says what to do, for which request, and repeats nothing.
fn is_clear(refused: &Answer) {
    assert!((400..500).contains(&refused.status), "{refused}");
    assert!(!refused.problem().is_empty(), "{refused}");
    assert_eq!(refused["status"], refused.status, "{refused}");
    assert!(refused["title"].is_string() && refused["fix"].as_str().unwrap().ends_with('.'), "{refused}");
    assert_eq!(refused["request_id"].as_str(), refused.header("x-request-id"), "{refused}");
    assert!(!refused.text.contains("EVIL"), "{refused}");
}

async fn bodies_that_are_not_json_or_not_the_shape_are_refused_with_the_field(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let play = |changed: &str, to: &str| usual_play().to_string().replacen(changed, to, 1);
    let bodies = [
        (String::new(), "body"),
        ("{".to_owned(), "body"),
        ("[]".to_owned(), "body"),
        ("null".to_owned(), "body"),
        ("\"EVIL\"".to_owned(), "body"),
        ("{}".to_owned(), "ticket"),
        (usual_play().to_string() + "x", "body"),
        (play("\"INC-1\"", "7"), "ticket.number"),
        (play("\"INC-1\"", "{\"EVIL\":1}"), "ticket.number"),
        (play("\"INC-1\"", "\"\\ud800\""), "ticket.number"),
        (play("\"INC-1\"", "\"a\u{1}b\""), "ticket.number"),
        (play("\"Rita Requester\"", "[\"EVIL\"]"), "requester.name"),
        (play("\"ticket\":{", "\"ticket\":{\"colour\":\"EVIL\","), "ticket.colour"),
        (play("\"ticket\":{", "\"ticket\":{\"number\":\"1\","), "ticket.number"),
        (play("{", "{\"supporter\":\"EVIL\","), "supporter"),
        ("[".repeat(100_000), "body"),
    ];
    nothing_written(host, async || {
        for (body, field) in bodies {
            let call = desk.technician.call(Method::POST, &desk.ticket("T-1", "/case"));
            let refused = call.body(body.clone()).header("content-type", "application/json").send().await?;
            is_clear(&refused);
            let shown: String = body.chars().take(200).collect();
            assert_eq!((refused.status, refused.problem()), (400, "malformed-request"), "{shown}: {refused}");
            assert_eq!(refused.fields(), [field], "{shown}: {refused}");
        }
        let not_utf8 =
            desk.technician.call(Method::POST, &desk.ticket("T-1", "/case")).body(&b"{\"ticket\":\"\xff\"}"[..]);
        let refused = not_utf8.header("content-type", "application/json").send().await?;
        is_clear(&refused);
        assert_eq!(refused.status, 400, "{refused}");
        Ok(())
    })
    .await
}

async fn fields_that_break_a_rule_are_told_all_at_once(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let rules = [
        (["ticket", "number"], json!("")),
        (["ticket", "number"], json!("x".repeat(65))),
        (["ticket", "title"], json!("x".repeat(251))),
        (["ticket", "title"], json!("EVIL\u{0}")),
        (["ticket", "title"], json!("EVIL\r\nBcc: x@example.com")),
        (["ticket", "title"], json!("\u{202e}EVIL")),
        (["ticket", "category"], json!("x".repeat(81))),
        (["requester", "name"], json!("  ")),
        (["requester", "name"], json!("x".repeat(101))),
        (["requester", "email"], json!("EVIL")),
        (["requester", "email"], json!("a@example.com\nBcc: EVIL@example.com")),
        (["requester", "email"], json!("a@example.com, EVIL@example.com")),
        (["technician", "id"], json!("")),
        (["technician", "email"], json!("@")),
    ];
    nothing_written(host, async || {
        for ([part, field], value) in rules {
            let mut play = usual_play();
            play[part][field] = value.clone();
            let refused = desk.play_with("T-1", &play).await?.expect_problem(422, "invalid-fields")?;
            is_clear(&refused);
            assert_eq!(refused.fields(), [format!("{part}.{field}")], "{value}: {refused}");
        }
        let mut play = usual_play();
        play["ticket"]["title"] = json!("");
        play["requester"]["name"] = json!("");
        play["session_type"] = json!("EVIL");
        let refused = desk.play_with("T-1", &play).await?.expect_problem(422, "invalid-fields")?;
        assert_eq!(refused.fields(), ["ticket.title", "requester.name", "session_type"]);
        Ok(())
    })
    .await
}

async fn settings_that_break_a_rule_are_told_all_at_once(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    nothing_written(host, async || {
        let wrong = json!({
            "account": "Not A Slug",
            "name": "",
            "time_zone": "Mars/Olympus",
            "language": "tlh",
            "case_lifetime_minutes": 0,
            "told": { "others": ["EVIL"], "without_technician": vec!["a@example.com"; 21] },
        });
        let refused = host.vendor().post("/v1/accounts", &wrong).await?.expect_problem(422, "invalid-fields")?;
        is_clear(&refused);
        let mut fields = refused.fields();
        fields.sort_unstable();
        let expected = ["account", "case_lifetime_minutes", "language", "name", "time_zone", "told.others[0]"];
        assert_eq!(fields[..6], expected);
        assert_eq!(fields[6], "told.without_technician");

        let refusals: [(&str, Value, &[&str]); 7] = [
            ("/keys", json!({ "scope": "EVIL" }), &["scope"]),
            ("/keys", json!({ "scope": "read", "label": "x".repeat(101) }), &["label"]),
            ("/mail-templates/en/preview", json!({ "subject": "", "text": "{{EVIL" }), &["subject"]),
            ("/cases/00000000-0000-7000-8000-000000000000/close", json!({ "note": "x".repeat(2001) }), &["note"]),
            ("/tickets/T-1/closing", json!({ "confirm": "EVIL" }), &["confirm"]),
            ("/tickets/T-1/closing", json!({ "colour": 1 }), &["colour"]),
            ("/tickets/T-1/closing", json!({ "EVIL!": 1 }), &["body"]),
        ];
        for (path, body, fields) in refusals {
            let refused = desk.admin.post(&desk.path(path), &body).await?;
            assert!(matches!(refused.status, 400 | 422), "{refused}");
            assert_eq!(refused.fields(), fields, "{refused}");
        }
        Ok(())
    })
    .await
}

async fn bodies_that_are_too_large_or_not_said_to_be_json_are_refused(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    nothing_written(host, async || {
        for kilobytes in [257, 3000] {
            let mut play = usual_play();
            play["ticket"]["title"] = json!("x".repeat(kilobytes * 1024));
            let refused = desk.play_with("T-1", &play).await?.expect_problem(413, "body-too-large")?;
            is_clear(&refused);
        }
        for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"] {
            let call = desk.technician.call(Method::POST, &desk.ticket("T-1", "/case")).header("content-type", kind);
            let refused = call.body(usual_play().to_string()).send().await?.expect_problem(415, "not-json")?;
            is_clear(&refused);
        }
        let packed = desk.play_call("T-1", &usual_play()).header("content-encoding", "gzip").send().await?;
        packed.expect_problem(415, "not-json")?;
        Ok(())
    })
    .await
}

async fn addresses_and_methods_that_are_not_there_are_refused(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    nothing_written(host, async || {
        for path in ["/", "/v1", "/v2/accounts", "/v1/accounts/acme/", "/v1/accounts/acme/case", "/v1/accounts//cases"]
        {
            let refused = desk.admin.get(path).await?;
            is_clear(&refused);
            assert_eq!(refused.status, 404, "{refused}");
        }
        for path in ["/v1/accounts/acme/cases/EVIL", "/v1/accounts/Acme/cases", "/v1/accounts/acme/keys/1"] {
            let refused = desk.admin.call(Method::GET, path).send().await?;
            assert!(matches!(refused.status, 404 | 405), "{refused}");
        }
        for (method, path) in [
            (Method::PATCH, desk.ticket("T-1", "/case")),
            (Method::PUT, desk.path("/cases")),
            (Method::POST, desk.path("/connection")),
            (Method::GET, "/v1/webhooks/teamviewer/acme".to_owned()),
            (Method::DELETE, "/healthz".to_owned()),
        ] {
            let refused = desk.admin.call(method, &path).send().await?.expect_problem(405, "method-not-allowed")?;
            is_clear(&refused);
            assert!(refused.header("allow").is_some(), "{refused}");
        }
        Ok(())
    })
    .await
}

async fn keys_that_are_no_keys_are_refused(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    nothing_written(host, async || {
        let path = desk.ticket("T-1", "/case");
        let bare = desk.technician.without_key();
        let good = format!("cb_account_acme_{}", "0".repeat(64));
        for field in ["", "Bearer", "Bearer ", "Bearer EVIL", "Basic YTpi", &format!("Bearer {good}"), &good] {
            let call = bare.call(Method::POST, &path).json(&usual_play()).header("authorization", field);
            let refused = call.send().await?.expect_problem(401, "unauthorized")?;
            is_clear(&refused);
            assert!(refused.header("www-authenticate").unwrap().starts_with("Bearer"), "{refused}");
        }
        bare.post(&path, &usual_play()).await?.expect_problem(401, "unauthorized")?;
        Ok(())
    })
    .await
}

async fn queries_that_are_misspelt_are_refused(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let asked = [
        ("?stat=open", "stat"),
        ("?state=EVIL", "state"),
        ("?state=open&state=closed", "state"),
        ("?session_code=EVIL", "session_code"),
        ("?limit=0", "limit"),
        ("?limit=EVIL", "limit"),
        ("?cursor=EVIL", "cursor"),
        ("?technician=%00", "technician"),
    ];
    for (query, field) in asked {
        let refused = desk.reader.get(&desk.path(&format!("/cases{query}"))).await?;
        is_clear(&refused);
        assert!(matches!(refused.status, 400 | 422), "{refused}");
        assert_eq!(refused.fields(), [field], "{refused}");
    }
    Ok(())
}

async fn unusual_ticket_ids_and_texts_come_back_as_they_were(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    for id in ["INC 4711", "β-1", "a+b", "a&b=c", "x:y;z", "(1)", "'\"", "case", "closing", &"x".repeat(128)] {
        let case = desk.play(id).await?.expect(201)?;
        assert_eq!(case["ticket"], id);
        assert_eq!(desk.case(id).await?["id"], case["id"]);
    }
    let mut play = usual_play();
    let title = "✂️ 日本語 <script>alert(1)</script> '; DROP TABLE item; -- {{ticket.title}}";
    play["ticket"]["title"] = json!(title);
    play["requester"]["name"] = json!("Zoë O'Brien-Łukasz");
    let case = desk.play_with("T-1", &play).await?.expect(201)?;
    assert_eq!(case["requester"]["name"], "Zoë O'Brien-Łukasz");
    let sessions = host.kit().sandbox.sessions().await?;
    assert_eq!(sessions.last().unwrap()["description"], format!("INC-1: {title}"));
    Ok(())
}

async fn a_body_that_comes_too_slowly_is_refused_and_delays_nobody(host: &Host) -> Outcome {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    let desk = host.help_desk("acme").await?;
    let key = desk.technician.key().unwrap().to_owned();
    let mut slow = tokio::net::TcpStream::connect(host.one_process()?.address()).await?;
    let head = format!(
        "POST /v1/accounts/acme/tickets/T-1/case HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {key}\r\n\
         content-type: application/json\r\ncontent-length: 500\r\n\r\n{{"
    );
    slow.write_all(head.as_bytes()).await?;
    desk.new_case("T-2").await?;
    let mut answer = vec![0; 12];
    tokio::time::timeout(crate::run::SOON, slow.read_exact(&mut answer)).await??;
    assert_eq!(String::from_utf8(answer)?, "HTTP/1.1 408");
    desk.technician.get(&desk.ticket("T-1", "/case")).await?.expect_problem(404, "not-found")?;
    let silent = Api::at(&format!("http://{}", host.one_process()?.address()));
    silent.get("/healthz").await?.expect(200)?;
    Ok(())
}
