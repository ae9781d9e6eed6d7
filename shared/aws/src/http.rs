//! What carries requests to AWS: HTTP/1.1, as long as an answer is all that is wanted.

use std::error::Error;
use std::fmt;
use std::iter::successors;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use http::Uri;
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::connect::HttpConnector as TcpConnector;
use hyper_util::client::legacy::{self, Client};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::ClientConfig;
use tokio::time::error::Elapsed;
use tokio::time::timeout;
use tower::Service;

/// For a connection, name resolution and TLS included.
const CONNECT_WITHIN: Duration = Duration::from_secs(1);

/// Make one for a process and give it to the clients of all services: they share its connections.
///
/// A connection has a second, whatever a client's own limits say of it. How long an answer may take is for the client to limit.
pub fn http_client(tls: ClientConfig) -> SharedHttpClient {
    SharedHttpClient::new(Http { connector: SharedHttpConnector::new(Connector::new(tls)) })
}

#[derive(Debug)]
struct Http {
    connector: SharedHttpConnector,
}

impl HttpClient for Http {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        self.connector.clone()
    }
}

struct Connector(Client<InTime, SdkBody>);

impl Connector {
    fn new(tls: ClientConfig) -> Self {
        let mut tcp = TcpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        let connecting = InTime(HttpsConnector::from((tcp, tls)));
        Self(Client::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).build(connecting))
    }
}

impl fmt::Debug for Connector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connector").finish_non_exhaustive()
    }
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let answer = match request.try_into_http1x() {
            Ok(request) => self.0.request(request),
            Err(error) => return HttpConnectorFuture::ready(Err(ConnectorError::user(error.into()))),
        };
        HttpConnectorFuture::new(async move {
            let answer = answer.await.map_err(unanswered)?;
            HttpResponse::try_from(answer.map(SdkBody::from_body_1_x))
                .map_err(|error| ConnectorError::other(error.into(), None))
        })
    }
}

/// Whatever breaks a connection may be over with the next one.
fn unanswered(error: legacy::Error) -> ConnectorError {
    let mut causes = successors(Some(&error as &dyn Error), |&error| error.source());
    let is_late = causes.any(<dyn Error>::is::<Elapsed>);
    if is_late { ConnectorError::timeout(error.into()) } else { ConnectorError::io(error.into()) }
}

/// Gives up a connection that takes too long.
#[derive(Clone)]
struct InTime(HttpsConnector<TcpConnector>);

type Connected = <HttpsConnector<TcpConnector> as Service<Uri>>::Response;

impl Service<Uri> for InTime {
    type Response = Connected;
    type Error = Box<dyn Error + Send + Sync>;
    type Future = Pin<Box<dyn Future<Output = Result<Connected, Self::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, to: Uri) -> Self::Future {
        let connecting = timeout(CONNECT_WITHIN, self.0.call(to));
        Box::pin(async { connecting.await? })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use rcgen::{CertifiedKey, generate_simple_self_signed};
    use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
    use rustls::{RootCertStore, ServerConfig};
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;
    use tokio_rustls::TlsAcceptor;

    use super::*;
    use crate::tls::configured;
    use crate::{Roots, tls};

    /// Answers every request of a connection; knows how many there were. Gives the port, and what its clients have to trust.
    async fn server(connections: Arc<AtomicU32>) -> (u16, RootCertStore) {
        let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key)
            .unwrap();
        let mut roots = RootCertStore::empty();
        roots.add(cert.der().clone()).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            let acceptor = TlsAcceptor::from(Arc::new(config));
            while let Ok((stream, _)) = listener.accept().await {
                let Ok(mut stream) = acceptor.accept(stream).await else { continue };
                connections.fetch_add(1, Ordering::Relaxed);
                let mut request = [0; 4096];
                while stream.read(&mut request).await.is_ok_and(|read| read > 0) {
                    stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nyes").await.unwrap();
                }
            }
        });
        (port, roots)
    }

    async fn get(connector: &Connector, port: u16) -> Result<Vec<u8>, ConnectorError> {
        let mut request = HttpRequest::new(SdkBody::empty());
        request.set_uri(format!("https://localhost:{port}/")).unwrap();
        let mut answer = connector.call(request).await?;
        Ok(aws_smithy_types::byte_stream::ByteStream::new(answer.take_body()).collect().await.unwrap().to_vec())
    }

    #[tokio::test]
    async fn requests_share_a_connection() {
        let connections = Arc::new(AtomicU32::new(0));
        let (port, roots) = server(Arc::clone(&connections)).await;
        let connector = Connector::new(configured(roots).unwrap());
        for _ in 0..3 {
            assert_eq!(get(&connector, port).await.unwrap(), b"yes");
        }
        assert_eq!(connections.load(Ordering::Relaxed), 1);
    }

    #[tokio::test]
    async fn a_server_for_whom_no_root_vouches_gets_no_request() {
        let connections = Arc::new(AtomicU32::new(0));
        let (port, _) = server(Arc::clone(&connections)).await;
        let error = get(&Connector::new(tls(Roots::CompiledIn).unwrap()), port).await.unwrap_err();
        assert!(error.is_io(), "{error:?}");
        assert_eq!(connections.load(Ordering::Relaxed), 0);
    }

    #[tokio::test]
    async fn a_server_that_accepts_and_says_nothing_is_given_up() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let error = get(&Connector::new(tls(Roots::CompiledIn).unwrap()), port).await.unwrap_err();
        assert!(error.is_timeout(), "{error:?}");
    }
}
