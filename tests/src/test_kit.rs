//! The test kit as a process of its own: the TeamViewer sandbox and the mail catcher of `casebridge sandbox`.

use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use serde_json::{Value, json};

use crate::{
    api::Api,
    binaries,
    child::{Child, Program},
    until::until,
};

/// How long a program may take to say that it is ready; debug builds on a busy machine are slow.
pub(crate) const READY_WITHIN: Duration = Duration::from_secs(30);

/// A running test kit.
#[derive(Debug)]
pub struct TestKit {
    /// What customers, technicians and TeamViewer's bad days do.
    pub sandbox: Sandbox,
    /// What was mailed.
    pub mail: MailCatcher,
    /// The script token that the sandbox knows from the start.
    pub script_token: String,
    teamviewer_url: String,
    smtp: String,
    child: Child,
}

impl TestKit {
    /// Starts both on free ports.
    pub async fn start() -> anyhow::Result<Self> {
        let free = "127.0.0.1:0";
        let words = ["sandbox", "--json", "--listen", free, "--smtp", free, "--mail", free];
        let program = words.into_iter().fold(Program::new(binaries::program("casebridge")?), Program::arg);
        let child = program.start()?;
        let ready: Value = serde_json::from_str(&child.prints("{", READY_WITHIN).await?)?;
        let text = |name: &str| ready[name].as_str().map(str::to_owned).with_context(|| format!("no {name}: {ready}"));
        Ok(Self {
            sandbox: Sandbox::at(&text("sandbox_url")?),
            mail: MailCatcher::at(&text("mail_url")?),
            script_token: text("script_token")?,
            teamviewer_url: text("teamviewer_url")?,
            smtp: text("smtp")?,
            child,
        })
    }

    /// The base address of TeamViewer's Web API.
    pub fn teamviewer_url(&self) -> &str {
        &self.teamviewer_url
    }

    /// Host and port of the mail server.
    pub fn smtp(&self) -> (&str, &str) {
        self.smtp.rsplit_once(':').unwrap_or((&self.smtp, "25"))
    }

    /// What it printed.
    pub fn output(&self) -> String {
        self.child.output()
    }
}

/// The control side of the TeamViewer sandbox.
#[derive(Debug, Clone)]
pub struct Sandbox {
    api: Api,
}

impl Sandbox {
    /// The sandbox behind that address.
    pub fn at(url: &str) -> Self {
        Self { api: Api::at(url) }
    }

    /// Its address.
    pub fn url(&self) -> &str {
        self.api.base()
    }

    /// Orders a fault.
    pub async fn fault(&self, fault: &Value) -> anyhow::Result<()> {
        self.tell("/sandbox/faults", fault).await.map(drop)
    }

    /// Calls off every fault.
    pub async fn no_faults(&self) -> anyhow::Result<()> {
        self.api.delete("/sandbox/faults").await?.expect(204).map(drop)
    }

    /// Answers what is undocumented in another way.
    pub async fn unknowns(&self, changes: &Value) -> anyhow::Result<()> {
        self.api.patch("/sandbox/unknowns", changes).await?.expect(200).map(drop)
    }

    /// Everything it knows.
    pub async fn state(&self) -> anyhow::Result<Value> {
        self.api.get("/sandbox/state").await?.expect(200)
    }

    /// The sessions that are not closed.
    pub async fn open_sessions(&self) -> anyhow::Result<Vec<Value>> {
        let state = self.state().await?;
        let sessions = state["sessions"].as_array().cloned().unwrap_or_default();
        Ok(sessions.into_iter().filter(|session| session["closed_at"].is_null()).collect())
    }

    /// All sessions there ever were.
    pub async fn sessions(&self) -> anyhow::Result<Vec<Value>> {
        Ok(self.state().await?["sessions"].as_array().cloned().unwrap_or_default())
    }

    /// The groups.
    pub async fn groups(&self) -> anyhow::Result<Vec<Value>> {
        Ok(self.state().await?["groups"].as_array().cloned().unwrap_or_default())
    }

    /// The customer joins the session, or leaves it.
    pub async fn customer_online(&self, code: &str, online: bool) -> anyhow::Result<()> {
        self.tell(&format!("/sandbox/sessions/{}/online", compact(code)), &json!({ "online": online })).await.map(drop)
    }

    /// A technician ends the session in TeamViewer itself.
    pub async fn technician_ends(&self, code: &str) -> anyhow::Result<()> {
        self.tell(&format!("/sandbox/sessions/{}/end", compact(code)), &json!({})).await.map(drop)
    }

