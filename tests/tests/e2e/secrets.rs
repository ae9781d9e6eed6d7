//! Secrets on AWS: sealed with data keys of KMS, which functions open for each other and keep for themselves.

use anyhow::Context as _;
use aws_sdk_dynamodb::types::AttributeValue;
use casebridge_domain::hex::hex;
use casebridge_store_dynamodb::schema;
use casebridge_tests::{
    dynamodb::DynamoDb,
    help_desk::HelpDesk,
    host::{Host, TABLE},
    kms::{Calls, Fault},
    notice::Notifier,
};
use serde_json::{Value, json};

use crate::run::{Outcome, cloud};

cloud![
    a_token_that_one_function_sealed_another_opens_with_one_call,
    an_inbound_secret_that_one_function_sealed_another_opens_with_one_call,
    a_sealed_token_moved_to_another_account_opens_nothing,
    without_kms_nothing_is_kept_of_a_token_and_play_gives_the_ticket_back,
];

const OPENED_ONCE: Calls = Calls { made: 0, opened: 1 };

/// The TeamViewer token, and the key of the links that customers are mailed.
const BOTH_OPENED_ONCE: Calls = Calls { made: 0, opened: 2 };

async fn a_token_that_one_function_sealed_another_opens_with_one_call(host: &Host) -> Outcome {
    let cloud = host.functions()?;
    cloud.hold_the_watch().await;
    let desk = host.help_desk("acme").await?;
    // The account's first case makes the key of its links.
    desk.new_case("T-0").await?;
    cloud.grow_cold().await?;
    cloud.kms().forget_calls();
    for ticket in ["T-1", "T-2", "T-3"] {
        desk.new_case(ticket).await?;
    }
    assert_eq!(cloud.kms().calls(), BOTH_OPENED_ONCE, "cold once, then kept in the process");
    Ok(())
}

async fn an_inbound_secret_that_one_function_sealed_another_opens_with_one_call(host: &Host) -> Outcome {
    let cloud = host.functions()?;
    cloud.hold_the_watch().await;
    let desk = host.help_desk("acme").await?;
    let (one, two) = (desk.new_case("T-1").await?, desk.new_case("T-2").await?);
    let notifier = Notifier::of(&desk).await?;
    cloud.kms().forget_calls();
    notifier.customer_online(&one).await?.expect(204)?;
    notifier.customer_online(&two).await?.expect(204)?;
    assert_eq!(cloud.kms().calls(), OPENED_ONCE);
    Ok(())
}

async fn a_sealed_token_moved_to_another_account_opens_nothing(host: &Host) -> Outcome {
    let cloud = host.functions()?;
    cloud.hold_the_watch().await;
    let (acme, umbrella) = (host.help_desk("acme").await?, host.help_desk("umbrella").await?);
    pass_off_token(cloud.dynamodb(), "acme", "umbrella").await?;
    cloud.grow_cold().await?;
    let refused = umbrella.play("T-1").await?;
    assert_eq!(refused.status, 500, "{refused}");
    assert!(host.kit().sandbox.open_sessions().await?.is_empty());
    acme.new_case("T-1").await?;
    Ok(())
}

async fn without_kms_nothing_is_kept_of_a_token_and_play_gives_the_ticket_back(host: &Host) -> Outcome {
    let cloud = host.functions()?;
    cloud.hold_the_watch().await;
    let unconnected = HelpDesk::open(host.vendor(), "umbrella", &json!({})).await?;
    let desk = host.help_desk("acme").await?;
    for fault in [Fault::Away, Fault::Disabled] {
        cloud.kms().set_fault(Some(fault));
        cloud.grow_cold().await?;
        let before = host.kept().await?;
        unconnected.connect(&host.kit().script_token).await?.expect_problem(503, "unavailable")?;
        assert_eq!(host.kept().await?, before, "nothing half written");
        unconnected.admin.get(&unconnected.path("/connection")).await?.expect_problem(404, "not-found")?;
        let refused = desk.play("T-1").await?.expect_problem(503, "unavailable")?;
        assert!(!refused.text.contains("kms") && !refused.text.contains("KMS"), "{refused}");
    }
    assert!(host.kit().sandbox.sessions().await?.is_empty());
    cloud.kms().set_fault(None);
    unconnected.connect(&host.kit().script_token).await?.expect(200)?;
    desk.new_case("T-1").await?;
    for key in cloud.kms().data_keys() {
        let listed = format!("{key:?}");
        assert!(!host.output().contains(listed.trim_matches(['[', ']'])) && !host.output().contains(&hex(&key)));
    }
    assert!(!host.output().contains(host.kit().script_token.as_str()));
    Ok(())
}

/// What somebody could do who may write to the table, but not use the key.
async fn pass_off_token(dynamodb: &DynamoDb, from: &str, to: &str) -> Outcome {
    let client = dynamodb.client();
    let items = client.scan().table_name(TABLE).consistent_read(true).into_paginator().items().send();
    let items = items.collect::<Result<Vec<_>, _>>().await?;
    let text = |value: Option<&AttributeValue>| value.and_then(|value| value.as_s().ok().cloned()).unwrap_or_default();
    let connection = |account: &str| {
        let connections = items.iter().filter(|item| text(item.get(schema::KIND)) == "connection");
        let mut read = connections.map(|item| (item, serde_json::from_str(&text(item.get(schema::BODY))).unwrap()));
        read.find(|(_, body): &(_, Value)| body["account"] == account).context("no connection")
    };
    let ((_, theirs), (item, mut body)) = (connection(from)?, connection(to)?);
    anyhow::ensure!(theirs["token"].is_string() && theirs["token"] != body["token"], "no tokens of their own");
    body["token"] = theirs["token"].clone();
    let mut changed = item.clone();
    changed.insert(schema::BODY.to_owned(), AttributeValue::S(body.to_string()));
    client.put_item().table_name(TABLE).set_item(Some(changed)).send().await?;
    Ok(())
}
