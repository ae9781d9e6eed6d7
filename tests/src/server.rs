//! A loopback HTTP server whose answers are functions, and which can also hang up.

use std::{io, net::Ipv4Addr, net::SocketAddr};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{
    net::{TcpListener, TcpStream},
    task::{JoinHandle, JoinSet},
};

/// Ends when dropped, and cuts its connections.
#[derive(Debug)]
pub(crate) struct Server {
    address: SocketAddr,
    accepting: JoinHandle<()>,
}

/// Instead of an answer: close the connection without one.
#[derive(Debug, thiserror::Error)]
#[error("hung up")]
pub(crate) struct HangUp;

impl Server {
    pub(crate) async fn start<A, F>(answer: A) -> io::Result<Self>
    where
        A: Fn(Request<Bytes>) -> F + Clone + Send + Sync + 'static,
        F: Future<Output = Result<Response<Bytes>, HangUp>> + Send + 'static,
    {
        Self::start_on((Ipv4Addr::LOCALHOST, 0).into(), answer).await
    }

    pub(crate) async fn start_on<A, F>(at: SocketAddr, answer: A) -> io::Result<Self>
    where
        A: Fn(Request<Bytes>) -> F + Clone + Send + Sync + 'static,
        F: Future<Output = Result<Response<Bytes>, HangUp>> + Send + 'static,
    {
        let listener = TcpListener::bind(at).await?;
        let address = listener.local_addr()?;
        let accepting = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            loop {
                tokio::select! {
                    Ok((stream, _)) = listener.accept() => {
                        connections.spawn(serve(stream, answer.clone()));
                    }
                    Some(_) = connections.join_next() => {}
                }
            }
        });
        Ok(Self { address, accepting })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn serve<A, F>(stream: TcpStream, answer: A)
where
    A: Fn(Request<Bytes>) -> F,
    F: Future<Output = Result<Response<Bytes>, HangUp>>,
{
    let answer = &answer;
    let service = service_fn(|request: Request<Incoming>| async move {
        let (head, body) = request.into_parts();
        let body = body.collect().await.map_err(|_| HangUp)?.to_bytes();
        let response = answer(Request::from_parts(head, body)).await?;
        Ok::<_, HangUp>(response.map(Full::new))
    });
    // An error here is a hang-up, theirs or ours.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}
