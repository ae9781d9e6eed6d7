//! Numbers as people read them in each language.

use casebridge_domain::Language;

/// Hours, minutes and seconds: `123:04:05`.
pub(super) fn duration(language: Language, seconds: i64) -> String {
    let (minutes, seconds) = (seconds.div_euclid(60), seconds.rem_euclid(60));
    format!("{}:{:02}:{seconds:02}", count(language, minutes.div_euclid(60)), minutes.rem_euclid(60))
}

/// With thousands apart.
pub(super) fn count(language: Language, number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let groups: Vec<&str> = digits.as_bytes().rchunks(3).rev().filter_map(|group| str::from_utf8(group).ok()).collect();
    let sign = if number < 0 { "\u{2212}" } else { "" };
    format!("{sign}{}", groups.join(thousands(language)))
}

/// A share with one decimal: `12.5 %`.
pub(super) fn percent(language: Language, part: i64, whole: i64) -> Option<String> {
    if whole <= 0 {
        return None;
    }
    let tenths = (2000 * part + whole).div_euclid(2 * whole);
    let sign = match language {
        Language::English | Language::Chinese | Language::Portuguese => "%",
        Language::Spanish | Language::French => "\u{a0}%",
    };
    Some(format!("{}{}{}{sign}", count(language, tenths.div_euclid(10)), decimal(language), tenths.rem_euclid(10)))
}

const fn thousands(language: Language) -> &'static str {
    match language {
        Language::English | Language::Chinese => ",",
        Language::Portuguese => ".",
        // The thin space of both academies; it does not break.
        Language::Spanish | Language::French => "\u{202f}",
    }
}

const fn decimal(language: Language) -> char {
    match language {
        Language::English | Language::Chinese => '.',
        Language::Portuguese | Language::Spanish | Language::French => ',',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_writes_numbers_in_its_own_way() {
        assert_eq!(
            Language::ALL.map(|language| count(language, 1_234_567)),
            ["1,234,567", "1.234.567", "1\u{202f}234\u{202f}567", "1\u{202f}234\u{202f}567", "1,234,567"]
        );
        assert_eq!(
            Language::ALL.map(|language| percent(language, 1, 8).unwrap()),
            ["12.5%", "12,5%", "12,5\u{a0}%", "12,5\u{a0}%", "12.5%"]
        );
    }

    #[test]
    fn durations_are_hours_minutes_and_seconds() {
        let shown = [0, 59, 3_600, 443_045, 3_600_000 * 2].map(|seconds| duration(Language::English, seconds));
        assert_eq!(shown, ["0:00:00", "0:00:59", "1:00:00", "123:04:05", "2,000:00:00"]);
    }

    #[test]
    fn a_share_of_nothing_is_none_and_the_rest_is_rounded() {
        assert_eq!(percent(Language::English, 0, 0), None);
        let shares = [(0, 3), (1, 3), (2, 3), (3, 3)].map(|(part, whole)| percent(Language::English, part, whole));
        assert_eq!(shares.map(Option::unwrap), ["0.0%", "33.3%", "66.7%", "100.0%"]);
    }
}
