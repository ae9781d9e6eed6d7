//! `POST /v1/accounts/{account}/devices`: what is known of many devices now.

use std::collections::HashMap;

use axum::Json;
use casebridge_domain::DeviceId;
use casebridge_domain::device::DeviceFacts;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::wire::DeviceFactsRequest;
use crate::Problem;
use crate::extract::{Faults, LargeJsonBody, Object, Technician, parse};
use crate::problem::FieldError;

/// The most devices of one call (our own choice).
const MOST: usize = 10_000;

/// Bytes that the body may have: what is left of the 6 MB of a function's event (AWS Lambda, "Payload per invocation") when
/// a quotation mark takes two bytes there. A device with every fact is about 600 bytes of compact JSON.
pub const BODY_LIMIT: usize = 5_000_000;

/// Many devices.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DevicesRequest {
    /// At most 10,000, each once.
    #[schema(value_type = Vec<ReportedDevice>)]
    devices: Vec<Map<String, Value>>,
}

/// One device of many.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportedDevice {
    /// The vendor's id; at most 128 characters, without / ? # % and \.
    #[schema(example = "7f3a")]
    device: String,
    /// What is known of it now.
    #[schema(value_type = DeviceFactsRequest)]
    facts: Object<DeviceFactsRequest>,
}

/// What came of each device, in the order of the request.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReportedView {
    /// How many are kept.
    kept: usize,
    /// How many are refused.
    refused: usize,
    /// One for each device, in the order of the request.
    results: Vec<ResultView>,
}

/// What came of one device.
#[derive(Debug, Serialize, ToSchema)]
pub struct ResultView {
    /// Its place in the request, from 0.
    index: usize,
    /// Its id, where it could be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    device: Option<String>,
    /// `kept` or `refused`.
    #[schema(value_type = String, example = "kept")]
    result: &'static str,
    /// What is wrong with it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldError>,
}

/// One device as it was understood.
struct Understood {
    /// As it was sent.
    id: Option<String>,
    read: Result<(DeviceId, DeviceFacts), Vec<FieldError>>,
}

fn understand(raw: &Map<String, Value>) -> Understood {
    let id = raw.get("device").and_then(Value::as_str).filter(|id| DeviceId::parse(id).is_ok()).map(str::to_owned);
    let read = serde_json::to_vec(raw).map_err(|_| Vec::new()).and_then(|bytes| {
        let device: ReportedDevice = parse(&bytes).map_err(Problem::into_errors)?;
        let mut faults = Faults::default();
        let id = faults.take("device", DeviceId::parse(&device.device));
        let mut of_facts = Faults::default();
        let facts = device.facts.parse(&mut of_facts);
        faults.extend_within("facts", of_facts);
        match (id, facts) {
            (Some(id), Some(facts)) if faults.is_empty() => Ok((id, facts)),
            _ => Err(faults.into_errors()),
        }
    });
    Understood { id, read }
}

