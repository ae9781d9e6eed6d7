//! A case as it is shown.

use casebridge_app::Desk;
use casebridge_domain::key::{ApiKey, Scope};
use casebridge_domain::service_case::{FailureCause, Invitation, InvitationState, Problem, Seen, State, TicketVoice};
use casebridge_domain::session::Link;
use casebridge_domain::time::rfc3339;
use casebridge_domain::time::seconds_between;
use casebridge_domain::{Requester, ServiceCase, SessionType, Technician, Way};
use serde::Serialize;
use utoipa::ToSchema;

mod device;
mod request;

pub use device::{AndroidPayload, CaseDeviceView, HandOverView, HostLinkView, IosPayload, LossView};
pub use request::RequestView;

/// A service case, as it stands by the clock.
#[derive(Debug, Serialize, ToSchema)]
pub struct CaseView {
    /// Its id.
    #[schema(example = "01890a5d-ac96-774b-bcce-b302099a8057")]
    id: String,
    /// The vendor's ticket; absent where the case is for a device.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "INC-4711")]
    ticket: Option<String>,
    /// The ticket's number, as people call it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "INC-4711")]
    ticket_number: Option<String>,
    /// The ticket's title.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Printer on the second floor does not print")]
    ticket_title: Option<String>,
    /// The vendor's device; absent where the case is for a ticket.
    #[serde(skip_serializing_if = "Option::is_none")]
    device: Option<CaseDeviceView>,
    /// `asked` (somebody asks for help, and nobody has taken it), `opening`, `open`, `closing`, `closed`, `expired` or `failed`.
    #[schema(value_type = String, example = "open")]
    state: &'static str,
    /// Whether the customer is there, as far as is known.
    online: bool,
    /// What the customer reads out, once TeamViewer has a session.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "s123-456-789")]
    session_code: Option<String>,
    /// What the requester is mailed: the account's own page about the case, or TeamViewer's link where the account chose `direct`
    /// or the installation has no public address. Give it to nobody else: whoever has it is taken for the requester. Events
    /// don't show a page's.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(
        example = "https://help.example.com/c/acme/01890a5d-ac96-774b-bcce-b302099a8057/q83vEjRWeJCrze8SNFZ4kKvN7xI"
    )]
    customer_link: Option<String>,
    /// TeamViewer's own link for the customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    session_link: Option<String>,
    /// Opens the supporter's client. Only while the case is live, and for keys with the scope `technician`.
    #[serde(skip_serializing_if = "Option::is_none")]
    supporter_link: Option<String>,
    /// Supporter in the browser. Only while the case is live, and for keys with the scope `technician`.
    #[serde(skip_serializing_if = "Option::is_none")]
    webclient_supporter_link: Option<String>,
    /// The way to a device where nobody is. Only while the case is live, and for keys with the scope `technician`.
    #[serde(skip_serializing_if = "Option::is_none")]
    host: Option<HostLinkView>,
    /// What the vendor gives to QuickSupport on the device, while the case is open and somebody is to be at the device.
    #[serde(skip_serializing_if = "Option::is_none")]
    hand_over: Option<HandOverView>,
    /// What was asked for, where the case began with somebody asking for help.
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<RequestView>,
    /// Play, by the server's clock; while nobody has taken it, when help was asked for.
    #[schema(example = "2026-11-22T08:00:00Z")]
    started_at: String,
    /// The latest moment it can be live. On iOS that is half an hour after play at most until the customer came, then what the
    /// account's `case_lifetime_minutes` allow.
    #[schema(example = "2026-11-23T08:00:00Z")]
    valid_until: String,
    /// When the customer was first seen online.
    #[serde(skip_serializing_if = "Option::is_none")]
    online_at: Option<String>,
    /// Stop, or the case's time.
    #[serde(skip_serializing_if = "Option::is_none")]
    ended_at: Option<String>,
    /// Play to end.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 754)]
    duration_seconds: Option<i64>,
    /// Start, end and duration, as they belong on the ticket.
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<String>,
    /// The latest invitation; absent where nobody was mailed.
    #[serde(skip_serializing_if = "Option::is_none")]
    invitation: Option<InvitationView>,
    /// Who helps.
    #[serde(skip_serializing_if = "Option::is_none")]
    technician: Option<TechnicianView>,
    /// The id of the technician whose own sign-in to TeamViewer made the session; absent where the account's connection did.
    #[serde(skip_serializing_if = "Option::is_none")]
    made_by: Option<String>,
    /// Who is helped.
    requester: RequesterView,
    /// What stands in the way of stop (`token_refused`: stop with `here_only`), or why a case failed; `not_taken` and `withdrawn` are the
    /// ends of a request for help that nobody took.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    problem: Option<&'static str>,
    /// `default` (remote control) or `pilot` (camera).
    #[schema(value_type = String, example = "default")]
    session_type: &'static str,
}

