//! Where the next page of a list begins, as a text that clients send back.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use casebridge_app::ports::store::{StoreError, Stored};

/// The cursor of a page whose last place was this one.
pub(crate) fn after(place: &str) -> String {
    URL_SAFE_NO_PAD.encode(place)
}

/// The last place of the page before; what no list gave out is refused.
pub(crate) fn place(cursor: &str, is_place: impl Fn(&str) -> bool) -> Stored<String> {
    URL_SAFE_NO_PAD
        .decode(cursor)
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .filter(|place| is_place(place))
        .ok_or_else(|| StoreError::BadCursor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_as_the_place_it_was_made_from() {
        let cursor = after("0001#é");
        assert!(cursor.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)));
        assert_eq!(place(&cursor, |_| true).unwrap(), "0001#é");
    }

    #[test]
    fn what_no_list_gave_out_is_refused() {
        for bad in ["", "!", "a b", "____", &after("elsewhere")] {
            assert!(place(bad, |place| place == "here").is_err(), "{bad}");
        }
    }
}
