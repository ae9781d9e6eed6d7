//! `POST /v1/webhooks/teamviewer/{account}`: the customer of a session is online.
//!
//! Our own contract: no public document of TeamViewer describes such a notice. It is sent by whoever has one.

use axum::extract::{FromRequestParts, Request, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use casebridge_app::Desk;
use casebridge_app::accounts::inbound_secret_of;
use casebridge_app::customer_online::{Noticed, notice as take_notice};
use casebridge_app::signed_notice::{SignedMessage, Taken, signed_notice};
use casebridge_domain::endpoint::SigningSecret;
use casebridge_domain::hex::hex;
use casebridge_domain::journal::Principal;
use casebridge_domain::{Instant, Malformed, SessionCode};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use super::signature;
use crate::Api;
use crate::extract::{self, AccountPath, Faults, Repeatable};
use crate::problem::{Kind, Problem};

/// Stands in for the secret of an account that has none, or does not exist: both take as long as a wrong signature.
const NOBODYS_SECRET: &str = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

/// A notice.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoticeRequest {
    /// `service_case.online`
    #[serde(rename = "type")]
    #[schema(example = "service_case.online")]
    kind: String,
    /// With dashes, spaces or neither.
    #[schema(example = "s123-456-789")]
    session_code: String,
    /// RFC 3339. A time in the future counts as now.
    #[schema(example = "2026-11-22T08:00:00Z")]
    occurred_at: String,
}

impl NoticeRequest {
    fn parse(&self) -> Result<(SessionCode, Instant), Problem> {
        let mut faults = Faults::default();
        if self.kind != "service_case.online" {
            faults.add("type", "must be service_case.online");
        }
        let code = faults.take("session_code", SessionCode::parse(&self.session_code));
        let at = faults.take("occurred_at", instant(&self.occurred_at));
        match (code, at) {
            (Some(code), Some(at)) if faults.is_empty() => Ok((code, at)),
            _ => Err(faults.problem()),
        }
    }
}

fn instant(raw: &str) -> Result<Instant, Malformed> {
    let parsed = chrono::DateTime::parse_from_rfc3339(raw);
    parsed.map(|at| at.to_utc()).map_err(|_| Malformed::new("must be a time such as 2026-11-22T08:00:00Z"))
}

/// Takes a notice. Signed by Standard Webhooks (`webhook-id`, `webhook-timestamp`, `webhook-signature`) with the
/// account's inbound secret, or sent with a key that has the scope `notify`. A duplicate, late or out-of-order notice
/// changes nothing: an `Idempotency-Key` is accepted and not needed. A signed message does something once: another attempt
/// under the same `webhook-id`, signed with its own time, is answered as the first one was; the very same message is refused.
#[utoipa::path(
    post, path = "/v1/webhooks/teamviewer/{account}", tag = "webhooks", operation_id = "takeNotice", request_body = NoticeRequest,
    security(("signature" = []), ("key" = [])),
    responses(
        (status = 204, description = "Taken; it may have said nothing new"),
        (status = 404, description = "`not-found`: no case has that code (yet); send it again later"),
        (status = 409, description = "`message-replayed`: the very same message came before"),
        (status = 422, description = "`invalid-fields`; `idempotency-key-reused`: another message had this `webhook-id`")
    )
)]
pub async fn notice(State(api): State<Api>, request: Request) -> Result<StatusCode, Problem> {
    let (mut parts, body) = request.into_parts();
    let signed = parts.headers.contains_key("webhook-signature");
    // A key is looked at before the body is read; a signature can't be.
    let by_key = if signed { None } else { Some(extract::notifier(&mut parts, &api).await?.desk) };
    Repeatable::from_request_parts(&mut parts, &api).await?;
    let body = extract::read_body(&parts.headers, body).await?;
    let (desk, message) = match by_key {
        Some(desk) => (desk, None),
        None => by_signature(&mut parts, &api, &body).await.map(|(desk, message)| (desk, Some(message)))?,
    };
    extract::check_type(&parts.headers)?;
    let (code, occurred_at) = extract::parse::<NoticeRequest>(&body)?.parse()?;
    match message {
        None => match take_notice(&desk, &code, occurred_at).await? {
            Noticed::Case(_) => Ok(StatusCode::NO_CONTENT),
            Noticed::UnknownCode => Err(unknown_code()),
        },
        Some(message) => match signed_notice(&desk, &code, occurred_at, &message).await? {
            Taken::Case(_) | Taken::Again => Ok(StatusCode::NO_CONTENT),
            Taken::UnknownCode => Err(unknown_code()),
            Taken::Replayed => Err(Problem::new(Kind::MessageReplayed)),
            Taken::IdReused => Err(id_reused()),
        },
    }
}

