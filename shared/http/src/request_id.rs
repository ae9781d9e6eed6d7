//! The request's id: what an operator finds in the log.

use axum::extract::Request;
use casebridge_app::World;

/// The header that carries it, both ways.
pub(crate) const HEADER: &str = "x-request-id";

/// An id that the host gave the request; put into the request's extensions.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

/// The host's id, else the client's if it is harmless, else a fresh one.
pub(crate) fn of(request: &Request, world: &World) -> String {
    let host = request.extensions().get::<RequestId>().map(|id| id.0.as_str());
    let client = request.headers().get(HEADER).and_then(|id| id.to_str().ok());
    host.into_iter()
        .chain(client)
        .find(|id| harmless(id))
        .map_or_else(|| world.ids.time_ordered(world.now()).hyphenated().to_string(), ToOwned::to_owned)
}

fn harmless(id: &str) -> bool {
    (8..=128).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.:=".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_do_no_harm_in_a_log_is_taken_over() {
        assert!(harmless("01890a5d-ac96-774b-bcce-b302099a8057"));
        for bad in ["", "short", "has space here", "line\nbreak-and-more", "{json: injected}", &"x".repeat(129)] {
            assert!(!harmless(bad), "{bad}");
        }
    }
}