/// The latest invitation.
#[derive(Debug, Serialize, ToSchema)]
pub struct InvitationView {
    /// `queued`, `accepted` (by our mail server), `failed` or `cancelled`; `opened` once the requester pressed the button of the page
    /// that it leads to; where our mail service reports it, also `delivered`
    /// (to the requester's mail server), `bounced` or `complained` (called spam). More may come.
    #[schema(value_type = String, example = "accepted")]
    state: &'static str,
    /// Since when.
    at: String,
}

/// The support user who helps.
#[derive(Debug, Serialize, ToSchema)]
pub struct TechnicianView {
    /// The vendor's id.
    id: String,
    /// As the customer sees it.
    name: String,
    /// Where he is told that the customer is online.
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
}

/// The end customer who is helped.
#[derive(Debug, Serialize, ToSchema)]
pub struct RequesterView {
    /// As the technician sees it.
    name: String,
    /// Absent: nobody is mailed.
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    /// As it was understood; absent: the account's language.
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<String>,
}

impl CaseView {
    /// The case as the clock has it, with what the key may see.
    pub(crate) async fn new(case: &ServiceCase, desk: &Desk, key: &ApiKey) -> Self {
        Self::by_the_clock(case, desk, key.scope.allows(Scope::Technician)).await
    }

    /// The case as the clock has it, as a technician sees it.
    pub(crate) async fn for_technician(case: &ServiceCase, desk: &Desk) -> Self {
        Self::by_the_clock(case, desk, true).await
    }

    async fn by_the_clock(case: &ServiceCase, desk: &Desk, is_technician: bool) -> Self {
        let now = desk.now();
        let account = desk.account();
        let voice = TicketVoice { language: account.language, zone: account.time_zone };
        // A case past its time has ended, whether or not that was settled.
        let by_the_clock = case.clone().expired(now, voice);
        let case = by_the_clock.as_ref().unwrap_or(case);
        // Nor does anybody have to see that a device's user did not come.
        let unanswered = case.clone().unanswered(now);
        let case = unanswered.as_ref().unwrap_or(case);
        let customer_link = desk.customer_link(case).await.unwrap_or_else(|error| {
            // Everything else about the case can be shown all the same.
            tracing::warn!(account = %desk.id(), case = %case.id(), %error, "a customer link can't be shown");
            None
        });
        let supporter = case.way().filter(|_| case.is_live(now) && is_technician);
        Self::shown(case, customer_link.as_ref(), supporter)
    }

    /// The case as it was kept at some time, for everybody: the clock has no say in it.
    pub(crate) fn as_it_was(case: &ServiceCase) -> Self {
        let session = case.session().filter(|_| case.link().is_none());
        Self::shown(case, session.map(|session| &session.customer_link), None)
    }

    fn shown(case: &ServiceCase, customer_link: Option<&Link>, supporter: Option<&Way>) -> Self {
        let session = case.session();
        let (host, supporter) = (supporter.and_then(Way::host), supporter.and_then(Way::session));
        let ended = case.ended();
        let text = |link: &Link| link.to_string();
        Self {
            id: case.id().to_string(),
            ticket: case.ticket().map(|ticket| ticket.id.to_string()),
            ticket_number: case.ticket().map(|ticket| ticket.number.to_string()),
            ticket_title: case.ticket().map(|ticket| ticket.title.to_string()),
            device: case.subject().device().map(CaseDeviceView::from),
            state: state_name(case.state()),
            online: online(case.state()),
            session_code: session.map(|session| session.code.to_string()),
            customer_link: customer_link.map(text),
            session_link: session.map(|session| text(&session.customer_link)),
            supporter_link: supporter.and_then(|session| session.supporter_link.as_ref()).map(text),
            webclient_supporter_link: supporter.and_then(|session| session.webclient_supporter_link.as_ref()).map(text),
            host: host.map(HostLinkView::from),
            hand_over: HandOverView::of(case),
            request: RequestView::of(case),
            started_at: rfc3339(case.started_at()),
            valid_until: rfc3339(case.valid_until()),
            online_at: case.first_online_at().map(rfc3339),
            ended_at: ended.map(|ended| rfc3339(ended.at)),
            duration_seconds: ended.map(|ended| seconds_between(case.started_at(), ended.at)),
            comment: ended.map(|ended| ended.comment.to_owned()),
            invitation: case.invitation().map(|invitation| InvitationView::of(case, invitation)),
            technician: case.technician().map(TechnicianView::from),
            made_by: case.made_by().map(ToString::to_string),
            requester: RequesterView::from(case.requester()),
            problem: problem(case.state()),
            session_type: session_type_name(case.session_type()),
        }
    }