fn unknown_code() -> Problem {
    Problem::new(Kind::NotFound).detail("No case of the account has this session code (yet).")
}

fn id_reused() -> Problem {
    let problem = Problem::new(Kind::IdempotencyKeyReused).detail("Another message had this webhook-id.");
    problem.fix("Give every message a webhook-id of its own, and keep it for all attempts of that message.")
}

/// The desk of the account whose secret signed the body. Nobody learns whether an account exists.
async fn by_signature(parts: &mut Parts, api: &Api, body: &[u8]) -> Result<(Desk, SignedMessage), Problem> {
    let refused = || Problem::unauthorized_by(Kind::SignatureRefused);
    let desk = match AccountPath::from_request_parts(parts, api).await {
        Ok(AccountPath(account)) => Desk::open(api.world(), &account, Principal::Casebridge).await?,
        Err(_) => None,
    };
    let secret = match &desk {
        Some(desk) => inbound_secret_of(desk).await?,
        None => None,
    };
    let has_secret = secret.is_some();
    let secret = secret.unwrap_or_else(|| SecretString::from(NOBODYS_SECRET));
    let secret =
        SigningSecret::parse(secret.expose_secret()).map_err(|fault| Problem::new(Kind::Internal).caused_by(fault))?;
    let signed = signature::of(&parts.headers).filter(|signed| signed.holds(&secret, body, api.now()));
    let message = signed.and_then(|signed| {
        let fingerprint = hex(&Sha256::digest(body));
        Some(SignedMessage { id: signed.id().to_owned(), timestamp: signed.timestamp()?, fingerprint })
    });
    desk.filter(|_| has_secret).zip(message).ok_or_else(refused)
}

#[cfg(test)]
mod tests {
    use casebridge_domain::endpoint::{SigningSecret, sign};
    use chrono::TimeDelta;
    use serde_json::{Value, json};

    use crate::testing::{Answer, TestApi};

    const PATH: &str = "/v1/webhooks/teamviewer/acme";

    fn notice(code: &Value) -> Value {
        json!({ "type": "service_case.online", "session_code": code, "occurred_at": "2100-03-01T12:00:20+00:00" })
    }

    async fn secret(api: &TestApi) -> String {
        let path = "/v1/accounts/acme/inbound-secret";
        let made = api.call("POST", path).key(&api.keys.admin).send().await.is(200);
        made["secret"].as_str().unwrap().to_owned()
    }

    /// A message of that id, signed now.
    async fn sent(api: &TestApi, path: &str, secret: &str, id: &str, body: &Value) -> Answer {
        let (now, body) = (api.world.now(), body.to_string());
        let signature = sign(&[SigningSecret::parse(secret).unwrap()], id, now, body.as_bytes());
        let call = api.call("POST", path).header("webhook-id", id);
        let call = call.header("webhook-timestamp", &now.timestamp().to_string());
        call.header("webhook-signature", &signature).raw(body).send().await
    }

    async fn signed(api: &TestApi, path: &str, secret: &str, body: &Value) -> Answer {
        sent(api, path, secret, "msg_1", body).await
    }

    async fn online(api: &TestApi) -> Value {
        let path = "/v1/accounts/acme/tickets/T1/case";
        let case = api.call("GET", path).key(&api.keys.read).send().await.is(200);
        json!([case["online"], case["online_at"]])
    }

    #[tokio::test]
    async fn a_signed_notice_is_recorded_once() {
        let (api, case) = TestApi::played().await;
        let secret = secret(&api).await;
        api.clock.advance(TimeDelta::seconds(30));
        signed(&api, PATH, &secret, &notice(&case["session_code"])).await.is(204);
        assert_eq!(online(&api).await, json!([true, "2100-03-01T12:00:20Z"]));
        sent(&api, PATH, &secret, "msg_2", &notice(&case["session_code"])).await.is(204);
        assert_eq!(online(&api).await, json!([true, "2100-03-01T12:00:20Z"]));
    }

