//! Whom the process trusts.

use std::env;
use std::sync::Arc;

use rustls::crypto::ring;
use rustls::{ClientConfig, RootCertStore};
use rustls_native_certs::{CertificateResult, load_native_certs};
use webpki_roots::TLS_SERVER_ROOTS;

/// Whose certificates count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Roots {
    /// Mozilla's, as they were when this was built: nothing has to be read or parsed. Where `SSL_CERT_FILE` or `SSL_CERT_DIR` is
    /// set, those of the file or folder instead.
    CompiledIn,
    /// The operating system's, or those of `SSL_CERT_FILE` and `SSL_CERT_DIR`.
    System,
}

/// Nobody can be trusted.
#[derive(Debug, thiserror::Error)]
pub enum NoRoots {
    /// There are none where they should be.
    #[error("no root certificate was found; look at SSL_CERT_FILE and SSL_CERT_DIR: {0}")]
    Found(String),
    /// The ciphers don't fit the versions of TLS.
    #[error("TLS can't be set up")]
    Tls(#[from] rustls::Error),
}

/// How the process's clients speak TLS: HTTP/1.1 to whom these roots vouch for. Make one and clone it: clones share the roots and
/// the sessions that can be resumed.
pub fn tls(roots: Roots) -> Result<ClientConfig, NoRoots> {
    let is_told = ["SSL_CERT_FILE", "SSL_CERT_DIR"].iter().any(|name| env::var_os(name).is_some());
    configured(trusted(roots, is_told, load_native_certs)?)
}

pub(crate) fn configured(roots: RootCertStore) -> Result<ClientConfig, NoRoots> {
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

/// A certificate that can't be understood is left out, as everywhere: the others vouch for whom they vouch for.
fn trusted(roots: Roots, is_told: bool, found: fn() -> CertificateResult) -> Result<RootCertStore, NoRoots> {
    if roots == Roots::CompiledIn && !is_told {
        return Ok(TLS_SERVER_ROOTS.iter().cloned().collect());
    }
    let found = found();
    let mut store = RootCertStore::empty();
    store.add_parsable_certificates(found.certs);
    if store.is_empty() {
        let causes: Vec<_> = found.errors.iter().map(ToString::to_string).collect();
        return Err(NoRoots::Found(causes.join(", ")));
    }
    Ok(store)
}

#[cfg(test)]
mod tests {
    use rcgen::generate_simple_self_signed;

    use super::*;

    fn one() -> CertificateResult {
        let mut found = CertificateResult::default();
        found.certs.push(generate_simple_self_signed(["localhost".to_owned()]).unwrap().cert.der().clone());
        found
    }

    #[test]
    fn compiled_in_roots_count_unless_the_environment_names_others() {
        let count = |roots, is_told| trusted(roots, is_told, one).unwrap().len();
        assert_eq!(count(Roots::CompiledIn, false), TLS_SERVER_ROOTS.len());
        assert_eq!(count(Roots::CompiledIn, true), 1);
        assert_eq!((count(Roots::System, false), count(Roots::System, true)), (1, 1));
    }

    #[test]
    fn without_any_root_it_says_where_to_look() {
        let said = trusted(Roots::CompiledIn, true, CertificateResult::default).unwrap_err().to_string();
        assert!(said.contains("SSL_CERT_FILE"), "{said}");
    }
}
