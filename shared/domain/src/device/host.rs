//! The Host app on a device, as the technician's client finds it.

use super::TeamViewerId;
use crate::Malformed;
use crate::session::Link;

/// Opens the technician's client on a Host, which then asks for its password unless the technician's account may enter without. No
/// document of TeamViewer's has the form: it is one that its clients are known to take (launch-URI lists), and our reading.
pub fn host_link(id: &TeamViewerId) -> Result<Link, Malformed> {
    Link::parse(&format!("teamviewer10://control?device={}&authorization=password", id.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_link_names_the_host() {
        let id = TeamViewerId::parse("1 234 567 890").unwrap();
        assert_eq!(host_link(&id).unwrap().as_str(), "teamviewer10://control?device=1234567890&authorization=password");
    }
}
