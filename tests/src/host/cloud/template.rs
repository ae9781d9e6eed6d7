//! What is deployed is what is tested.

use casebridge_store_dynamodb::schema;

use super::*;

/// What is deployed.
const TEMPLATE: &str = include_str!("../../../../infra/aws/template.yaml");

/// The lines of one resource.
fn resource(name: &str) -> &'static str {
    let begins = format!("\n  {name}:\n");
    let from = TEMPLATE.find(&begins).unwrap_or_else(|| panic!("no {name}")) + begins.len();
    let length = TEMPLATE[from..].find("\n\n").unwrap_or(TEMPLATE.len() - from);
    &TEMPLATE[from..from + length]
}

fn says(name: &str, line: &str) {
    let found = resource(name).lines().any(|found| found.trim() == line);
    assert!(found, "{name} doesn't say {line}");
}

/// `casebridge-cases` is `Cases` there.
fn in_template(function: &str) -> String {
    let name = function.trim_start_matches("casebridge-");
    name[..1].to_ascii_uppercase() + &name[1..]
}

#[test]
fn the_template_has_these_routes_and_no_others() {
    for (key, function) in ROUTES {
        let route =
            format!("RouteKey: {key}\n      Target: !Sub integrations/${{{}Integration}}\n", in_template(function));
        assert!(TEMPLATE.contains(&route), "{key} is not answered by {function}");
    }
    assert_eq!(TEMPLATE.matches("RouteKey:").count(), ROUTES.len());
}

#[test]
fn what_works_on_the_table_works_on_a_restored_one_instead() {
    let names = ["!Ref Table,", "!Ref Table]", "!Ref Table\n", "Table.Arn", "Table.StreamArn", "${Table}"];
    let lines: Vec<&str> =
        TEMPLATE.split_inclusive('\n').filter(|line| names.iter().any(|name| line.contains(name))).collect();
    assert!(lines.len() > 15, "{lines:#?}");
    for line in lines {
        assert!(line.contains("!If [HasRestoredTable, "), "{line}");
    }
}

#[test]
fn the_templates_functions_and_queues_have_these_limits() {
    assert!(TEMPLATE.contains(&format!("\n    Timeout: {}\n", TIME_LIMIT.as_secs())));
    for (function, limit) in [(RELAY, RELAYS_FOR), (WATCH, WATCHES_FOR)] {
        let name = format!("{}Function", in_template(function));
        says(&name, &format!("Timeout: {}", limit.as_secs()));
        says(&name, "Schedule: rate(1 minute)");
    }
    says("PushFunction", &format!("Timeout: {}", PUSHES_FOR.as_secs()));
    let queues =
        [("MailQueue", LETTERS), ("MailReportQueue", REPORTS_OF_MAIL), ("WatchQueue", TURNS), ("PushQueue", LANES)];
    for (queue, mapping) in queues {
        says(queue, &format!("VisibilityTimeout: {}", mapping.visibility.as_secs()));
    }
    let handed_over = |function: &str, queue: &str, mapping: Mapping| {
        let source = format!("Queue: !GetAtt {queue}.Arn\n            BatchSize: {}\n", mapping.batch);
        assert!(resource(function).contains(&source), "{queue}");
    };
    handed_over("RelayFunction", "MailQueue", LETTERS);
    handed_over("RelayFunction", "MailReportQueue", REPORTS_OF_MAIL);
    handed_over("WatchFunction", "WatchQueue", TURNS);
    handed_over("PushFunction", "PushQueue", LANES);
}

#[test]
fn the_templates_table_is_the_one_that_the_store_knows() {
    says("Table", &format!("AttributeName: {}", schema::TTL));
    says("Table", "StreamViewType: KEYS_ONLY");
    let keys = |pk: &str, sk: &str, indent: usize| {
        let indent = " ".repeat(indent);
        format!("{indent}- {{AttributeName: {pk}, KeyType: HASH}}\n{indent}- {{AttributeName: {sk}, KeyType: RANGE}}\n")
    };
    assert!(resource("Table").contains(&keys(schema::PK, schema::SK, 8)));
    for index in schema::INDEXES {
        let names = schema::names(index);
        let index = format!("- IndexName: {}\n          KeySchema:\n{}", names.index, keys(names.pk, names.sk, 12));
        assert!(resource("Table").contains(&index), "{}", names.index);
    }
    assert_eq!(resource("Table").matches("IndexName").count(), schema::INDEXES.len());
}

#[test]
fn only_the_functions_that_have_secrets_may_use_the_key_for_them_and_only_as_they_do() {
    const SEAL: &str = "kms:GenerateDataKey";
    const OPEN: &str = "kms:Decrypt";
    const BOTH: &str = "[kms:Decrypt, kms:GenerateDataKey]";
    let allowed = [
        (ACCOUNTS, SEAL),
        (CASES, BOTH),
        (CONNECTION, BOTH),
        (PAGES, OPEN),
        (DEVICES, BOTH),
        (WEBHOOKS, OPEN),
        (WATCH, BOTH),
        (PUSH, OPEN),
    ];
    for (function, action) in allowed {
        says(&format!("{}Function", in_template(function)), "CASEBRIDGE_KMS_KEY: !GetAtt Key.Arn");
        let statement = format!(
            "- Sid: Secrets
                Effect: Allow
                Action: {action}
                Resource: !GetAtt Key.Arn
                Condition:
                  \"Null\":
                    kms:EncryptionContext:casebridge:account: \"false\"
"
        );
        assert!(resource(&format!("{}Role", in_template(function))).contains(&statement), "{function}");
    }
    for function in [RELAY, REPORTS] {
        assert!(!resource(&format!("{}Function", in_template(function))).contains("CASEBRIDGE_KMS_KEY"));
        assert!(!resource(&format!("{}Role", in_template(function))).contains("Sid: Secrets"));
    }
    assert!(!TEMPLATE.contains("secretsmanager"));
}

#[test]
fn only_the_functions_that_ask_teamviewer_are_told_where_it_is() {
    for function in [ACCOUNTS, CASES, CONNECTION, DEVICES, PAGES, PUSH, RELAY, REPORTS, WATCH, WEBHOOKS] {
        let is_told = resource(&format!("{}Function", in_template(function))).contains("CASEBRIDGE_TEAMVIEWER_URL:");
        assert_eq!(is_told, [CASES, CONNECTION, DEVICES, PAGES, WATCH].contains(&function), "{function}");
    }
}

#[test]
fn only_the_functions_that_give_out_addresses_are_told_where_people_reach_them() {
    for function in [ACCOUNTS, CASES, CONNECTION, DEVICES, PAGES, PUSH, RELAY, REPORTS, WATCH, WEBHOOKS] {
        let line = "CASEBRIDGE_PUBLIC_URL: !If [HasDomain, !Sub \"https://${DomainName}\", !GetAtt Api.ApiEndpoint]";
        let is_told = resource(&format!("{}Function", in_template(function))).contains(line);
        assert_eq!(is_told, [ACCOUNTS, CASES, CONNECTION, PAGES, WATCH].contains(&function), "{function}");
    }
}
