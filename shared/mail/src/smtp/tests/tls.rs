//! With a server that speaks TLS, under a certificate authority of its own.

use rcgen::{CertifiedKey, generate_simple_self_signed};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

use super::*;

/// A server behind TLS; its certificate is for `localhost`.
struct TlsServer {
    plain: Server,
    certificate: Vec<u8>,
}

impl TlsServer {
    async fn start(security: Security) -> Self {
        let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key)
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = Arc::<Mutex<Vec<String>>>::default();
        let log = Arc::clone(&heard);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, log) = (acceptor.clone(), Arc::clone(&log));
                tokio::spawn(async move {
                    let stream = if security == Security::StartTls { until_starttls(stream).await? } else { stream };
                    let encrypted = acceptor.accept(stream).await.ok()?;
                    match security {
                        // After the change to TLS, there is no second greeting.
                        Security::StartTls => {
                            talk(encrypted, |command| command.is_empty().then_some(Say("")), log).await
                        }
                        _ => talk(encrypted, |_| None, log).await,
                    }
                });
            }
        });
        Self { plain: Server { port, heard }, certificate: cert.pem().into_bytes() }
    }

    fn config(&self, security: Security) -> SmtpConfig {
        SmtpConfig {
            host: "localhost".into(),
            security,
            extra_roots: Some(self.certificate.clone()),
            credentials: Some(Credentials { username: "help".into(), password: "correct-horse".to_owned().into() }),
            ..self.plain.config()
        }
    }
}

async fn until_starttls(mut stream: tokio::net::TcpStream) -> Option<tokio::net::TcpStream> {
    stream.write_all(b"220 mail.test\r\n").await.ok()?;
    loop {
        let mut command = String::new();
        BufReader::with_capacity(1, &mut stream).read_line(&mut command).await.ok()?;
        match command.trim_end() {
            "EHLO acme.example" => stream.write_all(b"250-mail.test\r\n250 STARTTLS\r\n").await.ok()?,
            "STARTTLS" => {
                stream.write_all(b"220 go ahead\r\n").await.ok()?;
                return Some(stream);
            }
            _ => return None,
        }
    }
}

#[tokio::test]
async fn a_letter_goes_over_tls_either_way_with_the_password_inside() {
    for security in [Security::StartTls, Security::Tls] {
        let server = TlsServer::start(security).await;
        SmtpMailer::new(server.config(security)).unwrap().send(&post("jane@example.com")).await.unwrap();
        assert_eq!(server.plain.heard("AUTH PLAIN"), 1, "{security:?}");
        assert_eq!(server.plain.heard("RCPT TO:<jane@example.com>"), 1, "{security:?}");
    }
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_or_for_another_name_gets_no_password() {
    for security in [Security::StartTls, Security::Tls] {
        let server = TlsServer::start(security).await;
        let unknown = SmtpConfig { extra_roots: None, ..server.config(security) };
        let other_name = SmtpConfig { host: "127.0.0.1".into(), ..server.config(security) };
        for config in [unknown, other_name] {
            let said = temporary(&SmtpMailer::new(config).unwrap()).await;
            assert!(said.contains("certificate"), "{said}");
        }
        assert_eq!(server.plain.heard("AUTH"), 0, "{security:?}");
    }
}

#[tokio::test]
async fn roots_that_are_no_certificates_are_refused_when_configured() {
    let server = TlsServer::start(Security::Tls).await;
    for pem in ["", "not PEM", "-----BEGIN CERTIFICATE-----\n!\n"] {
        let config = SmtpConfig { extra_roots: Some(pem.into()), ..server.config(Security::Tls) };
        assert!(matches!(SmtpMailer::new(config), Err(SmtpConfigError::Roots(_))), "{pem}");
    }
}
