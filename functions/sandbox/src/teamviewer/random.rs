//! Everything random in the sandbox, from one seed, so that a run can be repeated.

use fastrand::Rng;
use uuid::Uuid;

use super::code::SessionCode;
use super::settings::CodeDigits;

/// The sandbox's randomness.
#[derive(Debug)]
pub(crate) struct Random(Rng);

impl Random {
    pub(crate) fn seeded(seed: u64) -> Self {
        Self(Rng::with_seed(seed))
    }

    pub(crate) fn code(&mut self, digits: CodeDigits) -> SessionCode {
        let (from, to) = match digits {
            CodeDigits::Eight => (10_000_000, 99_999_999),
            CodeDigits::Nine => (100_000_000, 999_999_999),
        };
        SessionCode::of_digits(self.0.u32(from..=to).to_string())
    }

    /// Letters and digits, as in a supporter link (recorded: 12 of them).
    pub(crate) fn letters(&mut self, count: usize) -> String {
        (0..count).map(|_| self.0.alphanumeric()).collect()
    }

    /// A token of the look seen in the field: `<digits>-<20 characters>`.
    pub(crate) fn token(&mut self) -> String {
        format!("{}-{}", self.0.u32(1_000_000..=99_999_999), self.letters(20))
    }

    /// An id such as `g272032545`.
    pub(crate) fn id(&mut self, prefix: char) -> String {
        format!("{prefix}{}", self.0.u32(100_000_000..=999_999_999))
    }

    pub(crate) fn uuid(&mut self) -> Uuid {
        let mut bytes = [0; 16];
        self.0.fill(&mut bytes);
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    }
}
