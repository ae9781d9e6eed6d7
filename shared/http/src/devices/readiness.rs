//! `GET /v1/accounts/{account}/devices/{device}/readiness`: whether a session can be started.

use axum::Json;
use casebridge_app::devices::{Inspected, inspect};
use casebridge_domain::Language;
use casebridge_domain::device::readiness::Words;
use casebridge_domain::device::{Finding, Licences, ModeReadiness, Version};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Problem;
use crate::extract::{DevicePath, Faults, Query, Reader};
use crate::problem::Kind;

/// Which sessions can be started for a device now.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReadinessView {
    /// The device.
    device: String,
    /// `android` or `ios`.
    #[schema(value_type = String, example = "android")]
    platform: &'static str,
    /// With its user, by QuickSupport.
    attended: ModeView,
    /// Without, by the Host app.
    unattended: ModeView,
    /// The account's unattended licences.
    unattended_licences: LicencesView,
    /// In which the words are.
    #[schema(value_type = String, example = "en")]
    language: &'static str,
}

/// Whether sessions of one mode can be started.
#[derive(Debug, Serialize, ToSchema)]
pub struct ModeView {
    /// Nothing blocks.
    possible: bool,
    /// The technician would see the screen and not control it.
    view_only: bool,
    /// What blocks first, then what limits to viewing, what will ask the user, and what could not be told.
    findings: Vec<DeviceFindingView>,
}

/// One thing to know before a session.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeviceFindingView {
    /// Its stable name.
    #[schema(value_type = String, example = "quicksupport-not-allowed")]
    code: &'static str,
    /// `blocks`, `limits_to_viewing`, `will_ask` (the user will be asked for something, or has to do something), or `unknown`
    /// (it could not be told from what was reported; nothing is held up by it).
    #[schema(value_type = String, example = "blocks")]
    kind: &'static str,
    /// What it is.
    #[schema(value_type = String)]
    title: &'static str,
    /// How to mend it, or what to do about it.
    #[schema(value_type = String)]
    fix: &'static str,
    /// Which facts were not reported, with `not-reported` only. `technician_client` is a parameter of this call, `unattended_licences`
    /// a setting of the account.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<String>, example = json!(["host.permission_granted"]))]
    facts: Vec<&'static str>,
}

/// Unattended licences: one for each device that the Host app is distributed to.
#[derive(Debug, Serialize, ToSchema)]
pub struct LicencesView {
    /// Devices that the Host app is distributed to.
    used: u64,
    /// As many as the account's settings say there are; left out where they don't.
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<u32>,
}

impl From<Licences> for LicencesView {
    fn from(Licences { used, limit }: Licences) -> Self {
        Self { used, limit }
    }
}

impl DeviceFindingView {
    /// A finding in words.
    pub fn new(finding: &Finding, language: Language) -> Self {
        let Words { title, fix } = Words::of(finding.hindrance, language);
        let (code, kind) = (finding.hindrance.code(), finding.effect().name());
        Self { code, kind, title, fix, facts: finding.facts.clone() }
    }
}

impl ModeView {
    fn new(readiness: &ModeReadiness, language: Language) -> Self {
        Self {
            possible: readiness.is_possible(),
            view_only: readiness.is_view_only(),
            findings: readiness.findings.iter().map(|finding| DeviceFindingView::new(finding, language)).collect(),
        }
    }
}

impl ReadinessView {
    fn new(inspected: &Inspected, language: Language) -> Self {
        Self {
            device: inspected.device.id.to_string(),
            platform: inspected.device.facts.platform.name(),
            attended: ModeView::new(&inspected.readiness.attended, language),
            unattended: ModeView::new(&inspected.readiness.unattended, language),
            unattended_licences: inspected.licences.into(),
            language: language.code(),
        }
    }
}

/// Says for each mode whether a session can be started for the device now, what blocks, what limits it to viewing, what will ask the
/// user, and how each is mended.
#[utoipa::path(
    get, path = "/v1/accounts/{account}/devices/{device}/readiness", tag = "devices", operation_id = "readReadiness",
    params(
        ("language" = Option<String>, Query, description = "en, pt, es, fr or zh; the account's if left out"),
        ("technician_client" = Option<String>, Query, description = "The version of the technician's TeamViewer client, where it \
            is known")
    ),
    responses(
        (status = 200, body = ReadinessView),
        (status = 404, description = "`not-found`: it was never reported"),
        (status = 422, description = "`invalid-fields`")
    )
)]
pub async fn readiness(
    Reader(admitted): Reader,
    DevicePath(id): DevicePath,
    mut query: Query,
) -> Result<Json<ReadinessView>, Problem> {
    let mut faults = Faults::default();
    let language = faults.maybe("language", query.take("language").as_deref(), Language::parse);
    let client = faults.maybe("technician_client", query.take("technician_client").as_deref(), Version::parse);
    query.finish()?;
    if !faults.is_empty() {
        return Err(faults.problem());
    }
    let inspected = inspect(&admitted.desk, &id, client).await?;
    let inspected = inspected.ok_or_else(|| Problem::new(Kind::NotFound).detail("The device was never reported."))?;
    Ok(Json(ReadinessView::new(&inspected, language.unwrap_or(admitted.desk.account().language))))
}

