//! The page: figures, days and technicians first, then the tickets' facts.

use casebridge_app::reports::{Group, Grouping, Summary};
use casebridge_domain::report::{Days, Dimension, Measure, Scope, Tally};
use casebridge_domain::time::TimeZone;
use casebridge_domain::{Account, Instant, Language};
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::chart;
use super::numbers::{count, duration, percent};
use super::words::Words;

pub(super) const STYLE: &str = include_str!("page.css");

/// What is printed.
pub(super) struct Page<'a> {
    pub(super) account: &'a Account,
    pub(super) days: Days,
    pub(super) scope: &'a Scope,
    pub(super) summary: &'a Summary,
    pub(super) now: Instant,
    pub(super) language: Language,
}

impl Page<'_> {
    pub(super) fn html(&self) -> Markup {
        let words = Words::of(self.language);
        html! {
            (DOCTYPE)
            html lang=(self.language.code()) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    title { (words.title) " · " (self.account.name.as_str()) " · " (self.range()) }
                    style { (PreEscaped(STYLE)) }
                }
                body {
                    main {
                        (self.heading(words))
                        (self.figures(words))
                        @for grouping in self.ordered() {
                            (self.section(words, grouping))
                        }
                        (meaning(words))
                    }
                }
            }
        }
    }

    /// First what belongs on the first page.
    fn ordered(&self) -> impl Iterator<Item = &Grouping> {
        let order = [
            Dimension::Day,
            Dimension::Technician,
            Dimension::Category,
            Dimension::Type,
            Dimension::Priority,
            Dimension::Source,
            Dimension::Platform,
            Dimension::Mode,
        ];
        let of = |by| self.summary.groupings.iter().find(|grouping| grouping.by == by);
        // Who has no devices is not told that none of the sessions was for one.
        let is_of_use = |grouping: &&Grouping| {
            !grouping.by.is_of_devices() || grouping.groups.iter().any(|group| group.value.is_some())
        };
        order.into_iter().filter_map(of).filter(is_of_use)
    }

    fn range(&self) -> String {
        let last = self.days.to().pred_opt().unwrap_or(self.days.from());
        if last == self.days.from() { last.to_string() } else { format!("{} – {last}", self.days.from()) }
    }

    fn heading(&self, words: &Words) -> Markup {
        let zone: TimeZone = self.account.time_zone;
        html! {
            header {
                h1 { (words.title) }
                p { strong { (self.account.name.as_str()) } " · " (self.range()) " · " (self.whose(words)) }
                p { (words.printed) " " (self.now.with_timezone(&zone.rules()).format("%Y-%m-%d %H:%M").to_string()) " (" (zone.to_string()) ")" }
            }
        }
    }

    fn whose(&self, words: &Words) -> String {
        match self.scope {
            Scope::Everyone => words.everyone.to_owned(),
            Scope::Technician(None) => words.nobody.to_owned(),
            Scope::Technician(Some(id)) => {
                let technicians = self.summary.groupings.iter().find(|grouping| grouping.by == Dimension::Technician);
                let name = technicians
                    .and_then(|technicians| technicians.groups.first())
                    .and_then(|group| group.name.as_ref());
                name.map_or_else(|| id.to_string(), |name| name.as_str().to_owned())
            }
        }
    }

    fn figures(&self, words: &Words) -> Markup {
        let (total, language) = (&self.summary.total, self.language);
        let time = |seconds: Option<i64>| seconds.map_or_else(|| "–".to_owned(), |seconds| duration(language, seconds));
        let rate = percent(language, total.never_joined(), total.sessions());
        html! {
            dl class="figures" {
                (figure(words.sessions, &count(language, total.sessions()), None))
                (figure(words.total, &duration(language, total.get(Measure::ClosedSeconds)), None))
                (figure(words.average, &time(total.average_seconds()), None))
                (figure(words.waiting, &time(total.average_waiting_seconds()), None))
                (figure(words.expired, &count(language, total.get(Measure::Expired)), None))
                (figure(words.never_joined, &count(language, total.never_joined()), rate.as_deref()))
                (figure(words.excluded, &count(language, total.get(Measure::Excluded)), None))
                (figure(words.live, &count(language, i64::try_from(self.summary.live).unwrap_or(i64::MAX)), None))
            }
        }
    }

    fn section(&self, words: &Words, grouping: &Grouping) -> Markup {
        let by = grouping.by;
        let heading = if by == Dimension::Day && chart::is_by_month(self.days) { words.by_month } else { words.by(by) };
        html! {
            section class=[(by == Dimension::Category).then_some("second")] {
                h2 { (heading) }
                @if grouping.groups.is_empty() {
                    p class="none" { (words.nothing) }
                } @else if by == Dimension::Day {
                    (chart::by_day(self.days, &grouping.groups, heading))
                } @else {
                    (self.table(words, grouping))
                }
            }
        }
    }

    fn table(&self, words: &Words, grouping: &Grouping) -> Markup {
        html! {
            div class="wide" {
                table {
                    thead { tr {
                        th scope="col" { (words.value(grouping.by)) }
                        th scope="col" { (words.sessions) }
                        th scope="col" { (words.share) }
                        th scope="col" { (words.total) }
                        th scope="col" { (words.average) }
                        th scope="col" { (words.expired) }
                        th scope="col" { (words.never_joined) }
                    } }
                    tbody {
                        @for group in &grouping.groups {
                            (self.row(&label(words, grouping.by, group), &group.tally))
                        }
                        @if !grouping.elsewhere.is_nothing() {
                            (self.row(&html! { span class="none" { (words.elsewhere) } }, &grouping.elsewhere))
                        }
                    }
                }
            }
        }
    }

    fn row(&self, label: &Markup, tally: &Tally) -> Markup {
        let (language, all) = (self.language, self.summary.total.sessions());
        let time = |seconds: Option<i64>| seconds.map_or_else(|| "–".to_owned(), |seconds| duration(language, seconds));
        html! {
            tr {
                td { (label) }
                td { (count(language, tally.sessions())) }
                td { (share(tally.sessions(), all)) " " (percent(language, tally.sessions(), all).unwrap_or_default()) }
                td { (duration(language, tally.get(Measure::ClosedSeconds))) }
                td { (time(tally.average_seconds())) }
                td { (count(language, tally.get(Measure::Expired))) }
                td { (count(language, tally.never_joined())) }
            }
        }
    }
}

fn meaning(words: &Words) -> Markup {
    html! {
        footer class="meaning" {
            @for sentence in words.meaning {
                p { (sentence) }
            }
        }
    }
}

fn figure(term: &str, value: &str, beside: Option<&str>) -> Markup {
    html! { div { dt { (term) } dd { (value) @if let Some(beside) = beside { small { (beside) } } } } }
}

fn label(words: &Words, by: Dimension, group: &Group) -> Markup {
    match (&group.value, &group.name) {
        (None, _) if by == Dimension::Technician => html! { span class="none" { (words.nobody) } },
        (None, _) if by.is_of_devices() => html! { span class="none" { (words.tickets) } },
        (None, _) => html! { span class="none" { (words.none) } },
        (Some(_), Some(name)) => html! { (name.as_str()) },
        (Some(value), None) if by.is_of_devices() => html! { (words.of_device(value)) },
        (Some(value), None) => html! { (value) },
    }
}

/// A bar beside the percentage; it says nothing that is not said there.
fn share(part: i64, whole: i64) -> Markup {
    let width = if whole > 0 { (100 * part).div_euclid(whole) } else { 0 };
    html! {
        svg class="share" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" {
            rect class="of" width="100" height="10" {}
            rect width=(width) height="10" {}
        }
    }
}
