//! The demo's help desk: a vendor's product in small, with the widget in its tickets' pages.
//!
//! It listens on an address of its own, as a vendor's product would, and has of Casebridge what a vendor has: its address and
//! a key. Beside that it plays the customer, in the sandbox.

use std::future::ready;
use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context as _;
use axum::body::{Body, to_bytes};
use axum::extract::{Path, State};
use axum::http::header::{AUTHORIZATION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderValue, Method, Request, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router, middleware};
use casebridge_domain::device::TERMS;
use casebridge_sandbox::mailbox::Mailbox;
use casebridge_sandbox::teamviewer::Sandbox;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tower::ServiceExt as _;

use crate::sandbox::TestKit;

const LIST: &str = include_str!("../../../../shared/pages/assets/demo/list.html");
const TICKET: &str = include_str!("../../../../shared/pages/assets/demo/ticket.html");
const TICKETS: &str = include_str!("../../../../shared/pages/assets/demo/tickets.json");
const DEVICES: &str = include_str!("../../../../shared/pages/assets/demo/devices.json");
const STYLE: &str = include_str!("../../../../shared/pages/assets/demo/desk.css");
const SCRIPT: &str = include_str!("../../../../shared/pages/assets/demo/desk.js");

/// Whose requester waits for a technician.
const WAITING_TICKET: &str = "4714";

/// Whose user does.
const WAITING_DEVICE: &str = "reception-ipad";

/// The most that an answer of the API is read.
const ANSWER_LIMIT: usize = 1 << 20;

struct HelpDesk {
    /// Casebridge's address.
    casebridge: String,
    api: Router,
    key: SecretString,
    tickets: Vec<Value>,
    sandbox: Sandbox,
    mailbox: Mailbox,
    mail_url: String,
}

/// Starts the help desk in the background of this process, and tells where it is.
pub(super) async fn start(
    listen: SocketAddr,
    casebridge: &str,
    api: Router,
    key: SecretString,
    kit: &TestKit,
) -> anyhow::Result<String> {
    let listener = TcpListener::bind(listen).await.with_context(|| format!("can't listen on {listen}"))?;
    let url = format!("http://{}", listener.local_addr()?);
    let desk = HelpDesk {
        casebridge: casebridge.to_owned(),
        api,
        key,
        tickets: serde_json::from_str(TICKETS)?,
        sandbox: kit.sandbox.clone(),
        mailbox: kit.mailbox.clone(),
        mail_url: kit.mail_url.clone(),
    };
    desk.report_devices().await?;
    desk.ask_for_help().await?;
    tokio::spawn(axum::serve(listener, router(desk)?).into_future());
    Ok(url)
}

fn router(desk: HelpDesk) -> anyhow::Result<Router> {
    // What docs/widget.md says that a page has to allow, and what its own files need.
    let policy = format!(
        "default-src 'none'; script-src 'self' {0}; connect-src 'self' {0}; style-src 'self'; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'",
        desk.casebridge
    );
    let policy = HeaderValue::from_str(&policy)?;
    Ok(Router::new()
        .route("/", get(Html(LIST)))
        .route("/tickets.json", get(([(CONTENT_TYPE, "application/json")], TICKETS)))
        .route("/desk.css", get(([(CONTENT_TYPE, "text/css; charset=utf-8")], STYLE)))
        .route("/desk.js", get(([(CONTENT_TYPE, "text/javascript; charset=utf-8")], SCRIPT)))
        .route("/console", get(console))
        .route("/tickets/{ticket}", get(page))
        .route("/tickets/{ticket}/token", post(token))
        .route("/tickets/{ticket}/mails", get(mails))
        .route("/tickets/{ticket}/customer/{play}", post(play))
        .layer(middleware::map_response(move |mut response: Response| {
            let headers = response.headers_mut();
            headers.insert(CONTENT_SECURITY_POLICY, policy.clone());
            headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
            ready(response)
        }))
        .with_state(Arc::new(desk)))
}

/// `GET /console`: lets Anna in to the console, as a vendor's product does for its administrators.
async fn console(State(desk): State<Arc<HelpDesk>>) -> Result<Response, StatusCode> {
    let technician = json!({ "id": "anna", "name": "Anna Becker", "email": "anna@northwind.example" });
    let wish = json!({ "role": "admin", "name": "Anna Becker", "technician": technician });
    let link = desk.ask(Method::POST, "/sign-in-links", &wish).await?;
    let path = link["path"].as_str().ok_or(StatusCode::BAD_GATEWAY)?;
    let address = format!("{}{path}", desk.casebridge);
    Ok((StatusCode::SEE_OTHER, [(LOCATION, address)]).into_response())
}

/// `GET /tickets/{ticket}`
async fn page(State(desk): State<Arc<HelpDesk>>, Path(ticket): Path<String>) -> Result<Html<String>, StatusCode> {
    desk.ticket(&ticket)?;
    Ok(Html(TICKET.replace("{casebridge}", &desk.casebridge)))
}

