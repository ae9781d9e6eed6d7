//! Files that are sent as they are read, so that a large one takes no more room than a small one.

use axum::body::Body;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use casebridge_app::Outside;
use casebridge_domain::AccountId;
use futures::{StreamExt, TryFutureExt, future, stream};

use crate::problem::{Kind, Problem};

/// Why a piece of a file can't be had.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoPiece {
    /// It can't be read.
    #[error(transparent)]
    Outside(#[from] Outside),
    /// It can't be written as lines of a table.
    #[error("a table can't be written")]
    Table(#[from] csv::Error),
    /// It can't be written as JSON.
    #[error("a line can't be written")]
    Line(#[from] serde_json::Error),
}

impl From<NoPiece> for Problem {
    fn from(error: NoPiece) -> Self {
        match error {
            NoPiece::Outside(error) => error.into(),
            error => Self::new(Kind::Internal).caused_by(error),
        }
    }
}

/// A piece, and from where the next one is read, if there is one.
pub(crate) type Piece<P> = Result<(Bytes, Option<P>), NoPiece>;

/// A file.
pub(crate) struct Download {
    /// What kind it is of.
    pub(crate) kind: &'static str,
    /// What it is called: letters, digits, hyphens and dots only.
    pub(crate) name: String,
    /// What is in it.
    pub(crate) body: Body,
}

impl IntoResponse for Download {
    fn into_response(self) -> Response {
        let disposition = format!("attachment; filename=\"{}\"", self.name);
        ([(CONTENT_TYPE, self.kind.to_owned()), (CONTENT_DISPOSITION, disposition)], self.body).into_response()
    }
}

/// A body of pieces. Only the first one is waited for: what fails before anything was sent is a problem like any other.
/// Later the connection breaks off, so that nobody takes half for the whole.
pub(crate) async fn pieces<P, F>(
    account: &AccountId,
    first: P,
    read: impl Fn(P) -> F + Send + 'static,
) -> Result<Body, Problem>
where
    P: Send + 'static,
    F: Future<Output = Piece<P>> + Send + 'static,
{
    let account = account.clone();
    let (piece, next) = read(first).await?;
    let rest = stream::try_unfold(next, move |next| {
        let (read, account) = (next.map(&read), account.clone());
        async move {
            let Some(piece) = read else { return Ok(None) };
            piece.inspect_err(|error| broke_off(&account, error)).await.map(Some)
        }
    });
    Ok(Body::from_stream(stream::once(future::ok(piece)).chain(rest)))
}

fn broke_off(account: &AccountId, error: &NoPiece) {
    let cause = crate::problem::chain(error);
    tracing::error!(%account, cause, "a download broke off");
}
