use super::*;

const KEY: &str = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=";

const ENOUGH: [(&str, &str); 5] = [
    ("CASEBRIDGE_TABLE", "casebridge"),
    ("CASEBRIDGE_KEY", KEY),
    ("AWS_REGION", "eu-central-1"),
    ("AWS_ACCESS_KEY_ID", "id"),
    ("AWS_SECRET_ACCESS_KEY", "secret"),
];

fn settings(variables: &[(&str, &str)]) -> Result<Settings, BadSettings> {
    let value = |name: &str| variables.iter().rev().find(|(known, _)| *known == name).map(|(_, value)| *value);
    Settings::from_variables(|name| value(name).map(str::to_owned))
}

#[test]
fn a_table_and_a_key_are_enough_on_lambda() {
    let settings = settings(&ENOUGH).unwrap();
    assert_eq!(settings.table.name, "casebridge");
    assert_eq!(settings.teamviewer.base_url, Options::default().base_url);
    assert!(!format!("{settings:?}").contains(KEY));
}

#[test]
fn everything_that_is_wrong_is_said_at_once_and_no_key_is_repeated() {
    let said = settings(&[
        ("CASEBRIDGE_KEY", "c2VjcmV0"),
        ("CASEBRIDGE_TEAMVIEWER_URL", "webapi.teamviewer.com"),
        ("CASEBRIDGE_INSTALLATION", "one"),
        ("CASEBRIDGE_PUBLIC_URL", "help.example.com"),
    ])
    .unwrap_err()
    .to_string();
    for name in [
        "CASEBRIDGE_TABLE is not set",
        "AWS_REGION",
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "CASEBRIDGE_KEY must be",
        "CASEBRIDGE_TEAMVIEWER_URL",
        "CASEBRIDGE_INSTALLATION must be a UUID",
        "CASEBRIDGE_PUBLIC_URL must be an address",
    ] {
        assert!(said.contains(name), "{name}: {said}");
    }
    assert!(!said.contains("c2VjcmV0"), "{said}");
}

#[test]
fn a_function_on_the_table_alone_needs_no_key_and_names_what_is_missing() {
    let table = |variables: &[(&'static str, &'static str)]| {
        let value = |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
        Table::from_variables(|name| value(name).map(str::to_owned))
    };
    let without_key: Vec<_> = ENOUGH.into_iter().filter(|(name, _)| *name != "CASEBRIDGE_KEY").collect();
    assert_eq!(table(&without_key).unwrap().name, "casebridge");
    let said = table(&without_key[1..]).unwrap_err().to_string();
    assert!(said.contains("CASEBRIDGE_TABLE is not set") && !said.contains("CASEBRIDGE_KEY"), "{said}");
}

#[test]
fn the_relay_needs_no_key_but_a_sender_and_two_queues() {
    let relay = |more: &[(&str, &str)]| {
        let all = [&ENOUGH[..], more].concat();
        let value = |name: &str| all.iter().rev().find(|(known, _)| *known == name).map(|(_, value)| *value);
        let value = |name: &str| value(name).filter(|_| name != "CASEBRIDGE_KEY");
        RelaySettings::from_variables(|name| value(name).map(str::to_owned))
    };
    let said = relay(&[]).unwrap_err().to_string();
    for name in ["CASEBRIDGE_MAIL_FROM", "CASEBRIDGE_MAIL_QUEUE", "CASEBRIDGE_WATCH_QUEUE", "CASEBRIDGE_PUSH_QUEUE"] {
        assert!(said.contains(&format!("{name} is not set")), "{said}");
    }
    let enough = [
        ("CASEBRIDGE_MAIL_FROM", "help@acme.example"),
        ("CASEBRIDGE_MAIL_QUEUE", "https://sqs.eu-central-1.amazonaws.com/1/mail"),
        ("CASEBRIDGE_WATCH_QUEUE", "https://sqs.eu-central-1.amazonaws.com/1/watch"),
        ("CASEBRIDGE_PUSH_QUEUE", "https://sqs.eu-central-1.amazonaws.com/1/push"),
    ];
    let settings = relay(&enough).unwrap();
    assert_eq!((settings.mail.sender.domain(), settings.mail.endpoint), ("acme.example", None));
    let nobody = [&enough[..], &[("CASEBRIDGE_MAIL_FROM", "nobody")]].concat();
    assert!(relay(&nobody).unwrap_err().to_string().contains("CASEBRIDGE_MAIL_FROM must"));
}

