//! What the endpoints work with.

use std::sync::Arc;

use casebridge_app::World;
use casebridge_app::admission::Admissions;
use casebridge_app::ports::LaneNotifier;
use casebridge_domain::Instant;
use casebridge_domain::endpoint::Reach;

use crate::changes::Changes;

/// The state of all routers. Cheap to clone.
#[derive(Clone)]
pub struct Api {
    /// Lets requests in.
    pub admissions: Arc<Admissions>,
    changes: Option<Arc<dyn Changes>>,
    reach: Reach,
    lane_notifier: Option<Arc<dyn LaneNotifier>>,
}

impl Api {
    /// An API that lets requests in through these admissions.
    pub fn new(admissions: Arc<Admissions>) -> Self {
        Self { admissions, changes: None, reach: Reach::default(), lane_notifier: None }
    }

    /// The same in a host that can hold connections, and tells of changes.
    #[must_use]
    pub fn with_changes(self, changes: Arc<dyn Changes>) -> Self {
        Self { changes: Some(changes), ..self }
    }

    /// The same where endpoints may lead elsewhere than to public addresses by HTTPS.
    #[must_use]
    pub fn with_reach(self, reach: Reach) -> Self {
        Self { reach, ..self }
    }

    /// The same in a host where the store's own writes don't tell those who push what is asked of an endpoint's lane.
    #[must_use]
    pub fn with_lane_notifier(self, lane_notifier: Arc<dyn LaneNotifier>) -> Self {
        Self { lane_notifier: Some(lane_notifier), ..self }
    }

    pub(crate) fn lane_notifier(&self) -> Option<Arc<dyn LaneNotifier>> {
        self.lane_notifier.clone()
    }

    /// Where endpoints may lead.
    pub(crate) fn reach(&self) -> &Reach {
        &self.reach
    }

    pub(crate) fn changes(&self) -> Option<&dyn Changes> {
        self.changes.as_deref()
    }

    /// What the use cases work with.
    pub fn world(&self) -> &World {
        self.admissions.world()
    }

    pub(crate) fn now(&self) -> Instant {
        self.world().now()
    }
}
