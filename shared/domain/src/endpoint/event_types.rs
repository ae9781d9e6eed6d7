//! The types of events that there are, and what somebody may have meant who misspelt one.

use std::collections::BTreeSet;

use strsim::osa_distance;

use crate::Malformed;

use super::filter::EventPattern;

/// Nothing longer is compared: a pattern has at most as many characters.
const LONGEST: usize = 81;

/// The types of events that there are, as `case.closed`.
#[derive(Debug, Clone)]
pub struct EventTypes(Vec<&'static str>);

impl EventTypes {
    /// Of all types that are published.
    pub fn of(types: impl IntoIterator<Item = &'static str>) -> Self {
        Self(types.into_iter().collect())
    }

    /// Accepts what takes at least one of these types. What is refused names the nearest that would do, if one is near.
    pub fn parse(&self, raw: &str) -> Result<EventPattern, Malformed> {
        match EventPattern::parse(raw) {
            Ok(pattern) if self.0.iter().any(|kind| pattern.takes(kind)) => Ok(pattern),
            Ok(_) => Err(self.refused(raw, "must be the type of an event that there is, or all of a kind")),
            Err(fault) => Err(self.refused(raw, &fault.to_string())),
        }
    }

    fn refused(&self, raw: &str, why: &str) -> Malformed {
        match self.nearest(raw) {
            Some(nearest) => Malformed::new(format!("{why}; did you mean {nearest}?")),
            None => Malformed::new(why),
        }
    }

    /// What is written most like it, where no more than half of it differs.
    fn nearest(&self, raw: &str) -> Option<String> {
        if raw.len() > LONGEST {
            return None;
        }
        let wanted = raw.to_ascii_lowercase();
        let candidates: BTreeSet<String> = if wanted.contains('*') {
            self.0.iter().filter_map(|kind| kind.split_once('.')).map(|(kind, _)| format!("{kind}.*")).collect()
        } else {
            self.0.iter().map(|&kind| kind.to_owned()).collect()
        };
        let measured = candidates.into_iter().map(|one| (osa_distance(&wanted, &one), one));
        let (mistakes, nearest) = measured.min_by_key(|(mistakes, _)| *mistakes)?;
        (mistakes * 2 <= nearest.len()).then_some(nearest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(raw: &str) -> String {
        let types = ["case.opened", "case.closed", "case.token_refused", "customer.online", "invitation.bounced"];
        EventTypes::of(types).parse(raw).unwrap_err().to_string()
    }

    #[test]
    fn a_type_or_kind_that_there_is_is_taken() {
        let types = EventTypes::of(["case.closed", "customer.online"]);
        for raw in ["case.closed", "case.*", "customer.*"] {
            assert_eq!(types.parse(raw).unwrap().as_str(), raw);
        }
    }

    #[test]
    fn who_misspelt_one_is_told_the_nearest() {
        for (raw, meant) in [
            ("case.clsoed", "case.closed"),
            ("case.close", "case.closed"),
            ("case.open", "case.opened"),
            ("case.tokenrefused", "case.token_refused"),
            ("ticket.closed", "case.closed"),
            ("Case.Closed", "case.closed"),
            ("case_closed", "case.closed"),
            ("invitations.*", "invitation.*"),
            ("case.clo*", "case.*"),
        ] {
            let refusal = refusal(raw);
            assert!(refusal.ends_with(&format!("did you mean {meant}?")), "{raw}: {refusal}");
        }
    }

    #[test]
    fn what_is_like_nothing_is_refused_without_a_guess() {
        for raw in ["payment.settled", "x.y", "", "*", &"case.closed".repeat(10)] {
            assert!(!refusal(raw).contains("did you mean"), "{raw}: {}", refusal(raw));
        }
    }
}