    /// A technician was connected to a Host, by its TeamViewer id, for the moment that it took to say so.
    pub async fn was_connected_to(&self, user: &str, host: &str) -> anyhow::Result<()> {
        self.tell("/sandbox/connections", &json!({ "userid": user, "teamviewer_id": host })).await.map(drop)
    }

    /// A user of a company, with a script token that has the guide's permissions; both are made if they are not there.
    pub async fn token_of(&self, company: &str, user: &str) -> anyhow::Result<String> {
        self.tell("/sandbox/companies", &json!({ "id": company, "name": company })).await?;
        let email = format!("{user}@{company}.example");
        self.tell("/sandbox/users", &json!({ "id": user, "name": user, "email": email, "company": company })).await?;
        self.token(&json!({ "owner": user })).await
    }

    /// A token as wished.
    pub async fn token(&self, wish: &Value) -> anyhow::Result<String> {
        let token = self.tell("/sandbox/tokens", wish).await?;
        token["value"].as_str().map(str::to_owned).with_context(|| format!("no value: {token}"))
    }

    /// A company, user, … as the sandbox's README says.
    pub async fn tell(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        let answer = self.api.post(path, body).await?;
        ensure!((200..300).contains(&answer.status), "the sandbox did not do it: {answer}");
        Ok(answer.body)
    }

    /// The token is deleted in the Management Console.
    pub async fn revoke(&self, token: &str) -> anyhow::Result<()> {
        self.api.post(&format!("/sandbox/tokens/{token}/revoke"), &json!({})).await?.expect(204).map(drop)
    }

    /// How many calls of the Web API there were since the start, or since they were forgotten.
    pub async fn calls(&self) -> anyhow::Result<Calls> {
        Ok(Calls(self.api.get("/sandbox/calls").await?.expect(200)?))
    }

    /// Counts from zero again.
    pub async fn forget_calls(&self) -> anyhow::Result<()> {
        self.api.delete("/sandbox/calls").await?.expect(204).map(drop)
    }
}

/// A session code as TeamViewer's addresses have it.
pub fn compact(code: &str) -> String {
    code.replace('-', "")
}

/// Calls of the Web API.
#[derive(Debug)]
pub struct Calls(Value);

impl Calls {
    /// All of them.
    pub fn total(&self) -> u64 {
        self.0["total"].as_u64().unwrap_or_default()
    }

    /// Those that change something.
    pub fn changes(&self) -> u64 {
        let counts = self.0["counts"].as_object().into_iter().flatten();
        counts.filter(|(function, _)| !function.starts_with("GET ")).filter_map(|(_, count)| count.as_u64()).sum()
    }

    /// Those of one function, such as `POST /sessions` or `PUT /sessions/{code}`.
    pub fn of(&self, function: &str) -> u64 {
        self.0["counts"][function].as_u64().unwrap_or_default()
    }
}

/// The mail catcher.
#[derive(Debug, Clone)]
pub struct MailCatcher {
    api: Api,
}

impl MailCatcher {
    /// The catcher behind that address.
    pub fn at(url: &str) -> Self {
        Self { api: Api::at(url) }
    }

    /// Where it is.
    pub fn url(&self) -> &str {
        self.api.base()
    }

    /// Every mail, oldest first.
    pub async fn all(&self) -> anyhow::Result<Vec<Value>> {
        let mails = self.api.get("/api/messages").await?.expect(200)?;
        Ok(mails.as_array().cloned().unwrap_or_default())
    }

    /// Throws every mail away.
    pub async fn no_messages(&self) -> anyhow::Result<()> {
        self.api.delete("/api/messages").await?.expect(204).map(drop)
    }

    /// The mails to one address, oldest first.
    pub async fn to(&self, address: &str) -> anyhow::Result<Vec<Value>> {
        let mails = self.api.get(&format!("/api/messages?to={address}")).await?.expect(200)?;
        Ok(mails.as_array().cloned().unwrap_or_default())
    }

    /// Waits until so many mails to one address have come, and gives them.
    pub async fn arrive(&self, address: &str, count: usize, within: Duration) -> anyhow::Result<Vec<Value>> {
        let come = until(within, async || self.to(address).await.ok().filter(|mails| mails.len() >= count)).await;
        match come {
            Some(mails) => Ok(mails),
            None => bail!("{address} has not got {count} mails within {within:?}, but {:?}", self.to(address).await?),
        }
    }

    /// Orders a fault.
    pub async fn fault(&self, fault: &Value) -> anyhow::Result<()> {
        self.api.post("/api/faults", fault).await?.expect(201).map(drop)
    }

    /// Calls off every fault.
    pub async fn no_faults(&self) -> anyhow::Result<()> {
        self.api.delete("/api/faults").await?.expect(204).map(drop)
    }
}
