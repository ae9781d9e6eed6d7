//! The types.

use super::example::Scene;
use super::{About, Field, Is, Row};

const fn case(kind: &'static str, scene: Scene, says: &'static str) -> Row {
    Row { kind, says, about: About::Case(scene, &[]) }
}

const fn account(kind: &'static str, says: &'static str, fields: &'static [Field]) -> Row {
    Row { kind, says, about: About::Account(fields) }
}

const fn field(name: &'static str, is: Is, says: &'static str) -> Field {
    Field { name, says, is, always: true }
}

const fn maybe(name: &'static str, is: Is, says: &'static str) -> Field {
    Field { name, says, is, always: false }
}

const FIELDS: Field =
    field("fields", Is::Texts(&["name", "time_zone"]), "What was changed, by its name in the API; never values");
const REGISTRATION: Field =
    field("registration", Is::Text("01890a5d-ac96-774b-bcce-b302099a8057"), "Which registration of a token");
const ENDPOINT: Field = field("endpoint", Is::Text("01890a5d-ac96-774b-bcce-b302099a8057"), "The endpoint's id");
const ENDPOINT_FIELDS: Field = field("fields", Is::Texts(&["url", "on"]), "What was changed, by its name in the API");
const KEY: Field = field("key", Is::Text("01890a5d-ac96-774b-bcce-b302099a8057"), "The key's id");
const LANGUAGE: Field = field("language", Is::Text("pt"), "In which language");
const TECHNICIAN: Field = field("technician", Is::Text("u-42"), "The vendor's id of the technician");
const TICKET: Field = field("ticket", Is::Text("INC-4711"), "The vendor's id of the ticket");