    #[tokio::test]
    async fn the_very_same_message_is_refused_and_another_attempt_of_it_is_answered_as_the_first_was() {
        let (api, case) = TestApi::played().await;
        let secret = secret(&api).await;
        let body = notice(&case["session_code"]);
        signed(&api, PATH, &secret, &body).await.is(204);
        api.leaves(&case).await;
        for minutes in [0, 4, 60, 24 * 60] {
            // Somebody listened, and sends what he heard; then the sender tries again, signed anew.
            api.clock.advance(TimeDelta::minutes(minutes));
            if minutes > 0 {
                signed(&api, PATH, &secret, &body).await.is(204);
            }
            signed(&api, PATH, &secret, &body).await.problem(409, "message-replayed");
        }
        assert_eq!(online(&api).await[0], false);
    }

    #[tokio::test]
    async fn a_message_that_said_nothing_new_does_nothing_later_either() {
        let (api, case) = TestApi::played().await;
        let secret = secret(&api).await;
        let body = notice(&case["session_code"]);
        api.joins(&case).await;
        signed(&api, PATH, &secret, &body).await.is(204);
        api.leaves(&case).await;
        signed(&api, PATH, &secret, &body).await.problem(409, "message-replayed");
        assert_eq!(online(&api).await[0], false);
    }

    #[tokio::test]
    async fn an_id_is_for_one_message() {
        let (api, case) = TestApi::played().await;
        let secret = secret(&api).await;
        signed(&api, PATH, &secret, &notice(&case["session_code"])).await.is(204);
        let mut other = notice(&case["session_code"]);
        other["occurred_at"] = json!("2100-03-01T12:00:21Z");
        signed(&api, PATH, &secret, &other).await.problem(422, "idempotency-key-reused");
        sent(&api, PATH, &secret, "msg_2", &other).await.is(204);
    }

    #[tokio::test]
    async fn a_message_that_led_to_nothing_may_be_sent_again_as_it_is() {
        let api = TestApi::connected().await;
        let secret = secret(&api).await;
        let body = notice(&json!("s999-999-999"));
        for _ in 0..2 {
            signed(&api, PATH, &secret, &body).await.problem(404, "not-found");
        }
    }

    #[tokio::test]
    async fn a_notice_for_a_code_nobody_knows_is_sent_again_later() {
        let (api, _) = TestApi::played().await;
        let secret = secret(&api).await;
        let writes = api.engine.writes();
        signed(&api, PATH, &secret, &notice(&json!("s999-999-999"))).await.problem(404, "not-found");
        assert_eq!(api.engine.writes(), writes);
    }

    #[tokio::test]
    async fn a_wrong_signature_and_an_account_that_is_not_there_look_the_same() {
        let (api, case) = TestApi::played().await;
        let old = secret(&api).await;
        secret(&api).await;
        let writes = api.engine.writes();
        let mut answers = Vec::new();
        let nobody = super::NOBODYS_SECRET;
        for (path, secret) in [
            (PATH, old.as_str()),
            (PATH, nobody),
            ("/v1/webhooks/teamviewer/globex", nobody),
            ("/v1/webhooks/teamviewer/nowhere", nobody),
            ("/v1/webhooks/teamviewer/No!", nobody),
        ] {
            let answer = signed(&api, path, secret, &notice(&case["session_code"])).await;
            let mut problem = answer.problem(401, "signature-refused");
            problem["request_id"].take();
            answers.push(problem);
        }
        assert!(answers.windows(2).all(|pair| pair[0] == pair[1]));
        assert_eq!((online(&api).await, api.engine.writes()), (json!([false, null]), writes));
    }

    #[tokio::test]
    async fn a_key_for_notices_will_do_and_a_key_for_play_will_not() {
        let (api, case) = TestApi::played().await;
        let send = async |key: &str| api.call("POST", PATH).key(key).json(&notice(&case["session_code"])).send().await;
        send(&api.keys.technician).await.problem(403, "forbidden");
        send(&api.keys.other_account).await.problem(404, "not-found");
        assert_eq!(online(&api).await, json!([false, null]));
        send(&api.keys.notify).await.is(204);
        assert_eq!(online(&api).await, json!([true, "2100-03-01T12:00:00Z"]));
    }

    #[tokio::test]
    async fn a_notice_that_says_something_else_is_refused() {
        let (api, case) = TestApi::played().await;
        let writes = api.engine.writes();
        let body = json!({ "type": "service_case.closed", "session_code": "x", "occurred_at": "yesterday" });
        let answer = api.call("POST", PATH).key(&api.keys.notify).json(&body).send().await;
        answer.problem_with(422, "invalid-fields", &["type", "session_code", "occurred_at"]);
        let plain = api.call("POST", PATH).key(&api.keys.notify).bytes(notice(&case["session_code"]).to_string());
        plain.send().await.problem(415, "not-json");
        assert_eq!(api.engine.writes(), writes);
    }
}
