//! The account's own mail templates.

use casebridge_app::ports::store::Stored;
use casebridge_domain::journal::JournalEntry;
use casebridge_domain::mail_template::MailTemplate;
use casebridge_domain::{AccountId, Language};

use crate::codec::{self, Kind};
use crate::engine::{Engine, Guard, Write, Written};
use crate::item_store::ItemStore;
use crate::keys;

impl<E: Engine> ItemStore<E> {
    pub(crate) async fn template(&self, account: &AccountId, language: Language) -> Stored<Option<MailTemplate>> {
        let item = self.read_one(keys::template(account, language)).await?;
        item.map(|item| codec::value(Kind::Template, &item)).transpose()
    }

    pub(crate) async fn save_template(
        &self,
        account: &AccountId,
        template: &MailTemplate,
        entry: &JournalEntry,
    ) -> Stored<()> {
        let key = keys::template(account, template.language);
        let revision = self.fresh_revision();
        let item = codec::item(Kind::Template, key, revision, template)?;
        let mut writes = vec![Write::Put(Box::new(item), Guard::Any)];
        writes.extend(self.leaving(account, Some(entry), revision)?);
        self.settle_all(writes).await
    }

    /// Deletes the version that was read, so that the journal tells of a deletion only where there was one.
    pub(crate) async fn delete_template(
        &self,
        account: &AccountId,
        language: Language,
        entry: &JournalEntry,
    ) -> Stored<()> {
        loop {
            let Some(item) = self.read_one(keys::template(account, language)).await? else { return Ok(()) };
            let mut writes = vec![Write::Delete(item.key, Guard::Revision(item.revision))];
            writes.extend(self.leaving(account, Some(entry), self.fresh_revision())?);
            if self.write(writes).await? == Written::Done {
                return Ok(());
            }
        }
    }
}
