//! The API's description, made from the code. `docs/openapi.json` is held against it by a test, and is what is served.

use utoipa::OpenApi;

mod shared;

use shared::Shared;

use crate::{
    accounts, activation, audit, cases, connection, devices, doctor, endpoints, events, mail_templates, problem,
    records, reports, service, technicians, webhooks, widget,
};

/// Everything that is described.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Casebridge",
        version = "1",
        description = "Opens TeamViewer service cases for help-desk tickets and managed devices.\n\n\
            Every error is a problem (RFC 9457) with a stable `type`, a `fix` in plain words and a `request_id`. \
            Another account's things are 404. Instants are RFC 3339 in UTC with whole seconds, by the server's clock.\n\n\
            Every POST takes an `Idempotency-Key`: for seven days the same key with the same body, from the same key \
            holder, on the same address is the same request. Whether two bodies are the same is decided by what they \
            say, not by spacing or order. Only successes are remembered.\n\n\
            Bodies are JSON of at most 256 kB, but for many devices at once. Unknown and repeated fields are refused.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    tags(
        (name = "accounts", description = "Accounts, settings and keys"),
        (name = "mail templates", description = "The invitation's words, by language"),
        (name = "connection", description = "The account's TeamViewer token and what hangs on it"),
        (name = "technicians", description = "Technicians who sign in to TeamViewer themselves, and play with their own licence"),
        (name = "cases", description = "Play, stop, and looking at cases"),
        (name = "tickets", description = "Newer facts of a ticket"),
        (name = "close guard", description = "A ticket can't be closed while its case is live"),
        (name = "devices", description = "Managed devices: the activation, what is known of each, whether a session can be started, and sessions"),
        (name = "widget", description = "What the page of a ticket may do, for one ticket and one technician. But for making \
            tokens it takes a widget token, and answers pages of any origin; nothing else takes one"),
        (name = "reports", description = "How many sessions, how long, by what; and the sessions behind every number"),
        (name = "events", description = "Everything that happened, in order, and the audit trail of it"),
        (name = "pushed events", description = "What is sent to endpoints, signed by Standard Webhooks: under `webhooks`"),
        (name = "endpoints", description = "Where an account or a vendor has events pushed to"),
        (name = "webhooks", description = "Notices from outside"),
        (name = "service", description = "About the service itself")
    ),
    paths(
        accounts::make::make,
        accounts::list::list,
        accounts::read::read,
        accounts::change::change,
        accounts::delete_account::delete_account,
        accounts::make_key::make_key,
        accounts::keys::keys,
        accounts::delete_key::delete_key,
        accounts::renew_inbound_secret::renew_inbound_secret,
        accounts::make_sign_in_link::make_sign_in_link,
        mail_templates::read::read,
        mail_templates::save::save,
        mail_templates::reset::reset,
        mail_templates::preview::preview,
        mail_templates::test_mail::send,
        connection::register::register,
        connection::read::read,
        connection::revoke::revoke,
        connection::share::share,
        connection::module::module,
        connection::oauth_app::keep,
        connection::oauth_app::read,
        connection::oauth_app::forget,
        technicians::begin::begin_sign_in,
        technicians::read::read,
        technicians::sign_out::sign_out,
        doctor::look,
        cases::open::open,
        cases::newest::newest,
        cases::facts::facts,
        cases::closable::closable,
        cases::closing::closing,
        cases::let_go::let_go,
        cases::list::list,
        cases::read::read,
        cases::close::close,
        cases::invite::invite,
        cases::hand_over::hand_over_case,
        cases::start_session::start,
        cases::newest_session::newest,
        cases::lost::lost,
        cases::hand_to_device::hand_to_device,
        cases::ask::ask,
        cases::ask_for_device::ask,
        cases::request_link::make,
        cases::take::take,
        cases::withdraw::withdraw_request,
        activation::read::read,
        activation::activate::activate,
        activation::remove::remove,
        devices::report::report,
        devices::report_many::report_many,
        devices::read::read,
        devices::list::list,
        devices::forget::forget,
        devices::readiness::readiness,
        reports::sessions::sessions,
        reports::printed::printed,
        records::list::list,
        records::read::read,
        records::change::change,
        events::of_account::events,
        events::of_vendor::events,
        audit::audit,
        widget::make_token::make_token,
        widget::refuse_tokens::refuse_tokens,
        widget::read::read,
        widget::play::play,
        widget::stop::stop,
        widget::invite::invite,
        widget::hand_over::hand_over_case,
        widget::events::events,
        endpoints::make::of_account,
        endpoints::make::of_vendor,
        endpoints::list::of_account,
        endpoints::list::of_vendor,
        endpoints::read::of_account,
        endpoints::read::of_vendor,
        endpoints::change::of_account,
        endpoints::change::of_vendor,
        endpoints::delete::of_account,
        endpoints::delete::of_vendor,
        endpoints::rotate::of_account,
        endpoints::rotate::of_vendor,
        endpoints::test::of_account,
        endpoints::test::of_vendor,
        endpoints::deliveries::of_account,
        endpoints::deliveries::of_vendor,
        endpoints::replay::of_account,
        endpoints::replay::of_vendor,
        webhooks::teamviewer::notice,
        service::health,
        service::description,
    ),
    components(schemas(problem::ProblemBody, problem::CaseInTheWay, devices::report_many::ReportedDevice)),
    modifiers(&Shared)
)]
struct Description;

/// The API's description.
pub fn openapi() -> utoipa::openapi::OpenApi {
    let mut described = Description::openapi();
    described.webhooks = events::catalogue::webhooks();
    described
}

#[cfg(test)]
mod tests {
    use std::{env, fs};

    use super::*;

    /// Set it to have the file written anew.
    const REWRITE: &str = "CASEBRIDGE_REWRITE_OPENAPI";

    #[test]
    fn the_file_says_what_the_code_says() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/openapi.json");
        let mut described = serde_json::to_string_pretty(&openapi()).unwrap();
        described.push('\n');
        if env::var_os(REWRITE).is_some() {
            let kept = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
            let broken = events::catalogue::broken_promises(&kept, &serde_json::from_str(&described).unwrap());
            assert!(broken.is_empty(), "receivers of events rely on what is published: {broken:#?}");
            fs::write(file, &described).unwrap();
        }
        let kept = fs::read_to_string(file).unwrap();
        assert!(kept == described, "docs/openapi.json is old: run this test with {REWRITE}=1 and look at what changed");
    }

    #[test]
    fn every_operation_is_described_to_the_end() {
        let described = serde_json::to_value(openapi()).unwrap();
        for (path, operations) in described["paths"].as_object().unwrap() {
            for (method, operation) in operations.as_object().unwrap() {
                let place = format!("{method} {path}");
                assert!(operation["summary"].is_string(), "{place} has no summary");
                assert!(operation["operationId"].is_string(), "{place} has no name");
                let names: Vec<_> = operation["parameters"].as_array().into_iter().flatten().collect();
                for variable in path.split('{').skip(1).map(|rest| rest.split('}').next().unwrap()) {
                    assert!(names.iter().any(|name| name["name"] == variable), "{place} does not tell of {variable}");
                }
                if method == "post" {
                    assert!(names.iter().any(|name| name["name"] == "Idempotency-Key"), "{place}");
                }
            }
        }
    }
}
