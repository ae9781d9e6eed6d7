//! Sessions that came and went, and what is asked about them afterwards.

use casebridge_app::journal::{number_account, number_vendor};
use casebridge_app::ports::store::{CaseChange, Commit};
use casebridge_domain::{AccountId, SessionCode, VendorId};
use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{Answer, TestApi, play};

impl TestApi {
    /// `acme` has a connection and lives in a time zone; it is a certain moment.
    pub(crate) async fn living_in(zone: &str, now: &str) -> Self {
        let api = Self::connected().await;
        let body = json!({ "time_zone": zone });
        api.call("PATCH", "/v1/accounts/acme").key(&api.keys.admin).json(&body).send().await.is(200);
        api.clock.set(now);
        api
    }

    /// Plays a ticket of `acme` and stops some seconds later; what is in `facts` replaces the request's own.
    pub(crate) async fn session(&self, ticket: &str, facts: &Value, seconds: i64) -> Value {
        let case = self.play_with(ticket, facts).await;
        self.clock.advance(TimeDelta::seconds(seconds));
        self.stop(&case).await
    }

    /// Plays a ticket of `acme`; what is in `facts` replaces the request's own, null removes it.
    pub(crate) async fn play_with(&self, ticket: &str, facts: &Value) -> Value {
        let mut body = play();
        for (name, fact) in facts.as_object().into_iter().flatten() {
            let place = if body.get(name).is_some() { &mut body[name] } else { &mut body["ticket"][name] };
            *place = fact.clone();
        }
        let path = format!("/v1/accounts/acme/tickets/{ticket}/case");
        self.call("POST", &path).key(&self.keys.technician).json(&body).send().await.is(201)
    }

    /// Presses stop.
    pub(crate) async fn stop(&self, case: &Value) -> Value {
        let path = format!("/v1/accounts/acme/cases/{}/close", case["id"].as_str().unwrap());
        self.call("POST", &path).key(&self.keys.technician).send().await.is(200)
    }

    /// The customer comes online.
    pub(crate) async fn joins(&self, case: &Value) {
        let now = self.world.now().to_rfc3339();
        let body = json!({ "type": "service_case.online", "session_code": case["session_code"], "occurred_at": now });
        self.call("POST", "/v1/webhooks/teamviewer/acme").key(&self.keys.notify).json(&body).send().await.is(204);
    }

    /// The customer goes away again, as the watch sees it.
    pub(crate) async fn leaves(&self, case: &Value) {
        let (store, acme) = (&self.world.store, AccountId::parse("acme").unwrap());
        let code = SessionCode::parse(case["session_code"].as_str().unwrap()).unwrap();
        let from = store.case_by_code(&acme, &code).await.unwrap().unwrap();
        let case = from.value.clone().customer_left(self.world.now()).unwrap();
        let left = store.commit(&CaseChange::of(&case, &from)).await.unwrap();
        assert!(matches!(left, Commit::Done(_)), "{left:?}");
    }

    /// Changes a session's record.
    pub(crate) async fn changes(&self, case: &Value, body: &Value) -> Answer {
        let path = format!("/v1/accounts/acme/reports/sessions/records/{}", case["id"].as_str().unwrap());
        self.call("PATCH", &path).key(&self.keys.technician).json(body).send().await
    }

    /// What somebody who may read gets.
    pub(crate) async fn read(&self, path: &str) -> Answer {
        self.call("GET", path).key(&self.keys.read).send().await
    }

    /// The same in another form.
    pub(crate) async fn read_as(&self, form: &str, path: &str) -> Answer {
        self.call("GET", path).key(&self.keys.read).header("accept", form).send().await
    }

    /// Everything that happened so far gets its numbers.
    pub(crate) async fn number_everything(&self) {
        for account in ["acme", "globex", "initech"] {
            number_account(&self.world, &AccountId::parse(account).unwrap()).await.unwrap();
        }
        for vendor in ["boss", "other"] {
            number_vendor(&self.world, &VendorId::parse(vendor).unwrap()).await.unwrap();
        }
    }
}
