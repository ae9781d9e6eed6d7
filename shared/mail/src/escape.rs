//! Values on their way into HTML, a link, or one line.

use casebridge_domain::public_url::may_be_followed;

/// Shows any text as itself, in HTML text and in quoted attribute values.
pub(crate) fn html(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// A link that may be followed: `https`, or `http` to this very machine. Anything else leads nowhere.
pub(crate) fn link(link: &str) -> &str {
    if may_be_followed(link) { link } else { "about:blank" }
}

/// Without line breaks and other control characters: each becomes a space.
pub(crate) fn one_line(text: &str) -> String {
    let spaced: String =
        text.chars().map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c }).collect();
    spaced.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_links_that_may_be_followed_stay() {
        for good in
            ["https://get.teamviewer.com/s123", "http://localhost:8080/j/x", "http://127.0.0.1/", "http://[::1]:1"]
        {
            assert_eq!(link(good), good);
        }
        for bad in ["javascript:alert(1)", "http://localhost.evil.example", "http://example.com", "data:x", "//x", ""] {
            assert_eq!(link(bad), "about:blank", "{bad}");
        }
    }

    #[test]
    fn a_line_stays_a_line() {
        assert_eq!(one_line("Hi\r\nBcc: x@example.com\u{2028}\t"), "Hi  Bcc: x@example.com");
    }
}
