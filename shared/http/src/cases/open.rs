//! `POST /v1/accounts/{account}/tickets/{ticket}/case`: play.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use casebridge_app::admission::Admitted;
use casebridge_app::open_case::{OpenCase, OpenCaseError, Opened, Request, open_case};
use casebridge_domain::{Instant, SessionType, TicketId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::view::CaseView;
use super::wire::{RequesterRequest, TechnicianRequest, TicketRequest, session_type};
use crate::Api;
use crate::extract::{Faults, JsonBody, Object, Repeatable, Technician, TicketPath};
use crate::problem::{Kind, Problem};

/// What the technician wishes when he presses play.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenCaseRequest {
    /// The ticket's facts.
    #[schema(value_type = TicketRequest)]
    ticket: Object<TicketRequest>,
    /// Who is helped.
    #[schema(value_type = RequesterRequest)]
    requester: Object<RequesterRequest>,
    /// Who helps, if that is known.
    #[schema(value_type = Option<TechnicianRequest>)]
    technician: Option<Object<TechnicianRequest>>,
    /// `default` (remote control) or `pilot` (camera); `default` if left out.
    #[schema(example = "default")]
    session_type: Option<String>,
}

impl OpenCaseRequest {
    fn parse(&self, ticket: TicketId) -> Result<OpenCase, Problem> {
        let mut faults = Faults::default();
        let ticket = self.ticket.parse(ticket, &mut faults);
        let requester = self.requester.parse(&mut faults);
        let technician = self.technician.as_ref().and_then(|technician| technician.parse(&mut faults));
        let kind = faults.maybe("session_type", self.session_type.as_deref(), session_type);
        match (ticket, requester) {
            (Some(ticket), Some(requester)) if faults.is_empty() => {
                let session_type = kind.unwrap_or(SessionType::Default);
                Ok(OpenCase { subject: ticket.into(), requester, technician, session_type, invite: true })
            }
            _ => Err(faults.problem()),
        }
    }
}

impl Problem {
    /// What the vendor is told when there is no case.
    pub(crate) fn of_play(error: OpenCaseError, now: Instant) -> Self {
        match error {
            OpenCaseError::TicketClosing { until } => Self::new(Kind::TicketClosing).retry_at(until, now),
            OpenCaseError::Pending { until } => Self::new(Kind::RequestPending).retry_at(until, now),
            OpenCaseError::GroupPending { until } => Self::new(Kind::GroupPending).retry_at(until, now),
            OpenCaseError::NotConnected => Self::new(Kind::NotConnected),
            OpenCaseError::Draining => Self::new(Kind::Draining),
            OpenCaseError::TokenRefused => Self::new(Kind::TokenRefused),
            OpenCaseError::SignInNeeded(needed) => Self::sign_in_needed(&needed),
            OpenCaseError::SignInPending { until } => Self::new(Kind::SignInRenewing).retry_at(until, now),
            OpenCaseError::AppRefused => Self::new(Kind::OauthAppRefused),
            OpenCaseError::ActivationMoved => Self::new(Kind::ChangedMeanwhile),
            OpenCaseError::TicketClosed => Self::new(Kind::TicketClosed),
            OpenCaseError::KeyReused => Self::new(Kind::IdempotencyKeyReused),
            OpenCaseError::NoSession(_, error) => error.into(),
            OpenCaseError::Outside(error) => error.into(),
        }
    }
}

/// Opens the ticket's service case and mails the requester, or returns the case that is live.
#[utoipa::path(
    post, path = "/v1/accounts/{account}/tickets/{ticket}/case", tag = "cases", operation_id = "openCase", request_body = OpenCaseRequest,
    responses(
        (status = 201, description = "A new case", body = CaseView,
            headers(("Location" = String, description = "The case"))),
        (status = 200, description = "The ticket has a live case already", body = CaseView),
        (status = 409, description = "`not-connected`, `connection-draining`, `token-refused`, `permission-missing`, \
            `licence-limit`, `ticket-closed`, `ticket-closing`, `request-pending`, `group-pending`; where technicians sign in to \
            TeamViewer, also `sign-in-needed`, `sign-in-renewing`, `oauth-app-refused`"),
        (status = 422, description = "`invalid-fields`, `idempotency-key-reused`"),
        (status = 502, description = "`teamviewer-failed`, `teamviewer-refused`"),
        (status = 503, description = "`teamviewer-busy`, `unavailable`")
    )
)]
pub async fn open(
    State(api): State<Api>,
    Technician(admitted): Technician,
    TicketPath(ticket): TicketPath,
    repeatable: Repeatable,
    JsonBody(body): JsonBody<OpenCaseRequest>,
) -> Result<Response, Problem> {
    let wish = body.parse(ticket)?;
    let memory = repeatable.memory(&admitted.key, &body);
    let opened = Box::pin(open_case(&admitted.desk, Request { wish, memory: memory.as_ref() })).await;
    let opened = opened.map_err(|error| Problem::of_play(error, api.now()))?;
    Ok(played(&opened, &admitted).await)
}

