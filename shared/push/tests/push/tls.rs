//! Only to whom the certificates vouch for.

use std::net::Ipv4Addr;
use std::sync::Arc;

use casebridge_app::ports::push::PushError;
use casebridge_domain::endpoint::{EndpointUrl, Network, Reach};
use casebridge_push::Options;
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::crypto::ring;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio_rustls::TlsAcceptor;

use crate::receiver::{Request, Script, push, serve, url};

struct Server {
    port: u16,
    roots: RootCertStore,
    requests: UnboundedReceiver<Request>,
}

impl Server {
    async fn of(name: &str) -> Self {
        let CertifiedKey { cert, signing_key } = generate_simple_self_signed([name.to_owned()]).unwrap();
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key)
            .unwrap();
        let mut roots = RootCertStore::empty();
        roots.add(cert.der().clone()).unwrap();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (seen, requests) = unbounded_channel();
        tokio::spawn(async move {
            let acceptor = TlsAcceptor::from(Arc::new(config));
            while let Ok((stream, _)) = listener.accept().await {
                if let Ok(stream) = acceptor.accept(stream).await {
                    tokio::spawn(serve(stream, Script::says("204 No Content", "", ""), seen.clone()));
                }
            }
        });
        Self { port, roots, requests }
    }

    fn url(&self) -> EndpointUrl {
        url(&format!("https://localhost:{}/events", self.port))
    }
}

fn trusting(roots: RootCertStore) -> Options {
    let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let reach = Reach::new(false, vec![Network::parse("127.0.0.1").unwrap()]);
    Options { reach, tls: Some(tls), ..Options::default() }
}

#[tokio::test]
async fn an_endpoint_that_a_root_vouches_for_gets_its_message() {
    let mut server = Server::of("localhost").await;
    assert_eq!(push(&trusting(server.roots.clone()), &server.url()).await.unwrap().status, 204);
    assert!(server.requests.recv().await.is_some());
}

#[tokio::test]
async fn an_endpoint_that_nobody_vouches_for_gets_nothing_and_is_told_why() {
    let (mut stranger, other) = (Server::of("localhost").await, Server::of("localhost").await);
    let outcome = push(&trusting(other.roots), &stranger.url()).await;
    assert_eq!(outcome, Err(PushError::Unreachable("its certificate is from nobody who is trusted".to_owned())));
    assert!(stranger.requests.try_recv().is_err());

    let mut misnamed = Server::of("desk.example").await;
    let outcome = push(&trusting(misnamed.roots.clone()), &misnamed.url()).await;
    assert_eq!(outcome, Err(PushError::Unreachable("its certificate is for another name".to_owned())));
    assert!(misnamed.requests.try_recv().is_err());
}
