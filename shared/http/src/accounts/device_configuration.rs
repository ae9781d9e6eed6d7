//! What the values are called by which a device is handed its session.

use casebridge_domain::device::{ConfigurationKey, DeviceConfiguration};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::extract::Faults;

/// What the values of QuickSupport's managed configuration are called. No public document of TeamViewer's names them: the names that
/// there are by default are Casebridge's own choice, to be replaced by those that TeamViewer tells its customers. What is left out
/// stays as it is.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeviceConfigurationWish {
    /// Carries the session code; 1 to 100 visible characters of ASCII. `session_code` by default.
    #[schema(example = "session_code")]
    session_code_key: Option<String>,
    /// Says that the session starts by itself. `auto_start` by default.
    #[schema(example = "auto_start")]
    auto_start_key: Option<String>,
}

/// What the values of QuickSupport's managed configuration are called.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeviceConfigurationView {
    /// Carries the session code.
    #[schema(example = "session_code")]
    session_code_key: String,
    /// Says that the session starts by itself.
    #[schema(example = "auto_start")]
    auto_start_key: String,
}

/// What shall change about them.
#[derive(Debug, Clone, Default)]
pub(super) struct DeviceConfigurationChange {
    session_code_key: Option<ConfigurationKey>,
    auto_start_key: Option<ConfigurationKey>,
}

impl DeviceConfigurationWish {
    /// The change; whatever is wrong goes to `faults`.
    pub(super) fn parse(&self, faults: &mut Faults) -> DeviceConfigurationChange {
        let mut key = |name: &str, raw: &Option<String>| {
            faults.maybe(&format!("device_configuration.{name}"), raw.as_deref(), ConfigurationKey::parse)
        };
        DeviceConfigurationChange {
            session_code_key: key("session_code_key", &self.session_code_key),
            auto_start_key: key("auto_start_key", &self.auto_start_key),
        }
    }
}

impl DeviceConfigurationChange {
    /// Makes the change. Two names that became one are left as they were: a configuration has room for one value of a name.
    pub(super) fn apply(&self, present: &mut Option<DeviceConfiguration>) {
        if self.session_code_key.is_none() && self.auto_start_key.is_none() {
            return;
        }
        let was = present.clone().unwrap_or_default();
        let session_code_key = self.session_code_key.as_ref().unwrap_or(was.session_code_key()).clone();
        let auto_start_key = self.auto_start_key.as_ref().unwrap_or(was.auto_start_key()).clone();
        if let Ok(named) = DeviceConfiguration::new(session_code_key, auto_start_key) {
            *present = Some(named);
        }
    }

    /// Whether the names would be one, as far as the change itself tells.
    pub(super) fn check(&self, present: &DeviceConfiguration, faults: &mut Faults) {
        let session_code_key = self.session_code_key.as_ref().unwrap_or(present.session_code_key()).clone();
        let auto_start_key = self.auto_start_key.as_ref().unwrap_or(present.auto_start_key()).clone();
        faults.take("device_configuration.auto_start_key", DeviceConfiguration::new(session_code_key, auto_start_key));
    }
}

impl From<&DeviceConfiguration> for DeviceConfigurationView {
    fn from(configuration: &DeviceConfiguration) -> Self {
        Self {
            session_code_key: configuration.session_code_key().as_str().to_owned(),
            auto_start_key: configuration.auto_start_key().as_str().to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::TestApi;

    const PATH: &str = "/v1/accounts/acme";

    #[tokio::test]
    async fn the_names_are_our_own_until_the_account_says_others() {
        let api = TestApi::new().await;
        let shown = api.call("GET", PATH).key(&api.keys.admin).send().await.is(200);
        let ours = json!({ "session_code_key": "session_code", "auto_start_key": "auto_start" });
        assert_eq!(shown["device_configuration"], ours);
        let body = json!({ "device_configuration": { "session_code_key": "com.example.sid" } });
        let shown = api.call("PATCH", PATH).key(&api.keys.admin).json(&body).send().await.is(200);
        let theirs = json!({ "session_code_key": "com.example.sid", "auto_start_key": "auto_start" });
        assert_eq!(shown["device_configuration"], theirs);
    }

    #[tokio::test]
    async fn two_values_of_one_name_are_refused() {
        let api = TestApi::new().await;
        let writes = api.engine.writes();
        for (names, field) in [
            (json!({ "session_code_key": "a", "auto_start_key": "a" }), "device_configuration.auto_start_key"),
            (json!({ "session_code_key": "auto_start" }), "device_configuration.auto_start_key"),
            (json!({ "session_code_key": "a b" }), "device_configuration.session_code_key"),
        ] {
            let body = json!({ "device_configuration": names });
            let answer = api.call("PATCH", PATH).key(&api.keys.admin).json(&body).send().await;
            answer.problem_with(422, "invalid-fields", &[field]);
        }
        assert_eq!(api.engine.writes(), writes);
    }
}
