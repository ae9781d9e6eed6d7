//! Sessions for what is counted: who helped with what, and how it went.

use casebridge_app::ports::store::{CaseChange, Versioned};
use casebridge_domain::ticket::Facet;
use casebridge_domain::{
    AccountId, Instant, ServiceCase, SessionRecord, Technician, TechnicianId, Text, Ticket, TimeZone,
};
use chrono::TimeDelta;

use super::Stage;
use super::fixtures::{acme, after_noon, closed, code, opened, ticket, voice};

/// A session as it shall go.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) account: AccountId,
    pub(crate) technician: Option<Technician>,
    /// Category, type, priority and source.
    pub(crate) facts: [Option<String>; 4],
    pub(crate) started_at: Instant,
    /// Seconds until the customer came, if he did.
    pub(crate) waiting: Option<i64>,
    /// Seconds until stop; without a stop it reaches its time.
    pub(crate) lasting: Option<i64>,
    pub(crate) zone: TimeZone,
}

/// An hour of acme's, without anything known of it.
pub(crate) fn plan() -> Plan {
    Plan {
        account: acme(),
        technician: None,
        facts: [const { None }; 4],
        started_at: after_noon(0),
        waiting: None,
        lasting: Some(3600),
        zone: TimeZone::UTC,
    }
}

pub(crate) fn technician(id: &str, name: &str) -> Technician {
    Technician { id: TechnicianId::parse(id).unwrap(), name: Text::parse(name).unwrap(), email: None }
}

impl Plan {
    pub(crate) fn by(self, id: &str) -> Self {
        Self { technician: Some(technician(id, id)), ..self }
    }

    pub(crate) fn about(self, category: &str, kind: &str) -> Self {
        let [_, _, priority, source] = self.facts;
        Self { facts: [Some(category.to_owned()), Some(kind.to_owned()), priority, source], ..self }
    }

    pub(crate) fn from(self, started_at: Instant) -> Self {
        Self { started_at, ..self }
    }

    pub(crate) fn ticket(&self, id: &str) -> Ticket {
        let [category, kind, priority, source] =
            self.facts.each_ref().map(|fact| fact.as_ref().map(|fact| Facet::parse(fact).unwrap()));
        let (number, title) = (Text::parse("INC-1").unwrap(), Text::parse("Drucker druckt nicht").unwrap());
        Ticket { id: ticket(id), number, title, category, kind, priority, source }
    }

    /// How the case goes on.
    fn end(&self, case: &ServiceCase) -> ServiceCase {
        let mut case = opened(case, code(1));
        if let Some(waiting) = self.waiting {
            let at = self.started_at + TimeDelta::seconds(waiting);
            case = case.customer_online(at, at).unwrap();
        }
        match self.lasting {
            Some(lasting) => closed(&case, self.started_at + TimeDelta::seconds(lasting)),
            None => case.clone().expired(case.valid_until(), voice()).unwrap(),
        }
    }
}

/// A session that is about to end.
pub(crate) struct Ending {
    pub(crate) from: Versioned<ServiceCase>,
    pub(crate) case: ServiceCase,
    pub(crate) record: SessionRecord,
}

impl Ending {
    pub(crate) fn step(&self) -> CaseChange<'_> {
        CaseChange { record: Some(self.record.clone()), ..CaseChange::of(&self.case, &self.from) }
    }
}

impl Stage {
    /// The session has begun.
    pub(crate) async fn begun(&self, plan: &Plan) -> Ending {
        let id = self.fresh_id(plan.started_at);
        let ticket = plan.ticket(&id.to_string());
        let case = self.play_with(&plan.account, ticket, plan.technician.clone(), plan.started_at);
        let from = self.claimed(case).await;
        let case = plan.end(&from.value);
        let record = SessionRecord::of(&case, plan.zone).unwrap();
        Ending { from, case, record }
    }

    /// The session has begun and ended.
    pub(crate) async fn held(&self, plan: &Plan) -> SessionRecord {
        let ending = self.begun(plan).await;
        self.stepped(ending.step()).await;
        ending.record
    }

    /// The record as it is kept.
    pub(crate) async fn kept(&self, record: &SessionRecord) -> Versioned<SessionRecord> {
        self.store().record(&record.account, record.case).await.unwrap().unwrap()
    }
}
