//! The fault proxy, seen through the SDK that the product uses.
#![expect(clippy::unwrap_used, reason = "a test ends where it is surprised")]

mod table;

use aws_sdk_dynamodb::{
    Client,
    error::ProvideErrorMetadata,
    operation::transact_write_items::TransactWriteItemsError,
    types::{Put, Select, TransactWriteItem},
};
use casebridge_tests::{
    dynamodb::{self, DynamoDb},
    fault_proxy::{Fault, FaultProxy, Operation, Rates},
};
use table::{INDEX, TABLE, exists, put, text};

async fn table_behind_proxy() -> (DynamoDb, FaultProxy, Client) {
    let dynamodb = DynamoDb::start().await.unwrap();
    table::create(&dynamodb.client()).await;
    let proxy = FaultProxy::start(&dynamodb.url()).await.unwrap();
    let client = proxy.client();
    (dynamodb, proxy, client)
}

async fn put_both(client: &Client) -> Result<(), TransactWriteItemsError> {
    let write = |sk| {
        let put = Put::builder().table_name(TABLE);
        let put = put.item("pk", text("a")).item("sk", text(sk)).build();
        TransactWriteItem::builder().put(put.unwrap()).build()
    };
    let writes = client.transact_write_items();
    let writes = writes.transact_items(write("1")).transact_items(write("2"));
    writes.send().await.map(drop).map_err(aws_sdk_dynamodb::error::SdkError::into_service_error)
}

/// The sort keys on the top shelf, as the index tells.
async fn on_top_shelf(client: &Client) -> Vec<String> {
    let query = client.query().table_name(TABLE).index_name(INDEX);
    let query = query.key_condition_expression("shelf = :shelf");
    let page = query.expression_attribute_values(":shelf", text("top"));
    let page = page.send().await.unwrap();
    assert_eq!(usize::try_from(page.count()).unwrap(), page.items().len());
    let keys = page.items().iter().map(|item| item["sk"].as_s().unwrap());
    keys.cloned().collect()
}

#[tokio::test]
async fn without_a_plan_everything_passes() {
    let (_dynamodb, proxy, client) = table_behind_proxy().await;
    put(&client, "a", "1").await.unwrap();
    assert!(exists(&client, "a", "1").await);
    assert_eq!(on_top_shelf(&client).await, ["1"]);
    assert_eq!(proxy.counts().faults(), 0);
}

#[tokio::test]
async fn a_conflict_names_a_reason_for_each_item_and_writes_nothing() {
    let (dynamodb, proxy, client) = table_behind_proxy().await;
    proxy.on_next(Operation::TransactWriteItems, Fault::Conflict { item: 1 });
    let TransactWriteItemsError::TransactionCanceledException(refusal) = put_both(&client).await.unwrap_err() else {
        panic!("not cancelled");
    };
    let reasons = refusal.cancellation_reasons().iter();
    let codes: Vec<_> = reasons.map(|reason| reason.code().unwrap()).collect();
    assert_eq!(codes, ["None", "TransactionConflict"]);
    assert!(!exists(&dynamodb.client(), "a", "1").await);

    put_both(&client).await.unwrap();
    assert!(exists(&dynamodb.client(), "a", "2").await);
}

#[tokio::test]
async fn a_single_write_can_conflict_too() {
    let (dynamodb, proxy, client) = table_behind_proxy().await;
    proxy.on_next(Operation::PutItem, Fault::Conflict { item: 0 });
    let refusal = put(&client, "a", "1").await.unwrap_err();
    assert!(refusal.into_service_error().is_transaction_conflict_exception());
    assert!(!exists(&dynamodb.client(), "a", "1").await);
}

#[tokio::test]
async fn throttling_is_refused_in_both_of_the_services_words() {
    let (_dynamodb, proxy, client) = table_behind_proxy().await;
    proxy.on_next(Operation::PutItem, Fault::Throttled);
    proxy.on_next(Operation::PutItem, Fault::OverThroughput);
    let first = put(&client, "a", "1").await.unwrap_err();
    assert_eq!(first.code(), Some("ThrottlingException"));
    let second = put(&client, "a", "1").await.unwrap_err();
    assert!(second.into_service_error().is_provisioned_throughput_exceeded_exception());
    put(&client, "a", "1").await.unwrap();
}

