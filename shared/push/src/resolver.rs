//! Names lead only to addresses that may be called.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use async_trait::async_trait;
use casebridge_domain::endpoint::{NotAllowed, Reach};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::net::lookup_host;

/// Tells where a name leads.
#[async_trait]
pub trait Lookup: Send + Sync {
    /// All addresses of the name.
    async fn addresses(&self, name: &str) -> io::Result<Vec<IpAddr>>;
}

/// Asks the operating system.
#[derive(Debug, Clone, Copy)]
pub struct SystemLookup;

#[async_trait]
impl Lookup for SystemLookup {
    async fn addresses(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        Ok(lookup_host((name, 0)).await?.map(|address| address.ip()).collect())
    }
}

/// A name leads nowhere, or nobody can tell.
#[derive(Debug, thiserror::Error)]
#[error("the name leads nowhere")]
pub(crate) struct LeadsNowhere(#[source] Option<io::Error>);

/// What a connection gets its addresses from: it looks a name up once, and gives away only those that may be called.
pub(crate) struct Checked {
    pub(crate) reach: Reach,
    pub(crate) lookup: Arc<dyn Lookup>,
}

impl Checked {
    fn allowed(&self, found: &[IpAddr]) -> Result<Vec<SocketAddr>, NotAllowed> {
        let allowed = found.iter().filter(|address| self.reach.check_address(**address).is_ok());
        // Without a port, that of the URL is taken.
        let allowed: Vec<_> = allowed.map(|address| SocketAddr::new(*address, 0)).collect();
        if allowed.is_empty() { Err(NotAllowed::Address) } else { Ok(allowed) }
    }
}

impl Resolve for Checked {
    fn resolve(&self, name: Name) -> Resolving {
        let this = Self { reach: self.reach.clone(), lookup: Arc::clone(&self.lookup) };
        Box::pin(async move {
            let found = this.lookup.addresses(name.as_str()).await.map_err(|error| LeadsNowhere(Some(error)))?;
            if found.is_empty() {
                return Err(LeadsNowhere(None).into());
            }
            let allowed: Addrs = Box::new(this.allowed(&found)?.into_iter());
            Ok(allowed)
        })
    }
}
