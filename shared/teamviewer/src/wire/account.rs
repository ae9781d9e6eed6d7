//! The account behind a token, as TeamViewer writes it.

use casebridge_app::ports::teamviewer::TokenOwner;
use casebridge_domain::connection::{Licence, Registrar};
use casebridge_domain::{EmailAddress, TeamViewerUserId, Text};
use serde_json::Value;

use super::Fields;

/// `GET /account` (schema; recorded).
pub(crate) fn token_owner(value: &Value) -> Option<TokenOwner> {
    let fields = Fields::of(value)?;
    let text = |name| fields.text(name).and_then(|text| Text::parse(text).ok());
    Some(TokenOwner {
        registrar: Registrar {
            user: fields.text("userid").and_then(|id| TeamViewerUserId::parse(id.trim()).ok()),
            name: text("name"),
            email: fields.text("email").and_then(|email| EmailAddress::parse(email).ok()),
            company: text("company_name"),
        },
        licence: licence(fields),
    })
}

/// The licence in use; else the best of the available ones that are active; else the one that is there all the same,
/// since no source says what it means that a licence is not active.
fn licence(account: Fields<'_>) -> Licence {
    let own = account.object("license");
    let available = account.list("available_licenses").unwrap_or_default().iter().filter_map(Fields::of);
    let is_active = |licence: &Fields<'_>| licence.is_on("isactive").unwrap_or(true);
    let named = |licence: Fields<'_>| {
        let name = licence.text_or_number("type").or_else(|| licence.text_or_number("license_type"))?;
        Some(Licence::named(&name))
    };
    own.filter(is_active)
        .and_then(named)
        .or_else(|| available.filter(is_active).filter_map(named).max_by_key(rank))
        .or_else(|| own.and_then(named))
        .unwrap_or_else(|| Licence::Unknown(String::new()))
}

fn rank(licence: &Licence) -> u8 {
    match licence {
        Licence::Free => 0,
        Licence::Business => 1,
        Licence::Unknown(_) => 2,
        Licence::Premium => 3,
        Licence::Corporate => 4,
        Licence::Tensor => 5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_recorded_account_is_understood() {
        let account: Value = serde_json::from_str(include_str!("../../shapes/account.json")).unwrap();
        let owner = token_owner(&account).unwrap();
        assert_eq!(owner.licence, Licence::Corporate);
        assert_eq!(owner.registrar.user.unwrap().as_str(), "u11293276");
        assert_eq!(owner.registrar.name.unwrap().as_str(), "Jon Snow");
        assert_eq!(owner.registrar.company.unwrap().as_str(), "Deskpro Ltd.");
        assert_eq!(owner.registrar.email.unwrap().as_str(), "jon.snow@nightwatch.org");
    }

    #[test]
    fn an_account_that_tells_nothing_refuses_nobody() {
        let owner = token_owner(&json!({ "license": null, "email": "?", "userid": 7 })).unwrap();
        assert_eq!(owner.registrar, Registrar { user: None, name: None, email: None, company: None });
        assert!(owner.licence.suffices());
    }

    #[test]
    fn the_best_active_licence_counts_where_the_own_one_is_absent_or_not_active() {
        let available = json!([
            { "type": "Business", "isactive": true }, { "type": "Premium" }, { "type": "Tensor", "isactive": "False" },
        ]);
        for own in [json!(null), json!({ "type": "Free", "isactive": false }), json!({ "isactive": true })] {
            let account = json!({ "license": own, "available_licenses": available });
            assert_eq!(token_owner(&account).unwrap().licence, Licence::Premium, "{own}");
        }
        let account = json!({ "license": { "type": "Corporate", "isactive": false } });
        assert_eq!(token_owner(&account).unwrap().licence, Licence::Corporate);
    }
}
