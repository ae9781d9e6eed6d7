//! Corners, one sentence each.

mod close_guard;
mod connection;
mod group;
mod play;
mod shares;
mod stop;
mod watch;

use casebridge_app::open_case::{Opened, open_case};
use casebridge_domain::ServiceCase;
use futures::FutureExt;
use futures::future::BoxFuture;

use crate::world::{TestWorld, acme, play_of, unkeyed};

impl TestWorld {
    /// Play on a ticket of acme's gives a new case.
    fn opened<'a>(&'a self, ticket: &'a str) -> BoxFuture<'a, ServiceCase> {
        let open = async move {
            let desk = self.desk(&acme()).await;
            let opened = self.patiently(open_case(&desk, unkeyed(play_of(ticket)))).await.unwrap();
            let Opened::New(case) = opened else { panic!("{opened:?}") };
            case
        };
        open.boxed()
    }
}
