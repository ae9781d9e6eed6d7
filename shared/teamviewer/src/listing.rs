//! The open sessions, all of them or an error.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use casebridge_app::ports::teamviewer::{ListedSession, ScriptToken, TeamViewerError};
use casebridge_domain::{GroupId, SessionCode};
use serde_json::Value;
use tokio::time::Instant;

use crate::WebApi;
use crate::transport::{Answer, Call};
use crate::wire::session::listed;
use crate::wire::{Fields, marker};

/// Pages of up to 1000 sessions (manual, p. 40); more than this many is a server that goes in circles.
const PAGES: usize = 200;

impl WebApi {
    /// `GET /sessions?state=open&full_list=true`, page after page: `next_offset` goes in as `offset`, and is absent at
    /// the end (manual, p. 40). Pages that do not fit together are an error, never a short list.
    pub(crate) async fn list_open_sessions(
        &self,
        token: &ScriptToken,
        group: Option<&GroupId>,
    ) -> Result<Vec<ListedSession>, TeamViewerError> {
        let deadline = Instant::now() + self.transport.options().listing_budget;
        let mut found = Found::default();
        let mut asked = HashSet::new();
        let mut page = self.page(token, group, None, deadline).await?;
        for _ in 1..PAGES {
            let Page { sessions, next, .. } = page;
            found.add(sessions);
            let Some(Next { offset, remaining }) = next else { return Ok(found.sessions) };
            if !asked.insert(offset.clone()) {
                return Err(TeamViewerError::OutcomeUnknown);
            }
            page = self.page(token, group, Some(&offset), deadline).await?;
            if page.entries == 0 && remaining.is_some_and(|remaining| remaining > 0) {
                return Err(TeamViewerError::OutcomeUnknown);
            }
        }
        Err(TeamViewerError::OutcomeUnknown)
    }

    async fn page(
        &self,
        token: &ScriptToken,
        group: Option<&GroupId>,
        offset: Option<&str>,
        deadline: Instant,
    ) -> Result<Page, TeamViewerError> {
        let mut url = self.transport.url(&["sessions"]);
        {
            let mut query = url.query_pairs_mut();
            query.append_pair("state", "open").append_pair("full_list", "true");
            if let Some(group) = group {
                query.append_pair("groupid", group.as_str());
            }
            if let Some(offset) = offset {
                query.append_pair("offset", offset);
            }
        }
        let call = Call::get("open_sessions", url);
        let read = |answer: &Answer| Page::read(&answer.content()?).ok_or(TeamViewerError::OutcomeUnknown);
        Ok(self.transport.read_until(token, &call, deadline, read).await?)
    }
}

/// One reply of a listing.
#[derive(Debug, PartialEq, Eq)]
struct Page {
    sessions: Vec<ListedSession>,
    /// Those that could not be read included.
    entries: usize,
    next: Option<Next>,
}

/// What is still to come.
#[derive(Debug, PartialEq, Eq)]
struct Next {
    offset: String,
    remaining: Option<u64>,
}

impl Page {
    /// Nothing if it is no page, says that there is more without saying where, or has a session of ours that can't be
    /// read. Other products' unreadable sessions are passed over.
    fn read(value: &Value) -> Option<Self> {
        let fields = Fields::of(value)?;
        let entries = fields.list("sessions")?;
        let mut sessions = Vec::with_capacity(entries.len());
        for entry in entries {
            match listed(entry) {
                Some(session) => sessions.push(session),
                None if Fields::of(entry).and_then(marker::read).is_some() => return None,
                None => {}
            }
        }
        let remaining = fields.count("sessions_remaining");
        let next = fields.text_or_number("next_offset").map(|offset| Next { offset, remaining });
        if next.is_none() && remaining.is_some_and(|remaining| remaining > 0) {
            return None;
        }
        Some(Self { sessions, entries: entries.len(), next })
    }
}

/// Sessions in the order of the listing. While it is read, sessions come and go; one that is met again is as it was
/// found last.
#[derive(Default)]
struct Found {
    sessions: Vec<ListedSession>,
    places: HashMap<SessionCode, usize>,
}

impl Found {
    fn add(&mut self, sessions: Vec<ListedSession>) {
        for session in sessions {
            match self.places.entry(session.session.code.clone()) {
                Entry::Occupied(place) => self.sessions[*place.get()] = session,
                Entry::Vacant(place) => {
                    place.insert(self.sessions.len());
                    self.sessions.push(session);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn shape(text: &str) -> Value {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn the_recorded_listing_is_understood() {
        let page = Page::read(&shape(include_str!("../shapes/session-list-open.json"))).unwrap();
        let codes: Vec<_> = page.sessions.iter().map(|listed| listed.session.code.to_string()).collect();
        assert_eq!(codes, ["s119-457-589", "s184-827-508"]);
        assert!(page.sessions.iter().all(|listed| listed.session.webclient_supporter_link.is_some()));
        assert_eq!(page.next, None);
    }

    #[test]
    fn the_manuals_listing_is_understood() {
        let page = Page::read(&shape(include_str!("../shapes/session-list-full.json"))).unwrap();
        assert_eq!(page.sessions[0].session.code.to_string(), "s31-328-542");
        assert_eq!(page.sessions[0].marker, None);
    }

    #[test]
    fn an_unreadable_session_is_passed_over_unless_it_is_ours() {
        let entries = |custom_api: &str| json!({ "sessions": [{ "code": "??", "custom_api": custom_api }, 7, null] });
        let page = Page::read(&entries("{\"ticket_id\":\"1\"}")).unwrap();
        assert_eq!((page.sessions.len(), page.entries), (0, 3));
        let ours = r#"{"casebridge":{"installation":"01980000-0000-7000-8000-000000000001","account":"acme",
            "case":"01980000-0000-7000-8000-000000000002"}}"#;
        assert_eq!(Page::read(&entries(ours)), None);
    }

    #[test]
    fn more_to_come_without_a_place_to_go_on_is_no_page() {
        for next in [json!(null), json!(""), json!([])] {
            assert_eq!(Page::read(&json!({ "sessions": [], "next_offset": next, "sessions_remaining": 1 })), None);
            assert!(Page::read(&json!({ "sessions": [], "next_offset": next, "sessions_remaining": 0 })).is_some());
        }
        for bad in [json!({}), json!([]), json!({ "sessions": null }), json!({ "sessions": {} })] {
            assert_eq!(Page::read(&bad), None, "{bad}");
        }
    }
}
