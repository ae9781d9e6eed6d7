//! One account and its keys, and what its people press.

use std::time::Duration;

use anyhow::Context as _;
use http::Method;
use serde_json::{Value, json};

use crate::{
    api::{Answer, Api, segment},
    until::until,
};

/// How long an invitation may take; busy machines are slow.
const INVITED_WITHIN: Duration = Duration::from_secs(30);

/// One account of a vendor: what its administrators, technicians and readers may do.
#[derive(Debug, Clone)]
pub struct HelpDesk {
    /// The account's id.
    pub account: String,
    /// Settings, connection, keys.
    pub admin: Api,
    /// Play and stop.
    pub technician: Api,
    /// Looks only.
    pub reader: Api,
}

impl HelpDesk {
    /// Makes an account with these further settings, and a key of each kind.
    pub async fn open(vendor: &Api, account: &str, settings: &Value) -> anyhow::Result<Self> {
        let mut wish =
            json!({ "account": account, "name": format!("{account} Help Desk"), "time_zone": "Europe/Paris" });
        for (name, value) in settings.as_object().into_iter().flatten() {
            wish[name] = value.clone();
        }
        vendor.post("/v1/accounts", &wish).await?.expect(201)?;
        let key =
            async |scope: &str| -> anyhow::Result<Api> { Ok(vendor.with_key(&key_of(vendor, account, scope).await?)) };
        Ok(Self {
            account: account.to_owned(),
            admin: key("admin").await?,
            technician: key("technician").await?,
            reader: key("read").await?,
        })
    }

    /// A path below the account.
    pub fn path(&self, rest: &str) -> String {
        format!("/v1/accounts/{}{rest}", self.account)
    }

    /// Registers a TeamViewer token.
    pub async fn connect(&self, token: &str) -> anyhow::Result<Answer> {
        self.admin.put(&self.path("/connection"), &json!({ "script_token": token })).await
    }

    /// Revokes access.
    pub async fn disconnect(&self) -> anyhow::Result<Answer> {
        self.admin.delete(&self.path("/connection")).await
    }

    /// The connection as it is kept.
    pub async fn connection(&self) -> anyhow::Result<Value> {
        self.admin.get(&self.path("/connection")).await?.expect(200)
    }

    /// Changes settings.
    pub async fn set(&self, settings: &Value) -> anyhow::Result<Value> {
        self.admin.patch(&self.path(""), settings).await?.expect(200)
    }

    /// Presses play for Rita's ticket, on behalf of Anna.
    pub async fn play(&self, ticket: &str) -> anyhow::Result<Answer> {
        self.play_with(ticket, &usual_play()).await
    }

    /// Presses play with this body.
    pub async fn play_with(&self, ticket: &str, body: &Value) -> anyhow::Result<Answer> {
        self.technician.post(&self.ticket(ticket, "/case"), body).await
    }

    /// A play that is not sent yet.
    pub fn play_call(&self, ticket: &str, body: &Value) -> crate::api::Call {
        self.technician.call(Method::POST, &self.ticket(ticket, "/case")).json(body)
    }

    /// Presses play and takes the new case.
    pub async fn new_case(&self, ticket: &str) -> anyhow::Result<Value> {
        self.play(ticket).await?.expect(201)
    }

    /// The same, once its invitation has left: from then on nothing about the case moves by itself.
    pub async fn invited_case(&self, ticket: &str) -> anyhow::Result<Value> {
        let case = self.new_case(ticket).await?;
        let accepted = until(INVITED_WITHIN, async || {
            let case = self.case(ticket).await;
            Some(case).filter(|case| !case.as_ref().is_ok_and(|case| case["invitation"]["state"] == "queued"))
        });
        accepted.await.with_context(|| format!("nobody was invited: {case}"))?
    }

    /// The ticket's newest case, as a technician sees it.
    pub async fn case(&self, ticket: &str) -> anyhow::Result<Value> {
        self.technician.get(&self.ticket(ticket, "/case")).await?.expect(200)
    }

