//! What becomes of an event, and of its endpoint, after an attempt.

use casebridge_domain::Instant;
use casebridge_domain::endpoint::{Delivery, Retry, Warning, WhyDisabled, due_after};
use casebridge_domain::journal::{AccountMatter, JournalEntry, Principal};
use casebridge_domain::key::Owner;

use super::super::attempt::Attempted;
use super::super::feeds::Fed;
use super::super::job::Job;
use super::Turn;

impl Turn<'_> {
    /// What becomes of an event after an attempt.
    pub(super) fn settle(&mut self, job: Job, attempted: Attempted) {
        let Attempted { mut delivery, retry_after } = attempted;
        let (number, attempts, at) = (job.fed.number, delivery.attempt, delivery.at);
        self.unwritten.made.extend(job.retry);
        if delivery.outcome.is_taken() {
            self.log_taken(&job.fed, &delivery);
        } else {
            delivery.next = due_after(attempts, at, self.pushing.world.ids.fraction(), retry_after);
            match delivery.next {
                Some(due) => {
                    self.unwritten.to_make.push(Retry { number, attempts, due });
                    self.next_retry = Some(self.next_retry.map_or(due, |next| next.min(due)));
                }
                None => self.give_up(Retry { number, attempts, due: at }),
            }
        }
        let is_gone = delivery.outcome.is_gone();
        let warning = self.lane.record(delivery, retry_after);
        if let Some(warning) = warning {
            self.warn(warning, at);
        }
        if is_gone {
            self.disable(WhyDisabled::Gone, at);
        }
    }

    /// For whoever looks closely: how long events wait.
    fn log_taken(&self, fed: &Fed, delivery: &Delivery) {
        let delay_ms = (self.now() - fed.event.at).num_milliseconds();
        let (endpoint, attempt) = (self.lane.endpoint, delivery.attempt);
        tracing::debug!(name: "event.pushed", %endpoint, number = fed.number, attempt, delay_ms, "an event was taken");
    }

    fn give_up(&mut self, retry: Retry) {
        let (endpoint, number) = (self.lane.endpoint, retry.number);
        tracing::warn!(name: "event.given_up", owner = ?self.lane.owner, %endpoint, number, "an event was not taken");
        self.unwritten.given_up.retain(|other| other.number != number);
        self.unwritten.given_up.push(retry);
    }

    fn warn(&mut self, Warning { percent }: Warning, at: Instant) {
        let endpoint = self.lane.endpoint;
        tracing::warn!(name: "endpoint.failing", owner = ?self.lane.owner, %endpoint, percent, "an endpoint takes nothing");
        self.note(AccountMatter::EndpointFailing { endpoint, percent }, at);
        if (Warning { percent }).is_the_last() {
            self.disable(WhyDisabled::Failing, at);
        }
    }

    fn disable(&mut self, why: WhyDisabled, at: Instant) {
        if !self.endpoint.value.is_on() {
            return;
        }
        let endpoint = self.lane.endpoint;
        tracing::warn!(name: "endpoint.disabled", owner = ?self.lane.owner, %endpoint, why = why.name(), "an endpoint was disabled");
        self.endpoint.value = self.endpoint.value.clone().disabled(why, at);
        self.unwritten.disabled = Some(why);
        self.note(AccountMatter::EndpointDisabled { endpoint, why }, at);
    }

    /// A vendor has no journal of its own.
    fn note(&mut self, matter: AccountMatter, at: Instant) {
        if matches!(self.lane.owner, Owner::Account(_)) {
            self.unwritten.entries.push(JournalEntry::Account { by: Principal::Casebridge, at, matter });
        }
    }
}
