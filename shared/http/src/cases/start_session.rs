//! `POST /v1/accounts/{account}/devices/{device}/case`: starts a session for a device.

use axum::extract::State;
use axum::response::Response;
use casebridge_app::open_case::Request;
use casebridge_app::start_session::{NotReady, StartSession, StartSessionError, start_session};
use casebridge_domain::device::readiness::Words;
use casebridge_domain::device::{Finding, Hindrance, Mode, Version};
use casebridge_domain::{DeviceId, Instant, Language};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::open::played;
use super::view::CaseView;
use super::wire::{RequesterRequest, TechnicianRequest};
use crate::Api;
use crate::extract::{DevicePath, Faults, Object, OptionalBody, Repeatable, Technician};
use crate::problem::{Kind, Problem};

/// How the session shall be.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StartSessionRequest {
    /// `attended` (by QuickSupport and a session code; if left out) or `unattended` (by the Host app, on Android).
    #[schema(example = "attended")]
    mode: Option<String>,
    /// Who helps, if that is known.
    #[schema(value_type = Option<TechnicianRequest>)]
    technician: Option<Object<TechnicianRequest>>,
    /// Who is helped; else the device's user as he was reported, or else the device's name stands for him.
    #[schema(value_type = Option<RequesterRequest>)]
    requester: Option<Object<RequesterRequest>>,
    /// Whether the requester is mailed the link too, if he has an address. The mail is the account's invitation, in which the device's
    /// name stands for a ticket's number and title.
    #[serde(default)]
    invite: bool,
    /// The version of the technician's TeamViewer client, where it is known: one that is older than the device's QuickSupport is a
    /// reason not to start.
    #[schema(example = "15.60.3")]
    client_version: Option<String>,
}

impl StartSessionRequest {
    fn parse(&self, device: DeviceId) -> Result<StartSession, Problem> {
        let mut faults = Faults::default();
        let mode = faults.maybe("mode", self.mode.as_deref(), Mode::parse).unwrap_or(Mode::Attended);
        let technician = self.technician.as_ref().and_then(|technician| technician.parse(&mut faults));
        let requester = self.requester.as_ref().and_then(|requester| requester.parse(&mut faults));
        let client = faults.maybe("client_version", self.client_version.as_deref(), Version::parse);
        let wish = StartSession { device, mode, technician, requester, invite: self.invite, client };
        if faults.is_empty() { Ok(wish) } else { Err(faults.problem()) }
    }
}

impl Problem {
    /// What the vendor is told when there is no session.
    pub(super) fn of_start(error: StartSessionError, language: Language, now: Instant) -> Self {
        match error {
            StartSessionError::NotFound => Self::new(Kind::NotFound),
            StartSessionError::NotReady(found) => Self::of_findings(&found, language),
            StartSessionError::Nameless => {
                let mut faults = Faults::default();
                faults
                    .add("requester", "must be given: neither the device nor its user has a name that could be shown");
                faults.problem()
            }
            StartSessionError::Play(error) => Self::of_play(error, now),
        }
    }

    fn of_findings(found: &NotReady, language: Language) -> Self {
        let findings: Vec<Value> = found.readiness.blocking().map(|finding| said(finding, language)).collect();
        let problem = Self::new(Kind::DeviceNotReady)
            .member("mode", json!(found.readiness.mode.name()))
            .member("findings", Value::Array(findings));
        if !found.readiness.blocking().any(|finding| finding.hindrance == Hindrance::LicencesUsedUp) {
            return problem;
        }
        let licences = json!({ "used": found.licences.used, "limit": found.licences.limit });
        problem.member("unattended_licences", licences)
    }
}

/// What stands in the way, in the account's language.
fn said(finding: &Finding, language: Language) -> Value {
    let words = Words::of(finding.hindrance, language);
    json!({
        "code": finding.hindrance.code(), "kind": finding.effect().name(), "title": words.title, "fix": words.fix,
    })
}

/// Starts a session for a device, or returns the one that is live, in whichever mode that is. An attended one has a session code and
/// `hand_over`, what the vendor gives to QuickSupport on the device; an unattended one has `host`, and neither. Nobody is mailed
/// unless `invite` says so.
///
/// A code for an iOS device that nobody used ends after half an hour: the same call starts a new session then.
#[utoipa::path(
    post, path = "/v1/accounts/{account}/devices/{device}/case", tag = "devices", operation_id = "startSession",
    request_body = Option<StartSessionRequest>,
    responses(
        (status = 201, description = "A new case", body = CaseView,
            headers(("Location" = String, description = "The case"))),
        (status = 200, description = "The device has a live case already", body = CaseView),
        (status = 404, description = "`not-found`: the device was never reported"),
        (status = 409, description = "`device-not-ready`: `findings` names what blocks, each with its mend; \
            `unattended_licences` tells how many there are and are used, where that is it. And `not-connected`, \
            `connection-draining`, `token-refused`, `permission-missing`, `licence-limit`, `request-pending`, \
            `group-pending`; where technicians sign in to TeamViewer, also `sign-in-needed`, `sign-in-renewing`, `oauth-app-refused`"),
        (status = 422, description = "`invalid-fields`, `idempotency-key-reused`"),
        (status = 502, description = "`teamviewer-failed`, `teamviewer-refused`"),
        (status = 503, description = "`teamviewer-busy`, `unavailable`")
    )
)]
pub async fn start(
    State(api): State<Api>,
    Technician(admitted): Technician,
    DevicePath(device): DevicePath,
    repeatable: Repeatable,
    OptionalBody(body): OptionalBody<StartSessionRequest>,
) -> Result<Response, Problem> {
    let wish = body.parse(device)?;
    let memory = repeatable.memory(&admitted.key, &body);
    let language = admitted.desk.account().language;
    let started = Box::pin(start_session(&admitted.desk, Request { wish, memory: memory.as_ref() })).await;
    let opened = started.map_err(|error| Problem::of_start(error, language, api.now()))?;
    Ok(played(&opened, &admitted).await)
}

#[cfg(test)]
mod tests;