    pub(super) fn state(&self) -> &'static str {
        self.state
    }
}

pub(crate) fn session_type_name(session_type: SessionType) -> &'static str {
    match session_type {
        SessionType::Default => "default",
        SessionType::Pilot => "pilot",
    }
}

pub(super) const STATES: [&str; 7] = ["asked", "opening", "open", "closing", "closed", "expired", "failed"];

fn state_name(state: &State) -> &'static str {
    match state {
        State::Asked => "asked",
        State::Opening(_) => "opening",
        State::Open(_) => "open",
        State::Closing(_) => "closing",
        State::Closed(_) => "closed",
        State::Expired(_) => "expired",
        State::Failed(_) => "failed",
    }
}

fn online(state: &State) -> bool {
    match state {
        State::Open(open) => matches!(open.seen, Seen::Online { .. }),
        State::Closing(closing) => matches!(closing.seen, Seen::Online { .. }),
        _ => false,
    }
}

impl InvitationView {
    /// That it was opened is the last that can be known of it.
    fn of(case: &ServiceCase, invitation: &Invitation) -> Self {
        match case.link_opened_at() {
            Some(at) => Self { state: "opened", at: rfc3339(at) },
            None => Self { state: invitation_name(invitation.state), at: rfc3339(invitation.at) },
        }
    }
}

fn invitation_name(state: InvitationState) -> &'static str {
    match state {
        InvitationState::Queued => "queued",
        InvitationState::Accepted => "accepted",
        InvitationState::Failed => "failed",
        InvitationState::Cancelled => "cancelled",
        InvitationState::Delivered => "delivered",
        InvitationState::Bounced => "bounced",
        InvitationState::Complained => "complained",
    }
}

fn problem(state: &State) -> Option<&'static str> {
    match state {
        State::Open(open) => open.problem.map(|Problem::TokenRefused| "token_refused"),
        State::Failed(failed) => Some(match failed.cause {
            FailureCause::LicenceLimit => "licence_limit",
            FailureCause::TokenRefused => "token_refused",
            FailureCause::PermissionMissing => "permission_missing",
            FailureCause::RateLimited => "rate_limited",
            FailureCause::Refused => "refused",
            FailureCause::NoAnswer => "no_answer",
            FailureCause::Interrupted => "interrupted",
            FailureCause::NotTaken => "not_taken",
            FailureCause::Withdrawn => "withdrawn",
        }),
        _ => None,
    }
}

impl From<&Technician> for TechnicianView {
    fn from(technician: &Technician) -> Self {
        Self {
            id: technician.id.to_string(),
            name: technician.name.to_string(),
            email: technician.email.as_ref().map(ToString::to_string),
        }
    }
}

impl From<&Requester> for RequesterView {
    fn from(requester: &Requester) -> Self {
        Self {
            name: requester.name.to_string(),
            email: requester.email.as_ref().map(ToString::to_string),
            language: requester.language.map(|language| language.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use crate::testing::TestApi;

    #[tokio::test]
    async fn past_its_time_a_case_has_expired_though_nobody_settled_it() {
        let (api, case) = TestApi::played().await;
        api.clock.advance(TimeDelta::hours(24));
        let writes = api.engine.writes();
        let read = format!("/v1/accounts/acme/cases/{}", case["id"].as_str().unwrap());
        let shown = api.call("GET", &read).key(&api.keys.technician).send().await.is(200);
        assert_eq!(shown["state"], "expired");
        assert_eq!(shown["ended_at"], case["valid_until"]);
        assert!(shown["comment"].is_string() && shown.get("supporter_link").is_none());
        assert_eq!(api.engine.writes(), writes);
        let fresh = api.play("T1").await;
        assert_ne!(fresh["id"], case["id"]);
    }

    #[tokio::test]
    async fn supporter_links_are_for_technicians_only() {
        let (api, _) = TestApi::played().await;
        let path = "/v1/accounts/acme/tickets/T1/case";
        for (key, sees) in [(&api.keys.read, false), (&api.keys.technician, true), (&api.keys.vendor, true)] {
            let case = api.call("GET", path).key(key).send().await.is(200);
            assert_eq!(case.get("supporter_link").is_some(), sees);
            assert_eq!(case.get("webclient_supporter_link").is_some(), sees);
            assert!(case["customer_link"].is_string());
        }
        api.call("GET", path).key(&api.keys.notify).send().await.problem(403, "forbidden");
    }
}
