//! Makes the table, for tests and for operators without a stack.

use std::time::Duration;

use aws_sdk_dynamodb::{
    Client,
    error::BuildError,
    operation::create_table::builders::CreateTableFluentBuilder,
    types::{
        AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection, ProjectionType,
        ScalarAttributeType, StreamSpecification, StreamViewType, TableStatus, TimeToLiveSpecification,
    },
};
use casebridge_store::{EngineError, Index};
use tokio::time::sleep;

use crate::{failure::Failure, schema};

const LOOKS: u32 = 120;
const BETWEEN_LOOKS: Duration = Duration::from_millis(500);

/// Makes the table with its indexes and its time to live, and waits until it can be used (two minutes at the most).
/// A table of that name must not be there.
pub async fn create_table(client: &Client, table: &str) -> Result<(), EngineError> {
    let wish = wish(client, table).map_err(|error| Failure::lasting(error.to_string()).into_error(table))?;
    wish.send().await.map_err(|error| Failure::of(&error).into_error(table))?;
    until_active(client, table).await?;
    enable_expiry(client, table).await
}

/// Lets the table remove what ended.
pub(crate) async fn enable_expiry(client: &Client, table: &str) -> Result<(), EngineError> {
    let ttl = TimeToLiveSpecification::builder().enabled(true).attribute_name(schema::TTL).build();
    let ttl = ttl.map_err(|error| Failure::lasting(error.to_string()).into_error(table))?;
    let set = client.update_time_to_live().table_name(table).time_to_live_specification(ttl).send().await;
    set.map(drop).map_err(|error| Failure::of(&error).into_error(table))
}

/// Gives the table its stream, which wakes those who number, and waits until it can be used. Keys are enough for that: what
/// is in the items stays in the table.
pub async fn enable_stream(client: &Client, table: &str) -> Result<(), EngineError> {
    let keys = StreamSpecification::builder().stream_enabled(true).stream_view_type(StreamViewType::KeysOnly).build();
    let keys = keys.map_err(|error| Failure::lasting(error.to_string()).into_error(table))?;
    let set = client.update_table().table_name(table).stream_specification(keys).send().await;
    set.map_err(|error| Failure::of(&error).into_error(table))?;
    until_active(client, table).await
}

fn wish(client: &Client, table: &str) -> Result<CreateTableFluentBuilder, BuildError> {
    let mut wish = client
        .create_table()
        .table_name(table)
        .billing_mode(BillingMode::PayPerRequest)
        .set_key_schema(Some(keys(schema::PK, schema::SK)?))
        .attribute_definitions(text(schema::PK)?)
        .attribute_definitions(text(schema::SK)?);
    for index in schema::INDEXES {
        let names = schema::names(index);
        wish = wish
            .attribute_definitions(text(names.pk)?)
            .attribute_definitions(text(names.sk)?)
            .global_secondary_indexes(self::index(index)?);
    }
    Ok(wish)
}

/// Everything is projected: an access path is then one read, where keys alone would need a second one for the items. It
/// costs a second write of each item that is in an index, but only while it is: the indexes are sparse.
fn index(index: Index) -> Result<GlobalSecondaryIndex, BuildError> {
    let names = schema::names(index);
    GlobalSecondaryIndex::builder()
        .index_name(names.index)
        .set_key_schema(Some(keys(names.pk, names.sk)?))
        .projection(Projection::builder().projection_type(ProjectionType::All).build())
        .build()
}

fn keys(pk: &str, sk: &str) -> Result<Vec<KeySchemaElement>, BuildError> {
    [(pk, KeyType::Hash), (sk, KeyType::Range)]
        .into_iter()
        .map(|(name, kind)| KeySchemaElement::builder().attribute_name(name).key_type(kind).build())
        .collect()
}

fn text(name: &str) -> Result<AttributeDefinition, BuildError> {
    AttributeDefinition::builder().attribute_name(name).attribute_type(ScalarAttributeType::S).build()
}

pub(crate) async fn until_active(client: &Client, table: &str) -> Result<(), EngineError> {
    for _ in 0..LOOKS {
        let seen = client.describe_table().table_name(table).send().await;
        let seen = seen.map_err(|error| Failure::of(&error).into_error(table))?;
        if seen.table().and_then(|table| table.table_status()) == Some(&TableStatus::Active) {
            return Ok(());
        }
        sleep(BETWEEN_LOOKS).await;
    }
    Err(Failure::passing("the table is still being made").into_error(table))
}
