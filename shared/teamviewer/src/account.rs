//! The token, its account, its company.

use casebridge_app::ports::teamviewer::{ListedUser, ScriptToken, TeamViewerError, TokenOwner};

use crate::WebApi;
use crate::transport::Call;
use crate::wire::account::token_owner;
use crate::wire::{Fields, group};

impl WebApi {
    /// `GET /ping` answers `{"token_valid": true}` (recorded). What it answers to a bad token is not documented: `false`
    /// and 401 mean the same.
    pub(crate) async fn token_is_valid(&self, token: &ScriptToken) -> Result<bool, TeamViewerError> {
        let call = Call::get("ping", self.transport.url(&["ping"]));
        let valid = self.transport.read(token, &call, |answer| {
            let content = answer.content()?;
            Fields::of(&content).and_then(|fields| fields.is_on("token_valid")).ok_or(TeamViewerError::OutcomeUnknown)
        });
        match valid.await.map_err(TeamViewerError::from) {
            Err(TeamViewerError::TokenRefused) => Ok(false),
            answered => answered,
        }
    }

    /// `GET /account`. A token without the right to see its account is [`TeamViewerError::PermissionMissing`].
    pub(crate) async fn account(&self, token: &ScriptToken) -> Result<TokenOwner, TeamViewerError> {
        let call = Call::get("account", self.transport.url(&["account"]));
        let read =
            |answer: &crate::transport::Answer| token_owner(&answer.content()?).ok_or(TeamViewerError::OutcomeUnknown);
        Ok(self.transport.read(token, &call, read).await?)
    }

    /// `GET /users?full_list=true`: without the switch, the older manual lists ids and names only.
    pub(crate) async fn company_users(&self, token: &ScriptToken) -> Result<Vec<ListedUser>, TeamViewerError> {
        let mut url = self.transport.url(&["users"]);
        url.query_pairs_mut().append_pair("full_list", "true");
        let call = Call::get("users", url);
        let read = |answer: &crate::transport::Answer| {
            let content = answer.content()?;
            let users = Fields::of(&content).and_then(|fields| fields.list("users"));
            let users = users.ok_or(TeamViewerError::OutcomeUnknown)?;
            Ok(users.iter().filter_map(|user| group::user(user, "id")).collect())
        };
        Ok(self.transport.read(token, &call, read).await?)
    }
}
