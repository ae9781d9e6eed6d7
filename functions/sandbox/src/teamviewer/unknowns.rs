//! What no public source settles, and how the sandbox answers until it is told otherwise.

use serde::{Deserialize, Serialize};

/// Undocumented behaviour. The sandbox can do either; a caller has to work under every value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Unknowns {
    /// How `state` is written in the answer of POST. Undocumented; the manual prints `open`, the schema an integer.
    pub state_in_create: StateWriting,
    /// How `state` is written in the answer of GET one. Undocumented; the manual prints `open`.
    pub state_in_get: StateWriting,
    /// How `state` is written in lists. Recorded: `Open`; the manual says `open`.
    pub state_in_list: StateWriting,
    /// How `support_session_type` is written in the answer of POST. The manual prints a name, the schema an integer.
    pub session_type_in_create: TypeWriting,
    /// What a successful POST answers. Documents say 200 with the session; a recorded workaround hints at a redirect.
    pub create_answer: CreateAnswer,
    /// What becomes of a code past `valid_until`. Undocumented.
    pub expired_code: ExpiredCode,
    /// What an unknown session, group or report answers. The manual lists no 404.
    pub unknown_id: UnknownId,
    /// What PUT `closed` answers for a session that is closed. Undocumented.
    pub closing_again: ClosingAgain,
    /// What PUT of a group answers. Sources give 200 and 204.
    pub group_update: Success,
    /// What DELETE of a group, share and unshare answer. Sources give 200 and 204.
    pub group_delete: Success,
    /// What DELETE of a connection report answers. The schema says 204, an older client 200.
    pub connection_delete: Success,
    /// What `oauth2/revoke` answers. The manual says 200, the schema 204.
    pub revoke: Success,
    /// Whether POST takes `custom_module_id`. It is not in the schema of POST.
    pub custom_module_in_create: FieldReading,
    /// Whether PUT takes `custom_module_id`. It is in the schema of PUT, not in the manual.
    pub custom_module_in_update: FieldReading,
    /// What PUT does with `valid_until`, which it cannot change (manual, schema).
    pub valid_until_in_update: FieldReading,
    /// Whether `closed_at` is shown for closed sessions. In the schema, never recorded.
    pub closed_at: Presence,
    /// What `online` does when the customer leaves or the session ends. Undocumented.
    pub online_after_leaving: AfterLeaving,
    /// What `ping` answers for a token that is not valid. Only `{"token_valid": true}` is recorded.
    pub ping_with_bad_token: BadTokenPing,
    /// Which date `to_date` of connection reports is compared with. The manual says the start, the schema the end.
    pub to_date_compares: ComparedDate,
    /// Whether two groups of one owner may have the same name. Undocumented.
    pub duplicate_group_name: Duplicates,
    /// `error` in the 403 for a permission that the token lacks. Undocumented: the manual words 403 as forbidden.
    pub missing_permission_error: String,
}

impl Default for Unknowns {
    fn default() -> Self {
        Self {
            state_in_create: StateWriting::Lower,
            state_in_get: StateWriting::Capital,
            state_in_list: StateWriting::Capital,
            session_type_in_create: TypeWriting::Name,
            create_answer: CreateAnswer::Body,
            expired_code: ExpiredCode::StaysOpen,
            unknown_id: UnknownId::NotFound,
            closing_again: ClosingAgain::NoContent,
            group_update: Success::NoContent,
            group_delete: Success::Ok,
            connection_delete: Success::NoContent,
            revoke: Success::Ok,
            custom_module_in_create: FieldReading::Ignored,
            custom_module_in_update: FieldReading::Accepted,
            valid_until_in_update: FieldReading::Ignored,
            closed_at: Presence::Present,
            online_after_leaving: AfterLeaving::FallsBack,
            ping_with_bad_token: BadTokenPing::False,
            to_date_compares: ComparedDate::Start,
            duplicate_group_name: Duplicates::Refused,
            missing_permission_error: "insufficient_scope".to_owned(),
        }
    }
}

/// How a state is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StateWriting {
    /// `"open"`
    Lower,
    /// `"Open"`
    Capital,
    /// `0` for open and `1` for closed; which number means what is our assumption.
    Integer,
}

/// How a session type is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TypeWriting {
    /// `"Default"`, `"Pilot"`
    Name,
    /// `0`, `1`; which number means what is our assumption.
    Integer,
}

/// What a successful POST of a session answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CreateAnswer {
    /// 200 with the session, and a `Location`.
    Body,
    /// 303 with a `Location` and no body.
    SeeOther,
    /// 302 with a `Location` and no body.
    Found,
}

/// What becomes of a code past its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExpiredCode {
    /// Stays open, and in the list of open ones.
    StaysOpen,
    /// Stays open when asked for by itself, but is in no list.
    LeavesTheList,
    /// Is closed, `closed_at` being `valid_until`.
    TurnsClosed,
}

/// What an unknown id answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnknownId {
    /// 404.
    NotFound,
    /// 400 `invalid_request`.
    InvalidRequest,
}

/// What closing a closed session answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClosingAgain {
    /// 204, as the first time.
    NoContent,
    /// 400 `invalid_request`.
    InvalidRequest,
}

/// What a success without anything to say answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Success {
    /// 200, empty.
    Ok,
    /// 204.
    NoContent,
}

/// What a call does with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldReading {
    /// Kept. (For `valid_until` in PUT the same as `Ignored`: no source lets it change.)
    Accepted,
    /// Passed over in silence.
    Ignored,
    /// 400 `invalid_request`.
    Refused,
}

/// Whether a field is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// Shown.
    Present,
    /// Left out.
    Absent,
}

/// What `online` does when the customer has left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AfterLeaving {
    /// Turns false.
    FallsBack,
    /// Stays true.
    Sticks,
}

/// What `ping` answers for a bad token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BadTokenPing {
    /// 200 `{"token_valid": false}`
    False,
    /// 401, as every other call.
    Unauthorized,
}

/// Which date is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ComparedDate {
    /// `start_date`
    Start,
    /// `end_date`
    End,
}

/// Whether duplicates are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Duplicates {
    /// Taken.
    Allowed,
    /// 400 `invalid_request`.
    Refused,
}
