//! One account, and what its people press, as requests.

use std::net::SocketAddr;

use serde_json::{Value, json};

use crate::client::{Ask, Line, text_of};

/// An account of the product with its keys.
#[derive(Debug, Clone)]
pub(crate) struct HelpDesk {
    pub(crate) technician_key: String,
    pub(crate) reader_key: String,
    path: String,
}

impl HelpDesk {
    /// Makes the account, its keys, its connection and its group.
    pub(super) async fn open(address: SocketAddr, vendor_key: &str, account: &str) -> anyhow::Result<Self> {
        let path = format!("/v1/accounts/{account}");
        let mut vendor = Line::open(address, vendor_key).await?;
        let wish = json!({ "account": account, "name": "Northwind Help Desk", "time_zone": "Europe/Paris" });
        vendor.ask(Ask::make("/v1/accounts".to_owned(), &wish)).await?;
        let token = json!({ "script_token": format!("1234567-{account}") });
        vendor.ask(Ask::put(format!("{path}/connection"), &token)).await?;
        let technician_key = key(&mut vendor, &path, "technician").await?;
        let reader_key = key(&mut vendor, &path, "read").await?;
        let desk = Self { technician_key, reader_key, path };
        // An account's first case makes its group, and others would have to wait for that.
        let case = vendor.ask(desk.play("first", "rita@example.com")).await?;
        vendor.ask(desk.stop(&text_of(&case, "id")?)).await?;
        Ok(desk)
    }

    /// Play, whose invitation goes to this address.
    pub(crate) fn play(&self, ticket: &str, invited: &str) -> Ask {
        Ask::make(format!("{}/tickets/{ticket}/case", self.path), &play(Some(invited)))
    }

    pub(crate) fn stop(&self, case: &str) -> Ask {
        let note = json!({ "note": "The tray was bent. It was straightened, and the printer started anew." });
        Ask::post(format!("{}/cases/{case}/close", self.path), &note)
    }

    pub(crate) fn case(&self, case: &str) -> Ask {
        Ask::get(format!("{}/cases/{case}", self.path))
    }
}

async fn key(vendor: &mut Line, path: &str, scope: &str) -> anyhow::Result<String> {
    let made = vendor.ask(Ask::make(format!("{path}/keys"), &json!({ "scope": scope }))).await?;
    text_of(&made, "key")
}

/// What a help desk says when somebody presses play; without an address, no letter is owed.
pub(crate) fn play(invited: Option<&str>) -> Value {
    let mut said = json!({
        "ticket": {
            "number": "INC-4711",
            "title": "Printer on fire",
            "category": "Printer",
            "type": "Incident",
            "priority": "Urgent",
            "source": "Portal",
        },
        "requester": { "name": "Rita Requester", "language": "en" },
        "technician": { "id": "anna", "name": "Anna Becker", "email": "anna@northwind.example" },
    });
    if let Some(email) = invited {
        said["requester"]["email"] = json!(email);
    }
    said
}
