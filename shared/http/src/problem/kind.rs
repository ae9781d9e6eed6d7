//! Everything that can be wrong, in one place: the stable names that clients may rely on.

use axum::http::StatusCode;

/// Where the types of problems live. Stable: a client may compare the whole address.
pub const BASE: &str = "https://casebridge.dev/problems/";

/// Makes the table: one row per problem.
macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident => $slug:literal, $status:ident, $title:literal, $fix:literal;)*) => {
        /// What is wrong. Name and status of each never change.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Kind {
            $($(#[$doc])* $kind,)*
        }

        impl Kind {
            /// All of them, for the API's description.
            pub const ALL: &[Self] = &[$(Self::$kind,)*];

            /// The last part of the type's address.
            pub const fn slug(self) -> &'static str {
                match self { $(Self::$kind => $slug,)* }
            }

            /// The status it is answered with.
            pub const fn status(self) -> StatusCode {
                match self { $(Self::$kind => StatusCode::$status,)* }
            }

            /// What it is, in a few words.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$kind => $title,)* }
            }

            /// What to do about it, in plain words.
            pub const fn fix(self) -> &'static str {
                match self { $(Self::$kind => $fix,)* }
            }
        }
    };
}

kinds! {
    /// Not JSON, or not the shape.
    MalformedRequest => "malformed-request", BAD_REQUEST, "The request can't be read",
        "Compare the request with the API's description at /openapi.json.";
    /// No key, or none that is known.
    Unauthorized => "unauthorized", UNAUTHORIZED, "No key, or none that is known",
        "Send a key of this account or of its vendor as \"Authorization: Bearer <key>\".";
    /// The link was used, is too old, or never was one.
    SignInLinkRefused => "sign-in-link-refused", UNAUTHORIZED, "The link does not work any more",
        "A link signs one person in, once, and within minutes: ask for another where this one came from.";
    /// A widget token that is none, or is not good any more.
    WidgetTokenRefused => "widget-token-refused", UNAUTHORIZED, "The widget token is not accepted",
        "Have the help desk's server make a new widget token.";
    /// The signature of a notice does not fit.
    SignatureRefused => "signature-refused", UNAUTHORIZED, "The signature does not fit",
        "Sign \"id.timestamp.body\" with the account's inbound secret, as Standard Webhooks say, and send it within five minutes.";
    /// A signed message that came before.
    MessageReplayed => "message-replayed", CONFLICT, "The very same message came before",
        "Send each message once. Another attempt keeps the webhook-id and is signed anew, with its own time.";
    /// The key may not.
    Forbidden => "forbidden", FORBIDDEN, "The key may not do this", "Use a key with the scope that is named.";
    /// There is no such thing, or it is not the key's.
    NotFound => "not-found", NOT_FOUND, "There is no such thing",
        "Check the ids in the address. What belongs to another account can't be seen with this key.";
    /// No endpoint has this address.
    NoSuchRoute => "no-such-route", NOT_FOUND, "No endpoint has this address", "See /openapi.json for those there are.";
    /// The endpoint does not take this method.
    MethodNotAllowed => "method-not-allowed", METHOD_NOT_ALLOWED, "The endpoint does not take this method",
        "Use one of the methods in the Allow field.";
    /// The body came too slowly.
    BodyTooSlow => "body-too-slow", REQUEST_TIMEOUT, "The body came too slowly", "Send the whole body within ten seconds.";
    /// The body is too large.
    BodyTooLarge => "body-too-large", PAYLOAD_TOO_LARGE, "The body is too large", "Send at most 256 kB.";
    /// The body is not said to be JSON.
    NotJson => "not-json", UNSUPPORTED_MEDIA_TYPE, "The body is not said to be JSON",
        "Send \"Content-Type: application/json\", in UTF-8 and not compressed.";
    /// As many as there may be.
    TooManyEndpoints => "too-many-endpoints", CONFLICT, "There are as many endpoints as there may be",
        "Remove one, or have one endpoint take more types of events.";
    /// Nothing is pushed there.
    EndpointOff => "endpoint-off", CONFLICT, "The endpoint is off", "Switch it on first.";
    /// None of them is there.
    NothingToReplay => "nothing-to-replay", CONFLICT, "None of these events is kept",
        "Events are kept for 30 days: compare with the numbers in the feed.";
    /// Fields break rules.
    InvalidFields => "invalid-fields", UNPROCESSABLE_ENTITY, "Some fields break a rule", "Mend the fields that are listed.";
    /// The same key with another body.
    IdempotencyKeyReused => "idempotency-key-reused", UNPROCESSABLE_ENTITY,
        "The Idempotency-Key was used for another request", "Use a fresh Idempotency-Key for every new request.";
    /// The same request is being worked on.
    RequestPending => "request-pending", CONFLICT, "The same request is still being worked on",
        "Send it again after the seconds in Retry-After.";
    /// The first case is making the connection's group.
    GroupPending => "group-pending", CONFLICT, "The connection's TeamViewer group is just being made",
        "Send it again after the seconds in Retry-After: this happens with an account's first case only.";
    /// The account has no connection.
    NotConnected => "not-connected", CONFLICT, "The account has no TeamViewer connection",
        "An administrator registers a TeamViewer script token in the integration's settings.";
    /// Access is being revoked.
    Draining => "connection-draining", CONFLICT, "The TeamViewer connection is being revoked",
        "Wait until an administrator has registered a token again.";
    /// TeamViewer refuses the token.
    TokenRefused => "token-refused", CONFLICT, "TeamViewer refuses the registered token",
        "An administrator registers a new script token in the integration's settings.";
    /// Neither connection nor sign-in serves.
    SignInNeeded => "sign-in-needed", CONFLICT, "The technician has to sign in to TeamViewer",
        "POST to the address in `sign_in` and send the technician to the `url` in the answer; then repeat the request.";
    /// Somebody renews the technician's sign-in.
    SignInRenewing => "sign-in-renewing", CONFLICT, "The technician's sign-in to TeamViewer is just being renewed",
        "Send it again after the seconds in Retry-After.";
    /// The account has no app.
    OauthAppMissing => "oauth-app-missing", CONFLICT, "The account has no app in TeamViewer",
        "An administrator makes an app in the TeamViewer Management Console and keeps its client id and secret with PUT \
         /v1/accounts/{account}/oauth-app.";
    /// TeamViewer refuses the app.
    OauthAppRefused => "oauth-app-refused", CONFLICT, "TeamViewer does not accept the account's app",
        "An administrator compares client id, secret and redirect URI with those in the TeamViewer Management Console.";
    /// The installation has no address.
    NoPublicAddress => "no-public-address", CONFLICT, "The installation has no public address",
        "The operator sets the address at which browsers reach it: TeamViewer sends technicians back there.";
    /// The token lacks a permission.
    PermissionMissing => "permission-missing", CONFLICT, "The registered token lacks a permission",
        "Add the permission to the script token in the TeamViewer Management Console, then check the connection again.";
    /// The licence allows no further session.
    LicenceLimit => "licence-limit", CONFLICT, "The TeamViewer licence allows no further session",
        "Close sessions that are no longer needed, or extend the TeamViewer licence; then press play again.";
    /// The licence is too small.
    LicenceTooSmall => "licence-too-small", UNPROCESSABLE_ENTITY, "The TeamViewer licence does not suffice",
        "The integration needs a Premium or Corporate licence, or above.";
    /// A token to be registered lacks permissions.
    PermissionsMissing => "permissions-missing", UNPROCESSABLE_ENTITY, "The token lacks permissions",
        "Edit the script token in the TeamViewer Management Console, give it the permissions that are listed, and register it again.";
    /// The ticket is closed.
    TicketClosed => "ticket-closed", CONFLICT, "The ticket is closed", "Reopen the ticket first.";
    /// The ticket is about to be closed.
    TicketClosing => "ticket-closing", CONFLICT, "The ticket is about to be closed",
        "Try again after the seconds in Retry-After, or have the closing let go.";
    /// A live case stands in the way of the ticket's closing.
    LiveCase => "live-case", CONFLICT, "The ticket has a live service case", "Stop the service case first.";
    /// Live cases stand in the way.
    LiveCases => "live-cases", CONFLICT, "Service cases are live", "Stop the service cases that are listed first.";
    /// TeamViewer has not answered play yet.
    CaseOpening => "case-opening", CONFLICT, "The service case is still being opened",
        "Try again after the seconds in Retry-After.";
    /// A stop is under way.
    CaseClosing => "case-closing", CONFLICT, "The service case is being closed already",
        "Read the case after the seconds in Retry-After.";
    /// It ended.
    CaseEnded => "case-ended", CONFLICT, "The service case has ended", "Press play for a new one.";
    /// Somebody was faster to take it.
    CaseTaken => "case-taken", CONFLICT, "Another technician has the service case",
        "Ask the technician who is named to hand it over.";
    /// Nobody has taken it yet.
    CaseAsked => "case-asked", CONFLICT, "Somebody asks for help, and nobody has taken the service case yet",
        "Take it with POST /v1/accounts/{account}/cases/{case}/take, or press play.";
    /// It is for no device that a session is handed to.
    NothingToHandOver => "nothing-to-hand-over", CONFLICT, "The service case is for no device that a session is handed to",
        "Only attended sessions of devices are handed over; read the case to see what it is for.";
    /// What was found at the device keeps sessions from it.
    DeviceNotReady => "device-not-ready", CONFLICT, "The device is not ready for a session",
        "Mend what is listed in `findings`, have the device reported again, and start the session again.";
    /// Nobody to write to.
    NoAddress => "no-address", CONFLICT, "The requester has no mail address", "Read the session code out to the requester.";
    /// The id is taken.
    AccountExists => "account-exists", CONFLICT, "The account exists, or existed",
        "Choose another id: an id is never given out twice.";
    /// The account still has a connection.
    AccountConnected => "account-connected", CONFLICT, "The account has a TeamViewer connection", "Revoke the connection first.";
    /// The removal of the activation was not confirmed.
    ConfirmationNeeded => "confirmation-needed", CONFLICT, "It has to be confirmed",
        "Show what would stop to whoever asks for it, then send the request again with `confirm`.";
    /// Devices still have the Host app.
    HostsLeft => "hosts-left", CONFLICT, "Devices still have the TeamViewer Host app",
        "Take the distribution of the Host app off the devices, force a check-in, make sure that the app is gone and that the \
         devices were reported again; then remove the activation.";
    /// Somebody was faster.
    ChangedMeanwhile => "changed-meanwhile", CONFLICT, "Somebody changed the same thing at the same time",
        "Read it again, then repeat the change if it is still wanted.";
    /// Events that were asked for are not kept any more.
    EventsGone => "events-gone", GONE, "Events after that number are not kept any more",
        "Some events are missed: list the cases and the session records, and take those for what is true now. Then read \
         on from the oldest event that is kept, with the number before `oldest` as `after`.";
    /// Something on our side.
    Internal => "internal", INTERNAL_SERVER_ERROR, "Something went wrong on our side",
        "Try again later. If it stays, tell the operator the request id.";
    /// TeamViewer can't be reached, or gives no usable answer.
    TeamViewerFailed => "teamviewer-failed", BAD_GATEWAY, "TeamViewer gave no usable answer",
        "Try again in a moment; see status.teamviewer.com if it stays.";
    /// TeamViewer refused the request.
    TeamViewerRefused => "teamviewer-refused", BAD_GATEWAY, "TeamViewer refused the request",
        "See what TeamViewer says about it; check the connection in the integration's settings.";
    /// TeamViewer could not be told of the end.
    TeamViewerNotTold => "teamviewer-not-told", BAD_GATEWAY, "TeamViewer could not be told yet",
        "The end is on record. Press stop again, or leave it: TeamViewer is told as soon as it answers.";
    /// Too many calls.
    TeamViewerBusy => "teamviewer-busy", SERVICE_UNAVAILABLE, "TeamViewer's limit of calls is reached",
        "Try again after the seconds in Retry-After.";
    /// The store does not answer.
    Unavailable => "unavailable", SERVICE_UNAVAILABLE, "The service can't do this at the moment",
        "Try again after the seconds in Retry-After, with the same Idempotency-Key.";
    /// No room left.
    StoreFull => "store-full", INSUFFICIENT_STORAGE, "There is no room left", "The operator has to make room.";
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_kind_has_a_name_of_its_own_and_a_way_out() {
        let slugs: HashSet<_> = Kind::ALL.iter().map(|kind| kind.slug()).collect();
        assert_eq!(slugs.len(), Kind::ALL.len());
        for kind in Kind::ALL {
            assert!(kind.slug().bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{kind:?}");
            assert!(kind.fix().ends_with('.'), "{kind:?}");
            assert!(kind.status().is_client_error() || kind.status().is_server_error(), "{kind:?}");
        }
    }
}
