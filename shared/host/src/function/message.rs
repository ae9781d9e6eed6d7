//! What a queue's message says.

use casebridge_domain::key::Owner;
use casebridge_domain::{AccountId, EndpointId, LetterId};
use casebridge_store::Chore;
use serde::{Deserialize, Serialize};

/// The version of the message's shape that is written. A function of another version may read it.
const VERSION: u32 = 1;

/// Names what is to be done, and nothing of what is in it: that stands in the table.
#[derive(Serialize, Deserialize)]
pub(super) struct Message {
    v: u32,
    #[serde(flatten)]
    chore: Named,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Named {
    Letter { account: AccountId, id: LetterId },
    Turn { account: AccountId },
    Lane { owner: Owner, id: EndpointId },
}

impl Message {
    /// The message for a chore.
    pub(super) fn of(chore: &Chore) -> String {
        let chore = match chore.clone() {
            Chore::Letter(account, id) => Named::Letter { account, id },
            Chore::Turn(account) => Named::Turn { account },
            Chore::Lane(owner, id) => Named::Lane { owner, id },
        };
        serde_json::to_string(&Self { v: VERSION, chore }).unwrap_or_default()
    }

    /// The chore that a message is for.
    pub(super) fn parse(body: &str) -> Result<Chore, String> {
        let message: Self = serde_json::from_str(body).map_err(|error| error.to_string())?;
        if message.v != VERSION {
            return Err(format!("its version is {}", message.v));
        }
        Ok(match message.chore {
            Named::Letter { account, id } => Chore::Letter(account, id),
            Named::Turn { account } => Chore::Turn(account),
            Named::Lane { owner, id } => Chore::Lane(owner, id),
        })
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_message_says_the_same_in_every_build() {
        let acme = || AccountId::parse("acme").unwrap();
        for (chore, text) in [
            (
                Chore::Letter(acme(), LetterId::new(Uuid::from_u128(7))),
                r#"{"v":1,"letter":{"account":"acme","id":"00000000-0000-0000-0000-000000000007"}}"#,
            ),
            (Chore::Turn(acme()), r#"{"v":1,"turn":{"account":"acme"}}"#),
            (
                Chore::Lane(Owner::Account(acme()), EndpointId::new(Uuid::from_u128(7))),
                r#"{"v":1,"lane":{"owner":{"account":"acme"},"id":"00000000-0000-0000-0000-000000000007"}}"#,
            ),
        ] {
            assert_eq!(Message::of(&chore), text);
            assert_eq!(Message::parse(text).unwrap(), chore);
        }
    }

    #[test]
    fn what_is_no_message_of_ours_is_no_chore() {
        for text in
            ["", "{}", r#"{"v":1}"#, r#"{"v":2,"turn":{"account":"acme"}}"#, r#"{"v":1,"turn":{"account":"A#B"}}"#]
        {
            Message::parse(text).unwrap_err();
        }
    }
}
