//! A table that the service restored to a point in time. It comes under a new name, with its items and indexes, but without time
//! to live, stream, deletion protection and point-in-time recovery (developer guide, "Restoring a table").

use aws_sdk_dynamodb::{Client, types::PointInTimeRecoverySpecification};
use casebridge_store::EngineError;

use crate::{
    examination::{TableFault, examine_table},
    failure::Failure,
    table::{enable_expiry, enable_stream, until_active},
};

/// The name of the table's stream, if it has one.
pub async fn stream_of(client: &Client, table: &str) -> Result<Option<String>, EngineError> {
    let seen = client.describe_table().table_name(table).send().await;
    let seen = seen.map_err(|error| Failure::of(&error).into_error(table))?.table;
    let streams = |seen: &aws_sdk_dynamodb::types::TableDescription| {
        seen.stream_specification().is_some_and(|stream| stream.stream_enabled)
    };
    Ok(seen.filter(streams).and_then(|seen| seen.latest_stream_arn))
}

/// Turns on what the table lacks: its stream last, for it wakes those who work on the table.
pub async fn prepare_table(client: &Client, table: &str) -> Result<(), EngineError> {
    let faults = examine_table(client, table).await?;
    let whole = |fault: &&TableFault| matches!(fault, TableFault::NotActive | TableFault::NoIndex(_));
    if let Some(fault) = faults.iter().find(whole) {
        return Err(Failure::lasting(fault.to_string()).into_error(table));
    }
    for fault in &faults {
        match fault {
            TableFault::NoExpiry => enable_expiry(client, table).await?,
            TableFault::Unprotected => protect(client, table).await?,
            TableFault::NoPointInTimeRecovery => keep_points_in_time(client, table).await?,
            TableFault::NoStream | TableFault::NotActive | TableFault::NoIndex(_) => {}
        }
    }
    if faults.contains(&TableFault::NoStream) {
        enable_stream(client, table).await?;
    }
    Ok(())
}

async fn protect(client: &Client, table: &str) -> Result<(), EngineError> {
    let set = client.update_table().table_name(table).deletion_protection_enabled(true).send().await;
    set.map_err(|error| Failure::of(&error).into_error(table))?;
    until_active(client, table).await
}

async fn keep_points_in_time(client: &Client, table: &str) -> Result<(), EngineError> {
    let on = PointInTimeRecoverySpecification::builder().point_in_time_recovery_enabled(true).build();
    let on = on.map_err(|error| Failure::lasting(error.to_string()).into_error(table))?;
    let set =
        client.update_continuous_backups().table_name(table).point_in_time_recovery_specification(on).send().await;
    set.map(drop).map_err(|error| Failure::of(&error).into_error(table))
}
