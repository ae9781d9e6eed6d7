//! A new session.

use casebridge_app::ports::teamviewer::{FiledIn, NewSession, ScriptToken, TeamViewerError};
use casebridge_domain::time::rfc3339;
use casebridge_domain::{Session, SessionCode, SessionType};
use serde_json::{Value, json};
use tokio::time::Instant;
use url::Url;

use crate::WebApi;
use crate::sessions::assigned_userid;
use crate::transport::{Answer, Call};
use crate::wire::{Fields, marker, session};

/// The longest description (manual, p. 42).
const DESCRIPTION: usize = 4000;
/// The longest name of an end customer (schema).
const NAME: usize = 100;

impl WebApi {
    /// `POST /sessions`, once.
    ///
    /// Manual and schema say 200 with the session. A workaround in Deskpro's client hints at a redirect instead, so any
    /// 2xx or 3xx with a session will do, and one that only says where the session is, is followed: by asking the base
    /// URL for that code, never by going where it points. All of it has to fit into the time of one call.
    ///
    /// Once TeamViewer has said yes, nothing that goes wrong can be told as if nothing had happened there.
    pub(crate) async fn post_session(
        &self,
        token: &ScriptToken,
        wish: &NewSession,
    ) -> Result<Session, TeamViewerError> {
        let deadline = Instant::now() + self.transport.options().call_timeout;
        let call = Call::post("open_session", self.transport.url(&["sessions"]), body(wish));
        let answer = self.transport.once(token, &call).await?;
        if let Some(session) = answer.json().as_ref().and_then(session::session) {
            return Ok(session);
        }
        let code = self.code_of_new(&answer).ok_or(TeamViewerError::OutcomeUnknown)?;
        match self.get_session_until(token, &code, deadline).await {
            Ok(Some(listed)) => Ok(listed.session),
            Ok(None) | Err(_) => Err(TeamViewerError::OutcomeUnknown),
        }
    }

    /// The code of a session that was just made, from the body or from `Location`.
    pub(crate) fn code_of_new(&self, answer: &Answer) -> Option<SessionCode> {
        let body = answer.json();
        let code = body.as_ref().and_then(Fields::of).and_then(session::code);
        code.or_else(|| code_at(self.transport.base(), &self.transport.url(&["sessions"]), answer.location()?))
    }
}

/// Takes the code from `{base}/sessions/{code}`, relative to what was asked. TeamViewer's own address counts as the base too: a stand-in may print
/// the manual's `Location: https://webapi.teamviewer.com/api/v1/sessions/s12-345-678` (p. 43). Any other address is
/// somebody else's.
fn code_at(base: &Url, asked: &Url, location: &str) -> Option<SessionCode> {
    let teamviewer = Url::parse("https://webapi.teamviewer.com/api/v1").ok()?;
    let location = asked.join(location).ok()?;
    [base, &teamviewer].into_iter().find_map(|home| {
        let within = location.path().strip_prefix(home.path().trim_end_matches('/'))?;
        let code = within.strip_prefix("/sessions/").filter(|_| location.origin() == home.origin())?;
        SessionCode::parse(&code.trim_end_matches('/').replace("%20", " ")).ok()
    })
}

/// What is sent. Unset fields are left out. The type is sent for Pilot only: it is a name in the manual and an integer of
/// unknown meaning in the schema, and remote control is the default in both.
fn body(wish: &NewSession) -> Value {
    let mut customer = json!({ "name": cut(wish.customer_name.as_str(), NAME) });
    if let Some(email) = &wish.customer_email {
        customer["email"] = json!(email);
    }
    let mut body = json!({
        "end_customer": customer,
        "assigned_userid": assigned_userid(&wish.assignee),
        "custom_api": marker::write(&wish.marker),
        "valid_until": rfc3339(wish.valid_until),
    });
    match &wish.filed_in {
        FiledIn::Group(id) => body["groupid"] = json!(id),
        FiledIn::Named(name) => body["groupname"] = json!(name),
    }
    if !wish.description.trim().is_empty() {
        body["description"] = json!(cut(&wish.description, DESCRIPTION));
    }
    match wish.session_type {
        SessionType::Default => {}
        SessionType::Pilot => body["support_session_type"] = json!("Pilot"),
    }
    body
}

/// At most so many characters, counted as .NET does (UTF-16 units): never more than Unicode's count allows either.
fn cut(text: &str, most: usize) -> &str {
    let mut units = 0;
    let end = text.char_indices().find(|(_, c)| {
        units += c.len_utf16();
        units > most
    });
    end.map_or(text, |(at, _)| &text[..at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_between_characters_and_counted_as_teamviewer_may_count() {
        assert_eq!(cut("abc", 3), "abc");
        assert_eq!(cut("abcd", 3), "abc");
        assert_eq!(cut("äöüß", 3), "äöü");
        assert_eq!(cut("a😀b", 2), "a");
        assert_eq!(cut("a😀b", 3), "a😀");
    }

    #[test]
    fn a_code_is_taken_from_our_base_or_teamviewers_own_address_and_from_nowhere_else() {
        let base = Url::parse("http://127.0.0.1:4010/api/v1").unwrap();
        let asked = Url::parse("http://127.0.0.1:4010/api/v1/sessions").unwrap();
        let code = |location: &str| code_at(&base, &asked, location).map(|code| code.to_string());
        for good in [
            "http://127.0.0.1:4010/api/v1/sessions/s12-345-678",
            "https://webapi.teamviewer.com/api/v1/sessions/s12-345-678",
            "https://webapi.teamviewer.com:443/api/v1/sessions/s12%20345%20678/",
            "/api/v1/sessions/s12345678",
            "sessions/s12-345-678",
        ] {
            assert_eq!(code(good).as_deref(), Some("s12-345-678"), "{good}");
        }
        for bad in [
            "http://127.0.0.1:4011/api/v1/sessions/s12-345-678",
            "https://127.0.0.1:4010/api/v1/sessions/s12-345-678",
            "http://webapi.teamviewer.com/api/v1/sessions/s12-345-678",
            "https://webapi.teamviewer.com.evil.example/api/v1/sessions/s12-345-678",
            "//evil.example/api/v1/sessions/s12-345-678",
            "http://127.0.0.1:4010/login?next=/api/v1/sessions/s12-345-678",
            "http://127.0.0.1:4010/api/v1/sessions/",
            "/sessions/s12-345-678",
            "",
        ] {
            assert_eq!(code(bad), None, "{bad}");
        }
    }
}
