//! What the endpoints work with.

use std::sync::Arc;

use casebridge_app::World;
use casebridge_app::admission::Admissions;
use casebridge_domain::Instant;

/// The state of all routers. Cheap to clone.
#[derive(Clone)]
pub struct Api {
    /// Lets requests in.
    pub admissions: Arc<Admissions>,
}

impl Api {
    /// An API that lets requests in through these admissions.
    pub fn new(admissions: Arc<Admissions>) -> Self {
        Self { admissions }
    }

    /// What the use cases work with.
    pub fn world(&self) -> &World {
        self.admissions.world()
    }

    pub(crate) fn now(&self) -> Instant {
        self.world().now()
    }
}
