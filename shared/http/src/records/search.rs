//! Which records are wanted: read from an address, or written as one.

use std::collections::BTreeMap;

use casebridge_app::Desk;
use casebridge_app::Outside;
use casebridge_app::ports::store::Page;
use casebridge_app::records::{Counted, RecordFilter, record_by_code, records};
use casebridge_domain::device::{Mode, Platform};
use casebridge_domain::report::{Days, Dimension};
use casebridge_domain::ticket::Facet;
use casebridge_domain::{AccountId, Malformed, SessionCode, SessionRecord, TechnicianId};

use crate::extract::{Faults, Query};
use crate::reports::days::{day, days, days_if_any};

/// The figures that records can be asked for by.
const FIGURES: [(&str, Counted); 6] = [
    ("sessions", Counted::Sessions),
    ("closed", Counted::Closed),
    ("expired", Counted::Expired),
    ("joined", Counted::Joined),
    ("never_joined", Counted::NeverJoined),
    ("excluded", Counted::Excluded),
];

/// Which records are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RecordSearch {
    place: Place,
    of: BTreeMap<Dimension, Option<String>>,
    counted: Option<Counted>,
    without_facts: Option<bool>,
}

/// Where to look.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    /// Those that count on these days.
    Days(Days),
    /// The newest with this code, perhaps only if it counts on these days.
    Code(SessionCode, Option<Days>),
}

impl RecordSearch {
    /// The sessions that count on these days.
    pub(crate) fn of_sessions(days: Days) -> Self {
        Self { place: Place::Days(days), of: BTreeMap::new(), counted: Some(Counted::Sessions), without_facts: None }
    }

    /// Only with this value; `None` are those without one.
    #[must_use]
    pub(crate) fn with(mut self, dimension: Dimension, value: Option<String>) -> Self {
        self.of.insert(dimension, value);
        self
    }

    /// Only those that count, or don't, without their ticket's facts.
    #[must_use]
    pub(crate) fn without_facts(self, without_facts: bool) -> Self {
        Self { without_facts: Some(without_facts), ..self }
    }

    /// Takes what the query says about it.
    pub(super) fn take(query: &mut Query, faults: &mut Faults) -> Option<Self> {
        let code = query.take("session_code");
        let place = match &code {
            None => days(query, faults).map(Place::Days),
            Some(code) => {
                let days = days_if_any(query, faults);
                faults.take("session_code", SessionCode::parse(code)).map(|code| Place::Code(code, days))
            }
        };
        let of = values(query, faults);
        let counted = faults.maybe("counted", query.take("counted").as_deref(), figure);
        let without_facts =
            faults.maybe("counted_without_facts", query.take("counted_without_facts").as_deref(), yes_or_no);
        Some(Self { place: place?, of, counted, without_facts })
    }

    /// The address of the list, path and query.
    pub(crate) fn address(&self, account: &AccountId) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let days = match &self.place {
            Place::Days(days) => Some(days),
            Place::Code(code, days) => {
                query.append_pair("session_code", &code.compact());
                days.as_ref()
            }
        };
        if let Some(days) = days {
            query.append_pair("from", &days.from().to_string()).append_pair("to", &days.to().to_string());
        }
        for (dimension, value) in &self.of {
            let (name, value) = match value {
                Some(value) => (dimension.name(), value.as_str()),
                None => continue,
            };
            query.append_pair(name, value);
        }
        let without: Vec<_> =
            self.of.iter().filter(|(_, value)| value.is_none()).map(|(none, _)| none.name()).collect();
        if !without.is_empty() {
            query.append_pair("without", &without.join(","));
        }
        if let Some(name) = self.counted.and_then(|counted| FIGURES.iter().find(|(_, figure)| *figure == counted)) {
            query.append_pair("counted", name.0);
        }
        if let Some(without_facts) = self.without_facts {
            query.append_pair("counted_without_facts", if without_facts { "true" } else { "false" });
        }
        format!("/v1/accounts/{account}/reports/sessions/records?{}", query.finish())
    }

    /// What a file of them is called.
    pub(super) fn file_name(&self) -> String {
        match &self.place {
            Place::Days(days) => format!("sessions-{}-{}.csv", days.from(), days.to()),
            Place::Code(code, _) => format!("session-{}.csv", code.compact()),
        }
    }

    /// A page of them, by the time they ended. It may be short, or even empty, though more follow.
    pub(super) async fn page(
        &self,
        desk: &Desk,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Page<SessionRecord>, Outside> {
        let mut page = match &self.place {
            Place::Days(days) => records(desk, &self.filter(*days), after, limit).await?,
            Place::Code(code, _) => Page { items: record_by_code(desk, code).await?.into_iter().collect(), next: None },
        };
        page.items.retain(|record| self.takes(record));
        Ok(page)
    }

    fn filter(&self, days: Days) -> RecordFilter {
        let of = self.of.iter().map(|(dimension, value)| (*dimension, value.clone())).collect();
        RecordFilter { days, of, counted: self.counted }
    }

    fn takes(&self, record: &SessionRecord) -> bool {
        let days = match &self.place {
            Place::Days(days) => Some(days),
            Place::Code(_, days) => days.as_ref(),
        };
        days.is_none_or(|days| days.contains(record.day))
            && self.of.iter().all(|(dimension, value)| dimension.value(record) == *value)
            && self.counted.is_none_or(|counted| counted.takes(record))
            && self.without_facts.is_none_or(|without_facts| record.coarse == without_facts)
    }
}

