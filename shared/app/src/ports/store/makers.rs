//! Whose sign-ins to TeamViewer have made sessions lately.

use casebridge_domain::{Instant, TechnicianId};
use serde::{Deserialize, Serialize};

/// A technician whose sign-in made a session. TeamViewer lists it to his token only: that is looked through for as long as a
/// session of his may be there, whether or not a case still owns it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Maker {
    /// Who.
    pub technician: TechnicianId,
    /// When the latest of his cases reaches its time.
    pub valid_until: Instant,
}
