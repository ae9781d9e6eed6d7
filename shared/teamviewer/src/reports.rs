//! Connection reports: what ended, and by which ids they name a device.

use casebridge_app::ports::teamviewer::{EndedConnection, ScriptToken, TeamViewerError};
use casebridge_domain::Instant;
use casebridge_domain::device::TeamViewerId;
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::Value;
use tokio::time::Instant as Moment;

use crate::WebApi;
use crate::transport::{Answer, Call};
use crate::wire::Fields;

/// Pages of up to 1000 rows (schema); more than this many is a server that goes in circles.
const PAGES: usize = 20;

impl WebApi {
    /// `GET /reports/connections?from_date=&has_code=false`, page after page: `next_offset` goes in as `offset_id`, and is absent at the
    /// end (schema). `from_date` is inclusive and compared with the start (manual, p. 47).
    pub(crate) async fn list_ended_connections(
        &self,
        token: &ScriptToken,
        since: Instant,
    ) -> Result<Vec<EndedConnection>, TeamViewerError> {
        let deadline = Moment::now() + self.transport.options().listing_budget;
        let (mut rows, mut offset): (_, Option<String>) = (Vec::new(), None);
        for _ in 0..PAGES {
            let mut url = self.transport.url(&["reports", "connections"]);
            {
                let mut query = url.query_pairs_mut();
                query.append_pair("from_date", &since.to_rfc3339_opts(SecondsFormat::Secs, true));
                query.append_pair("has_code", "false");
                if let Some(offset) = &offset {
                    query.append_pair("offset_id", offset);
                }
            }
            let call = Call::get("ended_connections", url);
            let read = |answer: &Answer| page(&answer.content()?).ok_or(TeamViewerError::OutcomeUnknown);
            let (some, next) = self.transport.read_until(token, &call, deadline, read).await?;
            rows.extend(some);
            if next.is_none() {
                return Ok(rows);
            }
            offset = next;
        }
        Err(TeamViewerError::OutcomeUnknown)
    }

    /// `GET /devices?remotecontrol_id=r…` (schema; the name as the official module sends it).
    pub(crate) async fn list_address_book_ids(
        &self,
        token: &ScriptToken,
        host: &TeamViewerId,
    ) -> Result<Vec<String>, TeamViewerError> {
        let mut url = self.transport.url(&["devices"]);
        url.query_pairs_mut().append_pair("remotecontrol_id", &format!("r{}", host.as_str()));
        let call = Call::get("address_book_ids", url);
        let deadline = Moment::now() + self.transport.options().read_budget;
        let read = |answer: &Answer| ids(&answer.content()?, host).ok_or(TeamViewerError::OutcomeUnknown);
        Ok(self.transport.read_until(token, &call, deadline, read).await?)
    }
}

/// What can't be read is passed over: it is not known to be ours.
fn page(value: &Value) -> Option<(Vec<EndedConnection>, Option<String>)> {
    let fields = Fields::of(value)?;
    let rows = fields.list("records")?.iter().filter_map(row).collect();
    Some((rows, fields.text_or_number("next_offset")))
}

fn row(value: &Value) -> Option<EndedConnection> {
    let fields = Fields::of(value)?;
    let date = |name| Some(DateTime::parse_from_rfc3339(fields.text(name)?).ok()?.with_timezone(&Utc));
    Some(EndedConnection {
        device: fields.text_or_number("deviceid")?,
        started_at: date("start_date")?,
        ended_at: date("end_date")?,
    })
}

/// A server that passes over the filter is not believed: only what says that it is this Host.
fn ids(value: &Value, host: &TeamViewerId) -> Option<Vec<String>> {
    let devices = Fields::of(value)?.list("devices")?.iter().filter_map(Fields::of);
    let is_it = |fields: &Fields<'_>| {
        let named = ["remotecontrol_id", "teamviewer_id"].map(|name| fields.text_or_number(name));
        named.iter().flatten().any(|id| id.trim_start_matches('r') == host.as_str())
    };
    Some(devices.filter(is_it).filter_map(|fields| fields.text_or_number("device_id")).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_row_of_the_official_modules_tests_is_read() {
        let recorded = json!({
            "records": [{
                "id": "0755a8dd-df19-4ea7-af47-cabb6b2a97e4", "userid": "u1234", "username": "test-user1",
                "deviceid": "d111", "devicename": "test-device1", "start_date": "2017-02-03T14:10:50Z",
                "end_date": "2017-02-03T14:11:01Z", "support_session_type": 1
            }, { "deviceid": "d112", "start_date": "yesterday" }],
            "next_offset": "0755a8dd-df19-4ea7-af47-cabb6b2a97e4"
        });
        let (rows, next) = page(&recorded).unwrap();
        assert_eq!(rows.len(), 1, "what can't be read is passed over");
        assert_eq!((rows[0].device.as_str(), (rows[0].ended_at - rows[0].started_at).num_seconds()), ("d111", 11));
        assert_eq!(next.as_deref(), Some("0755a8dd-df19-4ea7-af47-cabb6b2a97e4"));
        assert_eq!(page(&json!({ "error": "no page" })), None);
    }

    #[test]
    fn only_the_hosts_own_address_book_entry_counts() {
        let host = TeamViewerId::parse("1234567890").unwrap();
        let listed = json!({ "devices": [
            { "remotecontrol_id": "r1234567890", "device_id": "d1" },
            { "teamviewer_id": 1_234_567_890, "device_id": "d2" },
            { "remotecontrol_id": "r987654321", "device_id": "d3" },
            { "remotecontrol_id": "r1234567890" },
        ] });
        assert_eq!(ids(&listed, &host), Some(vec!["d1".to_owned(), "d2".to_owned()]));
    }
}