/// All of them, in the order in which they are described.
pub(super) const ROWS: &[Row] = &[
    case("case.opened", Scene::Invited("queued"), "A session was opened: the customer can join."),
    case("case.failed", Scene::Failed, "TeamViewer gave no session; `case.problem` says why."),
    Row {
        kind: "case.closing",
        says: "Stop was pressed, or the ticket is closed and the case with it; TeamViewer is being told.",
        about: About::Case(
            Scene::Closing,
            &[maybe("reason", Is::Text("Solved on the phone"), "Why the case is closed with its ticket, where it is")],
        ),
    },
    case("case.token_refused", Scene::TokenRefused, "TeamViewer refused the token when the case was to be closed."),
    case("case.closed", Scene::Closed, "The case was closed: `case.comment` belongs on the ticket."),
    case("case.expired", Scene::Expired, "The case reached its time: `case.comment` belongs on the ticket."),
    case("invitation.queued", Scene::Invited("queued"), "An invitation is about to be mailed to the requester."),
    case("invitation.accepted", Scene::Invited("accepted"), "The mail server took the invitation."),
    case("invitation.failed", Scene::Invited("failed"), "The invitation could not be sent."),
    case("invitation.cancelled", Scene::Closed, "The case ended before the invitation could leave."),
    case("invitation.delivered", Scene::Invited("delivered"), "The requester's mail server took the invitation."),
    case("invitation.bounced", Scene::Invited("bounced"), "The invitation came back."),
    case("invitation.complained", Scene::Invited("complained"), "The requester called the invitation spam."),
    case("invitation.opened", Scene::Invited("opened"), "The requester pressed the button of the invitation's page."),
    case("invitation.disowned", Scene::Invited("accepted"), "The requester says that he did not ask for this."),
    case("customer.online", Scene::Online, "The customer joined, for the first time."),
    case("customer.left", Scene::Left, "The customer is not there any more."),
    case("customer.returned", Scene::Online, "The customer is there again."),
    case("ticket.changed", Scene::Invited("accepted"), "The vendor sent newer facts of the ticket."),
    case("technician.changed", Scene::Invited("accepted"), "The case changed hands."),
    case(
        "device.handed_over",
        Scene::Handed,
        "What starts the session on its device was asked for again: `case.hand_over`.",
    ),
    case("device.start_lost", Scene::Lost, "The device does not know its session any more: have it sent again."),
    case("help.asked", Scene::Asked, "Somebody asks for help: a technician may take the case from the queue."),
    case(
        "help.given_back",
        Scene::Asked,
        "TeamViewer gave no session to whoever took it: it waits for somebody again.",
    ),
    case("help.withdrawn", Scene::Withdrawn, "Whoever asked does not want help any more."),
    case("help.not_taken", Scene::NotTaken, "Nobody took it in time."),
    account("account.made", "The account was made.", &[]),
    account("account.changed", "Settings were changed.", &[FIELDS]),
    account("account.deleted", "The account was removed.", &[]),
    account(
        "key.made",
        "A key was made.",
        &[
            KEY,
            field("scope", Is::Text("read"), "What it may"),
            field("label", Is::TextOrNull("Wallboard"), "What it is for, in the maker's words"),
        ],
    ),
    account("key.deleted", "A key was removed.", &[KEY]),
    account("connection.registered", "A TeamViewer token was registered.", &[REGISTRATION]),
    account(
        "connection.changed",
        "Something about the connection was changed: its group, shares, module, checks.",
        &[REGISTRATION, FIELDS],
    ),
    account("connection.refused", "TeamViewer refuses the token.", &[REGISTRATION]),
    account("connection.revoked", "Access was revoked.", &[REGISTRATION]),
    account(
        "technician.signed_in",
        "A technician signed in to TeamViewer.",
        &[TECHNICIAN, field("user", Is::TextOrNull("u1234567"), "TeamViewer's id of the user, where it is known")],
    ),
    account(
        "technician.asked_again",
        "A technician has to sign in to TeamViewer again.",
        &[TECHNICIAN, field("why", Is::Text("refused"), "`refused` or `answer_lost`")],
    ),
    account("technician.signed_out", "A technician's sign-in to TeamViewer was ended.", &[TECHNICIAN]),
    account("template.saved", "A mail template was saved.", &[LANGUAGE]),
    account("template.reset", "The default template serves again.", &[LANGUAGE]),
    account("template.tested", "A test mail was asked for.", &[LANGUAGE]),
    account("ticket.closed", "The vendor reported a ticket closed.", &[TICKET]),
    account("ticket.reopened", "The vendor reported a ticket open again.", &[TICKET]),
    account(
        "record.changed",
        "A session's record was noted, or taken out of the count, or put back.",
        &[
            field("case", Is::Text("01890a5d-ac96-774b-bcce-b302099a8057"), "The session's case"),
            maybe("note", Is::TextOrNull("A test"), "The note as it stands now"),
            field("excluded", Is::YesNo(true), "Whether it is left out of the count now"),
        ],
    ),
    account("figures.rebuilt", "The reports' figures were rebuilt from the records.", &[]),
    account(
        "activation.made",
        "TeamViewer was activated for the account's devices, or for other modes than before.",
        &[
            field("mode", Is::Text("attended_and_unattended"), "`attended` or `attended_and_unattended`"),
            field("terms_version", Is::Text("2026-01"), "To which version of the licence terms somebody agreed"),
            field("agreed_by", Is::Text("u-42"), "Who agreed, by the vendor's id"),
        ],
    ),
    account("activation.removed", "The activation was removed: no device is helped any more.", &[]),
    account(
        "audit.erased",
        "A person's details were taken out of the audit trail.",
        &[field("entries", Is::Number(12), "From how many entries")],
    ),
    account("endpoint.made", "An endpoint was made: events are pushed there.", &[ENDPOINT]),
    account("endpoint.changed", "An endpoint was changed, or switched on or off.", &[ENDPOINT, ENDPOINT_FIELDS]),
    account("endpoint.deleted", "An endpoint was removed.", &[ENDPOINT]),
    account(
        "endpoint.failing",
        "An endpoint takes nothing, and is disabled if that goes on. The endpoint itself does not get this.",
        &[ENDPOINT, field("percent", Is::Number(50), "How much of what disables it is reached: 50, 70, 90 or 100")],
    ),
    account(
        "endpoint.disabled",
        "An endpoint was disabled: nothing is pushed there any more.",
        &[ENDPOINT, field("why", Is::Text("gone"), "`gone` (it answered 410) or `failing`")],
    ),
    Row { kind: "endpoint.test", says: "Somebody tries the endpoint.", about: About::Nothing },
];
