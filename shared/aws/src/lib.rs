//! What the clients of all AWS services share: whom they trust, their connections, their limits.

mod http;
mod service;
mod tls;

pub use self::http::http_client;
pub use self::service::{Service, WhenNeeded};
pub use self::tls::{NoRoots, Roots, tls};
pub use aws_smithy_runtime_api::client::http::SharedHttpClient;
pub use rustls::ClientConfig;