#[tokio::test]
async fn a_lost_request_has_no_effect_and_a_lost_answer_has_one() {
    let (dynamodb, proxy, client) = table_behind_proxy().await;
    let losses = [
        ("request", Fault::RequestLost, false),
        ("answer", Fault::AnswerLost, true),
        ("error", Fault::AnswerIsInternalError, true),
    ];
    for (sk, fault, has_effect) in losses {
        proxy.on_next(Operation::PutItem, fault);
        put(&client, "a", sk).await.unwrap_err();
        assert_eq!(exists(&dynamodb.client(), "a", sk).await, has_effect, "{fault:?}");
    }
}

#[tokio::test]
async fn the_sdks_own_retry_hides_a_throttle_but_not_from_the_counts() {
    let (_dynamodb, proxy, _client) = table_behind_proxy().await;
    let client = dynamodb::retrying_client(&proxy.url(), 3);
    proxy.on_next(Operation::PutItem, Fault::OverThroughput);
    put(&client, "a", "1").await.unwrap();
    assert_eq!(proxy.counts().of(Operation::PutItem), 2);
    assert_eq!(proxy.counts().faults(), 1);
}

#[tokio::test]
async fn an_index_can_answer_what_it_knew_before() {
    let (_dynamodb, proxy, client) = table_behind_proxy().await;
    for sk in ["1", "2", "3"] {
        put(&client, "a", sk).await.unwrap();
        on_top_shelf(&client).await;
    }
    for (times_ago, known) in [(1, vec!["1", "2", "3"]), (3, vec!["1", "2"])] {
        proxy.on_next(Operation::Query, Fault::EarlierIndexAnswer { times_ago });
        assert_eq!(on_top_shelf(&client).await, known);
    }
}

#[tokio::test]
async fn an_index_can_miss_what_was_written_last() {
    let (_dynamodb, proxy, client) = table_behind_proxy().await;
    for sk in ["3", "1", "2"] {
        put(&client, "a", sk).await.unwrap();
    }
    proxy.on_next(Operation::Query, Fault::NewestMissingFromIndex { items: 2 });
    assert_eq!(on_top_shelf(&client).await, ["3"]);
    assert_eq!(on_top_shelf(&client).await, ["1", "2", "3"]);
}

#[tokio::test]
async fn the_base_table_is_never_stale() {
    let (_dynamodb, proxy, client) = table_behind_proxy().await;
    let always = Rates { stale_index_reads: 1000, ..Rates::default() };
    proxy.at_random(1, always);
    for sk in ["1", "2", "3"] {
        put(&client, "a", sk).await.unwrap();
        assert!(exists(&client, "a", sk).await);
    }
    let query = client.query().table_name(TABLE).select(Select::Count);
    let query = query.key_condition_expression("pk = :pk");
    let query = query.expression_attribute_values(":pk", text("a"));
    assert_eq!(query.send().await.unwrap().count(), 3);
    assert_eq!(proxy.counts().faults(), 0);
}

#[tokio::test]
async fn faults_by_chance_hit_until_it_is_calm_again() {
    let (dynamodb, proxy, client) = table_behind_proxy().await;
    let rates = Rates { conflicts: 200, throttles: 200, lost_requests: 100, lost_answers: 100, stale_index_reads: 0 };
    proxy.at_random(11, rates);
    let mut refused = 0;
    for n in 0..50 {
        refused += u64::from(put(&client, "a", &n.to_string()).await.is_err());
    }
    assert!((10..40).contains(&refused), "{refused} of 50");
    assert_eq!(proxy.counts().faults(), refused);
    proxy.calm();
    for n in 0..50 {
        put(&client, "b", &n.to_string()).await.unwrap();
        assert!(exists(&dynamodb.client(), "b", &n.to_string()).await);
    }
}

#[tokio::test]
async fn calls_are_counted_by_operation_until_reset() {
    let (_dynamodb, proxy, client) = table_behind_proxy().await;
    put(&client, "a", "1").await.unwrap();
    put_both(&client).await.unwrap();
    exists(&client, "a", "1").await;
    on_top_shelf(&client).await;
    let counts = proxy.counts();
    assert_eq!((counts.reads(), counts.writes()), (2, 2));
    assert_eq!(counts.of(Operation::TransactWriteItems), 1);
    proxy.reset_counts();
    assert_eq!(proxy.counts().reads(), 0);
}

#[tokio::test]
async fn it_goes_on_after_the_service_behind_it_was_killed() {
    let (mut dynamodb, _proxy, client) = table_behind_proxy().await;
    put(&client, "a", "1").await.unwrap();
    dynamodb.kill().await;
    put(&client, "a", "2").await.unwrap_err();
    dynamodb.restart().await.unwrap();
    assert!(exists(&client, "a", "1").await);
}
