//! `POST /v1/accounts/{account}/devices/{device}/request`: whoever is at the device asks for help.

use axum::extract::State;
use axum::response::Response;
use casebridge_app::help_request::{AskForDevice, ask_for_device};
use casebridge_app::open_case::Request;
use casebridge_domain::DeviceId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ask::note;
use super::open::played;
use super::view::CaseView;
use super::wire::RequesterRequest;
use crate::Api;
use crate::extract::{DevicePath, Faults, Object, OptionalBody, Repeatable, Technician};
use crate::problem::Problem;

/// What is asked for.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskForDeviceRequest {
    /// Who asks; else the device's user as he was reported, or else the device's name stands for him.
    #[schema(value_type = Option<RequesterRequest>)]
    requester: Option<Object<RequesterRequest>>,
    /// What is wrong, in his words; at most 2000 characters.
    #[schema(example = "The app does not start any more")]
    note: Option<String>,
}

impl AskForDeviceRequest {
    fn parse(&self, device: DeviceId) -> Result<AskForDevice, Problem> {
        let mut faults = Faults::default();
        let requester = self.requester.as_ref().and_then(|requester| requester.parse(&mut faults));
        let note = note(self.note.as_deref(), &mut faults);
        if faults.is_empty() { Ok(AskForDevice { device, requester, note }) } else { Err(faults.problem()) }
    }
}

/// Whoever is at the device asks for help, with one call: the case waits in the technicians' queue, and whoever takes it first has it. What
/// would keep an attended session from the device is told at once, rather than to a technician who takes it in vain.
#[utoipa::path(
    post, path = "/v1/accounts/{account}/devices/{device}/request", tag = "queue", operation_id = "askForHelpWithDevice",
    request_body = Option<AskForDeviceRequest>,
    responses(
        (status = 201, description = "A new case, `asked`", body = CaseView,
            headers(("Location" = String, description = "The case"))),
        (status = 200, description = "The device has a case that waits or is live already", body = CaseView),
        (status = 404, description = "`not-found`: the device was never reported"),
        (status = 409, description = "`device-not-ready`: `findings` names what blocks, each with its mend"),
        (status = 422, description = "`invalid-fields`, `idempotency-key-reused`"),
        (status = 503, description = "`unavailable`")
    )
)]
pub async fn ask(
    State(api): State<Api>,
    Technician(admitted): Technician,
    DevicePath(device): DevicePath,
    repeatable: Repeatable,
    OptionalBody(body): OptionalBody<AskForDeviceRequest>,
) -> Result<Response, Problem> {
    let wish = body.parse(device)?;
    let memory = repeatable.memory(&admitted.key, &body);
    let language = admitted.desk.account().language;
    let asked = ask_for_device(&admitted.desk, Request { wish, memory: memory.as_ref() }).await;
    let opened = asked.map_err(|error| Problem::of_asking(error, language, api.now()))?;
    Ok(played(&opened, &admitted).await)
}