#[cfg(test)]
mod tests {
    use casebridge_domain::Language;
    use casebridge_domain::device::Hindrance;
    use casebridge_domain::device::readiness::Words;
    use serde_json::{Value, json};

    use crate::testing::TestApi;

    async fn ready(api: &TestApi, query: &str) -> Value {
        let path = format!("/v1/accounts/acme/devices/D1/readiness{query}");
        api.call("GET", &path).key(&api.keys.read).send().await.is(200)
    }

    async fn reported(facts: Value) -> TestApi {
        let api = TestApi::new().await;
        let path = "/v1/accounts/acme/devices/D1";
        api.call("PUT", path).key(&api.keys.technician).json(&facts).send().await.is(200);
        api
    }

    fn codes(mode: &Value) -> Vec<&str> {
        mode["findings"].as_array().unwrap().iter().map(|finding| finding["code"].as_str().unwrap()).collect()
    }

    #[tokio::test]
    async fn each_finding_says_what_it_is_and_how_it_is_mended_in_the_language_that_is_asked_for() {
        let api = reported(json!({ "platform": "ios", "os_version": "10.3" })).await;
        for language in Language::ALL {
            let ready = ready(&api, &format!("?language={language}")).await;
            assert_eq!(ready["language"], language.code());
            for mode in ["attended", "unattended"] {
                for finding in ready[mode]["findings"].as_array().unwrap() {
                    let hindrance = Hindrance::ALL.iter().find(|it| finding["code"] == it.code()).unwrap();
                    let words = Words::of(*hindrance, language);
                    assert_eq!((&finding["title"], &finding["fix"]), (&json!(words.title), &json!(words.fix)));
                }
            }
        }
        let ready = ready(&api, "").await;
        assert_eq!(ready["language"], "en", "the account's");
        assert_eq!(ready["attended"]["possible"], false);
        assert_eq!(ready["attended"]["view_only"], true);
        assert_eq!(
            codes(&ready["attended"]),
            ["not-activated", "ios-too-old", "ios-view-only", "keep-quicksupport-running", "not-reported"]
        );
        assert_eq!(codes(&ready["unattended"]), ["not-activated", "unattended-android-only"]);
    }

    #[tokio::test]
    async fn what_was_not_reported_is_named() {
        let api = reported(json!({ "platform": "android", "quicksupport": { "version": "15.50" } })).await;
        let ready = ready(&api, "?technician_client=15.40").await;
        assert_eq!(codes(&ready["attended"])[1], "technician-client-too-old");
        let missing = ready["attended"]["findings"].as_array().unwrap().last().unwrap();
        assert_eq!((&missing["code"], &missing["kind"]), (&json!("not-reported"), &json!("unknown")));
        let facts: Vec<&str> = missing["facts"].as_array().unwrap().iter().map(|fact| fact.as_str().unwrap()).collect();
        assert!(facts.contains(&"quicksupport.installed") && !facts.contains(&"technician_client"), "{facts:?}");
    }

    #[tokio::test]
    async fn an_answer_is_one_read() {
        let api = reported(json!({ "platform": "ios" })).await;
        ready(&api, "").await;
        let (reads, writes) = (api.engine.reads(), api.engine.writes());
        ready(&api, "").await;
        assert_eq!((api.engine.reads(), api.engine.writes()), (reads + 1, writes));
    }

    #[tokio::test]
    async fn what_is_asked_wrongly_is_refused() {
        let api = reported(json!({ "platform": "ios" })).await;
        for (query, field) in [("language=tlh", "language"), ("technician_client=new", "technician_client")] {
            let path = format!("/v1/accounts/acme/devices/D1/readiness?{query}");
            let answer = api.call("GET", &path).key(&api.keys.read).send().await;
            answer.problem_with(422, "invalid-fields", &[field]);
        }
    }
}
