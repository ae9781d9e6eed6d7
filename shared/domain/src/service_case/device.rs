//! How a session gets to its device, and how that is lost.

use super::{EventKind, NotAllowed, Open, Seen, ServiceCase, State};
use crate::Instant;
use crate::device::{DeviceConfiguration, HandOver, Loss, LossCause, Payload};

impl ServiceCase {
    /// How the session gets to its device, where it is handed to one.
    pub fn hand_over(&self) -> Option<&HandOver> {
        self.hand_over.as_ref()
    }

    /// What the vendor gives to QuickSupport; `None` where there is no session, or no device that it is handed to.
    pub fn payload(&self) -> Option<Payload> {
        let State::Open(open) = &self.state else { return None };
        Some(Payload::of(&self.hand_over.as_ref()?.configuration, &open.way.session()?.code))
    }

    /// Whether somebody came to the device after the session was last handed to it.
    pub fn is_taken_up(&self) -> bool {
        let Some(hand_over) = &self.hand_over else { return false };
        match &self.state {
            State::Open(Open { seen, .. }) => match seen {
                Seen::Waiting => false,
                Seen::Online { .. } => true,
                Seen::Left { at } => *at >= hand_over.at,
            },
            _ => false,
        }
    }

    /// The vendor sends it once more.
    pub fn handed_over_again(mut self, configuration: DeviceConfiguration, now: Instant) -> Result<Self, NotAllowed> {
        self.still_open(now)?;
        let hand_over = self.hand_over.take().ok_or(NotAllowed::NoHandOver)?.again(configuration, now);
        let attempt = hand_over.attempt;
        self.hand_over = Some(hand_over);
        self.eager_since = now;
        self.happened(now, EventKind::DeviceHandedOver { attempt });
        Ok(self)
    }

    /// The vendor reports that the device does not know its session any more. What was reported already changes nothing.
    pub fn start_lost(mut self, cause: LossCause, now: Instant) -> Result<Self, NotAllowed> {
        self.still_open(now)?;
        let hand_over = self.hand_over.as_mut().ok_or(NotAllowed::NoHandOver)?;
        if hand_over.lost.is_none_or(|lost| lost.cause != cause) {
            hand_over.lost = Some(Loss { at: now, cause });
            self.happened(now, EventKind::DeviceStartLost { cause });
        }
        Ok(self)
    }

    /// Nobody came to the device for so long that the session was probably lost on its way. `None` says that it is not so, or was
    /// told before.
    #[must_use]
    pub fn unanswered(mut self, now: Instant) -> Option<Self> {
        if self.still_open(now).is_err() || self.is_taken_up() {
            return None;
        }
        let hand_over = self.hand_over.as_mut().filter(|hand_over| hand_over.lost.is_none())?;
        let at = hand_over.unanswered_at();
        if now < at {
            return None;
        }
        let cause = LossCause::Unanswered;
        hand_over.lost = Some(Loss { at, cause });
        self.happened(now, EventKind::DeviceStartLost { cause });
        Some(self)
    }

    fn still_open(&self, now: Instant) -> Result<(), NotAllowed> {
        match &self.state {
            State::Open(_) if now < self.valid_until => Ok(()),
            State::Open(_) => Err(NotAllowed::Time),
            State::Asked => Err(NotAllowed::NotTaken),
            State::Opening(_) => Err(NotAllowed::StillOpening),
            State::Closing(_) => Err(NotAllowed::BeingClosed),
            State::Closed(_) | State::Expired(_) | State::Failed(_) => Err(NotAllowed::Ended),
        }
    }
}

#[cfg(test)]
mod tests;