/// `POST /tickets/{ticket}/token`: what a vendor's server does for its own page, one call.
async fn token(State(desk): State<Arc<HelpDesk>>, Path(ticket): Path<String>) -> Result<String, StatusCode> {
    let ticket = desk.ticket(&ticket)?;
    let mut facts = json!({});
    for fact in ["id", "number", "title", "category", "type", "priority", "source"] {
        facts[fact] = ticket[fact].clone();
    }
    let wish = json!({
        "ticket": facts,
        "requester": ticket["requester"],
        "technician": { "id": "anna", "name": "Anna Becker", "email": "anna@northwind.example" },
        "colleagues": [
            { "id": "ben", "name": "Ben Okafor", "email": "ben@northwind.example" },
            { "id": "mei", "name": "Mei Tanaka", "email": "mei@northwind.example" }
        ]
    });
    let answer = desk.ask(Method::POST, "/widget-tokens", &wish).await?;
    answer["token"].as_str().map(str::to_owned).ok_or(StatusCode::BAD_GATEWAY)
}

/// `GET /tickets/{ticket}/mails`: the requester's, newest first.
async fn mails(State(desk): State<Arc<HelpDesk>>, Path(ticket): Path<String>) -> Result<Json<Vec<Value>>, StatusCode> {
    let address = desk.ticket(&ticket)?["requester"]["email"].as_str().unwrap_or_default();
    let mine = desk.mailbox.messages().into_iter().rev().filter(|mail| mail.to.iter().any(|to| to == address));
    let shown = |id, subject| json!({ "subject": subject, "url": format!("{}/messages/{id}", desk.mail_url) });
    Ok(Json(mine.map(|mail| shown(mail.id, mail.subject)).collect()))
}

/// `POST /tickets/{ticket}/customer/{online or away}`
async fn play(State(desk): State<Arc<HelpDesk>>, Path((ticket, play)): Path<(String, String)>) -> Response {
    match desk.play(&ticket, play == "online").await {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(status) => status.into_response(),
    }
}

impl HelpDesk {
    /// What a product for managed devices does: TeamViewer is activated for them, and they are reported.
    async fn report_devices(&self) -> anyhow::Result<()> {
        let agreed = json!({ "terms_version": TERMS.version, "agreed_by": { "id": "anna", "name": "Anna Becker" } });
        let wish = json!({ "mode": "attended_and_unattended", "agreement": agreed });
        let devices = serde_json::from_str(DEVICES)?;
        for (method, path, body) in [(Method::PUT, "/activation", &wish), (Method::POST, "/devices", &devices)] {
            let asked = self.ask(method, path, body).await;
            asked.map_err(|status| anyhow::anyhow!("the demo's devices can't be reported: {path} answers {status}"))?;
        }
        Ok(())
    }

    /// Two people wait for a technician when the demo begins: one with a ticket, and one at a device.
    async fn ask_for_help(&self) -> anyhow::Result<()> {
        let ticket =
            self.tickets.iter().find(|ticket| ticket["id"] == WAITING_TICKET).context("a ticket is missing")?;
        let mut facts = json!({});
        for fact in ["number", "title", "category", "type", "priority", "source"] {
            facts[fact] = ticket[fact].clone();
        }
        let with_ticket = json!({ "ticket": facts, "requester": ticket["requester"], "note": ticket["words"] });
        let with_device = json!({ "note": "The visitors' list does not open any more." });
        for (path, body) in [
            (format!("/tickets/{WAITING_TICKET}/request"), with_ticket),
            (format!("/devices/{WAITING_DEVICE}/request"), with_device),
        ] {
            match self.ask(Method::POST, &path, &body).await {
                // Somebody who played with it before has closed the ticket.
                Ok(_) | Err(StatusCode::CONFLICT) => {}
                Err(status) => anyhow::bail!("nobody asks for help in the demo: {path} answers {status}"),
            }
        }
        Ok(())
    }

    fn ticket(&self, id: &str) -> Result<&Value, StatusCode> {
        self.tickets.iter().find(|ticket| ticket["id"] == id).ok_or(StatusCode::NOT_FOUND)
    }

    async fn play(&self, ticket: &str, online: bool) -> Result<(), StatusCode> {
        self.ticket(ticket)?;
        let case = self.ask(Method::GET, &format!("/tickets/{ticket}/case"), &Value::Null).await?;
        let code = case["session_code"].as_str().ok_or(StatusCode::CONFLICT)?;
        self.sandbox.customer_online(code, online).map_err(|_| StatusCode::CONFLICT)
    }

    /// Asks Casebridge as any vendor does, with the key of the account.
    async fn ask(&self, method: Method, path: &str, body: &Value) -> Result<Value, StatusCode> {
        let request = Request::builder()
            .method(method)
            .uri(format!("/v1/accounts/demo{path}"))
            .header(AUTHORIZATION, format!("Bearer {}", self.key.expose_secret()))
            .header(CONTENT_TYPE, "application/json")
            .body(if body.is_null() { Body::empty() } else { Body::from(body.to_string()) })
            .map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
        let Ok(answer) = self.api.clone().oneshot(request).await;
        let status = answer.status();
        let bytes = to_bytes(answer.into_body(), ANSWER_LIMIT).await.map_err(|_| StatusCode::BAD_GATEWAY)?;
        if !status.is_success() {
            return Err(status);
        }
        serde_json::from_slice(&bytes).map_err(|_| StatusCode::BAD_GATEWAY)
    }
}
