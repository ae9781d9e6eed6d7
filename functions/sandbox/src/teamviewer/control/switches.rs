//! Faults, readings of what is undocumented, settings, the clock and the log of calls.

use axum::Json;
use axum::extract::State as Shared;
use axum::http::StatusCode;
use chrono::{DateTime, TimeDelta, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::clock::ClockView;
use crate::teamviewer::calls::Calls;
use crate::teamviewer::fault::Fault;
use crate::teamviewer::sandbox::Sandbox;
use crate::teamviewer::settings::Settings;
use crate::teamviewer::unknowns::Unknowns;

/// `GET /sandbox/faults`
pub(super) async fn faults(Shared(sandbox): Shared<Sandbox>) -> Json<Vec<Fault>> {
    Json(sandbox.faults())
}

/// `POST /sandbox/faults`. A field that no fault has is refused: misspelled, it would strike every call.
pub(super) async fn add_fault(
    Shared(sandbox): Shared<Sandbox>,
    Json(given): Json<Map<String, Value>>,
) -> Result<StatusCode, (StatusCode, String)> {
    let refuse = |why: String| (StatusCode::UNPROCESSABLE_ENTITY, why);
    let fault: Fault = serde_json::from_value(given.clone().into()).map_err(|error| refuse(error.to_string()))?;
    let known = serde_json::to_value(&fault).map_err(|error| refuse(error.to_string()))?;
    if let Some(unknown) = given.keys().find(|name| known.get(name.as_str()).is_none()) {
        return Err(refuse(format!("unknown field {unknown}")));
    }
    sandbox.add_fault(fault);
    Ok(StatusCode::CREATED)
}

/// `DELETE /sandbox/faults`
pub(super) async fn clear_faults(Shared(sandbox): Shared<Sandbox>) -> StatusCode {
    sandbox.clear_faults();
    StatusCode::NO_CONTENT
}

/// `GET /sandbox/unknowns`
pub(super) async fn unknowns(Shared(sandbox): Shared<Sandbox>) -> Json<Unknowns> {
    Json(sandbox.unknowns())
}

/// `PUT /sandbox/unknowns`: what is left out goes back to its default.
pub(super) async fn set_unknowns(Shared(sandbox): Shared<Sandbox>, Json(unknowns): Json<Unknowns>) -> Json<Unknowns> {
    sandbox.set_unknowns(unknowns);
    Json(sandbox.unknowns())
}

/// `PATCH /sandbox/unknowns`: what is left out stays.
pub(super) async fn change_unknowns(
    Shared(sandbox): Shared<Sandbox>,
    Json(changes): Json<Map<String, Value>>,
) -> Result<Json<Unknowns>, (StatusCode, String)> {
    sandbox.set_unknowns(merged(sandbox.unknowns(), changes)?);
    Ok(Json(sandbox.unknowns()))
}

/// `GET /sandbox/settings`
pub(super) async fn settings(Shared(sandbox): Shared<Sandbox>) -> Json<Settings> {
    Json(sandbox.settings())
}

/// `PUT /sandbox/settings`: what is left out goes back to its default.
pub(super) async fn set_settings(Shared(sandbox): Shared<Sandbox>, Json(settings): Json<Settings>) -> Json<Settings> {
    sandbox.set_settings(settings);
    Json(sandbox.settings())
}

/// `PATCH /sandbox/settings`: what is left out stays.
pub(super) async fn change_settings(
    Shared(sandbox): Shared<Sandbox>,
    Json(changes): Json<Map<String, Value>>,
) -> Result<Json<Settings>, (StatusCode, String)> {
    sandbox.set_settings(merged(sandbox.settings(), changes)?);
    Ok(Json(sandbox.settings()))
}

fn merged<T: Serialize + DeserializeOwned>(current: T, changes: Map<String, Value>) -> Result<T, (StatusCode, String)> {
    let whole = serde_json::to_value(current).and_then(|mut whole| {
        if let Value::Object(fields) = &mut whole {
            fields.extend(changes);
        }
        serde_json::from_value(whole)
    });
    whole.map_err(|error| (StatusCode::UNPROCESSABLE_ENTITY, error.to_string()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SetClock {
    #[serde(default)]
    now: Option<DateTime<Utc>>,
    #[serde(default)]
    frozen: Option<bool>,
}

#[derive(Deserialize)]
pub(super) struct Advance {
    seconds: i64,
}

/// `GET /sandbox/clock`
pub(super) async fn clock(Shared(sandbox): Shared<Sandbox>) -> Json<ClockView> {
    Json(sandbox.clock().view())
}

/// `PUT /sandbox/clock`
pub(super) async fn set_clock(Shared(sandbox): Shared<Sandbox>, Json(body): Json<SetClock>) -> Json<ClockView> {
    let clock = sandbox.clock();
    if let Some(now) = body.now {
        clock.set(now);
    }
    match body.frozen {
        Some(true) => clock.freeze(),
        Some(false) => clock.run(),
        None => clock.view(),
    };
    Json(clock.view())
}

/// `POST /sandbox/clock/advance`
pub(super) async fn advance_clock(Shared(sandbox): Shared<Sandbox>, Json(body): Json<Advance>) -> Json<ClockView> {
    Json(sandbox.clock().advance(TimeDelta::seconds(body.seconds)))
}

/// `GET /sandbox/calls`
pub(super) async fn calls(Shared(sandbox): Shared<Sandbox>) -> Json<Calls> {
    Json(sandbox.calls())
}

/// `DELETE /sandbox/calls`
pub(super) async fn clear_calls(Shared(sandbox): Shared<Sandbox>) -> StatusCode {
    sandbox.clear_calls();
    StatusCode::NO_CONTENT
}
