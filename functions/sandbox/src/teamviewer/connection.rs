//! Connection reports.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::orders::SandboxError;
use super::session::Session;
use super::world::World;
use crate::wire;

/// One row of the connection report.
#[derive(Clone, Debug, Serialize)]
pub struct Connection {
    /// The row's id.
    pub id: Uuid,
    /// The id of the company whose report it is in.
    pub company: String,
    /// Who connected.
    pub userid: String,
    /// His name.
    pub username: String,
    /// The address-book entry of the device.
    pub deviceid: String,
    /// The device's name.
    pub devicename: String,
    /// The group, where there is one.
    pub groupid: Option<String>,
    /// The group's name.
    pub groupname: Option<String>,
    /// 1 `RemoteConnection`, 2 `RemoteSupportActive`, 3 `RemoteSupportActiveSdk` (schema).
    pub support_session_type: i32,
    /// When it began.
    pub start_date: DateTime<Utc>,
    /// When it ended.
    pub end_date: DateTime<Utc>,
    /// `Bill`, `Billed` or `DoNotBill` (manual).
    pub billing_state: Option<String>,
    /// Set by PUT.
    pub notes: Option<String>,
    /// The session behind it, where it was a code session.
    pub session: Option<Session>,
}

/// A row to be added.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewConnection {
    /// Who connected.
    pub userid: String,
    /// The session it belongs to, by code.
    #[serde(default)]
    pub session_code: Option<String>,
    /// When it began; the sandbox's time when not given.
    #[serde(default)]
    pub start_date: Option<DateTime<Utc>>,
    /// When it ended; the sandbox's time when not given.
    #[serde(default)]
    pub end_date: Option<DateTime<Utc>>,
    /// The device's name.
    #[serde(default)]
    pub devicename: Option<String>,
    /// The TeamViewer id of the Host that was connected to: the company gets an address-book entry of it, if it has none, and the row
    /// names that entry.
    #[serde(default)]
    pub teamviewer_id: Option<String>,
    /// 1 to 3; 2 for a session with a code and 1 without one when not given (our assumption).
    #[serde(default)]
    pub support_session_type: Option<i32>,
}

impl Connection {
    /// The row as the report shows it (schema); what belongs to code sessions is only there for them.
    pub(crate) fn view(&self) -> Value {
        let mut view = Map::new();
        view.insert("id".into(), self.id.to_string().into());
        view.insert("userid".into(), self.userid.clone().into());
        view.insert("username".into(), self.username.clone().into());
        view.insert("deviceid".into(), self.deviceid.clone().into());
        view.insert("devicename".into(), self.devicename.clone().into());
        set(&mut view, "groupid", self.groupid.clone());
        set(&mut view, "groupname", self.groupname.clone());
        view.insert("support_session_type".into(), self.support_session_type.into());
        view.insert("start_date".into(), wire::instant(self.start_date).into());
        view.insert("end_date".into(), wire::instant(self.end_date).into());
        set(&mut view, "billing_state", self.billing_state.clone());
        set(&mut view, "notes", self.notes.clone());
        if let Some(session) = &self.session {
            view.insert("session_code".into(), session.code.to_string().into());
            view.insert("session_created_at".into(), wire::instant(session.created_at).into());
            view.insert("valid_until".into(), wire::instant(session.valid_until).into());
            set(&mut view, "assigned_userid", session.assigned_userid.clone());
            set(&mut view, "assigned_at", session.assigned_at.map(wire::instant));
            set(&mut view, "custom_api", session.custom_api.clone());
            set(&mut view, "end_customer", session.end_customer.as_ref().map(|customer| json!(customer)));
        }
        Value::Object(view)
    }
}

/// A Host in a company's address book.
#[derive(Clone, Debug)]
pub(crate) struct AddressBookEntry {
    /// `d` and digits.
    pub(crate) id: String,
    /// The id of the company.
    pub(crate) company: String,
    /// Digits.
    pub(crate) teamviewer_id: String,
}

impl World {
    /// The company's entry of a Host; it is made where there is none.
    fn address_book_entry(&mut self, company: &str, host: &str) -> String {
        let known = self.address_book.iter().find(|entry| entry.company == company && entry.teamviewer_id == host);
        if let Some(known) = known {
            return known.id.clone();
        }
        let id = self.random.id('d');
        let entry = AddressBookEntry { id: id.clone(), company: company.to_owned(), teamviewer_id: host.to_owned() };
        self.address_book.push(entry);
        id
    }

    /// Adds a row; what it does not say is made up.
    pub(crate) fn add_connection(
        &mut self,
        row: NewConnection,
        now: DateTime<Utc>,
    ) -> Result<Connection, SandboxError> {
        let company = self.company_of(&row.userid).ok_or(SandboxError::UnknownUser)?.to_owned();
        let session = match &row.session_code {
            Some(code) => Some(self.session_mut(code)?.clone()),
            None => None,
        };
        let groupid = session.as_ref().map(|session| session.groupid.clone());
        let groupname = groupid.as_ref().and_then(|id| self.groups.get(id)).map(|group| group.name.clone());
        let id = self.random.uuid();
        let deviceid = match &row.teamviewer_id {
            Some(host) => self.address_book_entry(&company, host),
            None => self.random.id('d'),
        };
        let row = Connection {
            id,
            company,
            username: self.name_of(&row.userid).to_owned(),
            userid: row.userid,
            deviceid,
            devicename: row.devicename.unwrap_or_else(|| "Customer's computer".to_owned()),
            groupid,
            groupname,
            support_session_type: row.support_session_type.unwrap_or(if session.is_some() { 2 } else { 1 }),
            start_date: row.start_date.unwrap_or(now),
            end_date: row.end_date.unwrap_or(now),
            billing_state: None,
            notes: None,
            session,
        };
        self.connections.push(row.clone());
        Ok(row)
    }
}

fn set(view: &mut Map<String, Value>, name: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        view.insert(name.to_owned(), value.into());
    }
}
