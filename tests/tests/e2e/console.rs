//! Signing in to the console: B11, B12 and B19 for people in a browser.

use anyhow::Context as _;
use casebridge_tests::api::{Answer, Api, Call};
use casebridge_tests::help_desk::HelpDesk;
use casebridge_tests::host::Host;
use http::Method;
use serde_json::json;

use crate::run::{Outcome, on_every_host};

on_every_host![
    b11_whoever_is_sent_a_link_is_signed_in_to_the_console_once_and_reads_the_report,
    b19_a_vendors_back_end_lets_people_in_and_the_account_sees_and_ends_it,
];

/// The code of a link that the vendor has made for somebody.
async fn code(host: &Host, desk: &HelpDesk, role: &str) -> anyhow::Result<String> {
    let wish = json!({ "role": role, "name": "Tess Technician" });
    let made = host.vendor().post(&desk.path("/sign-in-links"), &wish).await?.expect(201)?;
    let url = made["url"].as_str().context("no url")?;
    let (page, code) = url.split_once('#').with_context(|| format!("no code: {url}"))?;
    assert!(page.ends_with("/console/sign-in"), "{url}");
    Ok(code.to_owned())
}

fn browser(host: &Host, method: Method, path: &str) -> Call {
    host.vendor()
        .without_key()
        .call(method, path)
        .header("x-casebridge-console", "1")
        .header("sec-fetch-site", "same-origin")
}

async fn sign_in(host: &Host, code: &str) -> anyhow::Result<Answer> {
    browser(host, Method::POST, "/console/session").json(&json!({ "code": code })).send().await
}

/// The cookie as a browser sends it back.
fn cookie(answer: &Answer) -> anyhow::Result<String> {
    let set = answer.header("set-cookie").context("no cookie")?;
    assert!(set.contains("HttpOnly") && set.contains("SameSite=Strict"), "{set}");
    Ok(set.split(';').next().unwrap_or_default().to_owned())
}

async fn b11_whoever_is_sent_a_link_is_signed_in_to_the_console_once_and_reads_the_report(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let visitor: Api = host.vendor().without_key();
    for page in ["/console", "/console/sign-in"] {
        let page = visitor.get(page).await?;
        assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")), "{page}");
        assert!(page.header("content-security-policy").is_some_and(|policy| policy.contains("script-src 'self'")));
        let script = page.text.split("src=\"").nth(1).and_then(|rest| rest.split('"').next()).context("no script")?;
        assert_eq!(visitor.get(script).await?.status, 200, "{script}");
    }
    let code = code(host, &desk, "technician").await?;
    let answer = sign_in(host, &code).await?;
    let cookie = cookie(&answer)?;
    let session = answer.expect(200)?;
    assert_eq!((&session["role"], &session["name"]), (&json!("technician"), &json!("Tess Technician")));
    sign_in(host, &code).await?.expect(401)?;

    let report = desk.path("/reports/sessions?from=2026-01-01&to=2027-01-01&group_by=category");
    let read = browser(host, Method::GET, &report).header("cookie", &cookie).send().await?.expect(200)?;
    assert!(read["total"].is_object(), "{read}");
    let settings = browser(host, Method::PATCH, &desk.path("")).header("cookie", &cookie);
    settings.json(&json!({ "name": "Changed" })).send().await?.expect(403)?;
    let forged = visitor.call(Method::GET, &report).header("cookie", &cookie);
    forged.send().await?.expect(401)?;
    Ok(())
}

async fn b19_a_vendors_back_end_lets_people_in_and_the_account_sees_and_ends_it(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let other = host.help_desk("globex").await?;
    let answer = sign_in(host, &code(host, &desk, "admin").await?).await?;
    let cookie = cookie(&answer)?;
    let session =
        async |method: Method| browser(host, method, "/console/session").header("cookie", &cookie).send().await;
    session(Method::GET).await?.expect(200)?;
    let elsewhere = browser(host, Method::GET, &other.path("")).header("cookie", &cookie);
    elsewhere.send().await?.expect(404)?;

    let keys = desk.admin.get(&desk.path("/keys")).await?.expect(200)?;
    let mut listed = keys["items"].as_array().into_iter().flatten();
    let key = listed.find(|key| key["label"] == "Tess Technician").context("the session is not among the keys")?;
    assert!(key["expires_at"].is_string(), "{key}");

    session(Method::DELETE).await?.expect(204)?;
    session(Method::GET).await?.expect(401)?;
    let keys = desk.admin.get(&desk.path("/keys")).await?.expect(200)?;
    assert!(!keys.to_string().contains("Tess Technician"), "{keys}");
    Ok(())
}
