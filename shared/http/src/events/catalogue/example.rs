//! How a type's messages look.

use serde_json::{Map, Value, json};

use super::{About, Field, Is, Row};

/// A case at which an event of some type happens.
#[derive(Clone, Copy)]
pub(super) enum Scene {
    /// Open, with its invitation in this state.
    Invited(&'static str),
    /// Open, with its customer there.
    Online,
    /// Open, with its customer gone.
    Left,
    /// Open, and TeamViewer refuses the token.
    TokenRefused,
    /// TeamViewer gave no session.
    Failed,
    /// Being closed.
    Closing,
    /// Closed.
    Closed,
    /// At its time.
    Expired,
    /// Asked for, and taken by nobody yet.
    Asked,
    /// Asked for, and not wanted any more.
    Withdrawn,
    /// Asked for, and never taken.
    NotTaken,
    /// For a device, handed over once.
    Handed,
    /// For a device that does not know its session any more.
    Lost,
}

const KEY: &str = "01890a5d-ac96-774b-bcce-b302099a8057";
const PLAYED: &str = "2026-11-22T08:00:00Z";
const STOPPED: &str = "2026-11-22T08:12:34Z";

/// A whole message.
pub(super) fn of(row: &Row) -> Value {
    let mut data =
        json!({ "number": 4711, "account": "acme", "type": row.kind, "occurred_at": STOPPED, "by": by(row) });
    match row.about {
        About::Nothing => data = json!({}),
        About::Case(scene, fields) => {
            data["sequence"] = json!(3);
            data["case"] = case(scene);
            add_fields(&mut data, fields);
        }
        About::Account(fields) => add_fields(&mut data, fields),
    }
    json!({ "type": row.kind, "timestamp": STOPPED, "data": data })
}

fn by(row: &Row) -> Value {
    let by_itself = ["invitation.", "customer.", "connection.refused", "case.expired", "technician.asked_again"];
    match row.kind {
        "invitation.opened" | "invitation.disowned" => json!({ "is": "customer" }),
        kind if by_itself.iter().any(|beginning| kind.starts_with(beginning)) => json!({ "is": "casebridge" }),
        _ => json!({ "is": "key", "key": KEY }),
    }
}

fn add_fields(data: &mut Value, fields: &[Field]) {
    let values: Map<_, _> = fields.iter().map(|field| (field.name.to_owned(), value(field.is))).collect();
    if !values.is_empty() {
        data["data"] = values.into();
    }
}

fn value(is: Is) -> Value {
    match is {
        Is::Text(text) | Is::TextOrNull(text) => json!(text),
        Is::Texts(texts) => json!(texts),
        Is::Number(number) => json!(number),
        Is::YesNo(yes) => json!(yes),
    }
}

fn case(scene: Scene) -> Value {
    let mut case = json!({
        "id": KEY,
        "ticket": "INC-4711", "ticket_number": "INC-4711", "ticket_title": "Printer on the second floor does not print",
        "state": "open", "online": false,
        "session_code": "s123-456-789", "session_link": "https://get.teamviewer.com/s123456789",
        "started_at": PLAYED, "valid_until": "2026-11-23T08:00:00Z",
        "invitation": { "state": "accepted", "at": "2026-11-22T08:00:02Z" },
        "technician": { "id": "u-42", "name": "Robin", "email": "robin@example.com" },
        "requester": { "name": "Jane Doe", "email": "jane@example.com", "language": "en" },
        "session_type": "default",
    });
    match scene {
        Scene::Invited(state) => case["invitation"]["state"] = json!(state),
        Scene::Online => online(&mut case, true),
        Scene::Left => online(&mut case, false),
        Scene::TokenRefused => case["problem"] = json!("token_refused"),
        Scene::Failed => {
            set(&mut case, json!({ "state": "failed", "problem": "licence_limit" }));
            unset(&mut case, &["session_code", "session_link", "invitation"]);
        }
        Scene::Closing => {
            online(&mut case, true);
            case["state"] = json!("closing");
        }
        Scene::Closed => ended(&mut case, "closed"),
        Scene::Expired => ended(&mut case, "expired"),
        Scene::Asked => asked(&mut case, "asked"),
        Scene::Withdrawn => {
            asked(&mut case, "failed");
            case["problem"] = json!("withdrawn");
        }
        Scene::NotTaken => {
            asked(&mut case, "failed");
            case["problem"] = json!("not_taken");
        }
        Scene::Handed => of_device(&mut case, json!({ "state": "handed", "attempt": 2, "at": STOPPED })),
        Scene::Lost => {
            let lost = json!({ "why": "restarted", "at": STOPPED });
            of_device(&mut case, json!({ "state": "lost", "attempt": 1, "at": PLAYED, "lost": lost }));
        }
    }
    case
}

fn online(case: &mut Value, is_online: bool) {
    set(case, json!({ "online": is_online, "online_at": "2026-11-22T08:01:10Z" }));
}

fn ended(case: &mut Value, state: &str) {
    online(case, false);
    let comment = "TeamViewer session s123-456-789\nStart: 2026-11-22 08:00:00 UTC\nEnd: 2026-11-22 08:12:34 UTC\nDuration: 12:34";
    set(case, json!({ "state": state, "ended_at": STOPPED, "duration_seconds": 754, "comment": comment }));
}

fn asked(case: &mut Value, state: &str) {
    unset(case, &["session_code", "session_link", "invitation", "technician"]);
    set(case, json!({ "state": state, "request": { "asked_at": PLAYED, "note": "The printer smokes" } }));
}

fn of_device(case: &mut Value, mut hand_over: Value) {
    unset(case, &["ticket", "ticket_number", "ticket_title", "invitation"]);
    let values = json!({ "session_code": "s123-456-789", "auto_start": true });
    hand_over["android"] = json!({
        "package": "com.teamviewer.quicksupport.market", "managed_configuration": values,
        "managed_property": [{ "key": "session_code", "valueString": "s123-456-789" }, { "key": "auto_start", "valueBool": true }],
    });
    let device = json!({ "id": "d-4711", "name": "Jane's tablet", "platform": "android", "mode": "attended", "view_only": false });
    set(case, json!({ "device": device, "hand_over": hand_over }));
}

fn set(case: &mut Value, members: Value) {
    if let (Value::Object(case), Value::Object(members)) = (case, members) {
        case.extend(members);
    }
}

fn unset(case: &mut Value, names: &[&str]) {
    if let Value::Object(case) = case {
        case.retain(|name, _| !names.contains(&name.as_str()));
    }
}
