//! A promise that was not kept.

use std::fmt;

/// Which, and how it shows.
#[derive(Debug)]
pub(crate) struct Broken(String);

impl Broken {
    pub(crate) fn new(why: impl Into<String>) -> Self {
        Self(why.into())
    }

    pub(crate) fn at(self, step: usize) -> Self {
        Self(format!("after step {step}: {}", self.0))
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A promise.
macro_rules! promise {
    ($holds:expr, $($why:tt)+) => {
        if !$holds {
            return Err($crate::oracle::Broken::new(format!($($why)+)));
        }
    };
}
pub(crate) use promise;
