//! A vendor brings its customers on, and nothing crosses accounts: B19.

use casebridge_tests::{
    api::Api,
    help_desk::{HelpDesk, key_of},
    host::Host,
};
use http::Method;
use serde_json::{Value, json};

use crate::run::{Outcome, on_every_host, soon};

on_every_host![
    b19_a_vendor_brings_a_customer_on_with_calls_of_the_api_only,
    b19_an_accounts_id_is_given_out_once,
    b19_a_key_that_was_removed_and_an_account_that_was_are_gone,
    b19_no_route_shows_or_changes_another_accounts_things,
    b19_a_key_may_do_what_its_scope_says,
];

crate::run::stack![
    b19_a_key_that_was_removed_and_an_account_that_was_are_gone,
    b19_no_route_shows_or_changes_another_accounts_things
];

async fn b19_a_vendor_brings_a_customer_on_with_calls_of_the_api_only(host: &Host) -> Outcome {
    let vendor = host.vendor();
    let wish = json!({
        "account": "acme",
        "name": "Acme Ltd",
        "time_zone": "America/Sao_Paulo",
        "languages": ["pt", "en"],
        "case_lifetime_minutes": 60,
        "told": { "others": ["lead@acme.example"] },
    });
    let made = vendor.post("/v1/accounts", &wish).await?;
    assert_eq!(made.header("location"), Some("/v1/accounts/acme"));
    let made = made.expect(201)?;
    assert_eq!((&made["language"], &made["case_lifetime_minutes"]), (&json!("pt"), &json!(60)));
    assert_eq!(vendor.get("/v1/accounts/acme").await?.expect(200)?, made);
    let listed = vendor.get("/v1/accounts").await?.expect(200)?;
    assert_eq!(listed["items"], json!([{ "account": "acme" }]));

    let technician = vendor.with_key(&key_of(vendor, "acme", "technician").await?);
    let token = json!({ "script_token": host.kit().script_token, "group_name": "Acme support" });
    vendor.put("/v1/accounts/acme/connection", &token).await?.expect(200)?;
    let play = casebridge_tests::help_desk::usual_play();
    let case = technician.post("/v1/accounts/acme/tickets/T-1/case", &play).await?.expect(201)?;
    let closed = format!("/v1/accounts/acme/cases/{}/close", case["id"].as_str().unwrap());
    let closed = technician.post(&closed, &json!({})).await?.expect(200)?;
    assert!(closed["comment"].as_str().unwrap().starts_with("Sessão do TeamViewer: "), "{closed}");
    assert_eq!(host.kit().sandbox.groups().await?[0]["name"], "Acme support");
    Ok(())
}

async fn b19_an_accounts_id_is_given_out_once(host: &Host) -> Outcome {
    let desk = HelpDesk::open(host.vendor(), "acme", &json!({})).await?;
    let again = json!({ "account": "acme", "name": "Another", "time_zone": "UTC" });
    for vendor in [host.vendor(), host.rival()] {
        vendor.post("/v1/accounts", &again).await?.expect_problem(409, "account-exists")?;
    }
    desk.admin.delete(&desk.path("")).await?.expect(204)?;
    host.vendor().post("/v1/accounts", &again).await?.expect_problem(409, "account-exists")?;
    assert_eq!(host.vendor().get("/v1/accounts").await?.expect(200)?["items"], json!([]));
    Ok(())
}

async fn b19_a_key_that_was_removed_and_an_account_that_was_are_gone(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let made = desk.admin.post(&desk.path("/keys"), &json!({ "scope": "admin", "label": "old" })).await?.expect(201)?;
    let old = desk.admin.with_key(made["key"].as_str().unwrap());
    old.get(&desk.path("")).await?.expect(200)?;
    let keys = desk.admin.get(&desk.path("/keys")).await?;
    assert!(!keys.text.contains(made["key"].as_str().unwrap()), "a key is shown once");
    assert_eq!(keys.expect(200)?["items"].as_array().unwrap().len(), 4);
    desk.admin.delete(&desk.path(&format!("/keys/{}", made["id"].as_str().unwrap()))).await?.expect(204)?;
    old.get(&desk.path("")).await?.expect_problem(401, "unauthorized")?;

    desk.admin.delete(&desk.path("")).await?.expect_problem(409, "account-connected")?;
    desk.disconnect().await?.expect(204)?;
    host.vendor().delete(&desk.path("")).await?.expect(204)?;
    host.vendor().get(&desk.path("")).await?.expect_problem(404, "not-found")?;
    Ok(())
}

