//! TLS in front of the store's stand-in, with a certificate that only the functions trust that are told to.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

/// Runs until dropped.
pub(super) struct TlsFront {
    port: u16,
    roots: PathBuf,
    opened: Arc<Mutex<Vec<Duration>>>,
    accepting: JoinHandle<()>,
}

impl TlsFront {
    /// In front of that address. Leaves what a client has to trust in the folder.
    pub(super) async fn start(behind: SocketAddr, folder: &Path) -> anyhow::Result<Self> {
        let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["localhost".to_owned()])?;
        let roots = folder.join("roots.pem");
        std::fs::write(&roots, cert.pem())?;

        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key)?;
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let port = listener.local_addr()?.port();
        let opened = Arc::<Mutex<Vec<Duration>>>::default();
        let log = Arc::clone(&opened);
        let accepting = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(pass_on(stream, acceptor.clone(), behind, Arc::clone(&log)));
            }
        });
        Ok(Self { port, roots, opened, accepting })
    }

    pub(super) fn url(&self) -> String {
        format!("https://localhost:{}", self.port)
    }

    pub(super) fn roots(&self) -> &Path {
        &self.roots
    }

    /// How long each connection since the last time took, from its acceptance to the end of its first answer.
    pub(super) fn opened(&self) -> Vec<Duration> {
        std::mem::take(&mut *self.opened.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for TlsFront {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// Gives up silently: the client sees that its connection breaks.
async fn pass_on(
    stream: TcpStream,
    acceptor: TlsAcceptor,
    behind: SocketAddr,
    opened: Arc<Mutex<Vec<Duration>>>,
) -> Option<()> {
    let begun = Instant::now();
    stream.set_nodelay(true).ok()?;
    let mut client = acceptor.accept(stream).await.ok()?;
    let mut server = TcpStream::connect(behind).await.ok()?;
    server.set_nodelay(true).ok()?;
    // The first request and its answer are small enough to come in one piece each.
    let mut piece = vec![0; 64 * 1024];
    let read = client.read(&mut piece).await.ok()?;
    server.write_all(&piece[..read]).await.ok()?;
    let read = server.read(&mut piece).await.ok()?;
    client.write_all(&piece[..read]).await.ok()?;
    client.flush().await.ok()?;
    opened.lock().unwrap_or_else(PoisonError::into_inner).push(begun.elapsed());
    copy_bidirectional(&mut client, &mut server).await.ok().map(drop)
}
