//! Everything around the body of a letter, in five languages.
//!
//! A word in `{braces}` is filled in; which ones a phrase has is the same in every language.

mod chinese;
mod english;
mod french;
mod portuguese;
mod spanish;

use casebridge_domain::Language;

/// The phrases of one language.
pub(crate) struct Phrases {
    /// Stands in for a technician's name, inside a sentence.
    pub(crate) support_team: &'static str,
    /// On the customer's button.
    pub(crate) join: &'static str,
    /// Between a label and what it labels.
    pub(crate) colon: &'static str,
    /// Before the code.
    pub(crate) session_code: &'static str,
    /// What the code is for.
    pub(crate) code_hint: &'static str,
    /// `{time}`
    pub(crate) valid_until: &'static str,
    /// To whom the mail means nothing.
    pub(crate) unexpected: &'static str,
    /// `{account}`
    pub(crate) sent_by: &'static str,
    /// `{requester}`, `{number}`
    pub(crate) online_subject: &'static str,
    /// `{requester}`, `{number}`, `{title}`
    pub(crate) online_lead: &'static str,
    /// `{requester}`, `{device}`
    pub(crate) online_subject_device: &'static str,
    /// `{requester}`, `{device}`
    pub(crate) online_lead_device: &'static str,
    /// On the supporter's first button.
    pub(crate) join_app: &'static str,
    /// On the supporter's second button.
    pub(crate) join_browser: &'static str,
    /// Where there is no supporter link to give.
    pub(crate) open_ticket: &'static str,
    /// `{time}`
    pub(crate) online_since: &'static str,
    /// `{requester}`, `{number}`
    pub(crate) disowned_subject: &'static str,
    /// `{requester}`, `{number}`, `{title}`, `{time}`
    pub(crate) disowned_lead: &'static str,
    /// `{requester}`, `{device}`
    pub(crate) disowned_subject_device: &'static str,
    /// `{requester}`, `{device}`, `{time}`
    pub(crate) disowned_lead_device: &'static str,
    /// `{requester}`, `{number}`
    pub(crate) asked_subject: &'static str,
    /// `{requester}`, `{number}`, `{title}`
    pub(crate) asked_lead: &'static str,
    /// `{requester}`, `{device}`
    pub(crate) asked_subject_device: &'static str,
    /// `{requester}`, `{device}`
    pub(crate) asked_lead_device: &'static str,
    /// `{time}`
    pub(crate) asked_until: &'static str,
    /// What to do about it.
    pub(crate) disowned_advice: &'static str,
    /// Supporter links admit whoever has them.
    pub(crate) keep_links: &'static str,
    /// `{day}`, `{month}`, `{year}`, `{time}`, `{zone}`, `{offset}`
    pub(crate) moment: &'static str,
    /// The first of a month, where it is not simply `1`.
    pub(crate) first_day: &'static str,
    /// January to December.
    pub(crate) months: [&'static str; 12],
}

impl Phrases {
    pub(crate) const fn of(language: Language) -> &'static Self {
        match language {
            Language::English => &english::PHRASES,
            Language::Portuguese => &portuguese::PHRASES,
            Language::Spanish => &spanish::PHRASES,
            Language::French => &french::PHRASES,
            Language::Chinese => &chinese::PHRASES,
        }
    }
}

/// Puts values into a phrase. A value is never looked into for further braces.
pub(crate) fn fill(phrase: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(phrase.len() + 64);
    let mut rest = phrase;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let Some((name, after)) = after.split_once('}') else { break };
        filled.extend(values.iter().filter(|(known, _)| *known == name).map(|(_, value)| *value));
        rest = after;
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    fn braces(phrase: &str) -> Vec<&str> {
        let mut names: Vec<&str> =
            phrase.split('{').skip(1).map(|after| after.split_once('}').expect("closed").0).collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn every_language_fills_in_the_same_words() {
        for language in Language::ALL {
            let phrases = Phrases::of(language);
            for (phrase, filled_in) in [
                (phrases.support_team, vec![]),
                (phrases.join, vec![]),
                (phrases.session_code, vec![]),
                (phrases.code_hint, vec![]),
                (phrases.valid_until, vec!["time"]),
                (phrases.unexpected, vec![]),
                (phrases.sent_by, vec!["account"]),
                (phrases.online_subject, vec!["number", "requester"]),
                (phrases.online_lead, vec!["number", "requester", "title"]),
                (phrases.online_subject_device, vec!["device", "requester"]),
                (phrases.online_lead_device, vec!["device", "requester"]),
                (phrases.join_app, vec![]),
                (phrases.join_browser, vec![]),
                (phrases.open_ticket, vec![]),
                (phrases.online_since, vec!["time"]),
                (phrases.disowned_subject, vec!["number", "requester"]),
                (phrases.disowned_lead, vec!["number", "requester", "time", "title"]),
                (phrases.disowned_subject_device, vec!["device", "requester"]),
                (phrases.disowned_lead_device, vec!["device", "requester", "time"]),
                (phrases.asked_subject, vec!["number", "requester"]),
                (phrases.asked_lead, vec!["number", "requester", "title"]),
                (phrases.asked_subject_device, vec!["device", "requester"]),
                (phrases.asked_lead_device, vec!["device", "requester"]),
                (phrases.asked_until, vec!["time"]),
                (phrases.disowned_advice, vec![]),
                (phrases.keep_links, vec![]),
                (phrases.moment, vec!["day", "month", "offset", "time", "year", "zone"]),
            ] {
                assert_eq!(braces(phrase), filled_in, "{language}: {phrase}");
                assert_eq!(phrase.trim(), phrase, "{language}");
                assert!(!phrase.is_empty(), "{language}");
            }
        }
    }

    #[test]
    fn a_value_with_braces_stays_as_it_is() {
        assert_eq!(fill("{a} and {b}", &[("a", "{b}"), ("b", "{a}")]), "{b} and {a}");
    }
}
