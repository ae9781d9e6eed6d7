//! A session as TeamViewer writes it.

use casebridge_app::ports::teamviewer::ListedSession;
use casebridge_domain::session::Link;
use casebridge_domain::{Session, SessionCode, SessionType};
use serde_json::Value;

use super::{Fields, marker, state};

/// A session's code in any of its printed forms.
pub(crate) fn code(session: Fields<'_>) -> Option<SessionCode> {
    SessionCode::parse(&session.text_or_number("code")?).ok()
}

/// A session with the links that were given for it; nothing unless the code and the customer's link are there.
pub(crate) fn session(value: &Value) -> Option<Session> {
    let fields = Fields::of(value)?;
    Some(with_links(fields, code(fields)?, link(fields, "end_customer_link")?))
}

/// A session of a listing, or asked for by its code; nothing unless the code is there.
///
/// Unset fields are left out (recorded), and what a closed session keeps of its links is not documented. Its state
/// matters more than them, so a missing customer's link is put together from the code.
pub(crate) fn listed(value: &Value) -> Option<ListedSession> {
    let fields = Fields::of(value)?;
    let code = code(fields)?;
    let customer_link = link(fields, "end_customer_link").or_else(|| customer_link(fields, &code))?;
    Some(ListedSession {
        session: with_links(fields, code, customer_link),
        state: state::state(fields),
        online: fields.is_on("online").unwrap_or(false),
        marker: marker::read(fields),
    })
}

fn with_links(fields: Fields<'_>, code: SessionCode, customer_link: Link) -> Session {
    Session {
        code,
        customer_link,
        supporter_link: link(fields, "supporter_link"),
        webclient_supporter_link: link(fields, "webclient_supporter_link"),
    }
}

/// Only a web address is a link.
fn link(fields: Fields<'_>, name: &str) -> Option<Link> {
    let text = fields.text(name)?.trim();
    let is_web = text.starts_with("https://") || text.starts_with("http://");
    is_web.then(|| Link::parse(text).ok()).flatten()
}

/// The customer's link as it was recorded (`get`), or as the manual prints it for Pilot (p. 42).
fn customer_link(fields: Fields<'_>, code: &SessionCode) -> Option<Link> {
    let link = match session_type(fields) {
        SessionType::Default => format!("https://get.teamviewer.com/v15/{}", code.compact()),
        SessionType::Pilot => format!("https://getpilot.teamviewer.com/{}", code.compact()),
    };
    Link::parse(&link).ok()
}

/// A name in the manual; which of the schema's integers means Pilot is nowhere said.
fn session_type(fields: Fields<'_>) -> SessionType {
    match fields.text("support_session_type") {
        Some(name) if name.eq_ignore_ascii_case("pilot") => SessionType::Pilot,
        _ => SessionType::Default,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use casebridge_app::ports::teamviewer::SessionState;
    use serde_json::json;

    fn shape(text: &str) -> Value {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn the_manuals_answer_to_a_new_session_is_understood() {
        let session = session(&shape(include_str!("../../shapes/session-create-response.json"))).unwrap();
        assert_eq!(session.code.to_string(), "s12-345-678");
        assert_eq!(session.customer_link.as_str(), "https://getpilot.teamviewer.com/s12345678");
        assert_eq!(session.webclient_supporter_link, None);
    }

    #[test]
    fn the_manuals_single_session_is_understood() {
        let listed = listed(&shape(include_str!("../../shapes/session-get-response.json"))).unwrap();
        assert_eq!((listed.state, listed.online, listed.marker), (SessionState::Open, false, None));
    }

    #[test]
    fn every_printed_form_of_a_code_is_the_same_code() {
        for form in [json!("s119-457-589"), json!("s119457589"), json!("s119 457 589"), json!(119_457_589)] {
            let listed = listed(&json!({ "code": form })).unwrap();
            assert_eq!(listed.session.code.to_string(), "s119-457-589");
        }
    }

    #[test]
    fn a_missing_customers_link_is_put_together_for_listed_sessions_only() {
        let bare = json!({ "code": "s119-457-589", "state": "Closed", "end_customer_link": "javascript:alert(1)" });
        assert_eq!(session(&bare), None);
        let told = listed(&bare).unwrap();
        assert_eq!(told.state, SessionState::Closed);
        assert_eq!(told.session.customer_link.as_str(), "https://get.teamviewer.com/v15/s119457589");
        let pilot = json!({ "code": "s12-345-678", "support_session_type": "Pilot" });
        let pilot = listed(&pilot).unwrap();
        assert_eq!(pilot.session.customer_link.as_str(), "https://getpilot.teamviewer.com/s12345678");
    }

    #[test]
    fn a_session_without_a_readable_code_is_none() {
        for bad in [json!({}), json!({ "code": "x" }), json!({ "code": null }), json!([]), json!("s12-345-678")] {
            assert_eq!(listed(&bad), None, "{bad}");
        }
        assert_eq!(listed(&shape(include_str!("../../shapes/session-fields.json"))["data"]), None);
    }
}
