//! Everything that the doctor can find, in one place: the stable codes that clients may rely on.

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Something does not work until it is mended.
    Wrong,
    /// It works, and could serve better, or will stop working soon.
    Advice,
    /// It could not be found out.
    Unknown,
}

impl Severity {
    /// As it is called in answers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Wrong => "wrong",
            Self::Advice => "advice",
            Self::Unknown => "unknown",
        }
    }
}

/// Makes the table: one row per complaint.
macro_rules! complaints {
    ($($(#[$doc:meta])* $complaint:ident => $code:literal, $severity:ident, $what:literal, $fix:literal;)*) => {
        /// What may be found. Its code never changes.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Complaint {
            $($(#[$doc])* $complaint,)*
        }

        impl Complaint {
            /// All of them, for the API's description.
            pub const ALL: &[Self] = &[$(Self::$complaint,)*];

            /// Its stable name.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$complaint => $code,)* }
            }

            /// How bad it is.
            pub const fn severity(self) -> Severity {
                match self { $(Self::$complaint => Severity::$severity,)* }
            }

            /// What it is, in a sentence.
            pub const fn what(self) -> &'static str {
                match self { $(Self::$complaint => $what,)* }
            }

            /// How to mend it, in plain words.
            pub const fn fix(self) -> &'static str {
                match self { $(Self::$complaint => $fix,)* }
            }
        }
    };
}