async fn b19_no_route_shows_or_changes_another_accounts_things(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let other = host.help_desk("other").await?;
    let case = desk.new_case("T-1").await?;
    soon("nothing moves", async || Ok(desk.case("T-1").await?["invitation"]["state"] == "accepted")).await?;
    let key = desk.admin.get(&desk.path("/keys")).await?.expect(200)?["items"][0]["id"].clone();
    let described = host.vendor().get("/openapi.json").await?.expect(200)?;
    host.kit().sandbox.forget_calls().await?;
    let before = (desk.everything().await?, host.kept().await?);

    let mut asked = 0;
    for (path, operations) in described["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let address = path
                .replace("{account}", "acme")
                .replace("{ticket}", "T-1")
                .replace("{case}", case["id"].as_str().unwrap())
                .replace("{key}", key.as_str().unwrap())
                .replace("{endpoint}", "01890a5d-ac96-774b-bcce-b302099a8057")
                .replace("{language}", "en");
            let method: Method = method.to_uppercase().parse()?;
            let body = operation["requestBody"]["content"]["application/json"].get("schema");
            let body = body.map(|schema| example(schema, &described)).unwrap_or(json!({}));
            for (api, whose) in
                [(&other.admin, "account's"), (host.rival(), "vendor's"), (&unknown(&desk.admin), "unknown")]
            {
                if (path.as_str(), method.as_str(), whose) == ("/v1/endpoints", "POST", "vendor's") {
                    // It would make one of the rival's own.
                    continue;
                }
                let answer = api.call(method.clone(), &address).json(&body).send().await?;
                let expected = expected(path, &method, whose);
                assert_eq!((answer.status, answer.problem()), expected, "with the {whose} key: {answer}");
                assert!(!answer.text.contains(case["session_code"].as_str().unwrap()), "{answer}");
                asked += 1;
            }
        }
    }
    assert!(asked > 70, "only {asked} were asked");
    assert_eq!(before, (desk.everything().await?, host.kept().await?));
    assert_eq!(host.kit().sandbox.calls().await?.changes(), 0, "TeamViewer was told");
    Ok(())
}

async fn b19_a_key_may_do_what_its_scope_says(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let case = desk.new_case("T-1").await?;
    let refused = async |api: &Api, method: Method, path: &str, needed: &str| -> Outcome {
        let answer = api.call(method, path).json(&json!({})).send().await?.expect_problem(403, "forbidden")?;
        assert!(answer["detail"].as_str().unwrap().contains(needed), "{answer}");
        Ok(())
    };
    refused(&desk.reader, Method::POST, &desk.ticket("T-2", "/case"), "technician").await?;
    refused(&desk.reader, Method::POST, &desk.case_path(&case, "/close")?, "technician").await?;
    refused(&desk.technician, Method::DELETE, &desk.path("/connection"), "admin").await?;
    refused(&desk.technician, Method::GET, &desk.path("/keys"), "admin").await?;
    refused(&desk.admin, Method::GET, "/v1/accounts", "vendor").await?;
    assert_eq!(desk.case("T-1").await?, case);
    Ok(())
}

/// What a key that is not the account's gets.
fn expected(path: &str, method: &Method, whose: &str) -> (u16, &'static str) {
    match (path, method.as_str(), whose) {
        ("/healthz" | "/openapi.json", ..) => (200, ""),
        // Keys are no widget tokens.
        (path, ..) if path.starts_with("/v1/widget") => (401, "unauthorized"),
        (.., "unknown") => (401, "unauthorized"),
        ("/v1/accounts" | "/v1/events", _, "account's") => (403, "forbidden"),
        (path, _, "account's") if path.starts_with("/v1/endpoints") => (403, "forbidden"),
        ("/v1/accounts" | "/v1/events" | "/v1/endpoints", "GET", _) => (200, ""),
        ("/v1/accounts", ..) => (409, "account-exists"),
        _ => (404, "not-found"),
    }
}

/// A key that looks like one and is none.
fn unknown(api: &Api) -> Api {
    api.with_key(&format!("cb_account_acme_{}", "0".repeat(64)))
}

/// A value that the schema describes, from its own examples.
fn example(schema: &Value, described: &Value) -> Value {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.rsplit('/').next().unwrap_or_default();
        return example(&described["components"]["schemas"][name], described);
    }
    if let Some(either) = schema["oneOf"].as_array().or(schema["anyOf"].as_array()) {
        let known = either.iter().find(|schema| schema["type"] != "null");
        return known.map(|schema| example(schema, described)).unwrap_or_default();
    }
    if let Some(example) = schema.get("example").or(schema["examples"].get(0)) {
        return example.clone();
    }
    let kind = schema["type"].as_str().or(schema["type"][0].as_str()).unwrap_or_default();
    match kind {
        "object" => {
            let required = schema["required"].as_array().cloned().unwrap_or_default();
            let fields = schema["properties"].as_object().into_iter().flatten();
            let fields = fields.filter(|(name, _)| required.iter().any(|needed| needed == name.as_str()));
            fields.map(|(name, schema)| (name.clone(), example(schema, described))).collect()
        }
        "array" => json!([]),
        "boolean" => json!(false),
        "integer" => json!(1),
        _ => json!("text"),
    }
}
