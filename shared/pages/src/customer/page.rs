//! The page in HTML: no script, no style of its own, everything that comes from outside escaped.

use casebridge_domain::service_case::ServiceCase;
use casebridge_domain::{Account, Language, Session, TimeZone};
use casebridge_mail::said_moment;
use maud::{DOCTYPE, Markup, html};

use super::words::Words;
use crate::messages::filled;
use crate::{colour, files};

mod asking;

/// How deep below the installation's address the page was asked for: its links are relative, so that they hold wherever that is.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Up<'a> {
    /// `/c/{account}/{case}/{secret}`, with the last of these.
    FromThePage(&'a str),
    /// What is pressed below it.
    FromBelow,
    /// A page that is one level below, on which nothing is pressed.
    OneLevel,
}

impl Up<'_> {
    const fn prefix(self) -> &'static str {
        match self {
            Self::FromThePage(_) => "../../../",
            Self::FromBelow => "../../../../",
            Self::OneLevel => "../",
        }
    }
}

/// A page of an account's, or of nobody's.
pub(crate) struct Page<'a> {
    language: Language,
    account: Option<&'a Account>,
    up: Up<'a>,
}

impl<'a> Page<'a> {
    pub(crate) fn of_account(language: Language, account: &'a Account, up: Up<'a>) -> Self {
        Self { language, account: Some(account), up }
    }

    /// Where nobody is to learn whose it would be.
    pub(crate) fn of_nobody(language: Language, up: Up<'a>) -> Self {
        Self { language, account: None, up }
    }

    /// Who helps and on which ticket, the button, the code, and a way to say no.
    pub(crate) fn inviting(&self, case: &ServiceCase, session: &Session) -> Markup {
        let words = Words::of(self.language);
        let lead = match case.technician() {
            Some(technician) => filled(&words.lead, &[("technician", technician.name.as_str())]),
            None => words.lead_team.clone(),
        };
        let zone = self.account.map_or(TimeZone::UTC, |account| account.time_zone);
        let until = said_moment(self.language, case.valid_until(), zone);
        self.around(
            &words.heading,
            &html! {
                p { (lead) }
                p class="ticket" {
                    @if let Some(ticket) = case.ticket() {
                        strong { (filled(&words.ticket, &[("number", ticket.number.as_str())])) }
                    }
                    (case.subject().title())
                }
                form method="post" action=(self.below("join")) {
                    button class="go" type="submit" { (words.join) }
                }
                p class="hint" { (words.join_hint) }
                section class="code" {
                    h2 { (words.code) }
                    p class="digits" { (session.code.to_string()) }
                    p class="hint" { (words.code_hint) }
                }
                p class="until" { (filled(&words.valid_until, &[("time", &until)])) }
                form class="other" method="post" action=(self.below("not-me")) {
                    p class="hint" { (words.not_me_hint) }
                    button class="quiet" type="submit" { (words.not_me) }
                }
            },
        )
    }

    /// The time is over: a new link can be asked for.
    pub(crate) fn expired(&self) -> Markup {
        let words = Words::of(self.language);
        self.around(
            &words.expired_heading,
            &html! {
                p { (words.expired) }
                form method="post" action=(self.below("new-link")) {
                    button class="go" type="submit" { (words.new_link) }
                }
            },
        )
    }

    /// A few words.
    pub(crate) fn saying(&self, heading: &str, message: &str) -> Markup {
        self.around(heading, &html! { p { (message) } })
    }

    fn around(&self, heading: &str, content: &Markup) -> Markup {
        let words = Words::of(self.language);
        let branding = self.account.map(|account| &account.branding);
        let sheets =
            [colour::name(branding.and_then(|branding| branding.colour)), files::versioned_name("customer.css")];
        html! {
            (DOCTYPE)
            html lang=(self.language.code()) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    meta name="robots" content="noindex, nofollow";
                    meta name="format-detection" content="telephone=no, date=no, address=no, email=no";
                    title { (heading) @if let Some(name) = self.name() { " – " (name) } @else { " – " (words.title) } }
                    @for sheet in sheets {
                        link rel="stylesheet" href=(format!("{}{sheet}", self.up.prefix()));
                    }
                }
                body {
                    main {
                        @if let Some(account) = self.account { (self.header(account)) }
                        h1 { (heading) }
                        (content)
                    }
                }
            }
        }
    }

    fn header(&self, account: &Account) -> Markup {
        let logo = account.branding.logo.as_ref();
        html! {
            header {
                @if let Some(logo) = logo {
                    // The name stands beside it.
                    img src=(format!("{}pages/logo/{}/{}", self.up.prefix(), account.id, logo.digest)) alt="";
                }
                @if let Some(name) = self.name() { p { (name) } }
            }
        }
    }

    fn name(&self) -> Option<&str> {
        let account = self.account?;
        Some(account.branding.name.as_ref().unwrap_or(&account.name).as_str())
    }

    /// The page's own address, from wherever it is shown.
    fn itself(&self) -> String {
        match self.up {
            Up::FromThePage(secret) => secret.to_owned(),
            Up::FromBelow | Up::OneLevel => ".".to_owned(),
        }
    }

    /// Where something is pressed.
    fn below(&self, press: &str) -> String {
        match self.up {
            Up::FromThePage(secret) => format!("{secret}/{press}"),
            Up::FromBelow | Up::OneLevel => press.to_owned(),
        }
    }
}
