//! A customer with a browser: he looks at the page that his link leads to, and presses what stands there.

use anyhow::Context as _;
use http::Method;

use crate::api::{Answer, Api};

/// A small picture, as an administrator sends it.
pub const LOGO: &str = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/// The page behind one link.
#[derive(Debug, Clone)]
pub struct CustomerPage {
    api: Api,
    path: String,
}

impl CustomerPage {
    /// The page of a link, on the host that `api` asks.
    pub fn at(api: &Api, link: &str) -> anyhow::Result<Self> {
        let (_, rest) = link.split_once("://").with_context(|| format!("no link: {link}"))?;
        let path =
            rest.find('/').map(|begins| rest[begins..].to_owned()).with_context(|| format!("no path: {link}"))?;
        Ok(Self { api: api.without_key(), path })
    }

    /// The page behind a case's link.
    pub fn of(api: &Api, case: &serde_json::Value) -> anyhow::Result<Self> {
        Self::at(api, case["customer_link"].as_str().with_context(|| format!("no link: {case}"))?)
    }

    /// Its path.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Looks.
    pub async fn show(&self) -> anyhow::Result<Answer> {
        self.ask(Method::GET, &self.path).await
    }

    /// Looks with this method, at what is pressed below it too.
    pub async fn look(&self, method: Method, below: &str) -> anyhow::Result<Answer> {
        self.ask(method, &format!("{}{below}", self.path)).await
    }

    /// Presses what the page has a button for, as a browser does.
    pub async fn press(&self, button: &str) -> anyhow::Result<Answer> {
        let page = self.show().await?;
        let actions = page.text.split("action=\"").skip(1).filter_map(|rest| rest.split('"').next());
        let action = actions.into_iter().find(|action| action.ends_with(&format!("/{button}")));
        let action = action.with_context(|| format!("no button for {button}: {page}"))?;
        let folder = self.path.rsplit_once('/').map(|(folder, _)| folder).unwrap_or_default();
        self.ask(Method::POST, &format!("{folder}/{action}")).await
    }

    /// Fetches a file of the page's, by its path.
    pub async fn file(&self, path: &str) -> anyhow::Result<Answer> {
        self.ask(Method::GET, path).await
    }

    /// The files that a page loads, by their paths.
    pub fn files(&self, page: &Answer) -> Vec<String> {
        let names = page.text.split(['"']).filter_map(|text| text.strip_prefix("../../../"));
        names.map(|name| format!("/{name}")).collect()
    }

    async fn ask(&self, method: Method, path: &str) -> anyhow::Result<Answer> {
        let call = self.api.call(method, path);
        call.header("content-type", "application/x-www-form-urlencoded").send().await
    }
}
