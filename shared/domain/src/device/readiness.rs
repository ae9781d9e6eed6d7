//! Whether a session can be started for a device now, what would come in its way, and how that is mended.

use super::{DeviceFacts, Extent, Licences, Mode, Version};

mod rules;
mod told;
mod words;

pub use rules::Hindrance;
pub use words::Words;

/// What a finding means to the session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// The mode is not possible until it is mended.
    Blocks,
    /// The technician sees the screen and doesn't control it.
    LimitsToViewing,
    /// The device's user will be asked for something, or has to do something.
    WillAsk,
    /// It could not be told from what was reported. Nothing is held up by it.
    Unknown,
}

impl Effect {
    /// As it is called in answers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Blocks => "blocks",
            Self::LimitsToViewing => "limits_to_viewing",
            Self::WillAsk => "will_ask",
            Self::Unknown => "unknown",
        }
    }
}

/// What else than the device itself readiness depends on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Circumstances {
    /// What the account is activated for; `None` where it isn't.
    pub activated: Option<Extent>,
    /// The account's unattended licences.
    pub licences: Licences,
    /// The technician's TeamViewer client, if the caller says which.
    pub client: Option<Version>,
}

/// One thing in the way of a session, or to be known before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub hindrance: Hindrance,
    /// What was not reported, by its names in the API; only with [`Hindrance::NotReported`].
    pub facts: Vec<&'static str>,
}

impl Finding {
    /// What it means to the session.
    pub fn effect(&self) -> Effect {
        self.hindrance.effect()
    }
}

/// Whether sessions of one mode can be started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModeReadiness {
    /// Which mode.
    pub mode: Mode,
    /// What blocks first, then what limits, what will ask, and what is not known.
    pub findings: Vec<Finding>,
}

impl ModeReadiness {
    /// Looks at one mode.
    pub fn of(mode: Mode, facts: &DeviceFacts, circumstances: &Circumstances) -> Self {
        Self { mode, findings: rules::findings(mode, facts, circumstances) }
    }

    /// Whether a session can be started.
    pub fn is_possible(&self) -> bool {
        self.blocking().next().is_none()
    }

    /// Whether the technician would only see the screen.
    pub fn is_view_only(&self) -> bool {
        self.findings.iter().any(|finding| finding.effect() == Effect::LimitsToViewing)
    }

    /// What has to be mended before.
    pub fn blocking(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.effect() == Effect::Blocks)
    }
}

/// Which sessions can be started for a device now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Readiness {
    /// With its user.
    pub attended: ModeReadiness,
    /// Without.
    pub unattended: ModeReadiness,
}

impl Readiness {
    /// Looks at both modes.
    pub fn of(facts: &DeviceFacts, circumstances: &Circumstances) -> Self {
        let look = |mode| ModeReadiness::of(mode, facts, circumstances);
        Self { attended: look(Mode::Attended), unattended: look(Mode::Unattended) }
    }

    /// One of them.
    pub fn in_mode(&self, mode: Mode) -> &ModeReadiness {
        match mode {
            Mode::Attended => &self.attended,
            Mode::Unattended => &self.unattended,
        }
    }
}

#[cfg(test)]
mod tests;
