//! What is noticed about a connection while it is used.

use crate::ports::store::{Saved, Versioned};
use crate::settle::TRIES;
use crate::{Desk, Outside};
use casebridge_domain::Connection;
use casebridge_domain::connection::ConnectionState;
use casebridge_domain::journal::{AccountMatter, JournalEntry};

impl Desk {
    /// What the journal says of a changed connection; `None` if nothing changed but when it was checked.
    pub(crate) fn connection_entry(&self, before: &Connection, after: &Connection) -> Option<JournalEntry> {
        let registration = after.registration;
        let refused = matches!(after.state, ConnectionState::TokenRefused { .. });
        if refused && before.state != after.state {
            return Some(self.entry(AccountMatter::ConnectionRefused { registration }));
        }
        let fields = before.differences(after);
        (!fields.is_empty()).then(|| self.entry(AccountMatter::ConnectionChanged { registration, fields }))
    }

    /// TeamViewer answered 401: play is refused from now on, with a way out.
    pub(crate) async fn note_token_refused(&self) -> Result<(), Outside> {
        let now = self.now();
        let refused = self.connection().map(|connection| &connection.value.token);
        tracing::warn!(account = %self.id(), "TeamViewer refuses the account's token");
        // Only the token that was refused: another one, even of the same administrator, may stand there by now.
        self.note(|connection| (Some(&connection.token) == refused).then(|| connection.token_refused(now))).await
    }

    /// TeamViewer does not accept the module per session: the checklist has to be followed instead.
    pub(crate) async fn note_module_refused(&self) {
        let noted = self
            .note(|connection| {
                let mut noted = connection.clone();
                noted.module.as_mut()?.per_session_refused = true;
                Some(noted)
            })
            .await;
        if let Err(error) = noted {
            tracing::warn!(account = %self.id(), %error, "could not note that the module is refused per session");
        }
    }

    async fn note(&self, change: impl Fn(&Connection) -> Option<Connection>) -> Result<(), Outside> {
        for _ in 0..TRIES {
            let Some(Versioned { value, revision }) = self.world.store.connection(self.id()).await? else {
                return Ok(());
            };
            let Some(noted) = change(&value).filter(|noted| *noted != value) else { return Ok(()) };
            let entry = self.connection_entry(&value, &noted);
            if let Saved::Done(_) = self.world.store.save_connection(&noted, Some(revision), entry.as_ref()).await? {
                return Ok(());
            }
        }
        Err(Outside::Contention)
    }
}
