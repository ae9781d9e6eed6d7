//! What a report's groups are by: a value that sessions have, or the months that their days are in.

use casebridge_domain::Malformed;
use casebridge_domain::report::Dimension;

/// As it is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum GroupBy {
    Value(Dimension),
    Month,
}

impl GroupBy {
    pub(super) fn parse(raw: &str) -> Result<Self, Malformed> {
        if raw == Self::Month.name() {
            return Ok(Self::Month);
        }
        Dimension::parse(raw).map(Self::Value).map_err(|values| Malformed::new(format!("{values} or month")))
    }

    /// As it is called in requests and answers.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Value(dimension) => dimension.name(),
            Self::Month => "month",
        }
    }

    /// What has to be known: months are made of days.
    pub(super) const fn dimension(self) -> Dimension {
        match self {
            Self::Value(dimension) => dimension,
            Self::Month => Dimension::Day,
        }
    }
}
