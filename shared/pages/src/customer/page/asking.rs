//! What is shown on the page on which a requester asks for help.

use casebridge_domain::{Instant, Session, Technician, Ticket, TimeZone};
use casebridge_mail::said_moment;
use maud::{Markup, html};

use super::Page;
use crate::customer::words::Words;
use crate::messages::filled;

impl Page<'_> {
    /// A button to ask for help. `in_vain`: he did before, and nobody took it in time.
    pub(crate) fn to_ask(&self, ticket: &Ticket, in_vain: bool) -> Markup {
        let words = Words::of(self.language);
        self.around(
            if in_vain { &words.not_taken_heading } else { &words.ask_heading },
            &html! {
                @if in_vain { p { (words.not_taken) } }
                (self.about(ticket))
                form method="post" action=(self.below("help")) {
                    button class="go" type="submit" { (words.ask) }
                }
                p class="hint" { (words.ask_hint) }
            },
        )
    }

    /// He waits, until then.
    pub(crate) fn waiting(&self, ticket: &Ticket, until: Instant) -> Markup {
        let words = Words::of(self.language);
        let zone = self.account.map_or(TimeZone::UTC, |account| account.time_zone);
        let until = said_moment(self.language, until, zone);
        self.around(
            &words.waiting_heading,
            &html! {
                p { (words.waiting) }
                (self.about(ticket))
                (self.again())
                p class="until" { (filled(&words.waiting_until, &[("time", &until)])) }
                form class="other" method="post" action=(self.below("withdraw")) {
                    button class="quiet" type="submit" { (words.withdraw) }
                }
            },
        )
    }

    /// Somebody has taken it, and prepares the session.
    pub(crate) fn taken(&self, ticket: &Ticket, by: Option<&Technician>) -> Markup {
        let words = Words::of(self.language);
        self.around(
            &words.preparing_heading,
            &html! {
                p { (self.has_taken(by)) }
                (self.about(ticket))
                (self.again())
            },
        )
    }

    /// Who helps, the button, and the code.
    pub(crate) fn helping(&self, ticket: &Ticket, by: Option<&Technician>, session: &Session) -> Markup {
        let words = Words::of(self.language);
        self.around(
            &words.heading,
            &html! {
                p { (self.has_taken(by)) }
                (self.about(ticket))
                form method="post" action=(self.below("join")) {
                    button class="go" type="submit" { (words.join) }
                }
                p class="hint" { (words.join_hint) }
                section class="code" {
                    h2 { (words.code) }
                    p class="digits" { (session.code.to_string()) }
                    p class="hint" { (words.code_hint) }
                }
            },
        )
    }

    fn has_taken(&self, by: Option<&Technician>) -> String {
        let words = Words::of(self.language);
        by.map_or_else(|| words.taken_team.clone(), |by| filled(&words.taken, &[("technician", by.name.as_str())]))
    }

    fn about(&self, ticket: &Ticket) -> Markup {
        let words = Words::of(self.language);
        html! {
            p class="ticket" {
                strong { (filled(&words.ticket, &[("number", ticket.number.as_str())])) }
                (ticket.title)
            }
        }
    }

    /// Loads the page again: it runs no script that would.
    fn again(&self) -> Markup {
        let words = Words::of(self.language);
        html! {
            form method="get" action=(self.itself()) {
                button class="go" type="submit" { (words.look_again) }
            }
        }
    }
}
