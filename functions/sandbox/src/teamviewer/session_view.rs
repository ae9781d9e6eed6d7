//! How a session is shown: fields that are not set are left out (recorded).

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use super::session::{Session, SessionState, SessionType};
use super::settings::Settings;
use super::unknowns::{Presence, StateWriting, TypeWriting, Unknowns};
use crate::wire;

/// What a view depends on besides the session.
pub(crate) struct Looks<'a> {
    pub(crate) now: DateTime<Utc>,
    pub(crate) unknowns: &'a Unknowns,
    pub(crate) settings: &'a Settings,
    /// `displayName` of the web client's link: the creator's name (recorded with the only user there was).
    pub(crate) display_name: &'a str,
}

impl Session {
    /// The answer of POST: no `online`, `closed_at` nor `custom_module_id`, but `customId` (schema).
    pub(crate) fn created_view(&self, looks: &Looks<'_>) -> Value {
        let mut view = self.fields(looks, looks.unknowns.state_in_create, looks.unknowns.session_type_in_create);
        set(&mut view, "customId", self.custom_id.clone());
        Value::Object(view)
    }

    /// GET one.
    pub(crate) fn full_view(&self, looks: &Looks<'_>) -> Value {
        self.with_presence(looks, looks.unknowns.state_in_get)
    }

    /// An entry of `full_list=true` (recorded).
    pub(crate) fn listed_view(&self, looks: &Looks<'_>) -> Value {
        self.with_presence(looks, looks.unknowns.state_in_list)
    }

    /// An entry of a list without `full_list`: code, state, online, group and type (manual p.40).
    pub(crate) fn minimal_view(&self, looks: &Looks<'_>) -> Value {
        json!({
            "code": self.code,
            "state": self.state_value(looks, looks.unknowns.state_in_list),
            "online": self.online,
            "groupid": self.groupid,
            "support_session_type": self.support_session_type,
        })
    }

    fn with_presence(&self, looks: &Looks<'_>, writing: StateWriting) -> Value {
        let mut view = self.fields(looks, writing, TypeWriting::Name);
        view.insert("online".into(), self.online.into());
        set(&mut view, "custom_module_id", self.custom_module_id.clone());
        let closed_at = self.closed_at(looks.now, looks.unknowns.expired_code);
        if looks.unknowns.closed_at == Presence::Present {
            set(&mut view, "closed_at", closed_at.map(wire::instant));
        }
        Value::Object(view)
    }

    fn fields(&self, looks: &Looks<'_>, state: StateWriting, kind: TypeWriting) -> Map<String, Value> {
        let links = self.links(looks.settings.link_base.as_deref(), looks.display_name);
        let mut view = Map::new();
        view.insert("code".into(), self.code.to_string().into());
        view.insert("state".into(), self.state_value(looks, state));
        view.insert("groupid".into(), self.groupid.clone().into());
        set(&mut view, "waiting_message", self.waiting_message.clone());
        set(&mut view, "description", self.description.clone());
        set(&mut view, "end_customer", self.end_customer.as_ref().map(|customer| json!(customer)));
        set(&mut view, "assigned_userid", self.assigned_userid.clone());
        set(&mut view, "assigned_at", self.assigned_at.map(wire::instant));
        view.insert("end_customer_link".into(), links.customer.into());
        view.insert("supporter_link".into(), links.supporter.into());
        view.insert("webclient_supporter_link".into(), links.web_client.into());
        set(&mut view, "custom_api", self.custom_api.clone());
        view.insert("created_at".into(), wire::instant(self.created_at).into());
        view.insert("valid_until".into(), wire::instant(self.valid_until).into());
        set(&mut view, "tv_version", self.tv_version.clone());
        view.insert(
            "support_session_type".into(),
            match kind {
                TypeWriting::Name => json!(self.support_session_type),
                TypeWriting::Integer => json!(i32::from(self.support_session_type == SessionType::Pilot)),
            },
        );
        view
    }

    fn state_value(&self, looks: &Looks<'_>, writing: StateWriting) -> Value {
        let open = self.state(looks.now, looks.unknowns.expired_code) == SessionState::Open;
        match writing {
            StateWriting::Lower => json!(if open { "open" } else { "closed" }),
            StateWriting::Capital => json!(if open { "Open" } else { "Closed" }),
            StateWriting::Integer => json!(i32::from(!open)),
        }
    }

    /// The three links, of the recorded shape. Pilot links stand on `getpilot` and have no `v15` (manual).
    pub(crate) fn links(&self, base: Option<&str>, display_name: &str) -> Links {
        let code = self.code.in_links();
        let base = base.map(|base| base.trim_end_matches('/'));
        let customer = match (base, self.support_session_type) {
            (Some(base), _) => format!("{base}/v15/{code}"),
            (None, SessionType::Default) => format!("https://get.teamviewer.com/v15/{code}"),
            (None, SessionType::Pilot) => format!("https://getpilot.teamviewer.com/{code}"),
        };
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("sessioncode", &code)
            .append_pair("servicequeuetoken", &self.supporter_token)
            .append_pair("lang", "en")
            .append_pair("displayName", display_name)
            .finish();
        let web_host = base.unwrap_or("https://login.teamviewer.com");
        Links {
            supporter: format!("{customer}-{}", self.supporter_token),
            web_client: format!("{web_host}/Connect/IndexByol?{query}"),
            customer,
        }
    }
}

/// The links of a session. Only the customer's may reach the customer.
pub(crate) struct Links {
    pub(crate) customer: String,
    pub(crate) supporter: String,
    pub(crate) web_client: String,
}

fn set(view: &mut Map<String, Value>, name: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        view.insert(name.to_owned(), value.into());
    }
}
