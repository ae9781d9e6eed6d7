//! The configuration that a device's management gives to QuickSupport, ready to send.

use super::DeviceConfiguration;
use crate::SessionCode;

/// Names and values, in the order in which they are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payload {
    entries: [(String, Value); 2],
}

/// One value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A text.
    Text(String),
    /// Yes or no.
    Flag(bool),
}

impl Payload {
    /// The session's code, and that it starts by itself. The code stands as people read it; whether QuickSupport minds the dashes is
    /// documented nowhere.
    pub fn of(configuration: &DeviceConfiguration, code: &SessionCode) -> Self {
        let entry = |key: &str, value| (key.to_owned(), value);
        Self {
            entries: [
                entry(configuration.session_code_key().as_str(), Value::Text(code.to_string())),
                entry(configuration.auto_start_key().as_str(), Value::Flag(true)),
            ],
        }
    }

    /// Names and values.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.entries.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// As a property list, which is how iOS is given an app's configuration (`com.apple.configuration.managed`).
    pub fn property_list(&self) -> String {
        let mut list = String::from(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \
             \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n<plist version=\"1.0\">\n<dict>\n",
        );
        for (key, value) in self.entries() {
            let value = match value {
                Value::Text(text) => format!("<string>{}</string>", escaped(text)),
                Value::Flag(true) => "<true/>".to_owned(),
                Value::Flag(false) => "<false/>".to_owned(),
            };
            for part in ["\t<key>", &escaped(key), "</key>\n\t", &value, "\n"] {
                list.push_str(part);
            }
        }
        list.push_str("</dict>\n</plist>\n");
        list
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::device::ConfigurationKey;

    fn payload(code_key: &str) -> Payload {
        let key = |raw: &str| ConfigurationKey::parse(raw).unwrap();
        let configuration = DeviceConfiguration::new(key(code_key), key("start")).unwrap();
        Payload::of(&configuration, &SessionCode::parse("s119457589").unwrap())
    }

    #[test]
    fn a_property_list_has_the_code_and_that_it_starts_by_itself() {
        let list = payload("code").property_list();
        assert!(list.contains("<key>code</key>\n\t<string>s119-457-589</string>\n"), "{list}");
        assert!(list.contains("<key>start</key>\n\t<true/>\n"), "{list}");
        assert!(list.starts_with("<?xml ") && list.ends_with("</plist>\n"));
    }

    #[test]
    fn a_name_with_markup_stays_a_name() {
        assert!(payload("a<b>&c").property_list().contains("<key>a&lt;b&gt;&amp;c</key>"));
    }
}
