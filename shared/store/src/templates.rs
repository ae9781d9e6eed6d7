//! The account's own mail templates.

use casebridge_app::ports::store::Stored;
use casebridge_domain::mail_template::MailTemplate;
use casebridge_domain::{AccountId, Language};

use crate::codec::{self, Kind};
use crate::engine::{Engine, Guard, Write};
use crate::item_store::ItemStore;
use crate::keys;

impl<E: Engine> ItemStore<E> {
    pub(crate) async fn template(&self, account: &AccountId, language: Language) -> Stored<Option<MailTemplate>> {
        let item = self.read_one(keys::template(account, language)).await?;
        item.map(|item| codec::value(Kind::Template, &item)).transpose()
    }

    pub(crate) async fn save_template(&self, account: &AccountId, template: &MailTemplate) -> Stored<()> {
        let key = keys::template(account, template.language);
        let item = codec::item(Kind::Template, key, self.fresh_revision(), template)?;
        self.settle(Write::Put(Box::new(item), Guard::Any)).await
    }

    pub(crate) async fn delete_template(&self, account: &AccountId, language: Language) -> Stored<()> {
        self.settle(Write::Delete(keys::template(account, language), Guard::Any)).await
    }
}
