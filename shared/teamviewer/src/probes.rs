//! What a token may do, found out without changing anything.

use casebridge_app::ports::teamviewer::{ScriptToken, TeamViewerError};
use casebridge_domain::connection::{Permission, Proof};
use serde_json::json;

use crate::WebApi;
use crate::refusal::Refusal;
use crate::transport::{Answer, Call};

/// A code that was never seen. Were it somebody's, the empty update would still change nothing.
const NO_SESSION: &str = "s00-000-000";
/// A group beyond every number: the schema keeps ids in 32 bits, and this one does not fit into 63.
const NO_GROUP: &str = "g9999999999999999999";
/// The UUID whose every bit is set, which is never generated (RFC 9562, 5.10).
const NO_REPORT: &str = "ffffffff-ffff-ffff-ffff-ffffffffffff";

impl WebApi {
    /// What one call tells about a permission.
    ///
    /// - 2xx of a read: proven.
    /// - 403 that is no rate limit: missing.
    /// - anything else: unknown. Whether TeamViewer looks at permissions before it looks at the request is not
    ///   documented, so the refusal of a bad request proves nothing; neither does a read that did not get through.
    ///
    /// A refused token, a rate limit and an unreachable server are errors: they say nothing about any permission.
    pub(crate) async fn proof_of(&self, token: &ScriptToken, permission: Permission) -> Result<Proof, TeamViewerError> {
        let answer = match self.probe_for(permission) {
            Probe::Read(call) => self.transport.read(token, &call, Answer::success).await.map(|()| Proof::Proven),
            Probe::Refusable(call) => match self.transport.once(token, &call).await {
                Ok(answer) => {
                    self.undo(token, permission, &answer).await;
                    Ok(Proof::Unknown)
                }
                Err(refusal) => Err(refusal),
            },
        };
        answer.or_else(proof)
    }

    /// The call that asks for a permission, and why it is harmless.
    ///
    /// - *view*: reads, narrowed so that they return next to nothing: a second of the year 2000, a name that nobody gave
    ///   to a group. The open sessions can't be narrowed; their minimal list is small.
    /// - *create a session*: without `groupid` or `groupname`, one of which is required (manual, p. 42; schema). Should
    ///   that ever be overlooked, `assigned_userid` breaks its documented pattern too, and the session would have
    ///   ended in the year 2000. No `groupname` is sent, since that makes a group.
    /// - *edit a session or group*: an update without any field has nothing to change, and nothing has the id.
    /// - *edit or delete a report*: nothing has the id. It is not the nil UUID, which .NET uses for "none given": a slip
    ///   that reads "none" as "all" must not be met by a DELETE.
    /// - *add a group*: without `name`, which is required (schema), and with a `policy_id` that is none.
    /// - *delete a group*: nothing has the id, for the same reason not `g0`, which the reports' filter reads as
    ///   "without a group" (schema).
    fn probe_for(&self, permission: Permission) -> Probe {
        let url = |parts: &[&str]| self.transport.url(parts);
        let with = |parts: &[&str], query: &[(&str, &str)]| {
            let mut url = self.transport.url(parts);
            url.query_pairs_mut().extend_pairs(query);
            url
        };
        let report = || url(&["reports", "connections", NO_REPORT]);
        match permission {
            Permission::SessionsView => {
                Probe::Read(Call::get("probe_sessions_view", with(&["sessions"], &[("state", "open")])))
            }
            Permission::ReportsView => {
                let second = [("from_date", "2000-01-01T00:00:00Z"), ("to_date", "2000-01-01T00:00:01Z")];
                Probe::Read(Call::get("probe_reports_view", with(&["reports", "connections"], &second)))
            }
            Permission::ContactsView => {
                let nobodys = [("name", "casebridge permission check")];
                Probe::Read(Call::get("probe_contacts_view", with(&["groups"], &nobodys)))
            }
            Permission::SessionsCreate => {
                let body = json!({ "assigned_userid": "nobody", "valid_until": "2000-01-01T00:00:00Z" });
                Probe::Refusable(Call::post("probe_sessions_create", url(&["sessions"]), body))
            }
            Permission::SessionsEdit => {
                Probe::Refusable(Call::put("probe_sessions_edit", url(&["sessions", NO_SESSION]), json!({})))
            }
            Permission::ReportsEdit => Probe::Refusable(Call::put("probe_reports_edit", report(), json!({}))),
            Permission::ReportsDelete => Probe::Refusable(Call::delete("probe_reports_delete", report())),
            Permission::ContactsAdd => {
                let body = json!({ "policy_id": "none" });
                Probe::Refusable(Call::post("probe_contacts_add", url(&["groups"]), body))
            }
            Permission::ContactsEdit => {
                Probe::Refusable(Call::put("probe_contacts_edit", url(&["groups", NO_GROUP]), json!({})))
            }
            Permission::ContactsDelete => {
                Probe::Refusable(Call::delete("probe_contacts_delete", url(&["groups", NO_GROUP])))
            }
        }
    }

    /// A bad request that was accepted contradicts every source. A session that came of it is closed at once; closing
    /// it is all that can be done.
    async fn undo(&self, token: &ScriptToken, permission: Permission, answer: &Answer) {
        let status = answer.status.as_u16();
        tracing::warn!(permission = permission.name(), status, "TeamViewer accepted a request that it must refuse");
        if permission == Permission::SessionsCreate
            && let Some(code) = self.code_of_new(answer)
            && let Err(error) = self.put_closed(token, &code).await
        {
            tracing::warn!(permission = permission.name(), "the session that came of it is left to expire: {error}");
        }
    }
}

/// How a permission is asked for.
enum Probe {
    /// A read: its success proves the permission.
    Read(Call),
    /// A request that has to be refused, whoever sends it.
    Refusable(Call),
}

fn proof(refusal: Refusal) -> Result<Proof, TeamViewerError> {
    match TeamViewerError::from(refusal) {
        TeamViewerError::PermissionMissing => Ok(Proof::Missing),
        TeamViewerError::LicenceLimit | TeamViewerError::Refused { .. } | TeamViewerError::OutcomeUnknown => {
            Ok(Proof::Unknown)
        }
        error
        @ (TeamViewerError::TokenRefused | TeamViewerError::RateLimited { .. } | TeamViewerError::Unreachable) => {
            Err(error)
        }
    }
}