/// The answer to play, for a ticket or a device.
pub(super) async fn played(opened: &Opened, admitted: &Admitted) -> Response {
    let (status, case) = match opened {
        Opened::New(case) => (StatusCode::CREATED, case),
        Opened::Already(case) => (StatusCode::OK, case),
    };
    let location = format!("/v1/accounts/{}/cases/{}", admitted.desk.id(), case.id());
    let view = CaseView::new(case, &admitted.desk, &admitted.key).await;
    (status, [(LOCATION, location)], Json(view)).into_response()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use casebridge_app::ports::teamviewer::TeamViewerError;
    use serde_json::json;

    use crate::testing::{TestApi, Weather, play};

    const PATH: &str = "/v1/accounts/acme/tickets/T1/case";

    #[tokio::test]
    async fn play_opens_a_case_and_says_everything_about_it() {
        let api = TestApi::connected().await;
        let answer = api.call("POST", PATH).key(&api.keys.technician).json(&play()).send().await;
        let location = answer.header("location").to_owned();
        let case = answer.is(201);
        assert_eq!(location, format!("/v1/accounts/acme/cases/{}", case["id"].as_str().unwrap()));
        let expected = json!({
            "id": case["id"],
            "ticket": "T1",
            "ticket_number": "INC-1",
            "ticket_title": "Printer <3>",
            "state": "open",
            "online": false,
            "session_code": "s100-000-000",
            "customer_link": "https://get.teamviewer.com/v15/s100-000-000",
            "session_link": "https://get.teamviewer.com/v15/s100-000-000",
            "supporter_link": "https://get.teamviewer.com/supporter/s100-000-000",
            "webclient_supporter_link": "https://get.teamviewer.com/web/s100-000-000",
            "started_at": "2100-03-01T12:00:00Z",
            "valid_until": "2100-03-02T12:00:00Z",
            "invitation": { "state": "queued", "at": "2100-03-01T12:00:00Z" },
            "technician": { "id": "u-42", "name": "Robin", "email": "robin@example.com" },
            "requester": { "name": "Jane Doe", "email": "jane@example.com", "language": "pt" },
            "session_type": "default",
        });
        assert_eq!(case, expected);
    }

    #[tokio::test]
    async fn a_second_play_returns_the_live_case_and_mails_nobody() {
        let (api, case) = TestApi::played().await;
        let writes = api.engine.writes();
        let again = api.call("POST", PATH).key(&api.keys.technician).json(&play()).send().await.is(200);
        assert_eq!(again, case);
        assert_eq!((api.teamviewer.open(), api.engine.writes()), (1, writes));
    }

    #[tokio::test]
    async fn the_same_idempotency_key_is_the_same_request_however_the_body_is_spaced() {
        let api = TestApi::connected().await;
        let send = async |key: &str, body: String| {
            let call = api.call("POST", PATH).key(&api.keys.technician).header("idempotency-key", key);
            call.raw(body).send().await
        };
        let first = send("once", play().to_string()).await.is(201);
        let spaced = serde_json::to_string_pretty(&play()).unwrap();
        assert_eq!(send("\"once\"", spaced).await.is(201), first);

        let mut other = play();
        other["ticket"]["title"] = json!("Something else");
        let writes = api.engine.writes();
        send("once", other.to_string()).await.problem(422, "idempotency-key-reused");
        send("not visible", play().to_string()).await.problem_with(400, "malformed-request", &["Idempotency-Key"]);
        assert_eq!((api.teamviewer.open(), api.engine.writes()), (1, writes));
    }

    #[tokio::test]
    async fn what_teamviewer_refuses_is_explained_and_leaves_the_ticket_free() {
        let api = TestApi::connected().await;
        api.play("warm-up").await;
        let refused = TeamViewerError::Refused { status: 400, words: "no".to_owned() };
        for (error, status, slug) in [
            (TeamViewerError::LicenceLimit, 409, "licence-limit"),
            (TeamViewerError::PermissionMissing, 409, "permission-missing"),
            (TeamViewerError::RateLimited { retry_after: Some(7) }, 503, "teamviewer-busy"),
            (refused, 502, "teamviewer-refused"),
            (TeamViewerError::Unreachable, 502, "teamviewer-failed"),
            (TeamViewerError::OutcomeUnknown, 502, "teamviewer-failed"),
            (TeamViewerError::TokenRefused, 409, "token-refused"),
        ] {
            api.teamviewer.fails("open_session", error);
            let answer = api.call("POST", PATH).key(&api.keys.technician).json(&play()).send().await;
            let retry_after = answer.header("retry-after").to_owned();
            answer.problem(status, slug);
            assert_eq!(retry_after, if slug == "teamviewer-busy" { "7" } else { "" });
            let closable = "/v1/accounts/acme/tickets/T1/closable";
            let closable = api.call("GET", closable).key(&api.keys.read).send().await.is(200);
            assert_eq!(closable, json!({ "closable": true }), "{slug}");
        }
        assert_eq!(api.teamviewer.open(), 1);
    }

    #[tokio::test]
    async fn every_field_that_breaks_a_rule_is_named_at_once_and_nothing_happens() {
        let api = TestApi::connected().await;
        let writes = api.engine.writes();
        let body = json!({
            "ticket": { "number": "", "title": "a\u{0}b", "category": "x".repeat(81), "type": "", "source": null },
            "requester": { "name": " ", "email": "nobody", "language": "tlh" },
            "technician": { "id": "", "name": "x".repeat(101), "email": "a\r\nBcc: x@y.z" },
            "session_type": "video"
        });
        let answer = api.call("POST", PATH).key(&api.keys.technician).json(&body).send().await;
        let fields = [
            "ticket.number",
            "ticket.title",
            "ticket.category",
            "requester.name",
            "requester.email",
            "technician.id",
            "technician.name",
            "technician.email",
            "session_type",
        ];
        answer.problem_with(422, "invalid-fields", &fields);
        assert_eq!((api.teamviewer.open(), api.engine.writes()), (0, writes));
    }

    #[tokio::test]
    async fn a_requester_without_an_address_gets_no_letter_and_an_empty_facet_is_none() {
        let api = TestApi::connected().await;
        let body = json!({ "ticket": { "number": "1", "title": "x", "priority": "" }, "requester": { "name": "Jo" } });
        let case = api.call("POST", PATH).key(&api.keys.technician).json(&body).send().await.is(201);
        assert_eq!(case["invitation"], json!(null));
        assert_eq!(case["session_code"], "s100-000-000");
    }

    #[tokio::test]
    async fn a_ticket_is_the_vendors_text_or_says_why_not() {
        let api = TestApi::connected().await;
        for (sent, id) in [("INC-47:11", "INC-47:11"), ("%C3%A4%20b", "ä b"), ("a.b", "a.b")] {
            assert_eq!(api.play(sent).await["ticket"], id);
        }
        let writes = api.engine.writes();
        for bad in ["%20x", "a%00b", "a%2Fb", "a%3Fb", "100%25", "..", &"x".repeat(129)] {
            let path = format!("/v1/accounts/acme/tickets/{bad}/case");
            let answer = api.call("POST", &path).key(&api.keys.technician).json(&play()).send().await;
            answer.problem_with(422, "invalid-fields", &["ticket"]);
        }
        let path = "/v1/accounts/acme/tickets/%FF/case";
        api.call("GET", path).key(&api.keys.technician).send().await.problem(404, "not-found");
        assert_eq!(api.engine.writes(), writes);
    }

    #[tokio::test]
    async fn without_a_connection_there_is_no_play() {
        let api = TestApi::new().await;
        let writes = api.engine.writes();
        let answer = api.call("POST", PATH).key(&api.keys.technician).json(&play()).send().await;
        answer.problem(409, "not-connected");
        assert_eq!(api.engine.writes(), writes);
    }

    #[tokio::test]
    async fn a_key_for_reading_may_not_play() {
        let api = TestApi::connected().await;
        for key in [&api.keys.read, &api.keys.notify] {
            let body = api.call("POST", PATH).key(key).json(&play()).send().await.problem(403, "forbidden");
            assert_eq!(body["detail"], "This needs a key with the scope technician.");
        }
        assert_eq!(api.teamviewer.open(), 0);
    }

    #[tokio::test]
    async fn while_play_is_under_way_everybody_is_told_to_wait() {
        let api = TestApi::connected().await;
        api.teamviewer.company().hangs = true;
        let send = async || {
            let call = api.call("POST", PATH).key(&api.keys.technician).header("idempotency-key", "k");
            call.json(&play()).send().await
        };
        tokio::time::timeout(Duration::from_millis(50), send()).await.unwrap_err();

        let pending = send().await;
        assert_eq!(pending.header("retry-after"), "30");
        pending.problem(409, "request-pending");
        let other = api.call("POST", PATH).key(&api.keys.technician).json(&play()).send().await.is(200);
        assert_eq!(other["state"], "opening");
        let stop = format!("/v1/accounts/acme/cases/{}/close", other["id"].as_str().unwrap());
        api.call("POST", &stop).key(&api.keys.technician).send().await.problem(409, "case-opening");
    }

    #[tokio::test]
    async fn a_store_in_trouble_is_told_without_its_words() {
        let api = TestApi::connected().await;
        for (weather, status, slug) in [(Weather::Unavailable, 503, "unavailable"), (Weather::Full, 507, "store-full")]
        {
            api.engine.becomes(weather);
            let answer = api.call("POST", PATH).key(&api.keys.technician).json(&play()).send().await;
            answer.problem(status, slug);
        }
        assert_eq!(api.teamviewer.open(), 0);
    }
}
