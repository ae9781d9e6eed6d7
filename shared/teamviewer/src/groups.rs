//! Groups of Computers & Contacts.

use casebridge_app::ports::teamviewer::{ListedGroup, ScriptToken, TeamViewerError};
use casebridge_domain::{GroupId, TeamViewerUserId};
use serde_json::{Value, json};

use crate::WebApi;
use crate::sessions::known;
use crate::transport::{Answer, Call};
use crate::wire::{Fields, group};

impl WebApi {
    /// `GET /groups/{id}`.
    pub(crate) async fn get_group(
        &self,
        token: &ScriptToken,
        id: &GroupId,
    ) -> Result<Option<ListedGroup>, TeamViewerError> {
        let call = Call::get("group", self.transport.url(&["groups", id.as_str()]));
        let read = |answer: &Answer| {
            let group = group::group(&answer.content()?, None).filter(|group| group.id == *id);
            group.ok_or(TeamViewerError::OutcomeUnknown)
        };
        known(self.transport.read(token, &call, read).await)
    }

    /// `GET /groups?name=`. Whether the filter compares whole names is not documented, so that is done here.
    pub(crate) async fn find_group(
        &self,
        token: &ScriptToken,
        name: &str,
    ) -> Result<Option<ListedGroup>, TeamViewerError> {
        let mut url = self.transport.url(&["groups"]);
        url.query_pairs_mut().append_pair("name", name);
        let call = Call::get("group_named", url);
        let read = |answer: &Answer| named(&answer.content()?, name);
        Ok(self.transport.read(token, &call, read).await?)
    }

    /// `POST /groups`, once.
    pub(crate) async fn post_group(&self, token: &ScriptToken, name: &str) -> Result<ListedGroup, TeamViewerError> {
        let call = Call::post("make_group", self.transport.url(&["groups"]), json!({ "name": name }));
        let answer = self.transport.once(token, &call).await?;
        group::group(&answer.content()?, Some(name)).ok_or(TeamViewerError::OutcomeUnknown)
    }

    /// `POST /groups/{id}/share_group`, in the form of the official module. Leaves other users' shares alone.
    pub(crate) async fn share(
        &self,
        token: &ScriptToken,
        id: &GroupId,
        users: &[TeamViewerUserId],
    ) -> Result<(), TeamViewerError> {
        let users = users.iter().map(|user| json!({ "userid": user, "permissions": "readwrite" })).collect();
        self.post_users(token, "share_group", id, users).await
    }

    /// `POST /groups/{id}/unshare_group`, in the form of the official module.
    pub(crate) async fn unshare(
        &self,
        token: &ScriptToken,
        id: &GroupId,
        users: &[TeamViewerUserId],
    ) -> Result<(), TeamViewerError> {
        let users = users.iter().map(|user| json!(user)).collect();
        self.post_users(token, "unshare_group", id, users).await
    }

    /// `users` is required (schema): with nobody in it there is nothing to ask for.
    async fn post_users(
        &self,
        token: &ScriptToken,
        function: &'static str,
        id: &GroupId,
        users: Vec<Value>,
    ) -> Result<(), TeamViewerError> {
        if users.is_empty() {
            return Ok(());
        }
        let url = self.transport.url(&["groups", id.as_str(), function]);
        let call = Call::post(function, url, json!({ "users": users }));
        self.transport.once(token, &call).await?.success()
    }
}

/// The group of exactly this name, if there is one. An answer that is no list of groups, or has the group without a
/// readable id, says nothing about it.
///
/// Whether names are unique is not documented: of several, the oldest is taken, by its number. One that somebody else
/// shares for reading only is passed over, since no session can be filed there.
fn named(content: &Value, name: &str) -> Result<Option<ListedGroup>, TeamViewerError> {
    let groups = Fields::of(content).and_then(|fields| fields.list("groups"));
    let mut candidates = Vec::new();
    for value in groups.ok_or(TeamViewerError::OutcomeUnknown)? {
        let Some(fields) = Fields::of(value) else { continue };
        if group::name(fields) == Some(name) && !group::is_read_only(fields) {
            candidates.push(group::group(value, None).ok_or(TeamViewerError::OutcomeUnknown)?);
        }
    }
    Ok(candidates.into_iter().min_by_key(|group| (group.id.as_str().len(), group.id.clone())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_whole_name_counts() {
        let list: Value = serde_json::from_str(include_str!("../shapes/groups-list.json")).unwrap();
        assert_eq!(named(&list, "test group 2").unwrap().unwrap().id.as_str(), "g4567");
        for other in ["test group", "Test Group 2", " test group 2", ""] {
            assert_eq!(named(&list, other), Ok(None), "{other}");
        }
    }

    #[test]
    fn of_several_the_oldest_that_can_be_written_to_is_taken() {
        let list = json!({ "groups": [
            { "id": "g9", "name": "BOSS", "permissions": "read" },
            { "id": "g100", "name": "BOSS", "permissions": "readwrite" },
            { "id": "g20", "name": "BOSS" },
            7,
        ]});
        assert_eq!(named(&list, "BOSS").unwrap().unwrap().id.as_str(), "g20");
    }

    #[test]
    fn what_is_no_list_says_nothing_about_a_group() {
        for bad in
            [json!({}), json!([]), json!({ "groups": null }), json!({ "groups": [{ "name": "BOSS", "id": "?" }] })]
        {
            assert_eq!(named(&bad, "BOSS"), Err(TeamViewerError::OutcomeUnknown), "{bad}");
        }
        assert_eq!(named(&json!({ "groups": [] }), "BOSS"), Ok(None));
    }
}
