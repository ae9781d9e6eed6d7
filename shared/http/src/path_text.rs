//! Paths as text, for hosts that hand them on decoded.
//!
//! An API Gateway HTTP API decodes the path before a function sees it, so that `%2F` in a ticket's id can't be told
//! from a separator any more. Which part is the ticket is known all the same: only `PUT` ends with it, every other
//! method has one literal segment after it. So both hosts see the same ticket. (A `?` in an id is cut off there
//! before the function is called; see [`crate::extract::TicketPath`].)

use http::Method;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What stays as it is in one segment of a path.
const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// One segment, encoded.
pub(crate) fn encoded(segment: &str) -> String {
    utf8_percent_encode(segment, KEPT).to_string()
}

/// The path as the client may have sent it, from one that a gateway decoded.
pub fn encoded_path(method: &Method, decoded: &str) -> String {
    let Some((head, ticket, tail)) = around_the_ticket(method, decoded) else {
        return decoded.split('/').map(encoded).collect::<Vec<_>>().join("/");
    };
    let head: Vec<String> = head.split('/').map(encoded).collect();
    let tail = tail.map(|tail| format!("/{}", encoded(tail))).unwrap_or_default();
    format!("{}/tickets/{}{tail}", head.join("/"), encoded(ticket))
}

/// `/v1/accounts/{account}` `/tickets/` `{ticket}` and, but for `PUT`, the segment after it.
fn around_the_ticket<'a>(method: &Method, path: &'a str) -> Option<(&'a str, &'a str, Option<&'a str>)> {
    let rest = path.strip_prefix("/v1/accounts/")?;
    let (account, rest) = rest.split_once('/')?;
    let ticket = rest.strip_prefix("tickets/")?;
    let head = &path[.."/v1/accounts/".len() + account.len()];
    if method == Method::PUT {
        return Some((head, ticket, None));
    }
    let (ticket, tail) = ticket.rsplit_once('/')?;
    Some((head, ticket, Some(tail)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_with_any_character_but_a_question_mark_comes_through_the_gateway() {
        for id in ["INC-1", "INC/4711", "a/case", "a b", "50%", "a%2Fb", "ä#1", "..", "/", "a//b", "closing", "\\"] {
            for (method, tail) in [(Method::PUT, ""), (Method::POST, "/case"), (Method::GET, "/closable")] {
                let decoded = format!("/v1/accounts/acme/tickets/{id}{tail}");
                let expected = format!("/v1/accounts/acme/tickets/{}{tail}", encoded(id));
                assert_eq!(encoded_path(&method, &decoded), expected);
            }
        }
    }

    #[test]
    fn other_paths_stay_as_they_are() {
        for path in ["/healthz", "/v1/accounts", "/v1/accounts/acme/connection", "/v1/accounts/acme/tickets/x", "/"] {
            assert_eq!(encoded_path(&Method::GET, path), path);
        }
    }
}