    /// Presses stop.
    pub async fn stop(&self, case: &Value) -> anyhow::Result<Answer> {
        self.stop_with(case, &json!({})).await
    }

    /// Presses stop with this body.
    pub async fn stop_with(&self, case: &Value, body: &Value) -> anyhow::Result<Answer> {
        self.technician.post(&self.case_path(case, "/close")?, body).await
    }

    /// Sends the invitation again.
    pub async fn invite_again(&self, case: &Value) -> anyhow::Result<Answer> {
        self.technician.post(&self.case_path(case, "/invitation")?, &json!({})).await
    }

    /// Hands the case over.
    pub async fn hand_over(&self, case: &Value, wish: &Value) -> anyhow::Result<Answer> {
        self.technician.post(&self.case_path(case, "/technician")?, wish).await
    }

    /// May the ticket be closed?
    pub async fn closable(&self, ticket: &str) -> anyhow::Result<Value> {
        self.reader.get(&self.ticket(ticket, "/closable")).await?.expect(200)
    }

    /// Reserves the ticket's closing.
    pub async fn reserve_closing(&self, ticket: &str) -> anyhow::Result<Answer> {
        self.technician.post(&self.ticket(ticket, "/closing"), &json!({})).await
    }

    /// The ticket is closed.
    pub async fn confirm_closing(&self, ticket: &str) -> anyhow::Result<Answer> {
        self.technician.post(&self.ticket(ticket, "/closing"), &json!({ "confirm": true })).await
    }

    /// The ticket is not closed after all.
    pub async fn let_closing_go(&self, ticket: &str) -> anyhow::Result<Value> {
        self.technician.delete(&self.ticket(ticket, "/closing")).await?.expect(204)
    }

    /// Tells newer facts of the ticket.
    pub async fn tell_ticket(&self, ticket: &str, facts: &Value) -> anyhow::Result<Answer> {
        self.technician.put(&self.ticket(ticket, ""), facts).await
    }

    /// All cases, newest first; what the query asks for.
    pub async fn cases(&self, query: &str) -> anyhow::Result<Vec<Value>> {
        let page = self.reader.get(&self.path(&format!("/cases{query}"))).await?.expect(200)?;
        Ok(page["items"].as_array().cloned().unwrap_or_default())
    }

    /// A path below a ticket.
    pub fn ticket(&self, ticket: &str, rest: &str) -> String {
        self.path(&format!("/tickets/{}{rest}", segment(ticket)))
    }

    /// A path below a case.
    pub fn case_path(&self, case: &Value, rest: &str) -> anyhow::Result<String> {
        let id = case["id"].as_str().with_context(|| format!("no case: {case}"))?;
        Ok(self.path(&format!("/cases/{id}{rest}")))
    }

    /// Everything that the account's administrator can see, to hold it against later.
    pub async fn everything(&self) -> anyhow::Result<Value> {
        let mut seen = json!({});
        for part in ["", "/keys", "/connection", "/cases", "/mail-templates/en", "/mail-templates/pt"] {
            seen[part] = self.admin.get(&self.path(part)).await?.body;
        }
        Ok(seen)
    }
}

/// A new key of the account.
pub async fn key_of(vendor: &Api, account: &str, scope: &str) -> anyhow::Result<String> {
    let made = vendor.post(&format!("/v1/accounts/{account}/keys"), &json!({ "scope": scope })).await?.expect(201)?;
    made["key"].as_str().map(str::to_owned).with_context(|| format!("no key: {made}"))
}

/// The address that is invited by [`usual_play`].
pub const RITA: &str = "rita@example.com";

/// The technician of [`usual_play`].
pub const ANNA: &str = "anna@northwind.example";

/// What a vendor sends at play.
pub fn usual_play() -> Value {
    json!({
        "ticket": {
            "number": "INC-1",
            "title": "Printer on fire",
            "category": "Printer",
            "type": "Incident",
            "priority": "Urgent",
            "source": "Portal",
        },
        "requester": { "name": "Rita Requester", "email": RITA, "language": "en" },
        "technician": { "id": "anna", "name": "Anna Becker", "email": ANNA },
    })
}
