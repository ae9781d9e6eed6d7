//! Our mark in `custom_api`.

use casebridge_app::ports::teamviewer::Marker;
use serde_json::{Value, json};

use super::Fields;

/// Under which key the mark stands, so that another product's JSON is not taken for ours.
const KEY: &str = "casebridge";

/// The mark as `custom_api` takes it: at most 4000 characters of free text (manual, p. 42).
pub(crate) fn write(marker: &Marker) -> String {
    json!({ KEY: marker }).to_string()
}

/// Our mark, if `custom_api` holds it; whatever else is there is somebody else's.
pub(crate) fn read(session: Fields<'_>) -> Option<Marker> {
    let mut value = match session.get("custom_api")? {
        Value::String(text) => serde_json::from_str(text).ok()?,
        other => other.clone(),
    };
    serde_json::from_value(value.get_mut(KEY)?.take()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use casebridge_domain::{AccountId, CaseId, InstallationId};

    fn marker() -> Marker {
        Marker {
            installation: InstallationId::parse("01980000-0000-7000-8000-000000000001").unwrap(),
            account: AccountId::parse(&"a".repeat(63)).unwrap(),
            case: CaseId::parse("01980000-0000-7000-8000-000000000002").unwrap(),
        }
    }

    fn read_back(custom_api: &Value) -> Option<Marker> {
        let session = json!({ "custom_api": custom_api });
        read(Fields::of(&session).unwrap())
    }

    #[test]
    fn a_mark_is_compact_and_read_back() {
        let written = write(&marker());
        assert!(written.starts_with(r#"{"casebridge":{"#) && written.len() <= 4000, "{written}");
        assert_eq!(read_back(&json!(written)), Some(marker()));
        assert_eq!(read_back(&serde_json::from_str(&written).unwrap()), Some(marker()));
    }

    #[test]
    fn what_is_not_ours_is_no_mark() {
        for foreign in [
            json!("{ \"ticket_id\" : \"535824\" }"),
            json!("535824"),
            json!("not JSON"),
            json!(""),
            json!("[]"),
            json!("\"casebridge\""),
            json!("{\"casebridge\":true}"),
            json!("{\"casebridge\":{\"account\":\"acme\"}}"),
            json!(null),
            json!(7),
        ] {
            assert_eq!(read_back(&foreign), None, "{foreign}");
        }
    }
}
