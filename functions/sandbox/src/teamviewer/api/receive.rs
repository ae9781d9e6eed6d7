//! A call comes in: late effects first, then a fault that strikes it, else its answer.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};

use super::routes::{Act, Route};
use crate::teamviewer::answer::{Answer, Body, Refusal};
use crate::teamviewer::call::Call;
use crate::teamviewer::calls::CallRecord;
use crate::teamviewer::fault::{Due, FaultKind, LateAnswer, LateCall};
use crate::teamviewer::world::World;

/// What the caller gets to see.
#[derive(Debug)]
pub(crate) enum Outcome {
    Answer(Answer),
    /// Nothing, for as long as he waits.
    Silence,
    Close,
    Reset,
    Trickle {
        answer: Answer,
        milliseconds_per_byte: u64,
    },
}

impl World {
    /// Lets every late effect take place that is due by now.
    pub(crate) fn settle(&mut self, now: DateTime<Utc>) {
        let mut due = Vec::new();
        let mut to_come = Vec::new();
        for late in self.late.drain(..) {
            match late.due.reached(now) {
                Some(at) => due.push((at, late.call)),
                None => to_come.push(late),
            }
        }
        self.late = to_come;
        due.sort_by_key(|(at, _)| *at);
        for (at, call) in due {
            self.perform(&call, at);
        }
    }

    /// Takes a call in.
    pub(crate) fn receive(&mut self, call: Call, now: DateTime<Utc>) -> Outcome {
        self.settle(now);
        let fault = self.faults.strike(&call);
        let mut record = CallRecord {
            number: 0,
            at: now,
            method: call.method.clone(),
            path: call.path.clone(),
            function: Route::of(&call).map(|route| route.name.to_owned()),
            user: self.caller(call.bearer.as_deref(), now).ok().map(|caller| caller.user.id),
            status: None,
            faulty: fault.is_some(),
        };
        let outcome = match fault {
            None => Outcome::Answer(self.perform(&call, now)),
            Some(fault) => self.suffer(fault, call, now),
        };
        record.status = match &outcome {
            Outcome::Answer(answer) | Outcome::Trickle { answer, .. } => Some(answer.status.as_u16()),
            Outcome::Silence | Outcome::Close | Outcome::Reset => None,
        };
        self.calls.record(record);
        outcome
    }

    /// The call's effect, and its answer.
    fn perform(&mut self, call: &Call, now: DateTime<Utc>) -> Answer {
        self.try_perform(call, now).unwrap_or_else(|refusal| refusal.answer(&self.unknowns))
    }

    fn try_perform(&mut self, call: &Call, now: DateTime<Utc>) -> Result<Answer, Refusal> {
        let route = Route::of(call).ok_or(Refusal::NoSuchPath)?;
        match route.act {
            Act::ForAnyone(act) => act(self, call, now),
            Act::ForCaller(act) => {
                let caller = self.caller(call.bearer.as_deref(), now)?;
                let allowance = caller.user.licence.allowance();
                if self.settings.enforce_rate_limits
                    && let Some((most, within)) = allowance
                {
                    let most = self.settings.calls_allowed.unwrap_or(most);
                    if !self.limits.allow(&caller.token.value, route.name, (most, within), now) {
                        return Err(Refusal::RateLimitReached);
                    }
                }
                act(self, &caller, call)
            }
        }
    }

    fn suffer(&mut self, fault: FaultKind, call: Call, now: DateTime<Utc>) -> Outcome {
        let refuse = |refusal: &Refusal, world: &Self| Outcome::Answer(refusal.answer(&world.unknowns));
        match fault {
            FaultKind::TimeoutBefore => Outcome::Silence,
            FaultKind::TimeoutAfter => {
                self.perform(&call, now);
                Outcome::Silence
            }
            FaultKind::LateEffect { clock_seconds, real_milliseconds, answer } => {
                let due = Due::of(clock_seconds, real_milliseconds, now);
                self.late.push(LateCall { due, call });
                match answer {
                    LateAnswer::Timeout => Outcome::Silence,
                    LateAnswer::InternalError => refuse(&Refusal::InternalError, self),
                }
            }
            FaultKind::RateLimitReached => refuse(&Refusal::RateLimitReached, self),
            FaultKind::TooManyRequests { retry_after } => Outcome::Answer(
                Answer::text(StatusCode::TOO_MANY_REQUESTS, "Too Many Requests")
                    .with_header("retry-after", retry_after.to_string()),
            ),
            FaultKind::TokenRevoked => refuse(&Refusal::InvalidToken, self),
            FaultKind::InternalError { after_effect } => {
                self.perform_if(after_effect, &call, now);
                refuse(&Refusal::InternalError, self)
            }
            FaultKind::LicenseLimitation { as_json } => Outcome::Answer(license_limitation(as_json)),
            FaultKind::Redirect { status } => Outcome::Answer(self.redirect(status, &call, now)),
            FaultKind::ConnectionClosed { after_effect } => {
                self.perform_if(after_effect, &call, now);
                Outcome::Close
            }
            FaultKind::ConnectionReset { after_effect } => {
                self.perform_if(after_effect, &call, now);
                Outcome::Reset
            }
            FaultKind::BadGateway => Outcome::Answer(
                Answer::text(StatusCode::BAD_GATEWAY, "<html><body><h1>502 Bad Gateway</h1></body></html>")
                    .with_header("content-type", "text/html"),
            ),
            FaultKind::SlowBody { milliseconds_per_byte } => {
                Outcome::Trickle { answer: self.perform(&call, now), milliseconds_per_byte }
            }
        }
    }

    fn perform_if(&mut self, effect: bool, call: &Call, now: DateTime<Utc>) {
        if effect {
            self.perform(call, now);
        }
    }

    /// The effect, told by a redirect; an answer that is no success, or says nowhere to go, stays as it is.
    fn redirect(&mut self, status: u16, call: &Call, now: DateTime<Utc>) -> Answer {
        let mut answer = self.perform(call, now);
        let goes_somewhere = answer.headers.iter().any(|(name, _)| *name == "location");
        if answer.status.is_success() && goes_somewhere {
            answer.status = StatusCode::from_u16(status).unwrap_or(StatusCode::SEE_OTHER);
            answer.body = Body::Empty;
        }
        answer
    }
}

/// The wording around "license limitations" is our assumption.
fn license_limitation(as_json: bool) -> Answer {
    let text = "The session could not be created due to license limitations.";
    if as_json {
        let mut answer = Answer::json(text.into());
        answer.status = StatusCode::BAD_REQUEST;
        return answer;
    }
    Answer::text(StatusCode::BAD_REQUEST, text)
}
