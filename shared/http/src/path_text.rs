//! Paths as text, for hosts that hand them on decoded.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What stays as it is in one segment of a path.
const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// One segment, encoded.
pub(crate) fn encoded(segment: &str) -> String {
    utf8_percent_encode(segment, KEPT).to_string()
}

/// The path as the client may have sent it, from one that a gateway decoded (an API Gateway HTTP API does). No id may
/// contain what could then be read as another path, so nothing is lost.
pub fn encoded_path(decoded: &str) -> String {
    decoded.split('/').map(encoded).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decoded_path_is_encoded_segment_by_segment() {
        assert_eq!(
            encoded_path("/v1/accounts/acme/tickets/ä b:2/case"),
            "/v1/accounts/acme/tickets/%C3%A4%20b%3A2/case"
        );
        assert_eq!(encoded_path("/tickets/50%25#1"), "/tickets/50%2525%231");
        for path in ["/healthz", "/v1/accounts/acme/connection", "/"] {
            assert_eq!(encoded_path(path), path);
        }
    }
}
