//! The store's engine on `DynamoDB`: one table, three sparse indexes, one transaction per write.
//!
//! ```no_run
//! # async fn start(ids: std::sync::Arc<dyn casebridge_app::ports::Ids>) -> Result<(), Box<dyn std::error::Error>> {
//! use casebridge_aws::{Roots, http_client, tls};
//! use casebridge_store_dynamodb::{Access, DynamoEngine, client};
//!
//! let client = client(&Access::from_env()?, http_client(tls(Roots::CompiledIn)?));
//! let engine = DynamoEngine::new(client, "casebridge", ids);
//! engine.connect_eagerly().await;
//! # Ok(())
//! # }
//! ```

mod access;
mod addition;
mod client;
mod counts;
mod engine;
mod examination;
mod failure;
mod guard;
mod item;
mod parts;
mod patience;
mod query;
mod read;
mod restored;
pub mod schema;
mod table;
mod write;

pub use access::{Access, AccessError};
pub use client::client;
pub use engine::DynamoEngine;
pub use examination::{TableFault, examine_table};
pub use patience::Patience;
pub use restored::{prepare_table, stream_of};
pub use table::{create_table, enable_stream};
