//! Stand-ins for what Casebridge talks to: the TeamViewer Web API and a mail server.
//!
//! Both are real servers with state, faults that can be ordered, and a clock that can be set. They run inside another
//! process (a test, `casebridge demo`) or on a listener of their own. They are toys: nothing in them is kept secret.

pub mod clock;
mod html;
pub mod mailbox;
pub mod teamviewer;
mod wire;
