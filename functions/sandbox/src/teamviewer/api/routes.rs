//! Which call is which function.

use super::{account, address_book, connections, groups, oauth, sessions, sharing};
use crate::teamviewer::answer::{Answer, Refusal};
use crate::teamviewer::call::Call;
use crate::teamviewer::world::{Caller, World};

/// A function of the Web API: what limits are counted by.
pub(crate) struct Route {
    pub(crate) name: &'static str,
    pub(crate) act: Act,
}

/// What a function needs to know about its caller.
pub(crate) enum Act {
    /// A good token.
    ForCaller(fn(&mut World, &Caller, &Call) -> Result<Answer, Refusal>),
    /// Checks for itself.
    ForAnyone(fn(&mut World, &Call, chrono::DateTime<chrono::Utc>) -> Result<Answer, Refusal>),
}

impl Route {
    pub(crate) fn of(call: &Call) -> Option<Self> {
        let segments = call.segments();
        if segments.first().is_some_and(|first| first.eq_ignore_ascii_case("oauth2")) {
            let lower = call.path.to_ascii_lowercase();
            let segments: Vec<&str> = lower.split('/').filter(|segment| !segment.is_empty()).collect();
            return Self::find(&call.method, &segments);
        }
        Self::find(&call.method, &segments)
    }

    fn find(method: &str, segments: &[&str]) -> Option<Self> {
        use Act::{ForAnyone, ForCaller};
        let (name, act) = match (method, segments) {
            ("GET", ["ping"]) => ("GET /ping", ForAnyone(account::ping)),
            ("GET", ["account"]) => ("GET /account", ForCaller(account::account)),
            ("GET", ["users"]) => ("GET /users", ForCaller(account::users)),
            ("GET", ["users", _]) => ("GET /users/{id}", ForCaller(account::user)),

            ("GET", ["sessions"]) => ("GET /sessions", ForCaller(sessions::list)),
            ("POST", ["sessions"]) => ("POST /sessions", ForCaller(sessions::create)),
            ("GET", ["sessions", _]) => ("GET /sessions/{code}", ForCaller(sessions::get)),
            ("PUT", ["sessions", _]) => ("PUT /sessions/{code}", ForCaller(sessions::update)),
            ("DELETE", ["sessions", _]) => ("DELETE /sessions/{code}", ForCaller(sessions::delete)),

            ("GET", ["groups"]) => ("GET /groups", ForCaller(groups::list)),
            ("POST", ["groups"]) => ("POST /groups", ForCaller(groups::create)),
            ("GET", ["groups", _]) => ("GET /groups/{id}", ForCaller(groups::get)),
            ("PUT", ["groups", _]) => ("PUT /groups/{id}", ForCaller(groups::update)),
            ("DELETE", ["groups", _]) => ("DELETE /groups/{id}", ForCaller(groups::delete)),
            ("POST", ["groups", _, "share_group"]) => ("POST /groups/{id}/share_group", ForCaller(sharing::share)),
            ("POST", ["groups", _, "unshare_group"]) => {
                ("POST /groups/{id}/unshare_group", ForCaller(sharing::unshare))
            }

            ("GET", ["reports", "connections"]) => ("GET /reports/connections", ForCaller(connections::list)),
            ("GET", ["reports", "connections", _]) => ("GET /reports/connections/{id}", ForCaller(connections::get)),
            ("PUT", ["reports", "connections", _]) => ("PUT /reports/connections/{id}", ForCaller(connections::update)),
            ("DELETE", ["reports", "connections", _]) => {
                ("DELETE /reports/connections/{id}", ForCaller(connections::delete))
            }

            ("GET", ["devices"]) => ("GET /devices", ForCaller(address_book::devices)),
            ("GET", ["contacts"]) => ("GET /contacts", ForCaller(address_book::contacts)),

            ("POST", ["oauth2", "token"]) => ("POST /oauth2/token", ForAnyone(oauth::token)),
            ("POST", ["oauth2", "revoke"]) => ("POST /oauth2/revoke", ForCaller(oauth::revoke)),
            ("POST", ["oauth2", "accesstoken"]) => ("POST /oauth2/accessToken", ForCaller(oauth::create_access_token)),
            ("DELETE", ["oauth2", "accesstoken"]) => {
                ("DELETE /oauth2/accessToken", ForCaller(oauth::delete_access_token))
            }
            _ => return None,
        };
        Some(Self { name, act })
    }
}
