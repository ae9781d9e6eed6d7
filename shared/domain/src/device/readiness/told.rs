//! What reports say of a statement: that it holds, that it doesn't, or nothing.

/// An answer that is not guessed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Told {
    Yes,
    No,
    /// It depends on these facts, named as in the API.
    NotReported(Vec<&'static str>),
}

impl Told {
    /// What a fact says of itself.
    pub(super) fn by(name: &'static str, fact: Option<bool>) -> Self {
        fact.map_or_else(|| Self::NotReported(vec![name]), Self::from)
    }

    /// Both hold.
    pub(super) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Yes, other) => other,
            (unknown, Self::Yes) => unknown,
            (Self::NotReported(mut facts), Self::NotReported(more)) => {
                facts.extend(more);
                Self::NotReported(facts)
            }
        }
    }

    /// It doesn't hold.
    pub(super) fn not(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            unknown @ Self::NotReported(_) => unknown,
        }
    }
}

impl From<bool> for Told {
    fn from(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_decides_where_it_can() {
        let unknown = || Told::by("a", None);
        assert_eq!(unknown().and(Told::No), Told::No);
        assert_eq!(unknown().and(Told::Yes), unknown());
        assert_eq!(unknown().not(), unknown());
        assert_eq!(unknown().and(Told::by("b", None)), Told::NotReported(vec!["a", "b"]));
    }
}
