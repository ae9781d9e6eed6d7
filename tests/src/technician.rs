//! A technician with a browser: he is sent to TeamViewer's page, consents there as some user, and is sent back.

use anyhow::Context as _;
use http::Method;
use serde_json::{Value, json};

use crate::{
    api::{Answer, Api, segment},
    help_desk::HelpDesk,
    host::Host,
};

/// The users of the sandbox's own company who are not its administrator.
pub const ANNA_BECKER: &str = "u11293277";
/// See [`ANNA_BECKER`].
pub const BEN_OKAFOR: &str = "u11293278";

/// The app that the sandbox knows from the start.
pub const CLIENT_ID: &str = "1029384-CasebridgeDemoApp001";
/// Its secret.
pub const CLIENT_SECRET: &str = "demo-client-secret";

/// One technician of an account.
#[derive(Debug, Clone)]
pub struct Technician<'a> {
    host: &'a Host,
    desk: &'a HelpDesk,
    id: &'a str,
}

impl<'a> Technician<'a> {
    /// The technician of this id.
    pub fn of(host: &'a Host, desk: &'a HelpDesk, id: &'a str) -> Self {
        Self { host, desk, id }
    }

    /// Where his sign-in is.
    pub fn path(&self) -> String {
        self.desk.path(&format!("/technicians/{}/sign-in", segment(self.id)))
    }

    /// How his sign-in stands.
    pub async fn standing(&self) -> anyhow::Result<Value> {
        self.desk.technician.get(&self.path()).await?.expect(200)
    }

    /// Where he is sent.
    pub async fn sent(&self) -> anyhow::Result<String> {
        let begun = self.desk.technician.post(&self.path(), &json!({})).await?.expect(201)?;
        begun["url"].as_str().map(str::to_owned).with_context(|| format!("no url: {begun}"))
    }

    /// Opens TeamViewer's page and presses the button below a user's name: where that leads.
    pub async fn consents(&self, url: &str, user: &str) -> anyhow::Result<String> {
        let (origin, path) = split(url)?;
        let teamviewer = Api::at(origin);
        let page = teamviewer.get(path).await?;
        let article = page.text.split("<article>").find(|article| article.contains(&format!("value=\"{user}\"")));
        let fields = hidden_fields(article.with_context(|| format!("{user} has no button: {page}"))?);
        let form: Vec<String> =
            fields.iter().map(|(name, value)| format!("{}={}", segment(name), segment(value))).collect();
        let press = teamviewer.call(Method::POST, path).body(form.join("&"));
        let pressed = press.header("content-type", "application/x-www-form-urlencoded").send().await?;
        pressed.header("location").map(str::to_owned).with_context(|| format!("it leads nowhere: {pressed}"))
    }

    /// Follows where TeamViewer sends him: the page that he comes back to.
    pub async fn comes_back(&self, location: &str) -> anyhow::Result<Answer> {
        let (_, path) = split(location)?;
        self.host.vendor().without_key().call(Method::GET, path).header("accept-language", "en").send().await
    }

    /// Signs in as a user of TeamViewer.
    pub async fn signs_in(&self, user: &str) -> anyhow::Result<Answer> {
        let location = self.consents(&self.sent().await?, user).await?;
        self.comes_back(&location).await
    }

    /// Presses play on a ticket.
    pub async fn plays(&self, ticket: &str) -> anyhow::Result<Answer> {
        let mut play = crate::help_desk::usual_play();
        play["technician"] = json!({ "id": self.id, "name": self.id });
        self.desk.play_with(ticket, &play).await
    }
}

/// Origin and the rest of an address.
fn split(url: &str) -> anyhow::Result<(&str, &str)> {
    let begins = url.find("://").and_then(|scheme| Some(scheme + 3 + url[scheme + 3..].find('/')?));
    begins.map(|at| url.split_at(at)).with_context(|| format!("no address: {url}"))
}

fn hidden_fields(html: &str) -> Vec<(String, String)> {
    let inputs = html.split("<input type=\"hidden\" ").skip(1);
    inputs.filter_map(|input| Some((attribute(input, "name")?, attribute(input, "value")?))).collect()
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let value = tag.split(&format!("{name}=\"")).nth(1)?.split('"').next()?;
    let plain = [("&#x2f;", "/"), ("&quot;", "\""), ("&#x27;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")];
    Some(plain.iter().fold(value.to_owned(), |text, (escaped, plain)| text.replace(escaped, plain)))
}

impl HelpDesk {
    /// Keeps the sandbox's own app, which technicians sign in through.
    pub async fn keep_app(&self) -> anyhow::Result<Value> {
        let app = json!({ "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET });
        self.admin.put(&self.path("/oauth-app"), &app).await?.expect(200)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_fields_are_read_as_a_browser_reads_them() {
        let form = r#"<input type="hidden" name="userid" value="u1">
            <input type="hidden" name="redirect_uri" value="http:&#x2f;&#x2f;x&amp;y"><button>"#;
        let expected = [("userid", "u1"), ("redirect_uri", "http://x&y")];
        assert_eq!(hidden_fields(form), expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
        assert_eq!(split("http://127.0.0.1:80/a?b=c").unwrap(), ("http://127.0.0.1:80", "/a?b=c"));
    }
}