/// The values that are asked for, and those of which there shall be none.
fn values(query: &mut Query, faults: &mut Faults) -> BTreeMap<Dimension, Option<String>> {
    let mut of = BTreeMap::new();
    for dimension in Dimension::ALL {
        let raw = query.take(dimension.name());
        let value = faults.maybe(dimension.name(), raw.as_deref(), |raw| value(dimension, raw));
        if raw.is_some() {
            of.insert(dimension, value);
        }
    }
    let without = faults.maybe("without", query.take("without").as_deref(), |raw| {
        raw.split(',').map(nothing).collect::<Result<Vec<_>, _>>()
    });
    for dimension in without.unwrap_or_default() {
        if of.insert(dimension, None).is_some_and(|value| value.is_some()) {
            faults.add("without", format!("must not name {} together with a value of it", dimension.name()));
        }
    }
    of
}

/// As it is kept.
fn value(dimension: Dimension, raw: &str) -> Result<String, Malformed> {
    match dimension {
        Dimension::Category | Dimension::Type | Dimension::Priority | Dimension::Source => {
            Facet::parse(raw).map(String::from)
        }
        Dimension::Technician => TechnicianId::parse(raw).map(String::from),
        Dimension::Day => day(raw).map(|day| day.to_string()),
        Dimension::Platform => Platform::parse(raw).map(|platform| platform.name().to_owned()),
        Dimension::Mode => Mode::parse(raw).map(|mode| mode.name().to_owned()),
    }
}

/// A dimension in which a record may have no value. Every one has its day.
fn nothing(raw: &str) -> Result<Dimension, Malformed> {
    let dimension = Dimension::parse(raw).ok().filter(|dimension| *dimension != Dimension::Day);
    dimension
        .ok_or_else(|| Malformed::new("must be some of category, type, priority, source, technician, platform, mode"))
}

fn figure(raw: &str) -> Result<Counted, Malformed> {
    let known = FIGURES.iter().find(|(name, _)| *name == raw).map(|(_, figure)| *figure);
    known.ok_or_else(|| Malformed::new(format!("must be one of {}", FIGURES.map(|(name, _)| name).join(", "))))
}

fn yes_or_no(raw: &str) -> Result<bool, Malformed> {
    raw.parse().map_err(|_| Malformed::new("must be true or false"))
}

#[cfg(test)]
mod tests {
    use axum::extract::FromRequestParts as _;

    use super::*;
    use crate::testing::TestApi;

    /// The search that an address asks for.
    async fn asked_for(api: &TestApi, address: &str) -> RecordSearch {
        let (mut parts, ()) = axum::http::Request::builder().uri(address).body(()).unwrap().into_parts();
        let state = crate::Api::new(std::sync::Arc::new(casebridge_app::admission::Admissions::new(api.world.clone())));
        let mut query = Query::from_request_parts(&mut parts, &state).await.unwrap();
        let mut faults = Faults::default();
        let search = RecordSearch::take(&mut query, &mut faults);
        query.finish().unwrap();
        assert!(faults.is_empty(), "{address}");
        search.unwrap()
    }

    #[tokio::test]
    async fn an_address_asks_for_what_it_was_made_of() {
        let api = TestApi::new().await;
        let account = AccountId::parse("acme").unwrap();
        let days = Days::new("2100-03-01".parse().unwrap(), "2100-04-01".parse().unwrap()).unwrap();
        let plain = RecordSearch::of_sessions(days);
        let odd = "50 % + \"Ä&=#;,/?\" \u{6253}".to_owned();
        let all = Dimension::ALL.into_iter().filter(|dimension| *dimension != Dimension::Day);
        let of_device = |dimension| match dimension {
            Dimension::Platform => "ios".to_owned(),
            Dimension::Mode => "unattended".to_owned(),
            _ => odd.clone(),
        };
        let filled =
            all.clone().fold(plain.clone(), |search, dimension| search.with(dimension, Some(of_device(dimension))));
        let empty = all.fold(plain.clone(), |search, dimension| search.with(dimension, None));
        let code = Place::Code(SessionCode::parse("s100-000-000").unwrap(), Some(days));
        for search in [
            plain.clone(),
            filled.clone().with(Dimension::Day, Some("2100-03-07".to_owned())),
            filled.with(Dimension::Source, None).without_facts(false),
            empty.without_facts(true),
            RecordSearch { counted: Some(Counted::NeverJoined), ..plain.clone() },
            RecordSearch { counted: None, place: code, ..plain },
        ] {
            assert_eq!(asked_for(&api, &search.address(&account)).await, search);
        }
    }
}
