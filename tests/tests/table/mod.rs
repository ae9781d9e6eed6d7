//! A table with an index, and the few calls on it that the stand-ins' own tests make.
#![expect(clippy::unwrap_used, reason = "a test ends where it is surprised")]

use aws_sdk_dynamodb::{
    Client,
    error::SdkError,
    operation::put_item::PutItemError,
    types::{
        AttributeDefinition, AttributeValue, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
        ProjectionType, ScalarAttributeType,
    },
};

pub const TABLE: &str = "things";
pub const INDEX: &str = "by-shelf";

pub async fn create(client: &Client) {
    let text = |name| {
        AttributeDefinition::builder().attribute_name(name).attribute_type(ScalarAttributeType::S).build().unwrap()
    };
    let index = GlobalSecondaryIndex::builder()
        .index_name(INDEX)
        .key_schema(key("shelf", KeyType::Hash))
        .key_schema(key("sk", KeyType::Range))
        .projection(Projection::builder().projection_type(ProjectionType::All).build())
        .build()
        .unwrap();
    client
        .create_table()
        .table_name(TABLE)
        .billing_mode(BillingMode::PayPerRequest)
        .attribute_definitions(text("pk"))
        .attribute_definitions(text("sk"))
        .attribute_definitions(text("shelf"))
        .key_schema(key("pk", KeyType::Hash))
        .key_schema(key("sk", KeyType::Range))
        .global_secondary_indexes(index)
        .send()
        .await
        .unwrap();
}

pub async fn put(client: &Client, pk: &str, sk: &str) -> Result<(), SdkError<PutItemError>> {
    let put = client.put_item().table_name(TABLE);
    let put = put.item("pk", text(pk)).item("sk", text(sk));
    put.item("shelf", text("top")).send().await.map(drop)
}

pub async fn exists(client: &Client, pk: &str, sk: &str) -> bool {
    let get = client.get_item().table_name(TABLE).consistent_read(true);
    let got = get.key("pk", text(pk)).key("sk", text(sk)).send().await;
    got.unwrap().item.is_some()
}

pub fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

fn key(name: &str, kind: KeyType) -> KeySchemaElement {
    KeySchemaElement::builder().attribute_name(name).key_type(kind).build().unwrap()
}
