//! The stand-in for `DynamoDB` keeps what it acknowledged.

mod table;

use casebridge_tests::dynamodb::DynamoDb;

#[tokio::test]
async fn what_was_written_survives_a_kill() {
    let mut dynamodb = DynamoDb::start().await.unwrap();
    let client = dynamodb.client();
    table::create(&client).await;
    table::put(&client, "a", "1").await.unwrap();
    dynamodb.kill().await;
    assert!(table::put(&client, "a", "2").await.is_err());
    dynamodb.restart().await.unwrap();
    assert!(table::exists(&client, "a", "1").await);
    assert!(!table::exists(&client, "a", "2").await);
}

#[tokio::test]
async fn two_of_them_know_nothing_of_each_other() {
    let (one, other) = (DynamoDb::start().await.unwrap(), DynamoDb::start().await.unwrap());
    table::create(&one.client()).await;
    let tables = other.client().list_tables().send().await.unwrap();
    assert!(tables.table_names().is_empty());
}
