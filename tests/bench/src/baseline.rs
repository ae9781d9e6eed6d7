//! The baseline: rows over HTTP, behind a key, durable. What a competent engineer writes in an hour, and no worse.
//!
//! `axum::serve`, JSON into columns and back, keys by their SHA-256 in memory; SQLite in WAL mode with `synchronous=FULL`, one
//! thread that makes one commit of all the writes that wait, and a few connections that read beside it.

use std::collections::HashSet;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use axum::extract::{Path as InPath, Request, State};
use axum::http::StatusCode;
use axum::http::header::AUTHORIZATION;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use sha2::{Digest as _, Sha256};
use tokio::net::TcpListener;
use uuid::Uuid;

mod row;
mod rows;

pub(crate) use row::{NewRow, Row};
use rows::Rows;

/// A server of rows that runs in this process.
pub(crate) struct Baseline {
    pub(crate) address: SocketAddr,
    pub(crate) key: String,
    rows: Arc<Rows>,
}

#[derive(Clone)]
struct Server {
    rows: Arc<Rows>,
    keys: Arc<HashSet<[u8; 32]>>,
}

impl Baseline {
    /// Starts with an empty file.
    pub(crate) async fn start(file: &Path) -> anyhow::Result<Self> {
        let rows = Arc::new(Rows::open(file)?);
        let key = format!("bench_{}", Uuid::from_u128(0x5eed).simple());
        let keys = Arc::new(HashSet::from([Sha256::digest(&key).into()]));
        let server = Server { rows: rows.clone(), keys };
        let router = Router::new()
            .route("/rows", post(make))
            .route("/rows/{id}", get(read))
            .layer(middleware::from_fn_with_state(server.clone(), let_in))
            .with_state(server);
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Self { address, key, rows })
    }

    /// Rows to read.
    pub(crate) async fn fill(&self, count: usize, new: &NewRow) -> anyhow::Result<Vec<String>> {
        let made = (0..count).map(|_| self.rows.insert(new.clone().into_row()));
        let made = futures::future::try_join_all(made).await?;
        Ok(made.into_iter().map(|row| row.id).collect())
    }

    /// The transactions that were committed so far.
    pub(crate) fn transactions(&self) -> u32 {
        self.rows.transactions()
    }
}

async fn let_in(State(server): State<Server>, request: Request, next: Next) -> Response {
    let key = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    match key {
        Some(key) if server.keys.contains::<[u8; 32]>(&Sha256::digest(key).into()) => next.run(request).await,
        _ => StatusCode::UNAUTHORIZED.into_response(),
    }
}

async fn make(State(server): State<Server>, Json(new): Json<NewRow>) -> Result<Response, Failed> {
    let row = server.rows.insert(new.into_row()).await?;
    Ok((StatusCode::CREATED, Json(row)).into_response())
}

async fn read(State(server): State<Server>, InPath(id): InPath<String>) -> Result<Response, Failed> {
    Ok(match server.rows.get(id).await? {
        Some(row) => Json(row).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    })
}

struct Failed(anyhow::Error);

impl From<anyhow::Error> for Failed {
    fn from(error: anyhow::Error) -> Self {
        Self(error)
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        (StatusCode::INTERNAL_SERVER_ERROR, format!("{:#}", self.0)).into_response()
    }
}

/// Removes a store and what lies beside it, so that a run begins with nothing.
pub(crate) fn remove_store(file: &Path) -> anyhow::Result<()> {
    for ending in ["", "-wal", "-shm", "-lock", "-room"] {
        let mut name = file.as_os_str().to_owned();
        name.push(ending);
        match std::fs::remove_file(&name) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(error).with_context(|| format!("{} is in the way", name.display()));
            }
            _ => {}
        }
    }
    Ok(())
}
