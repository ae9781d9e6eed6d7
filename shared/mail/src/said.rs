//! What a mail server said, as an operator may read it in a log.

/// Servers repeat the address they refuse; it is nobody's business in a log.
pub(crate) fn without_addresses(said: &str) -> String {
    let words = said.split_whitespace().map(|word| if word.contains('@') { "…" } else { word });
    words.collect::<Vec<_>>().join(" ").chars().filter(|c| !c.is_control()).take(300).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_in_an_answer_is_left_out() {
        let said = without_addresses("5.1.1 <jane@example.com>: no\r\nsuch user");
        assert_eq!(said, "5.1.1 … no such user");
    }
}