#[test]
fn events_are_pushed_to_the_public_internet_unless_the_environment_names_more() {
    let push = |more: &[(&str, &str)]| {
        let all = [&ENOUGH[..], &[("CASEBRIDGE_PUSH_QUEUE", "q")], more].concat();
        let value = |name: &str| all.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
        EndpointSettings::from_variables(|name| value(name).map(str::to_owned))
    };
    assert_eq!(push(&[]).unwrap().reach, Reach::default());
    let network = Network::parse("10.20.0.0/16").unwrap();
    let wider = push(&[("CASEBRIDGE_PUSH_NETWORKS", "10.20.0.0/16"), ("CASEBRIDGE_PUSH_HTTP", "allowed")]).unwrap();
    assert_eq!(wider.reach, Reach::new(true, vec![network]));
    assert!(push(&[("CASEBRIDGE_PUSH_NETWORKS", "home")]).unwrap_err().to_string().contains("PUSH_NETWORKS must"));
}

#[test]
fn the_watch_needs_what_every_function_needs_and_its_queue() {
    let watch = |more: &[(&str, &str)]| {
        let all = [&ENOUGH[..], more].concat();
        let value = |name: &str| all.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
        WatchSettings::from_variables(|name| value(name).map(str::to_owned))
    };
    assert!(watch(&[]).unwrap_err().to_string().contains("CASEBRIDGE_WATCH_QUEUE is not set"));
    let settings = watch(&[("CASEBRIDGE_WATCH_QUEUE", "q"), ("AWS_ENDPOINT_URL_SQS", "http://sqs")]).unwrap();
    assert_eq!(settings.watch_queue.endpoint.as_deref(), Some("http://sqs"));
}

#[test]
fn a_key_in_kms_is_enough_and_an_older_key_is_kept_for_what_it_sealed() {
    let in_kms = [("CASEBRIDGE_KMS_KEY", "arn:aws:kms:1"), ("AWS_ENDPOINT_URL_KMS", "http://kms")];
    let without_key: Vec<_> = ENOUGH.into_iter().filter(|(name, _)| *name != "CASEBRIDGE_KEY").collect();
    for (given, has_older) in [(&without_key[..], false), (&ENOUGH[..], true)] {
        let settings = settings(&[given, &in_kms].concat()).unwrap();
        let Keys::Kms(kms, older) = settings.keys else { panic!("{settings:?}") };
        assert_eq!((kms.key.as_str(), kms.region.as_str()), ("arn:aws:kms:1", "eu-central-1"));
        assert_eq!((kms.endpoint.as_deref(), older.is_some()), (Some("http://kms"), has_older));
    }
    let said = settings(&without_key).unwrap_err().to_string();
    assert!(said.ends_with(": CASEBRIDGE_KMS_KEY, CASEBRIDGE_KEY or CASEBRIDGE_KEY_FILE is not set"), "{said}");
    let bad_older = [&without_key[..], &in_kms, &[("CASEBRIDGE_KEY", "c2VjcmV0")]].concat();
    assert!(settings(&bad_older).unwrap_err().to_string().contains("CASEBRIDGE_KEY must be"));
}

#[test]
fn a_key_and_a_key_file_exclude_each_other() {
    let both = [&ENOUGH[..], &[("CASEBRIDGE_KEY_FILE", "/keys")]].concat();
    assert!(settings(&both).unwrap_err().to_string().contains("only one of"));
}
