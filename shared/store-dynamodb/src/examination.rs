//! Whether a table is set up as the product needs it.

use std::fmt;

use aws_sdk_dynamodb::{
    Client,
    types::{PointInTimeRecoveryStatus, TableDescription, TableStatus, TimeToLiveStatus},
};
use casebridge_store::EngineError;

use crate::{failure::Failure, schema};

/// What a table lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TableFault {
    /// It can't be written.
    NotActive,
    /// An index is missing.
    NoIndex(&'static str),
    /// What ends stays for ever.
    NoExpiry,
    /// Nobody is woken.
    NoStream,
    /// A slip deletes it.
    Unprotected,
    /// It can't be restored.
    NoPointInTimeRecovery,
}

impl fmt::Display for TableFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotActive => f.write_str("it is not active; wait until it is, or see the DynamoDB console"),
            Self::NoIndex(name) => write!(f, "it has no index {name}; deploy the stack again"),
            Self::NoExpiry => write!(f, "nothing expires; turn on time to live by the attribute {}", schema::TTL),
            Self::NoStream => f.write_str("it has no stream, which wakes the relay; deploy the stack again"),
            Self::Unprotected => f.write_str("deletion protection is off; turn it on"),
            Self::NoPointInTimeRecovery => f.write_str("point-in-time recovery is off; turn it on"),
        }
    }
}

/// Everything that the table lacks. Point-in-time recovery is left out where the service does not know it (stand-ins do not).
pub async fn examine_table(client: &Client, table: &str) -> Result<Vec<TableFault>, EngineError> {
    let failed = |failure: Failure| failure.into_error(table);
    let seen = client.describe_table().table_name(table).send().await;
    let seen = seen.map_err(|error| failed(Failure::of(&error)))?;
    let expiry = client.describe_time_to_live().table_name(table).send().await;
    let expiry = expiry.map_err(|error| failed(Failure::of(&error)))?;
    let expiry = expiry.time_to_live_description();
    let expires = expiry.is_some_and(|expiry| {
        matches!(expiry.time_to_live_status(), Some(TimeToLiveStatus::Enabled | TimeToLiveStatus::Enabling))
            && expiry.attribute_name() == Some(schema::TTL)
    });
    let mut faults = seen.table().map(of_description).unwrap_or_default();
    faults.extend((!expires).then_some(TableFault::NoExpiry));
    faults.extend(is_unrecoverable(client, table).await.then_some(TableFault::NoPointInTimeRecovery));
    Ok(faults)
}

fn of_description(table: &TableDescription) -> Vec<TableFault> {
    let mut faults = Vec::new();
    faults.extend((table.table_status() != Some(&TableStatus::Active)).then_some(TableFault::NotActive));
    for index in schema::INDEXES {
        let name = schema::names(index).index;
        let is_there = table.global_secondary_indexes().iter().any(|index| index.index_name() == Some(name));
        faults.extend((!is_there).then_some(TableFault::NoIndex(name)));
    }
    let streams = table.stream_specification().is_some_and(|stream| stream.stream_enabled);
    faults.extend((!streams).then_some(TableFault::NoStream));
    faults.extend((table.deletion_protection_enabled() != Some(true)).then_some(TableFault::Unprotected));
    faults
}

async fn is_unrecoverable(client: &Client, table: &str) -> bool {
    let Ok(backups) = client.describe_continuous_backups().table_name(table).send().await else { return false };
    let recovery = backups.continuous_backups_description().and_then(|it| it.point_in_time_recovery_description());
    recovery.and_then(|it| it.point_in_time_recovery_status()) != Some(&PointInTimeRecoveryStatus::Enabled)
}