complaints! {
    /// Nothing is registered.
    NotConnected => "not-connected", Wrong, "No TeamViewer token is registered: play is refused.",
        "An administrator registers a TeamViewer script token in the integration's settings.";
    /// Technicians bring their own sign-ins.
    OnlyTechnicians => "only-technicians", Advice,
        "No TeamViewer token is registered: only technicians who signed in to TeamViewer can play.",
        "Nothing has to be done; a script token in the integration's settings would serve those who did not sign in.";
    /// There is an app, and nobody came through it.
    NobodySignedIn => "nobody-signed-in", Advice,
        "The account keeps an app for technicians to sign in to TeamViewer through, and nobody is signed in.",
        "Technicians sign in when they start a session; check the app's client id, secret and redirect URI if they can't.";
    /// Devices are activated, and nobody could start a session for one.
    ActivationUnconnected => "activation-unconnected", Wrong,
        "TeamViewer is activated for devices, and neither is a token registered nor a technician signed in.",
        "Register a script token in the integration's settings, have a technician sign in, or remove the activation.";
    /// More devices have the Host app than there are licences.
    LicencesExceeded => "licences-exceeded", Wrong,
        "More devices take an unattended licence than the account has: unattended sessions are refused.",
        "Take the Host app off devices that don't need it, or buy licences and change their number in the settings.";
    /// Nobody hears that an unattended session has ended.
    EndsUnseen => "ends-unseen", Advice,
        "The token may not view connection reports: that an unattended session ended in TeamViewer is not noticed.",
        "Add \"Connection reporting: view\" to the script token in the Management Console, or stop such sessions by hand.";
    /// TeamViewer answers 401.
    TokenRefused => "token-refused", Wrong, "TeamViewer refuses the registered token: it was revoked or deleted there.",
        "An administrator registers a new script token in the integration's settings.";
    /// Somebody revokes it.
    Draining => "connection-draining", Wrong, "The connection is being revoked: play is refused.",
        "Stop the live cases and revoke again, or register a token.";
    /// Nothing more can be found out.
    TeamViewerFailed => "teamviewer-failed", Wrong, "TeamViewer gave no usable answer.",
        "Check that this server may reach webapi.teamviewer.com; see status.teamviewer.com if it does.";
    /// This process has no key, or the wrong one.
    TokenSealed => "token-sealed", Unknown, "The token can't be opened here, so TeamViewer can't be asked.",
        "Ask the API (GET /v1/accounts/{account}/doctor). If it says the same, restore the key that the token was sealed with.";
    /// Calls are refused for a while.
    TeamViewerPaused => "teamviewer-paused", Advice,
        "TeamViewer's limit of calls was reached: who comes online is noticed later than usual.",
        "Nothing has to be done; a larger TeamViewer licence allows more calls a day.";
    /// Free or Business.
    LicenceTooSmall => "licence-too-small", Wrong, "The TeamViewer licence does not suffice.",
        "The integration needs a Premium or Corporate licence, or above.";
    /// Not told, or never heard of.
    LicenceUnknown => "licence-unknown", Unknown, "TeamViewer does not say which licence it is.",
        "Check in the Management Console that it is a Premium or Corporate licence, or above.";
    /// One that play, stop or the group need.
    PermissionMissing => "permission-missing", Wrong, "The token lacks a permission without which play or stop fails.",
        "Add the permission to the script token in the TeamViewer Management Console, then look again.";
    /// One that the guide asks for besides.
    PermissionAdvised => "permission-advised", Advice, "The token lacks a permission that the guide asks for.",
        "Add the permission to the script token in the TeamViewer Management Console, then look again.";
    /// No harmless call tells.
    PermissionUnknown => "permission-unknown", Unknown, "No call that changes nothing tells whether the token has these.",
        "Compare the script token in the Management Console with the list.";
    /// Deleted in TeamViewer.
    GroupGone => "group-gone", Advice, "The group is gone from Computers & Contacts.",
        "Press play: the next service case makes it again. Then share it and bind the module again.";
    /// Only the registrar sees the cases.
    GroupNotShared => "group-not-shared", Advice, "The group is shared with nobody: TeamViewer notifies only its owner.",
        "Share the group with the other support users in the settings.";
    /// The checklist is not done.
    ModuleUnfinished => "module-unfinished", Advice, "The custom QuickSupport module is not set up to the end.",
        "Management Console, Design & Deploy: bind the module to the group and set its default assignee to \"unassigned\"; then tick it off.";
    /// Tickets without technician tell nobody.
    NobodyTold => "nobody-told", Advice, "When the customer of a ticket without technician comes online, nobody is told.",
        "Name addresses for tickets without technician in the account's settings.";
    /// Mail does not leave.
    LettersWait => "letters-wait", Wrong, "Mail does not leave.",
        "See the log of the mail delivery for the reason: the mail server or SES refuses or can't be reached, or the delivery is not running.";
    /// Mail leaves, and does not arrive.
    InvitationsLost => "invitations-lost", Advice, "Invitations did not arrive.",
        "Check the requesters' addresses, and SPF, DKIM and DMARC of the sender's domain.";
    /// The watch does not run.
    WatchStands => "watch-stands", Wrong, "Nobody looks who comes online.",
        "The watch is not running or fails: see its log.";
    /// Ended cases hold their tickets.
    CasesUnsettled => "cases-unsettled", Wrong, "Cases that ended long ago are not settled: they are in no report yet.",
        "The watch is not running or fails: see its log.";
    /// The feed stands still.
    FeedStands => "feed-stands", Wrong, "What happens does not come into the event feed.",
        "The numbering (the relay) is not running or fails: see its log.";
    /// It takes nothing, for now.
    EndpointFailing => "endpoint-failing", Advice, "An endpoint does not take the events that are pushed to it.",
        "See its deliveries for what it answers (GET .../endpoints/{endpoint}/deliveries), and mend the receiver. Nothing is lost meanwhile.";
    /// Nobody pushes, or it takes what is pushed more slowly than it comes.
    EndpointBehind => "endpoint-behind", Wrong, "Events wait long before they are pushed to an endpoint.",
        "See the log of those who push (the server, or the push function and its queue). If they are well, the receiver answers too slowly: let it answer at once, and do its work afterwards.";
    /// Nothing is pushed there.
    EndpointDisabled => "endpoint-disabled", Wrong, "An endpoint was disabled: no event is pushed there any more.",
        "Mend the receiver, then switch the endpoint on (PATCH .../endpoints/{endpoint} with \"on\": true): what happened meanwhile is pushed, as far as it is kept.";
    /// After a restore, or because somebody said so.
    DeliveriesHeld => "deliveries-held", Wrong, "Mail is held, as it is after a restore.",
        "Look at the cases that were live then; when all is well, run casebridge resume.";
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_complaint_has_a_code_of_its_own_and_says_what_to_do() {
        let codes: HashSet<_> = Complaint::ALL.iter().map(|complaint| complaint.code()).collect();
        assert_eq!(codes.len(), Complaint::ALL.len());
        for complaint in Complaint::ALL {
            assert!(complaint.what().ends_with('.') && complaint.fix().ends_with('.'), "{complaint:?}");
        }
    }
}