/// Keeps what is known of up to 10,000 devices now, in at most 5 MB. A device that is refused doesn't hold up the others; the
/// answer has a result for each. Never refused for licences. To send the same again does no harm.
#[utoipa::path(
    post, path = "/v1/accounts/{account}/devices", tag = "devices", operation_id = "reportDevices",
    request_body = DevicesRequest,
    responses(
        (status = 200, body = ReportedView),
        (status = 413, description = "`body-too-large`: more than 5 MB"),
        (status = 422, description = "`invalid-fields`: more than 10,000 devices")
    )
)]
pub async fn report_many(
    Technician(admitted): Technician,
    LargeJsonBody(body): LargeJsonBody<DevicesRequest, BODY_LIMIT>,
) -> Result<Json<ReportedView>, Problem> {
    let mut faults = Faults::default();
    if body.devices.len() > MOST {
        faults.add("devices", format!("must have at most {MOST} devices; send the others in another call"));
        return Err(faults.problem());
    }
    let mut results = Vec::with_capacity(body.devices.len());
    let mut first_at: HashMap<DeviceId, usize> = HashMap::new();
    let mut kept = Vec::with_capacity(body.devices.len());
    for (index, raw) in body.devices.into_iter().enumerate() {
        let Understood { id, read } = understand(&raw);
        let (result, errors) = match read {
            Ok((id, facts)) => match first_at.get(&id) {
                None => {
                    first_at.insert(id.clone(), index);
                    kept.push((id, facts));
                    ("kept", Vec::new())
                }
                Some(first) => {
                    let message = format!("is there twice; the first is at index {first}");
                    ("refused", vec![FieldError { field: "device".to_owned(), message }])
                }
            },
            Err(errors) => ("refused", errors),
        };
        results.push(ResultView { index, device: id, result, errors });
    }
    let (count, refused) = (kept.len(), results.len() - kept.len());
    casebridge_app::devices::report_many(&admitted.desk, kept).await?;
    Ok(Json(ReportedView { kept: count, refused, results }))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::BODY_LIMIT;
    use crate::testing::{Answer, TestApi};

    const PATH: &str = "/v1/accounts/acme/devices";

    async fn post(api: &TestApi, body: &Value) -> Answer {
        api.call("POST", PATH).key(&api.keys.technician).json(body).send().await
    }

    /// A device of which everything is known, as wordy as devices are.
    fn full(n: usize) -> Value {
        let app = json!({ "installed": true, "distributed": true, "allow_listed": true, "managed": true, "version": "15.50.112" });
        let mut host = app.clone();
        host["permission_granted"] = json!(true);
        host["teamviewer_id"] = json!(format!("1{n:09}"));
        json!({
            "device": format!("0b9f7b2e-6c1d-4f0e-9d53-{n:012}"),
            "facts": {
                "platform": "android", "name": format!("Warehouse scanner {n}"), "os_version": "14", "maker": "Samsung",
                "model": "SM-X200", "management": "device_owner", "kiosk": "shared_kiosk", "quicksupport": app.clone(),
                "host": host, "add_on": app, "eula_accepted": true,
                "requester": { "name": format!("Jane Doe {n}"), "email": format!("jane.doe.{n}@example.com"), "language": "pt-BR" }
            }
        })
    }

    #[tokio::test]
    async fn one_bad_device_never_spoils_the_others() {
        let api = TestApi::new().await;
        let ios = json!({ "platform": "ios" });
        let body = json!({ "devices": [
            { "device": "a", "facts": ios },
            { "device": "a/b", "facts": { "platform": "ios" } },
            { "device": "c", "facts": { "platform": "tv", "os_version": "x" } },
            { "device": "d", "facts": { "platform": "ios", "host": { "distributed": true } } },
            { "device": "e" },
            { "device": "f", "facts": { "platform": "ios", "colour": "SECRET" } },
            { "device": "a", "facts": { "platform": "android" } },
            { "device": "h", "facts": { "platform": "android", "eula_accepted": "SECRET" } },
            { "device": 9, "facts": ios },
            { "device": "z", "facts": { "platform": "android" } },
        ] });
        let answer = post(&api, &body).await.is(200);
        assert!(!answer.to_string().contains("SECRET"), "{answer}");
        assert_eq!((&answer["kept"], &answer["refused"]), (&json!(2), &json!(8)));
        let results = answer["results"].as_array().unwrap();
        let told: Vec<(&str, Vec<&str>)> = results
            .iter()
            .enumerate()
            .map(|(index, result)| {
                assert_eq!(result["index"], index);
                let errors = result["errors"].as_array().into_iter().flatten();
                (result["result"].as_str().unwrap(), errors.map(|error| error["field"].as_str().unwrap()).collect())
            })
            .collect();
        assert_eq!(
            told,
            [
                ("kept", vec![]),
                ("refused", vec!["device"]),
                ("refused", vec!["facts.platform", "facts.os_version"]),
                ("refused", vec!["facts.host"]),
                ("refused", vec!["facts"]),
                ("refused", vec!["facts.colour"]),
                ("refused", vec!["device"]),
                ("refused", vec!["facts.eula_accepted"]),
                ("refused", vec!["device"]),
                ("kept", vec![]),
            ]
        );
        assert_eq!(results[6]["errors"][0]["message"], "is there twice; the first is at index 0");
        let kept = api.call("GET", PATH).key(&api.keys.read).send().await.is(200);
        let mut kept: Vec<&str> =
            kept["items"].as_array().unwrap().iter().map(|device| device["device"].as_str().unwrap()).collect();
        kept.sort_unstable();
        assert_eq!(kept, ["a", "z"]);
    }

    #[tokio::test]
    async fn ten_thousand_devices_are_one_call() {
        let api = TestApi::new().await;
        let device = |n: usize| {
            let mut device = full(n);
            // What a vendor reports of a device that gets no unattended sessions.
            let facts = device["facts"].as_object_mut().unwrap();
            facts.remove("host");
            facts.remove("add_on");
            device
        };
        let devices: Vec<Value> = (0..10_000).map(device).collect();
        let body = json!({ "devices": devices });
        assert!(body.to_string().len() < BODY_LIMIT, "{} bytes", body.to_string().len());
        let answer = post(&api, &body).await.is(200);
        assert_eq!((&answer["kept"], answer["results"].as_array().unwrap().len()), (&json!(10_000), 10_000));
        let activation = api.call("GET", "/v1/accounts/acme/activation").key(&api.keys.read).send().await.is(200);
        assert_eq!(activation["devices"], json!({ "total": 10_000, "with_host": 0 }));
        let more: Vec<Value> = (0..10_001).map(|n| json!({ "device": n.to_string(), "facts": {} })).collect();
        post(&api, &json!({ "devices": more })).await.problem_with(422, "invalid-fields", &["devices"]);
    }

    #[tokio::test]
    async fn a_body_is_as_large_as_both_hosts_take_it() {
        let api = TestApi::new().await;
        let writes = api.engine.writes();
        let body = r#"{"devices":[]}"#;
        let padded = |bytes: usize| format!("{}{body}", " ".repeat(bytes - body.len()));
        let send = async |body: String| api.call("POST", PATH).key(&api.keys.admin).raw(body).send().await;
        let problem = send(padded(BODY_LIMIT + 1)).await.problem(413, "body-too-large");
        assert!(problem["fix"].as_str().unwrap().contains("fewer devices"));
        assert_eq!(send(padded(BODY_LIMIT)).await.is(200)["results"], json!([]));
        assert_eq!(api.engine.writes(), writes);
    }

    #[test]
    fn a_device_with_every_fact_weighs_what_is_documented() {
        let weight = full(1).to_string().len();
        assert!((500..700).contains(&weight), "{weight} bytes");
        // As a text within the event of a function.
        let escaped = json!(full(1).to_string()).to_string().len();
        assert!(BODY_LIMIT / weight * escaped < 6 * 1024 * 1024, "{escaped} for {weight}");
    }
}
